import type { Json } from '../../definitions/bundle.ts';
import type { CaseContext } from './case-context.ts';
import { chosenText } from './case-choices.ts';
import { answerText, labelOf } from './labels.ts';
import type { PreparedTask } from './prepare.ts';

/** What `for` means where something is written: its value, and the path it is taken from, for the words of answers. */
export type Reading = { context: CaseContext; source: string[] | null };

/** Gives the answer a definition writes into a field: { "field": path } takes one over; a text has its {paths} filled in; anything else stands as it is. */
export function writtenValue(reading: Reading, task: PreparedTask, field: string, value: Json): Json | undefined {
  const { context } = reading;
  if (typeof value === 'string') return filledIn(reading, value);
  if (value === null || typeof value !== 'object' || Array.isArray(value) || typeof value['field'] !== 'string') return value;
  if (value['field'] !== 'now') return context.valueOf(value['field'].split('.'));
  return labelOf(context.model, [task.id, field], { form: null, row: null }).field?.format === 'date-time' ? context.now : context.zone.dayOf(context.now);
}

function filledIn({ context, source }: Reading, text: string): string {
  return text.replace(/\{([A-Za-z][A-Za-z0-9._-]*)\}/g, (_, name: string) => {
    const path = name.split('.');
    const value = context.valueOf(path);
    const labelled = path[0] === 'for' && source !== null ? [...source, ...path.slice(1)] : path;
    const label = labelOf(context.model, labelled, { form: null, row: null });
    return chosenText(context, label.field, value) ?? answerText(context.model, value, label.field, label.form) ?? (typeof value === 'string' ? value : '');
  });
}
