import type { Answers, Json } from '../../definitions/bundle.ts';
import type { FormDefinition } from '../../definitions/form.types.ts';
import { fieldsOf } from '../../definitions/lookup.ts';
import type { CaseRecord } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { readCondition } from '../conditions/condition-tree.ts';
import { rowIdsIn, withRowIds } from '../state/row-ids.ts';
import { answersContext, holds, isAnswer } from '../conditions/conditions.ts';

/**
 * Gives the answers of a record after a change, and the fields that differ. A field that is absent stays as it was, null empties it;
 * what the new answers hide is dropped. `rows`: ids that rows may bring along besides those they had.
 */
export function changedAnswers(change: Change, form: FormDefinition | null, { answers: before, version }: CaseRecord, given: Answers, rows: ReadonlySet<string> = new Set()): { answers: Answers; fields: string[] } {
  const answers = withRowIds(form, visibleAnswers(change, form, merged(before, given)), version + 1, new Set([...rowIdsIn(form, before), ...rows]));
  const fields = [...new Set([...Object.keys(before), ...Object.keys(answers)])].filter((field) => !isEqual(before[field], answers[field]));
  return { answers, fields };
}

/** Makes the next version of a record the one that conditions read; it is entered under the route of now. Writes no event. */
export function keepVersion(change: Change, { formHash: _, entered: __, ...record }: CaseRecord, answers: Answers, formHash: string | null = null): CaseRecord {
  const next: CaseRecord = { ...record, ...(formHash === null ? {} : { formHash }), answers, version: record.version + 1, updatedAt: change.now, updatedBy: change.actor.id };
  change.state = { ...change.state, records: change.state.records.map((other) => (other.id === record.id ? next : other)) };
  return next;
}

function merged(before: Answers, given: Answers): Answers {
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null));
}

/** Drops answers to questions that are no longer asked, until nothing changes. Conditions on the layout are the work of the form. */
function visibleAnswers(change: Change, form: FormDefinition | null, answers: Answers): Answers {
  const fields = form === null ? {} : fieldsOf(form);
  const context = answersContext(answers, change.now, change.model.zone);
  const shown = Object.entries(answers).filter(([name]) => {
    const when = fields[name]?.when;
    return when === undefined || holds(readCondition(when), context);
  });
  return shown.length === Object.keys(answers).length ? answers : visibleAnswers(change, form, Object.fromEntries(shown));
}

function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  return one === other || (!isAnswer(one) && !isAnswer(other)) || JSON.stringify(one) === JSON.stringify(other);
}
