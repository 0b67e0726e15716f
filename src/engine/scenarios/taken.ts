import { type RulePlace, rulesOf, transitionsOf } from '../../definitions/lookup.ts';
import { rulePath, transitionPath } from '../../definitions/checks/places.ts';
import { finding, type Finding, pointerOf } from '../../definitions/problem.ts';
import type { WorkflowDefinition } from '../../definitions/workflow.types.ts';
import type { CaseContext } from '../model/case-context.ts';
import type { CaseState, Command, EngineResult } from '../state/case-state.ts';
import type { RuleInTheWay } from './expectations.ts';
import { hintTexts } from '../reading/reasons.ts';
import { activeVisits } from '../model/visits.ts';

/** Keeps what of a route was tried: ways taken, events fired, rules that held somebody up, hints that were shown. */
export type Taken = {
  /** `state`: of the case before it. */
  command(command: Command, state: CaseState | null, result: EngineResult): void;
  rule(rule: string, way: Omit<RuleInTheWay, 'rule'>): void;
  hints(context: CaseContext): void;
  /** One finding for each transition, event and rule that nothing took, in file order, at its place in the route. */
  missing(): Finding[];
};

/** Makes an empty one. */
export function makeTaken(workflow: WorkflowDefinition): Taken {
  const seen = new Set<string>();
  const rules = rulesOf(workflow);
  const mark = (place: RulePlace | undefined): void => { if (place !== undefined) seen.add(pointerOf(rulePath(place))); };
  const ofWay = (rule: string, { step, transition }: Omit<RuleInTheWay, 'rule'>): RulePlace | undefined =>
    rules.find((place) => place.id === rule && place.task === null && (place.transition === null ? place.step === null || place.step === step : place.step === step && place.transition === transition));
  const ofTask = (rule: string, task: string | undefined): RulePlace | undefined => rules.find((place) => place.id === rule && place.task === task);
  return {
    command: (command, state, result) => {
      const placeOf = (rule: string): RulePlace | undefined => {
        switch (command.type) {
          case 'take': return ofWay(rule, command) ?? rules.find(({ id, step, transition }) => id === rule && transition !== null && step === command.step);
          case 'open': case 'submit': return ofTask(rule, command.task);
          case 'update': return ofTask(rule, state?.records.find(({ id }) => id === command.record)?.task);
          default: return undefined;
        }
      };
      if (!result.ok) for (const { rule } of result.reasons) mark(rule === null ? undefined : placeOf(rule));
      for (const event of result.ok ? result.events : []) {
        if (event.type === 'eventFired') seen.add(`/events/${event.event}`);
        if (event.type !== 'transitionTaken') continue;
        seen.add(pointerOf(transitionPath({ id: event.transition, step: event.step })));
        for (const rule of event.waived) mark(ofWay(rule, event));
      }
    },
    rule: (rule, way) => { mark(ofWay(rule, way)); },
    hints: (context) => {
      const { model, state } = context;
      const active = activeVisits(model, state);
      for (const place of rules.filter(({ rule, task, transition }) => rule.hint === true && task === null && transition === null)) {
        const visit = active.find(({ step }) => step === place.step) ?? null;
        const prepared = place.step === null ? model.rules : visit === null ? [] : (model.steps.get(place.step)?.rules ?? []);
        if (hintTexts(context, prepared.filter(({ id }) => id === place.id), { answers: null, form: null, visit }).length > 0) mark(place);
      }
    },
    missing: () => [
      ...transitionsOf(workflow).map((place) => ({ code: 'transitionNotTaken', path: transitionPath(place), name: place.id })),
      ...rules.map((place) => ({ code: 'ruleNotTaken', path: rulePath(place), name: place.id })),
      ...Object.keys(workflow.events ?? {}).map((name) => ({ code: 'eventNotTaken', path: ['events', name], name }))
    ].filter(({ path }) => !seen.has(pointerOf(path))).map(({ code, path, name }) => finding(code, path, { name }, { at: 'key', severity: 'info' }))
  };
}
