import { caseContext } from '../engine/model/case-context.ts';
import type { Actor, CaseState, Command, Moment } from '../engine/state/case-state.ts';
import { isAnswer } from '../engine/conditions/conditions.ts';
import { answersToCopy, offeredLinks } from '../engine/reading/links.ts';
import type { Route } from './library.ts';

/** A sister case that begins by itself: with which route, and how it is opened. */
export type AutomaticStart = { route: Route; command: Command & { type: 'open' } };

/** A case as an act left it. `before`: as it was; null: it began. `started`: links of which a sister case is there already. */
type ActedOn = { id: string; route: Route; before: CaseState | null; state: CaseState; started: string[] };

/**
 * Gives the sister cases that an act brought about by itself: those that its way or event names with `start: "automatic"`, in the order of
 * the definition. Not of a restricted case, which shows nothing to another one (semantics 19), and not where an answer that the first page
 * asks is missing: such a case is offered to people, as any other. `offered`: the routes with which the school starts cases.
 */
export function automaticStarts({ id, route, before, state, started }: ActedOn, offered: Route[], actor: Actor, now: Moment): AutomaticStart[] {
  const { model } = route;
  if (state.restriction !== null) return [];
  const old = before === null ? [] : offeredLinks({ model, state: before }).map((link) => link.id);
  const fresh = offeredLinks({ model, state }).filter((link) => link.definition.start === 'automatic' && !old.includes(link.id) && !started.includes(link.id));
  return fresh.flatMap((link): AutomaticStart[] => {
    const other = offered.find((one) => one.model.workflow.id === link.definition.workflow);
    const task = other === undefined ? undefined : [...other.model.tasks.values()].find(({ definition, emergency }) => definition.opensCase === true && !emergency);
    if (other === undefined || task?.form == null) return [];
    const subject = other.model.workflow.subject ?? null;
    const about = subject === null ? undefined : other.model.bundle.forms[subject];
    const copied = answersToCopy(caseContext(model, state, now, actor), link.definition, { [task.id]: task.form, ...(subject === null || about === undefined ? {} : { [subject]: about }) });
    const answers = copied[task.id] ?? {};
    const person = subject === null ? null : (copied[subject] ?? null);
    const asked = task.definition.intake ?? [];
    const isMissing = (task.form.schema.required ?? []).some((field) => asked.includes(field) && !isAnswer(answers[field]))
      || (asked.includes('subject') && (about?.schema.required ?? []).some((field) => !isAnswer(person?.[field])));
    return isMissing ? [] : [{ route: other, command: { type: 'open', task: task.id, answers, subject: person, from: { case: id, link: link.id } } }];
  });
}
