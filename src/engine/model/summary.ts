import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Field, FormDefinition } from '../../definitions/form.types.ts';
import { resolveField } from '../../definitions/resolve-field.ts';
import type { Translate } from '../../texts.ts';
import { isAnswer } from '../conditions/conditions.ts';
import { answerText } from './labels.ts';
import { dutchZone } from '../time/zone.ts';

const placeholder = /\{([A-Za-z][A-Za-z0-9_-]*)\}/g;
/** Free text may be long; a line in a list stays a line. */
const mostCharacters = 160;

/**
 * Gives the line that stands for a record in lists and on the timeline: the `summary` of its form with the answers filled in.
 * A part between commas whose fields are all empty is left out. Empty when the form has no summary, or nothing in it is answered.
 */
export function summaryText(form: FormDefinition, answers: Answers, t: Translate): string {
  const parts = partsOf(form).filter((part) => {
    const names = namesIn(part);
    return names.length === 0 || names.some((name) => isAnswer(answers[name]));
  });
  if (!parts.some((part) => namesIn(part).length > 0)) return '';
  const { properties } = form.schema;
  const words = (name: string): string => wordsOf(form, Object.hasOwn(properties, name) ? resolveField(form, properties[name] ?? {}) : null, answers[name], t);
  return shortened(parts.map((part) => part.replace(placeholder, (_, name: string) => words(name)).trim()).join(', '));
}

/** Gives the names of the fields a form's summary shows, in its order. */
export function summaryFields(form: FormDefinition): string[] {
  return namesIn(form.summary ?? '');
}

/** Gives the names of the fields in the first part of a form's summary: what a record is called by. */
export function nameFields(form: FormDefinition): string[] {
  return namesIn(partsOf(form)[0] ?? '');
}

function partsOf({ summary = '' }: FormDefinition): string[] {
  return summary.split(/,\s*/).filter((part) => part !== '');
}

function namesIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

/** A chosen person or organisation is kept as a snapshot; people read its name. */
function wordsOf(form: FormDefinition, field: Field | null, answer: Json | undefined, t: Translate): string {
  if (!isAnswer(answer)) return '';
  if (Array.isArray(answer)) return answer.map((part) => wordsOf(form, field, part, t)).filter((words) => words !== '').join(', ');
  if (answer !== null && typeof answer === 'object') {
    const name = answer['name'] ?? answer['naam'];
    return typeof name === 'string' ? name : '';
  }
  return answerText({ t, zone: dutchZone }, answer, field, form) ?? (typeof answer === 'string' ? answer.replace(/\s+/g, ' ').trim() : '');
}

function shortened(text: string): string {
  if (text.length <= mostCharacters) return text;
  const cut = text.slice(0, mostCharacters);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), mostCharacters - 40)).trimEnd()}…`;
}
