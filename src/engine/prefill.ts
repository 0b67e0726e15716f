import type { Answers, Json } from '../definitions/bundle.ts';
import { caseContext } from './case-context.ts';
import type { Actor, CaseState, Moment } from './case-state.ts';
import { isAnswer, valueAt } from './conditions.ts';
import type { Model, PreparedTask } from './prepare.ts';

/**
 * Gives the answers a new record of a task starts with: those that `fields` takes over from elsewhere in the case, to be changed by who
 * fills it in. Of several records the latest answer counts. Empty when nothing is taken over. They may tell of records this person may not read.
 */
export function prefilledAnswers(model: Model, state: CaseState, task: PreparedTask, { person, now }: { person: Actor; now: Moment }): Answers {
  const context = caseContext(model, state, now, person).reading(undefined, task.source?.value);
  return Object.fromEntries(Object.entries(task.definition.fields ?? {}).flatMap(([field, { prefill }]): [string, Json][] => {
    if (prefill === undefined) return [];
    const path = prefill.split('.');
    const source = model.tasks.get(path[0] ?? '');
    const found = source?.isList === true
      ? context.recordsOf(source).map(({ answers }) => valueAt(answers, path, 1)).findLast(isAnswer)
      : context.valueOf(path);
    return isAnswer(found) ? [[field, found]] : [];
  }));
}
