import { readFileAnswer, type FileAnswer } from './file-answer.ts';
import type { CompiledForm, Pairs, Question } from './form-types.ts';
import { idOf, nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';
import { renumber } from './renumber.ts';

/** A reference to a file in a post. `pointer`: of its question, without the prefix; `file` null: it is none. */
export type PostedFile = { name: string; pointer: string; question: Question; file: FileAnswer | null };

type Place = { question: Question; of: string };

/** Gives every reference to a file in a post of this form. */
export function postedFiles(form: CompiledForm, pairs: Pairs, prefix = ''): PostedFile[] {
  if (!form.takesFiles) return [];
  return pairs.flatMap(([name, value]) => {
    const place = value === '' ? null : placeAt(form, name, prefix);
    return place === null ? [] : [{ name, pointer: place.of.slice(prefix.length), question: place.question, file: readText(value) }];
  });
}

/** Gives the question that asks for files under this name; null: none does. */
export function fileQuestion(form: CompiledForm, name: string, prefix = ''): Question | null {
  const place = placeAt(form, name, prefix);
  return place?.of === name ? place.question : null;
}

/** Puts a stored file into a post: behind those of a list, or in the place of the one that is there. */
export function withFile(question: Question, pairs: Pairs, name: string, file: FileAnswer): Pairs {
  const value = JSON.stringify(file);
  if (question.field.items === undefined) return [...pairs.filter(([own]) => own !== name), [name, value]];
  const next = Math.max(-1, ...readPosted(pairs).rowsOf(name)) + 1;
  return [...pairs, [nameIn(name, next), value]];
}

/** Does what a button of a question about files asks: remove:/x or remove:/x/1 takes one out, upload:/x only sends what was chosen. Null: it is none. */
export function fileAction(form: CompiledForm, pairs: Pairs, action: string, prefix = ''): { pairs: Pairs; focus: string } | null {
  const [, verb = '', name = ''] = /^(remove|upload):(.*)$/s.exec(action) ?? [];
  const place = placeAt(form, name, prefix);
  if (place === null) return null;
  const left = verb === 'upload' ? pairs : pairs.filter(([own]) => own !== name);
  const isInList = place.of !== name;
  return { pairs: isInList ? renumber(left, place.of, readPosted(left).rowsOf(place.of)) : left, focus: idOf(place.of) };
}

/** Does any of these questions, or of their parts, ask for files? */
export function askForFiles(questions: Question[]): boolean {
  return questions.some(({ control, parts }) => control.takesFiles === true || askForFiles(parts));
}

function placeAt({ questions }: CompiledForm, name: string, prefix: string): Place | null {
  return name.startsWith(`${prefix}/`) ? placeIn(questions, name.slice(prefix.length + 1).split('/'), prefix) : null;
}

function placeIn(questions: Question[], [first = '', ...rest]: string[], above: string): Place | null {
  // In one of several groups the name of the question says in which.
  const [own, index] = first.split('#');
  const question = questions.find((one) => one.name === own);
  if (question === undefined || question.field.readOnly === true) return null;
  const of = nameIn(above, first);
  if (question.control.takesFiles === true) {
    const isPart = question.field.items !== undefined && rest.length === 1 && /^\d{1,4}$/.test(rest[0] ?? '');
    return rest.length === 0 || isPart ? { question, of } : null;
  }
  const [number = '', ...inner] = rest;
  switch (question.control.holds) {
    case 'value': return null;
    case 'group': return placeIn(question.parts, rest, of);
    case 'branches': return placeIn(question.branches?.[Number(index)]?.parts ?? [], rest, of);
    case 'rows': return /^\d{1,4}$/.test(number) ? placeIn(question.parts, inner, nameIn(of, number)) : null;
  }
}

function readText(value: string): FileAnswer | null {
  try {
    return readFileAnswer(JSON.parse(value) as Parameters<typeof readFileAnswer>[0]);
  } catch {
    return null;
  }
}
