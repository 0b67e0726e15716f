import type { Answers } from '../definitions/bundle.ts';
import type { LayoutElement, PrintedAnswer, PrintPlace, Question } from './form-types.ts';
import { idOf, nameIn } from './names.ts';
import { shownQuestions } from './visibility.ts';

/** Prints the visible questions of a form, a row or a group, in screen order; one without an answer has no lines. */
export function printElements(elements: LayoutElement[], answers: Answers, place: PrintPlace): PrintedAnswer[] {
  return shownQuestions(elements, answers, place).map(({ question, at, answers: beside }) => printQuestion(question, beside, { ...place, pointer: `${place.pointer}${at}`, at: `${place.at}${at}` }));
}

/** Prints one answer. */
export function printQuestion(question: Question, answers: Answers, place: PrintPlace): PrintedAnswer {
  const { name, label, control, field } = question;
  const here = { ...place, pointer: nameIn(place.pointer, name), at: nameIn(place.at, name) };
  const value = Object.hasOwn(answers, name) ? answers[name] : undefined;
  const printed = value !== undefined && field.writeOnly === true ? { lines: [place.t('forms.writeOnly')], rows: null } : value === undefined ? { lines: [], rows: control.holds === 'value' ? null : [] } : control.print(question, value, here);
  return { pointer: here.pointer, label, ...printed, href: `#${idOf(here.at)}`, source: field['x-source'] ?? null };
}
