import type { Control, FieldChoice, Question, ViewPlace } from '../form-types.ts';
import { bodyShapes } from './body-shapes.ts';
import { checkboxes } from './checkboxes.ts';
import { choiceViews } from './radios.ts';

/**
 * Where on the body: tick boxes, and a drawing in which a press on a part ticks its box. The list is the answer and says all
 * there is; an answer the drawing has no part for, such as "elders", is in the list alone.
 */
export const body: Control = {
  ...checkboxes,
  name: 'body',
  matches: (field, place) => place.options.format === 'body' && checkboxes.matches(field, place),
  view: (question, place) => ({ hint: question.field.description ?? place.t('forms.hint.body'), choices: drawnChoices(question, place, question.choices ?? []), figure: Object.values(bodyShapes) })
};

function drawnChoices(question: Question, place: ViewPlace, choices: FieldChoice[]): { [property: string]: unknown }[] {
  return choiceViews(question, place, choices).map((view, index) => {
    const part = choices[index]?.text ?? '';
    return { ...view, shape: Object.hasOwn(bodyShapes, part) ? bodyShapes[part] : null };
  });
}
