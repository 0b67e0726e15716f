import type { Json } from '../definitions/bundle.ts';
import type { Translate } from '../texts.ts';
import type { Fault, Question } from './form-types.ts';

/** Of several faults of one value the first of these is said: the one to mend first. */
const order = [
  'required', 'type', 'format', 'enum', 'oneOf', 'anyOf', 'const', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems',
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

function ownMessage({ field }: Question, { keyword }: Fault, { pointer, messages }: MessagePlace): string | undefined {
  return field['x-messages']?.[keyword] ?? messages[pointer]?.[keyword] ?? messages[pointer.replace(/\/\d+(?=\/|$)/g, '/*')]?.[keyword];
}

/** "Vul de datum in", "Vul in waarom ...", "Kies ...": what to do, in the words of the field. */
function requiredText(question: Question, { t }: MessagePlace): string {
  const { control, field, label } = question;
  const name = field['x-name'];
  if (control.asks === 'rows') return t('forms.problem.rows', { n: Math.max(field.minItems ?? 1, 1), item: itemOf(question, t), title: label });
  if (control.asks === 'tick') return name === undefined ? t('forms.problem.tick.title', { title: label }) : t('forms.problem.tick.name', { name });
  if (name === undefined || control.asks === 'several') {
    if (control.asks === 'several') return t('forms.problem.several', { title: label });
    return t(label.endsWith('?') ? 'forms.problem.required.question' : 'forms.problem.required.title', { title: label });
  }
  if (control.asks === 'choice') return t('forms.problem.choose', { name });
  return t(isNoun(name, t) ? 'forms.problem.required.name' : 'forms.problem.required.clause', { name });
}

function faultText(question: Question, { keyword, limit }: Fault, { value, t }: MessagePlace): string {
  const { label: title, control, field } = question;
  const explained = value === undefined ? null : (control.explain?.(value) ?? null);
  if (keyword === 'format' && explained !== null) return t(explained, { title });
  const n = Number(limit);
  switch (keyword) {
    case 'format': return t(`forms.problem.format.${String(limit)}`, { title });
    case 'type': return typeText(question, t);
    case 'enum': case 'oneOf': case 'anyOf': return t('forms.problem.choice', { title });
    case 'const': return control.asks === 'tick' ? t('forms.problem.tick.title', { title }) : t('forms.problem.choice', { title });
    case 'minLength': return t('forms.problem.minLength', { title, n });
    case 'maxLength': return t('forms.problem.maxLength', { title, n, typed: typeof value === 'string' ? (value.match(/./gsu)?.length ?? 0) : 0 });
    case 'minItems': return control.asks === 'rows' ? t('forms.problem.rows', { title, n, item: itemOf(question, t) }) : t('forms.problem.minItems', { title, n });
    case 'maxItems': return t('forms.problem.maxItems', { title, n });
    case 'uniqueItems': return t('forms.problem.uniqueItems', { title });
    case 'minimum': case 'maximum': case 'exclusiveMinimum': case 'exclusiveMaximum': case 'multipleOf':
      return t(`forms.problem.${keyword}`, { title, limit: String(limit).replace('.', ',') });
    case 'pattern': return field.description === undefined ? t('forms.problem.pattern', { title }) : t('forms.problem.patternHint', { title, hint: field.description });
    default: return t('forms.problem.other', { title });
  }
}

function typeText({ field, control, label: title }: Question, t: Translate): string {
  const types = [field.type].flat();
  if (types.includes('integer')) return t('forms.problem.integer', { title });
  if (types.includes('number')) return t('forms.problem.number', { title });
  return t(control.asks === 'choice' ? 'forms.problem.choice' : 'forms.problem.other', { title });
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
