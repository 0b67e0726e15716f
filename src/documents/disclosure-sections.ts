import type { Answers, Json } from '../definitions/bundle.ts';
import type { Field, FormDefinition } from '../definitions/form.types.ts';
import { isObject } from '../definitions/json-values.ts';
import { choosesFrom, fieldsOf, insideOf, optionsOf, rowFieldsOf } from '../definitions/lookup.ts';
import { textHash } from '../definitions/make-bundle.ts';
import { isAnswer } from '../engine/conditions/conditions.ts';
import type { CaseRecord } from '../engine/state/case-state.ts';
import { fileText } from '../forms/controls/file.ts';
import { type FileAnswer, readFileAnswer } from '../forms/file-answer.ts';
import type { Translate } from '../texts.ts';
import type { Asker, DisclosurePart, DisclosureSection, Why } from './disclosure-types.ts';
import type { DocumentData } from './document-data.ts';
import type { DocumentTree } from './document-tree.ts';
import { dayOf, formatDay } from './dutch-time.ts';
import { folded } from './folded.ts';
import { printFields, type Words } from './print-fields.ts';
import type { PrintedField, PrintedFields } from './printed-field.ts';
import { sentencePieces } from './sentences.ts';

/** What the sections of a case are made of. `entries`: its records as they were entered, each in its own form. */
export type DisclosureSources = {
  entries: { record: CaseRecord; form: FormDefinition }[];
  /** The list of askers of the route, such as leerling.ouders; null without one. */
  askers: string | null;
  asker: Asker;
  data: Pick<DocumentData, 'stappen' | 'afgezien'>;
  /** Documents as they were kept last. */
  documents: { id: string; title: string; line: string; tree: DocumentTree }[];
  words: Words;
};

/** Gives everything of a case that may be given to who asks: each record in the order of what happened, the steps, and the documents. */
export function disclosureSections({ entries, askers, asker, data, documents, words }: DisclosureSources): DisclosureSection[] {
  const { t } = words;
  const records = entries.map(({ record, form }) => {
    const walk: Walk = { form, record, askers, asker, words };
    return { id: `record-${String(record.id)}`, title: form.title, day: dayIn(form, record), parts: [...partsIn(walk, printFields(form, record.answers, words), fieldsOf(form), record.answers, { at: '', before: '', source: null, whose: null }), ...lockedParts(form, record.answers)] };
  });
  const all = [
    ...records.toSorted((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0)),
    { id: 'steps', title: t('disclosure.section.steps'), day: null, parts: stepParts(data, t) },
    { id: 'documents', title: t('disclosure.section.documents'), day: null, parts: documents.map(({ id, title, line, tree }) => part({ id, question: title, lines: [line], tree, why: 'document', proposal: null })) }
  ];
  return all.filter(({ parts }) => parts.length > 0).map((section) => ({ ...section, of: textHash(JSON.stringify(section)) }));
}

type Walk = { form: FormDefinition; record: CaseRecord; askers: string | null; asker: Asker; words: Words };
/** Where in a record somebody is: `at` and `before` come before the id and the question; `source` and `whose` go for all inside. */
type Place = { at: string; before: string; source: Field['x-source'] | null; whose: 'asker' | 'other' | null };

function partsIn(walk: Walk, printed: PrintedFields, fields: { [name: string]: Field }, answers: Answers, place: Place): DisclosurePart[] {
  return Object.entries(printed).flatMap(([name, field]) => {
    const definition = fields[name] ?? {};
    const answer = answers[name] ?? null;
    const source = definition['x-source'] ?? place.source;
    const question = `${place.before}${field.vraag}`;
    const inside = (key: string, title: string, whose: Place['whose']): Place => ({ at: `${place.at}${name}.${key}`, before: title, source, whose: whose ?? place.whose });
    const files = filesOf(answer);
    if (files.length > 0) return files.map((file) => part({ id: `${place.at}${name}.${file.id}`, question, lines: [fileText(file, walk.words.t)], file, names: true, why: 'file', proposal: source === 'third-party' ? false : null }));
    if (field.rijen !== null) {
      return rowsIn(answer).flatMap((row, index) => {
        const id = typeof row['id'] === 'string' ? row['id'] : String(index + 1);
        return partsIn(walk, field.rijen?.[index] ?? {}, rowFieldsOf(walk.form, definition) ?? {}, row, inside(`${id}.`, `${question}, ${String(index + 1)}: `, whoseRow(walk, place, name, id)));
      });
    }
    if (field.delen !== null) return partsIn(walk, field.delen, insideOf(definition) ?? {}, isObject(answer) ? answer : {}, inside('', `${question}: `, null));
    if (field.regels.length === 0) return [];
    const why = whyOf(walk, { definition, answer, source, answers, whose: place.whose });
    return [part({ id: `${place.at}${name}`, question, lines: field.regels, sentences: sentencesOf(definition, field), names: namesPeople(definition, field), why, proposal: !withheldFor.includes(why) })];
  });
}

const withheldFor: readonly Why[] = ['third-party', 'subject', 'other'];

function part(own: Pick<DisclosurePart, 'id' | 'question' | 'lines' | 'why' | 'proposal'> & Partial<DisclosurePart>): DisclosurePart {
  return { sentences: [], file: null, tree: null, names: false, locked: false, ...own };
}

/** Whose a row is, of the list of people who may ask: of the asker, or of another. Null in every other list. */
function whoseRow({ record, askers, asker }: Walk, { at }: Place, name: string, id: string): Place['whose'] {
  if (at !== '' || askers !== `${record.task}.${name}`) return null;
  return asker.kind === 'row' && asker.id === `${String(record.id)}.${id}` ? 'asker' : 'other';
}

type Told = { definition: Field; answer: Json; source: Field['x-source'] | null; answers: Answers; whose: Place['whose'] };

/** `x-of` names the answer that says whose words it are; without it nobody can tell which of those whom the case is about it was. */
function whyOf({ askers, asker }: Walk, { definition, answer, source, answers, whose }: Told): Why {
  if (whose !== null) return whose;
  const isAsker = (value: Json | undefined): boolean => (Array.isArray(value) ? value.length > 0 && value.every(isAsker) : typeof value === 'string' && (value === asker.id || isNamed(value, asker.name)));
  if (isAsker(answer)) return 'asker';
  if (askers !== null && choosesFrom(definition) === askers) return 'other';
  const of = definition['x-of'] === undefined ? undefined : answers[definition['x-of']];
  if (of !== undefined && (source === 'subject' || source === 'third-party')) return isAsker(of) ? 'asker' : 'other';
  return source === 'third-party' || source === 'subject' ? source : 'plain';
}

/** Is a text the name of somebody, at most with what they are behind it, such as "M. Bakker, vader"? With another name it is not. */
function isNamed(text: string, name: string): boolean {
  const [own = '', ...rest] = text.split(/\s*[,(]/);
  return folded(own) === folded(name) && !/\p{Lu}/u.test(rest.join(' '));
}

/** Only a text that somebody typed has sentences to leave out. */
function sentencesOf(field: Field, { regels, waarde }: PrintedField): string[] {
  return typeof waarde === 'string' && isOpen(field) && choosesFrom(field) === null ? sentencesIn(regels.join('\n')) : [];
}

function namesPeople(field: Field, { waarde }: PrintedField): boolean {
  return typeof waarde === 'object' || (typeof waarde === 'string' && isOpen(field));
}

/** Is the answer somebody's own words, and none of a fixed kind? */
function isOpen(field: Field): boolean {
  return ['email', 'uri', undefined].includes(field.format) && optionsOf(field.items ?? field) === null;
}

function sentencesIn(text: string): string[] {
  return sentencePieces(text).map((piece) => piece.trim()).filter((sentence) => sentence !== '');
}

/** Questions that only some roles read: that there is an answer is said, and nothing of it. */
function lockedParts(form: FormDefinition, answers: Answers): DisclosurePart[] {
  return Object.entries(fieldsOf(form)).filter(([name, field]) => field['x-access'] !== undefined && isAnswer(answers[name]))
    .map(([name, { title }]) => part({ id: name, question: title ?? name, lines: [], why: 'role', proposal: false, locked: true }));
}

function stepParts({ stappen, afgezien }: DisclosureSources['data'], t: Translate): DisclosurePart[] {
  const passed = stappen.filter(({ op }) => op !== null);
  const reason = (id: string, question: string, text: string): DisclosurePart[] => (text.trim() === '' ? [] : [part({ id, question, lines: text.trim().split('\n'), sentences: sentencesIn(text), names: true, why: 'reason', proposal: null })]);
  return [
    ...(passed.length === 0 ? [] : [part({ id: 'steps', question: t('disclosure.section.stepsQuestion'), lines: passed.map(({ titel, statusTekst, op }) => t('disclosure.section.step', { title: titel, status: statusTekst, day: formatDay(op ?? '') })), why: 'plain', proposal: true })]),
    ...stappen.flatMap(({ nummer, titel, reden }) => reason(`skipped.${nummer}`, t('disclosure.section.skipped', { title: titel }), reden ?? '')),
    ...afgezien.flatMap(({ regel, reden }, index) => reason(`waived.${String(index + 1)}`, t('disclosure.section.waived', { rule: regel }), reden))
  ];
}

function dayIn(form: FormDefinition, { answers, at }: CaseRecord): string {
  const name = Object.entries(fieldsOf(form)).find(([, field]) => field['x-date'] === true)?.[0];
  const day = name === undefined ? undefined : answers[name];
  return typeof day === 'string' && day !== '' ? day.slice(0, 10) : dayOf(at);
}

/** The files of a question that asks for them; those inside a row or group come with their own question. */
function filesOf(answer: Json): FileAnswer[] {
  const all = [answer].flat().map(readFileAnswer);
  return all.filter((file) => file !== null).length === all.length ? all.filter((file) => file !== null) : [];
}

function rowsIn(answer: Json): Answers[] {
  return Array.isArray(answer) ? answer.flatMap((row) => (Array.isArray(row) ? rowsIn(row) : isObject(row) ? [row] : [])) : [];
}
