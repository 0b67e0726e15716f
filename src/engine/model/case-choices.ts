import type { Json } from '../../definitions/bundle.ts';
import type { Field } from '../../definitions/form.types.ts';
import { anyRecord, choosesFrom } from '../../definitions/lookup.ts';
import { besideOf } from './beside.ts';
import type { CaseRecord } from '../state/case-state.ts';
import { sourcesAt, sourceTitle, type Sources } from './instances.ts';
import { capital, labelOf } from './labels.ts';
import { summaryText } from './summary.ts';

/** One row or record of a case to choose. `id`: `<record id>.<row>` of a row, `<record id>` of a record; it holds no personal data. */
export type CaseChoice = { id: string; name: string; hint: string | null };

/** `from`: where the choices come from, in words. */
export type CaseChoices = { from: string; choices: CaseChoice[] };

/**
 * Gives what a question with `x-options` may choose from a case (forms.md, section 3), with the words of now: the rows of a list, such as
 * "leerling.ouders", or the records of a task. Only those of records that `maySee` lets through.
 */
export function caseChoices(context: Sources, of: string, maySee: (record: CaseRecord) => boolean = () => true): CaseChoices {
  const { model, state } = context;
  if (of === anyRecord) return { from: model.t('engine.everyRecord'), choices: recordChoices(context, maySee) };
  const path = of.split('.');
  const { task, question } = labelOf(model, path, { form: null, row: null });
  const choices = sourcesAt(context, path).filter(({ record }) => record !== null && maySee(record)).map((source) => {
    const { key, path: { length }, record } = source;
    const form = length > 1 || record === null ? undefined : model.bundle.forms[record.form];
    const hint = form === undefined || record === null ? '' : summaryText(form, record.answers, model.t);
    return { id: key, name: capital(sourceTitle(model, state, source)), hint: hint === '' ? null : hint };
  });
  return { from: [task, question].filter((part) => part !== null).join(', '), choices };
}

/** Every record of a task that people hand in, but for those that stand beside another themselves. */
function recordChoices({ model, state }: Sources, maySee: (record: CaseRecord) => boolean): CaseChoice[] {
  const own = state.records.filter((record) => model.tasks.get(record.task)?.isSubject === false && besideOf(model.bundle, record) === null && maySee(record));
  return own.map((record) => {
    const form = model.bundle.forms[record.form];
    const hint = form === undefined ? '' : summaryText(form, record.answers, model.t);
    return { id: String(record.id), name: capital(sourceTitle(model, state, { key: String(record.id), value: record.answers, path: [record.task], record })), hint: hint === '' ? null : hint };
  });
}

/** Gives what was chosen from the case in the words of now; null where a question chooses nothing there. */
export function chosenText(context: Sources, field: Field | null, value: Json | undefined): string | null {
  const of = choosesFrom(field);
  if (of === null) return null;
  const { choices } = caseChoices(context, of);
  return [value ?? []].flat().map((id) => choices.find((choice) => choice.id === id)?.name ?? context.model.t('engine.choiceGone')).join(', ');
}
