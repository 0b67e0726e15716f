import type { Json } from '../../definitions/bundle.ts';
import type { Control, FieldChoice, PrintedFigure, Question, ViewPlace } from '../form-types.ts';
import { bodyShapes } from './body-shapes.ts';
import { checkboxes } from './checkboxes.ts';
import { choiceViews } from './radios.ts';

/**
 * Where on the body: tick boxes, and a drawing in which a press on a part ticks its box. The list is the answer and says all
 * there is; an answer the drawing has no part for, such as "elders", is in the list alone. Printed it is the list too, with the drawing beside it on a page.
 */
export const body: Control = {
  ...checkboxes,
  name: 'body',
  matches: (field, place) => place.options.format === 'body' && checkboxes.matches(field, place),
  view: (question, place) => ({ hint: question.field.description ?? place.t('forms.hint.body'), choices: drawnChoices(question, place, question.choices ?? []), figure: Object.values(bodyShapes) }),
  print: (question, value, place) => ({ ...checkboxes.print(question, value, place), ...marked(value) })
};

/** The drawing with the chosen parts filled in; none when the answer names only what is not in it. */
function marked(value: Json): { figure?: PrintedFigure } {
  const parts = Array.isArray(value) ? value : [];
  const figure = Object.entries(bodyShapes).map(([part, shape]) => ({ ...shape, isChosen: parts.includes(part) }));
  return figure.some(({ isChosen }) => isChosen) ? { figure } : {};
}

function drawnChoices(question: Question, place: ViewPlace, choices: FieldChoice[]): { [property: string]: unknown }[] {
  return choiceViews(question, place, choices).map((view, index) => {
    const part = choices[index]?.text ?? '';
    return { ...view, shape: Object.hasOwn(bodyShapes, part) ? bodyShapes[part] : null };
  });
}
