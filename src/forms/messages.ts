import type { Json } from '../definitions/bundle.ts';
import type { Translate } from '../texts.ts';
import type { Control, Fault, Question } from './form-types.ts';

/** Of several faults of one value the first of these is said: the one to mend first. */
const order = [
  'required', 'type', 'format', 'enum', 'oneOf', 'anyOf', 'const', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'not',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'pattern'
];

/** Gives the fault of a value that its message is about. */
export function worstOf(faults: Fault[]): Fault {
  const [first = { pointer: '', keyword: '', limit: null }, ...rest] = faults;
  return rest.reduce((worst, fault) => (rank(fault) < rank(worst) ? fault : worst), first);
}

export type MessagePlace = {
  value: Json | undefined;
  pointer: string;
  t: Translate;
  /** `x-messages` of the form: by pointer, with * for the number of a row, then by keyword. */
  messages: { [pointer: string]: { [keyword: string]: string } };
};

/** Gives the sentence for a fault, with the question in it: never a word of the machine. */
export function messageOf(question: Question, fault: Fault, place: MessagePlace): string {
  return ownMessage(question, fault, place) ?? (fault.keyword === 'required' ? requiredText(question, place) : faultText(question, fault, place));
}

function ownMessage({ field }: Question, { keyword, pointer: at }: Fault, { pointer, messages }: MessagePlace): string | undefined {
  const pointers = [at, pointer].flatMap((one) => [one, one.replace(/\/\d+(?=\/|$)/g, '/*')]);
  return field['x-messages']?.[keyword] ?? pointers.flatMap((one) => messages[one]?.[keyword] ?? []).at(0);
}

/** "Vul de datum in", "Vul in waarom ...", "Kies ...": what to do, in the words of the field. */
function requiredText(question: Question, { t }: MessagePlace): string {
  const { control, field, label } = question;
  const name = field['x-name'];
  if (control.asks === 'rows') return t('forms.problem.rows', { n: Math.max(field.minItems ?? 1, 1), item: itemOf(question, t), title: label });
  if (control.asks === 'file') return name === undefined ? t('forms.problem.file.title', { title: label }) : t('forms.problem.file.name', { name });
  if (control.asks === 'tick') return name === undefined ? t('forms.problem.tick.title', { title: label }) : t('forms.problem.tick.name', { name });
  if (name === undefined || control.asks === 'several') {
    if (control.asks === 'several') return t('forms.problem.several', { title: label });
    return t(label.endsWith('?') ? 'forms.problem.required.question' : 'forms.problem.required.title', { title: label });
  }
  if (control.asks === 'choice') return t('forms.problem.choose', { name });
  return t(isNoun(name, t) ? 'forms.problem.required.name' : 'forms.problem.required.clause', { name });
}

/** The formats that have a sentence of their own. */
const formats: ReadonlySet<string> = new Set(['date', 'partial-date', 'time', 'date-time', 'email', 'uri', 'uuid']);

type Sentences = { [keyword: string]: string } & { rest: string };

const length = { minLength: 'minLength', maxLength: 'maxLength' };
const count = { minItems: 'minItems', maxItems: 'maxItems', uniqueItems: 'uniqueItems' };
const limits = { minimum: 'minimum', maximum: 'maximum', exclusiveMinimum: 'exclusiveMinimum', exclusiveMaximum: 'exclusiveMaximum', multipleOf: 'multipleOf' };
const form = { type: 'format', format: 'format', pattern: 'format', minLength: 'format', maxLength: 'format' };

/** The sentence of a fault, as texts/<language>/forms.json has it behind problem., by what the control asks and the keyword. */
const sentences: { [asks in Control['asks']]: Sentences } = {
  text: { ...length, format: 'format', pattern: 'pattern', rest: 'other' },
  number: { ...limits, type: 'number', rest: 'other' },
  day: { ...form, 'x-max': 'future', 'x-min': 'past', rest: 'other' },
  time: { ...form, rest: 'other' },
  lines: { ...count, minLength: 'line.minLength', maxLength: 'line.maxLength', format: 'line.other', pattern: 'line.other', rest: 'other' },
  choice: { ...length, 'x-options': 'notListed', rest: 'choice' },
  several: { ...count, 'x-options': 'notListed', minItems: 'minChoices', maxItems: 'maxChoices', rest: 'choice' },
  tick: { rest: 'tick.title' },
  rows: { minItems: 'rows', maxItems: 'maxRows', uniqueItems: 'uniqueRows', rest: 'other' },
  group: { rest: 'other' },
  file: { minItems: 'minFiles', maxItems: 'maxFiles', rest: 'file' }
};

function faultText(question: Question, { keyword, limit, pointer }: Fault, { value, t }: MessagePlace): string {
  const { label: title, control, field } = question;
  const explained = value === undefined ? null : (control.explain?.(question, value) ?? null);
  if ((keyword === 'format' || keyword === 'type') && explained !== null) return t(explained, { title });
  const of = sentences[control.asks];
  const sentence = Object.hasOwn(of, keyword) ? of[keyword] : of.rest;
  switch (sentence) {
    case 'format': return t(formats.has(field.format ?? '') ? `forms.problem.format.${field.format ?? ''}` : 'forms.problem.other', { title });
    case 'number': return t([field.type].flat().includes('integer') ? 'forms.problem.integer' : 'forms.problem.number', { title });
    case 'pattern': return field.description === undefined ? t('forms.problem.pattern', { title }) : t('forms.problem.patternHint', { title, hint: field.description });
    case 'multipleOf': return multipleText(Number(limit), title, t);
    default: return t(`forms.problem.${sentence ?? 'other'}`, { title, n: Number(limit), limit: written(limit), item: itemOf(question, t), line: Number(pointer.slice(pointer.lastIndexOf('/') + 1)) + 1, typed: typeof value === 'string' ? (value.match(/./gsu)?.length ?? 0) : 0 });
  }
}

/** A step of 0,01 means at most two decimals, and people say it so. */
function multipleText(step: number, title: string, t: Translate): string {
  const n = -Math.round(Math.log10(step));
  if (step === 1) return t('forms.problem.integer', { title });
  return n > 0 && step === Number(`1e-${String(n)}`) ? t('forms.problem.decimals', { title, n }) : t('forms.problem.multipleOf', { title, limit: written(step) });
}

function written(limit: Fault['limit']): string {
  return String(limit).replace('.', ',');
}

/** De datum, het advies, uw vraag: a thing one fills in. What starts in another way (waarom u ...) is a clause. */
function isNoun(name: string, t: Translate): boolean {
  const [first = ''] = name.toLocaleLowerCase('nl').split(' ');
  return t('forms.nounStarts').split(' ').includes(first);
}

function itemOf({ field }: Question, t: Translate): string {
  return (field.items?.title ?? t('forms.rows.item')).toLocaleLowerCase('nl');
}

function rank({ keyword }: Fault): number {
  const place = order.indexOf(keyword);
  return place < 0 ? order.length : place;
}
