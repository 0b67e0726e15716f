import type { Control } from '../form-types.ts';
import { radios } from './radios.ts';
import { hasChoices } from './shared.ts';

/** One answer of many, or of more than three in a row of a list. */
export const select: Control = {
  ...radios,
  name: 'select',
  matches: (field, { options, inRow }) => hasChoices(field) && field.type !== 'array' && (options.format === 'select' || (options.format === undefined && inRow && answers(field) > 3) || (options.format === undefined && answers(field) > 12)),
  view: (question, { at, posted }) => ({
    choices: (question.choices ?? []).map(({ text, title }) => ({ value: text, text: title, selected: posted.last(at) === text }))
  })
};

function answers(field: Parameters<Control['matches']>[0]): number {
  return field.oneOf?.length ?? field.enum?.length ?? 1;
}
