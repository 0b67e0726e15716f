import type { Answers } from '../../definitions/bundle.ts';
import { AppError } from '../../errors.ts';
import { decodeQuestions, isFilled } from '../decode.ts';
import { encodeQuestions } from '../encode.ts';
import type { Control, Pairs, Posted, Question, ViewPlace } from '../form-types.ts';
import { idOf, nameIn, newRow, partIdOf } from '../names.ts';
import { printElements, printQuestion } from '../print-elements.ts';
import { viewElements } from '../view-elements.ts';
import { hasOwnIds, isBare, isOfType, nothing, rowAnswers, rowValue } from './shared.ts';

const mostRows = 200;
/** A list of rows, each with the same questions. A row nobody wrote in is not there. */
export const rows: Control = {
  name: 'rows', asks: 'rows', holds: 'rows',
  matches: (field) => isOfType(field, 'array') && field.items !== undefined,
  decode: (question, posted, at) => {
    const filled = rowsIn(question, posted, at).filter(({ answers }) => question.hasFixedRows || isFilled(question.parts, answers)).map(({ id, answers }) => rowValue(question, id === null ? answers : { id, ...answers })).filter((row) => row !== undefined);
    return filled.length === 0 ? nothing(question) : filled;
  },
  encode: (question, value, at) => (Array.isArray(value) ? value : []).flatMap((row, index): Pairs => {
    const name = nameIn(at, index);
    const whole = rowAnswers(question, row);
    const { id, ...answers } = whole;
    const own: Pairs = typeof id === 'string' && hasOwnIds(question) ? [[nameIn(name, 'id'), id]] : [];
    return [[name, ''], ...own, ...encodeQuestions(question.parts, own.length === 0 ? whole : answers, name)];
  }),
  view: (question, place) => {
    const typed = rowsIn(question, place.posted, place.at);
    const drawn = typed.length > 0 || question.hasFixedRows ? typed : emptyRows(question);
    let position = -1;
    const views = drawn.map(({ index, id, answers }, order) => {
      const isWritten = question.hasFixedRows || isFilled(question.parts, answers);
      if (isWritten) position += 1;
      return rowView(question, place, { name: nameIn(place.at, index), rowId: id, answers, number: order + 1, pointer: isWritten && place.pointer !== null ? nameIn(place.pointer, position) : null });
    });
    return {
      rows: views,
      // A row the browser can copy; the server does the same at a press of the button.
      fixed: question.hasFixedRows,
      nothing: question.hasFixedRows && drawn.length === 0 ? place.t('forms.rows.nothing') : null,
      blank: question.hasFixedRows || question.parts.some(holdsRows) ? null : rowView(question, { ...place, focus: null }, { name: nameIn(place.at, newRow), rowId: null, answers: {}, number: null, pointer: null }),
      most: question.field.maxItems ?? mostRows,
      addAction: !question.hasFixedRows && drawn.length < (question.field.maxItems ?? mostRows) ? `add:${place.at}` : null,
      addId: partIdOf(place.at, 'meer'),
      addFocus: place.focus === partIdOf(place.at, 'meer'),
      addText: question.options.addLabel ?? place.t('forms.rows.add', { item: itemOf(question, place).toLocaleLowerCase('nl') })
    };
  },
  print: (question, value, place) => {
    const printed = (Array.isArray(value) ? value : []).map((row, index) => {
      const at = { ...place, pointer: nameIn(place.pointer, index), at: nameIn(place.at, index) };
      return printElements(question.elements, rowAnswers(question, row), at).filter(({ lines, rows: inner }) => lines.length > 0 || (inner !== null && inner.length > 0));
    });
    // A list of single answers reads as lines.
    const isPlain = isBare(question) && printed.flat().every(({ rows: inner }) => inner === null);
    return isPlain ? { lines: printed.flat().flatMap(({ lines }) => lines), rows: null } : { lines: [], rows: printed };
  }
};

/** `id` stays with a row once it was handed in (engine/state/row-ids.ts); null: it is new. */
type Row = { index: number; id: string | null; answers: Answers };

function rowsIn(question: Question, posted: Posted, at: string): Row[] {
  const numbers = posted.rowsOf(at);
  if (numbers.length > mostRows) throw new AppError('tooLarge');
  return numbers.map((index) => {
    const name = nameIn(at, index);
    const id = hasOwnIds(question) ? (posted.last(nameIn(name, 'id')) ?? '') : '';
    return { index, id: id === '' ? null : id, answers: decodeQuestions(question.parts, posted, name) };
  });
}

/** A list that must have rows starts with them. */
function emptyRows({ field, required }: Question): Row[] {
  const count = Math.max(field.minItems ?? 0, required ? 1 : 0);
  return Array.from({ length: count }, (_, index) => ({ index, id: null, answers: {} }));
}

function rowView(question: Question, place: ViewPlace, { name, rowId, answers, number, pointer }: { name: string; rowId: string | null; answers: Answers; number: number | null; pointer: string | null }): { [property: string]: unknown } {
  const item = itemOf(question, place);
  return {
    name,
    id: idOf(name),
    rowId: rowId === null ? null : { name: nameIn(name, 'id'), value: rowId },
    title: place.t('forms.rows.title', { item, n: number ?? newRow }),
    label: labelOf(question, answers, place),
    nodes: viewElements(question.elements, answers, { ...place, at: name, pointer, isHere: () => true }),
    removeAction: question.hasFixedRows ? null : `remove:${name}`,
    removeName: place.t('forms.rows.title', { item: item.toLocaleLowerCase('nl'), n: number ?? newRow })
  };
}

/** Rows in rows are made by the server. */
function holdsRows({ control, parts }: Question): boolean {
  return control.holds === 'rows' || parts.some(holdsRows);
}

/** What a row is called besides its number: the answer that `elementLabelProp` names. */
function labelOf({ options, parts }: Question, answers: Answers, place: ViewPlace): string | null {
  const part = parts.find(({ name }) => name === options.elementLabelProp);
  return part === undefined ? null : (printQuestion(part, answers, { ...place, pointer: '' }).lines[0] ?? null);
}

function itemOf({ field }: Question, { t }: Pick<ViewPlace, 't'>): string {
  return field.items?.title ?? t('forms.rows.item');
}
