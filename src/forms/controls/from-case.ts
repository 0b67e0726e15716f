import type { Json } from '../../definitions/bundle.ts';
import { choosesFrom } from '../../definitions/lookup.ts';
import type { CheckPlace, Control, FieldChoice, PrintPlace, Question, References, ViewPlace } from '../form-types.ts';
import { choiceViews } from './radios.ts';
import { isOfType, textOf } from './shared.ts';

/** One row or record of the case, kept by its id and shown in the words of now. What is gone, or not for this reader, stays chosen. */
export const fromCase: Control = {
  name: 'from-case', asks: 'choice', holds: 'value',
  matches: (field) => choosesFrom(field) !== null && isOfType(field, 'string'),
  decode: (_question, posted, at) => {
    const id = posted.last(at) ?? '';
    return id === '' ? undefined : id;
  },
  encode, view, print, check, hasNothing
};

/** Several of them. */
export const severalFromCase: Control = {
  name: 'from-case', asks: 'several', holds: 'value',
  matches: (field) => choosesFrom(field) !== null && isOfType(field, 'array'),
  decode: (_question, posted, at) => {
    const ids = [...new Set(posted.all(at))].filter((id) => id !== '');
    return ids.length === 0 ? undefined : ids;
  },
  encode, view, print, check, hasNothing
};

function encode(_question: Question, value: Json, at: string): [string, string][] {
  return [value].flat().map((id) => [at, textOf(id)]);
}

function view(question: Question, place: ViewPlace): { [property: string]: unknown } {
  const { from, choices } = offered(question, place.references);
  const gone = place.posted.all(place.at).filter((id) => id !== '' && !choices.some(({ id: known }) => known === id));
  const listed: FieldChoice[] = [
    ...choices.map(({ id, name, hint }) => ({ value: id, text: id, title: name, hint })),
    ...gone.map((id) => ({ value: id, text: id, title: place.t('forms.fromCase.gone'), hint: null }))
  ];
  return {
    several: question.control.asks === 'several', inline: false, choices: choiceViews(question, place, listed),
    nothing: listed.length === 0 ? place.t('forms.fromCase.nothing', { from }) : null
  };
}

function print(question: Question, value: Json, { references, t }: PrintPlace): { lines: string[]; rows: null } {
  const { choices } = offered(question, references);
  const ids = value === null ? [] : [value].flat();
  return { lines: ids.map((id) => choices.find((choice) => choice.id === id)?.name ?? t('forms.fromCase.gone')), rows: null };
}

function check(question: Question, value: Json, { references, stored }: CheckPlace): string | null {
  const { choices } = offered(question, references);
  const kept = [stored ?? []].flat();
  return [value].flat().every((id) => choices.some((choice) => choice.id === id) || kept.includes(id)) ? null : 'x-options';
}

function hasNothing(question: Question, references: References): boolean {
  return offered(question, references).choices.length === 0;
}

function offered({ field }: Question, { fromCase: choicesOf }: References): ReturnType<References['fromCase']> {
  const of = choosesFrom(field);
  return of === null ? { from: '', choices: [] } : choicesOf(of);
}
