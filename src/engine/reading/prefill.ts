import type { Answers, Json } from '../../definitions/bundle.ts';
import { caseContext } from '../model/case-context.ts';
import type { Actor, CaseState, Moment } from '../state/case-state.ts';
import { isAnswer, valueAt } from '../conditions/conditions.ts';
import type { Model, PreparedTask } from '../model/prepare.ts';

/**
 * Gives the answers a new record of a task starts with: those that `fields` takes over from elsewhere in the case, to be changed by who
 * fills it in. Of several records the latest answer counts. Empty when nothing is taken over. They may tell of records this person may not read.
 */
export function prefilledAnswers(model: Model, state: CaseState, task: PreparedTask, asked: { person: Actor; now: Moment }): Answers {
  return Object.fromEntries(prefills(model, state, task, asked).map(({ field, answer }) => [field, answer]));
}

/** One answer that is taken over. `from` is the title of the task or form it stands in, `at` when that was recorded; both null where it stands in no record. */
export type Prefill = { field: string; answer: Json; from: string | null; at: Moment | null };

/** Gives the answers that are taken over, each with where it comes from. */
export function prefills(model: Model, state: CaseState, task: PreparedTask, { person, now }: { person: Actor; now: Moment }): Prefill[] {
  const context = caseContext(model, state, now, person).reading(undefined, task.source?.value);
  return Object.entries(task.definition.fields ?? {}).flatMap(([field, { prefill }]): Prefill[] => {
    if (prefill === undefined) return [];
    const path = prefill.split('.');
    const source = model.tasks.get(path[0] ?? '');
    const records = source === undefined ? [] : context.recordsOf(source);
    const record = records.findLast(({ answers }) => isAnswer(valueAt(answers, path, 1)));
    const found = source?.isList === true ? valueAt(record?.answers, path, 1) : context.valueOf(path);
    const subject = path[0] === model.workflow.subject ? model.bundle.forms[path[0] ?? ''] : undefined;
    return isAnswer(found) ? [{ field, answer: found, from: source?.title ?? subject?.title ?? null, at: record?.at ?? null }] : [];
  });
}
