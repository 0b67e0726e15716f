import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { readState, stateText } from '../src/cases/stores/state-text.ts';
import type { Answers } from '../src/definitions/bundle.ts';
import { checkWorkflow } from '../src/definitions/checks/workflow.ts';
import { formsNamed } from '../src/definitions/lookup.ts';
import type { Condition, EventDefinition, RuleDefinition, StepDefinition, TaskDefinition, TransitionDefinition, WorkflowDefinition } from '../src/definitions/workflow.types.ts';
import type { Actor, CaseRecord, Command } from '../src/engine/state/case-state.ts';
import { overview } from '../src/engine/overview/overview.ts';
import type { ExitView, Overview, TaskView } from '../src/engine/model/overview-types.ts';
import type { Model } from '../src/engine/model/prepare.ts';
import { type LoggedEvent, rebuild } from '../src/engine/commands/rebuild.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { begin, choice, coordinator, director, everything, smallRoute, teacher } from './fixtures/small-route.ts';

// Routes that nobody wrote: whatever passes the check can be lived in (definitions.md, Scenarios; semantics 5, 6, 18).

const people = [teacher, coordinator, director];
const stepIds = ['een', 'twee', 'drie', 'vier'];
const taskIds = ['alfa', 'beta', 'gamma'];
const fields = { kleur: choice('rood', 'groen'), zeker: { type: 'boolean' as const, title: 'Zeker?' } };
const answers: fc.Arbitrary<Answers> = fc.record({ kleur: fc.constantFrom('rood', 'groen'), zeker: fc.boolean() }, { requiredKeys: [] });

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  // gamma repeats; the others hold one record.
  fc.tuple(fc.constantFrom('alfa', 'beta'), fc.constantFrom<[string, unknown][]>(['kleur', 'rood'], ['kleur', ['rood', 'groen']], ['kleur', { not: 'rood' }], ['zeker', true], ['zeker', { answered: true }]))
    .map(([task, [field, wanted]]) => ({ [`${task}.${field}`]: wanted })),
  fc.tuple(fc.constantFrom(...taskIds), fc.constantFrom('done', 'settled', 'none')).map(([task, state]) => ({ [`tasks.${task}`]: state })),
  fc.tuple(fc.constantFrom(...stepIds), fc.constantFrom('completed', 'reached', 'ahead')).map(([step, state]) => ({ [`steps.${step}`]: state })),
  fc.tuple(fc.constantFrom('start', 'gamma'), fc.constantFrom('some', 'every', 'last'), fc.constantFrom('rood', 'groen')).map(([list, word, kleur]) => ({ [list]: { [word]: { kleur } } }))
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  leaf, fc.tuple(fc.constantFrom('all', 'any', 'none'), fc.array(leaf, { minLength: 1, maxLength: 2 })).map(([word, parts]): Condition => ({ [word]: parts }))
);
const performers: fc.Arbitrary<string[]> = fc.constantFrom(['ib'], ['directie'], ['leraar', 'ib', 'directie']);
const task: fc.Arbitrary<TaskDefinition> = fc.record({
  form: fc.constant('vraag'), required: fc.oneof(fc.boolean(), condition), when: condition, performers: performers,
  done: fc.constant<Condition>({ 'this.zeker': true }), later: fc.constant(['zeker'])
}, { requiredKeys: ['form'] });
const rule: fc.Arbitrary<RuleDefinition> = fc.record({ must: condition, message: fc.constant('Dit moet eerst.'), when: condition, waivable: fc.constant(['ib']), hint: fc.constant(true) }, { requiredKeys: ['must', 'message'] });
const transition: fc.Arbitrary<TransitionDefinition> = fc.oneof(
  fc.record({ title: fc.constant('Verder'), to: fc.oneof(fc.constantFrom(...stepIds), fc.uniqueArray(fc.constantFrom(...stepIds), { minLength: 2, maxLength: 2 })), when: condition, unfinished: fc.constant(true), stay: fc.constant(true), performers: performers }, { requiredKeys: ['title', 'to'] }),
  fc.record({ title: fc.constant('Klaar'), close: fc.constant('goed'), when: condition, performers: performers, form: fc.constant('vraag') }, { requiredKeys: ['title', 'close'] })
);
const event: fc.Arbitrary<EventDefinition> = fc.record({ for: fc.constantFrom('start', ...taskIds), on: fc.constant<Condition>({ 'for.kleur': 'rood' }), to: fc.constantFrom(...stepIds), notify: fc.constant(['ib']) }, { requiredKeys: ['for', 'on', 'notify'] });
const named = <Value>(ids: string[], value: fc.Arbitrary<Value>, fewest = 0): fc.Arbitrary<{ [id: string]: Value }> =>
  fc.uniqueArray(fc.constantFrom(...ids), { minLength: fewest, maxLength: ids.length }).chain((chosen) => fc.record(Object.fromEntries(chosen.map((id): [string, fc.Arbitrary<Value>] => [id, value]))));

const parts: fc.Arbitrary<Partial<WorkflowDefinition>> = fc.record({
  placed: fc.tuple(...taskIds.map(() => fc.tuple(fc.constantFrom(null, ...stepIds), task))),
  steps: fc.tuple(...stepIds.map(() => fc.record({ decide: fc.constantFrom('one' as const, 'each' as const), wait: fc.boolean(), rules: named(['r1'], rule), transitions: named(['x', 'y'], transition) }))),
  rules: named(['r9'], rule), exits: named(['z'], transition), events: named(['e1', 'e2'], event)
}).map(({ placed, steps, rules, exits, events }) => {
  const tasksIn = (where: string | null): { [id: string]: TaskDefinition } => Object.fromEntries(placed.flatMap(([place, definition], index): [string, TaskDefinition][] => (place === where ? [[taskIds[index] ?? '', index === 2 ? { ...definition, repeat: true } : definition]] : [])));
  const made = stepIds.map((id, index): [string, StepDefinition] => {
    const { decide, wait, rules: ruled, transitions } = steps[index] ?? { decide: 'one', wait: false, rules: {}, transitions: {} };
    const next = stepIds[index + 1];
    // Each step leads to the next, so that all can be reached; what the check refuses for good reasons is left out.
    const onwards: TransitionDefinition = { title: 'Door', ...(next === undefined ? { close: 'goed' } : { to: next }) };
    const ways = Object.fromEntries(Object.entries({ ...transitions, door: onwards }).map(([way, one]) => [way, fitting(one, id, decide)]));
    return [id, { title: `Stap ${id}`, performers: ['leraar', 'ib', 'directie'], decide, ...(wait && index > 0 ? { waitForAll: true } : {}), tasks: tasksIn(id), rules: ruled, transitions: ways }];
  });
  const open: TaskDefinition = { form: 'start', title: 'Begin', repeat: true, opensCase: true };
  return { performers: ['leraar', 'ib', 'directie'], tasks: { start: open, ...tasksIn(null) }, steps: Object.fromEntries(made), rules, transitions: Object.fromEntries(Object.entries(exits).map(([id, one]) => [id, fitting(one, '', 'one')])), events };
});

t.test('random well-formed definitions never reach a state the overview cannot explain', async (t) => {
  let checked = 0;
  let moved = 0;
  let closed = 0;
  fc.assert(fc.property(parts, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...people), answers), { minLength: 5, maxLength: 25 }), answers, (made, choices, first) => {
    const model = smallRoute(made, { start: fields, vraag: fields });
    fc.pre(isWellFormed(model));
    checked += 1;
    const life = liveThrough(model, choices, first);
    moved += life.moves;
    closed += life.isClosed ? 1 : 0;
  }), { numRuns: 200, seed: 20261126, includeErrorInReport: true });
  t.comment(`${String(checked)} routes, ${String(moved)} moves, ${String(closed)} cases that ended`);
  t.ok(checked >= 200 && moved > checked && closed > 20);
});

/** Plays one case by what its overview offers, and looks at every state it comes in. Throws at what cannot be explained. */
function liveThrough(model: Model, choices: [number, Actor, Answers][], first: Answers): { moves: number; isClosed: boolean } {
  const started = begin(model, first);
  let { state } = started;
  let moves = 0;
  const log: LoggedEvent[] = started.events.map((one) => ({ at: started.now, person: started.by.id, event: one }));
  const versions = new Map<string, CaseRecord>();
  const keep = (): void => { for (const record of state.records) versions.set(`${String(record.id)}/${String(record.version)}`, versions.get(`${String(record.id)}/${String(record.version)}`) ?? record); };
  keep();
  for (const [index, [pick, by, given]] of choices.entries()) {
    const now = new Date(Date.parse(started.now) + index * 3_600_000).toISOString();
    const seen = overview(model, state, everything(by), now);
    explained(seen, state.status);
    const before = JSON.stringify(state);
    for (const exit of exitsIn(seen)) agree(exit, apply(model, state, taken(exit, given), by, now).ok);
    for (const one of tasksIn(seen)) if (one.mayAdd !== apply(model, state, { type: 'submit', task: one.id, answers: given }, by, now).ok) throw new Error(`The overview and the engine disagree about task ${one.id}.`);
    if (JSON.stringify(state) !== before) throw new Error('The state was changed in place.');
    const ways = [...exitsIn(seen).filter(isOpen).map((exit) => taken(exit, given)), ...tasksIn(seen).filter(({ mayAdd }) => mayAdd).map((one): Command => ({ type: 'submit', task: one.id, answers: given }))];
    const chosen = ways[pick % Math.max(1, ways.length)];
    if (chosen === undefined) continue;
    const result = apply(model, state, chosen, by, now);
    if (!result.ok) throw new Error(`Offered and refused: ${JSON.stringify(chosen)}`);
    moves += 1;
    log.push(...result.events.map((one) => ({ at: now, person: by.id, event: one })));
    state = result.state;
    keep();
    const rebuilt = rebuild(log, [...versions.values()]);
    if (!rebuilt.ok || rebuilt.unused.length > 0 || JSON.stringify(rebuilt.state) !== JSON.stringify(state)) throw new Error('The events do not rebuild the state.');
    if (!isDeepStrictEqual(readState(stateText(state)), JSON.parse(JSON.stringify(state)))) throw new Error('What is kept of the state is not the state.');
  }
  return { moves, isClosed: state.status === 'closed' };
}

/** There is one thing to do or a reason for none; an open case stands somewhere; every door is open, or says why not. */
function explained({ status, now, steps, activeSteps, exits, tasks }: Overview, actual: string): void {
  if (status !== actual) throw new Error('The overview shows another status.');
  if (status !== 'open') return;
  if (!steps.some((step) => step.status === 'active')) throw new Error('An open case stands nowhere.');
  if (now.type === 'closed' || now.type === 'nothing' && activeSteps.some((step) => step.exits.length > 0 && step.exits.every((exit) => exit.status !== 'open' && exit.reasons.length === 0))) throw new Error(`Nothing to do, and nobody knows why: ${JSON.stringify({ now, exits: activeSteps.map((one) => [one.step, one.exits]) })}`);
  for (const exit of [...activeSteps.flatMap((step) => step.exits), ...exits]) if (exit.status !== 'open' && exit.reasons.length === 0) throw new Error(`Exit ${exit.id} is shut without a reason.`);
  for (const one of [...activeSteps.flatMap((step) => step.tasks), ...tasks]) if ((one.status === 'notYet' || one.status === 'notApplicable') && one.reasons.length + one.performers.length === 0) throw new Error(`Task ${one.id} is shut without a reason.`);
}

function agree(exit: ExitView, ok: boolean): void {
  if (isOpen(exit) !== ok) throw new Error(`The overview and the engine disagree about exit ${String(exit.step)}/${exit.id}: ${exit.status}, ${String(exit.mayTake)}.`);
}

function isOpen({ status, mayTake }: ExitView): boolean {
  return status === 'open' && mayTake;
}

function taken({ step, id, form }: ExitView, given: Answers): Extract<Command, { type: 'take' }> {
  return { type: 'take', step, transition: id, answers: form === null ? null : given };
}

function exitsIn({ activeSteps, exits }: Overview): ExitView[] {
  return [...activeSteps.flatMap((step) => step.exits), ...exits];
}

function tasksIn({ activeSteps, tasks, unfinished }: Overview): TaskView[] {
  return [...activeSteps.flatMap((step) => step.tasks), ...tasks, ...unfinished];
}

function isWellFormed({ workflow, bundle }: Model): boolean {
  if (formsNamed(workflow).some((id) => bundle.forms[id] === undefined)) return false;
  return checkWorkflow(workflow, { forms: bundle.forms, documents: {}, formNames: Object.keys(bundle.forms), partnerRoles: new Set(), words: null, today: null }).every(({ severity }) => severity !== 'error');
}

function fitting({ form, stay, ...one }: TransitionDefinition, step: string, decide: 'one' | 'each'): TransitionDefinition {
  const isAway = ![one.to].flat().includes(step);
  return { ...one, ...(form === undefined || decide === 'each' ? {} : { form }), ...(stay === undefined || !isAway || one.close !== undefined ? {} : { stay }) };
}
