import type { Answers } from '../definitions/bundle.ts';
import type { Moment } from '../engine/state/case-state.ts';
import type { CompiledForm, PrintedAnswer, References } from './form-types.ts';
import { printElements } from './print-elements.ts';
import { selectElements } from './select-elements.ts';

/** Prints the visible questions in screen order, also those without an answer. */
export function printAnswers(form: CompiledForm, answers: Answers, options: { references: References; now: Moment; prefix?: string; only?: string[]; fileHref?: (id: string) => string }): PrintedAnswer[] {
  const { references, now, prefix = '', only, fileHref } = options;
  const { t, zone } = form;
  return printElements(selectElements(form.elements, only), answers, { pointer: '', at: prefix, references, now, t, zone, ...(fileHref === undefined ? {} : { fileHref }) });
}
