import type { Json } from '../../definitions/bundle.ts';
import type { Field } from '../../definitions/form.types.ts';
import type { Translate } from '../../texts.ts';
import { readFileAnswer, type FileAnswer } from '../file-answer.ts';
import { acceptedFiles, fileKinds, mostFileBytes } from '../file-kinds.ts';
import type { Control, Pairs, Posted, Question } from '../form-types.ts';
import { nameIn } from '../names.ts';
import { textOf } from './shared.ts';

/**
 * One file, or a list of them. A post carries a reference to each that is stored already, under the name of the question (in a list with
 * its number), and the content of new ones beside it, under the name of the question.
 */
export const file: Control = {
  name: 'file', asks: 'file', holds: 'value', takesFiles: true,
  matches: (field) => isFile(field) || (field.items !== undefined && isFile(field.items)),
  decode: (question, posted, at) => {
    const values = namesOf(question, posted, at).flatMap((name) => readReference(posted.all(name).findLast((text) => text !== '')));
    return isList(question) && values.length > 0 ? values : values[0];
  },
  encode: (question, value, at) => (isList(question) && Array.isArray(value)
    ? value.map((one, index): Pairs[number] => [nameIn(at, index), written(one)])
    : [[at, written(value)]]),
  view: (question, { at, posted, t }) => {
    const stored = namesOf(question, posted, at).flatMap((name) => {
      const found = readFileAnswer(readReference(posted.all(name).findLast((text) => text !== ''))[0]);
      return found === null ? [] : [{ name, value: JSON.stringify(found), text: fileText(found, t), fileName: found.naam, removeAction: `remove:${name}` }];
    });
    const kinds = t(isList(question) ? 'forms.file.kindsOfSeveral' : 'forms.file.kinds');
    return {
      stored, accept: acceptedFiles, most: mostFileBytes, multiple: isList(question), isFull: isList(question) && stored.length >= (question.field.maxItems ?? Infinity),
      hint: question.field.description ?? kinds, kinds: question.field.description === undefined ? null : kinds,
      uploadAction: `upload:${at}`, chooseText: t(isList(question) ? 'forms.file.chooseSeveral' : stored.length === 0 ? 'forms.file.choose' : 'forms.file.chooseOther')
    };
  },
  print: (_question, value, { t, fileHref }) => {
    const files = [value].flat().flatMap((one) => readFileAnswer(one) ?? []);
    const lines = files.map((one) => fileText(one, t));
    return { lines, rows: null, ...(fileHref === undefined ? {} : { files: files.map((one) => ({ text: fileText(one, t), href: fileHref(one.id) })) }) };
  },
  check: (_question, value) => ([value].flat().every((one) => readFileAnswer(one) !== null) ? null : 'format')
};

/** "verslag.pdf (PDF, 240 kB)". */
export function fileText({ naam, type, bytes }: FileAnswer, t: Translate): string {
  const kind = fileKinds.find((one) => one.type === type)?.title ?? type;
  const kilobytes = Math.max(Math.round(bytes / 1024), 1);
  const size = kilobytes < 1000 ? t('forms.file.kilobytes', { n: kilobytes }) : t('forms.file.megabytes', { n: (bytes / 1_048_576).toFixed(1).replace('.', t('forms.file.comma')) });
  return t('forms.file.text', { name: naam, kind, size });
}

function isFile({ format }: Field): boolean {
  return format === 'file';
}

function isList({ field }: Question): boolean {
  return field.items !== undefined;
}

function namesOf(question: Question, posted: Posted, at: string): string[] {
  return isList(question) ? posted.rowsOf(at).map((number) => nameIn(at, number)) : [at];
}

function written(value: Json): string {
  const known = readFileAnswer(value);
  return known === null ? textOf(value) : JSON.stringify(known);
}

/** What is no reference stays as it is, and is refused. */
function readReference(text = ''): Json[] {
  if (text === '') return [];
  try {
    return [readFileAnswer(JSON.parse(text) as Json) ?? text];
  } catch {
    return [text];
  }
}
