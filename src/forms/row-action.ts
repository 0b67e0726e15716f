import type { CompiledForm, Pairs, Question } from './form-types.ts';
import { isBare } from './controls/shared.ts';
import { fileAction } from './file-places.ts';
import { idOf, nameIn, partIdOf } from './names.ts';
import { readPosted } from './read-posted.ts';
import { renumber } from './renumber.ts';

const mostRows = 200;

/**
 * Does what a button of a list, or of a question about files, asks: add:/x, remove:/x/1, up:/x/1, down:/x/1, upload:/x. All answers
 * stay, rows are numbered anew. `focus` is the id of the control to go on with. Null when it is no action of this form.
 */
export function rowAction(form: CompiledForm, pairs: Pairs, action: string, { prefix = '' }: { prefix?: string } = {}): { pairs: Pairs; focus: string } | null {
  const ofFiles = fileAction(form, pairs, action, prefix);
  if (ofFiles !== null) return ofFiles;
  const [, verb = '', name = ''] = /^(add|remove|up|down):(.*)$/s.exec(action) ?? [];
  if (verb === '' || !name.startsWith(`${prefix}/`)) return null;
  const list = verb === 'add' ? name : name.slice(0, name.lastIndexOf('/'));
  const question = listNamed(form.questions, list.slice(prefix.length + 1).split('/'));
  if (question === null || question.hasFixedRows) return null;
  const numbers = readPosted(pairs).rowsOf(list);
  const at = verb === 'add' ? numbers.length : numbers.indexOf(Number(name.slice(list.length + 1)));
  if (at < 0) return null;
  const order = changed(verb, numbers, at, question.field.maxItems ?? mostRows);
  const isNew = order.includes(null);
  const renamed = renumber(pairs, list, order);
  const focused = verb === 'up' ? Math.max(at - 1, 0) : verb === 'down' ? Math.min(at + 1, order.length - 1) : Math.min(at, order.length - 1);
  return {
    pairs: isNew ? [...renamed, [nameIn(list, order.length - 1), '']] : renamed,
    focus: order.length === 0 ? partIdOf(list, 'meer') : firstId(question, nameIn(list, focused))
  };
}

/** The old numbers of the rows in their new order; null is a new row. */
function changed(verb: string, numbers: number[], at: number, most: number): (number | null)[] {
  if (verb === 'add') return numbers.length >= most ? numbers : [...numbers, null];
  if (verb === 'remove') return numbers.filter((_, index) => index !== at);
  const to = verb === 'up' ? at - 1 : at + 1;
  const moved = numbers[at];
  const other = numbers[to];
  if (moved === undefined || other === undefined) return numbers;
  return numbers.map((number, index) => (index === at ? other : index === to ? moved : number));
}

function listNamed(questions: Question[], path: string[]): Question | null {
  const [name = '', ...rest] = path;
  // In one of several groups the name of the question says in which.
  const [own, index] = name.split('#');
  const question = questions.find((one) => one.name === own);
  if (question === undefined) return null;
  if (rest.length === 0) return question.control.holds === 'rows' ? question : null;
  if (question.control.holds === 'branches') return listNamed(question.branches?.[Number(index)]?.parts ?? [], rest);
  if (question.control.holds !== 'rows') return listNamed(question.parts, rest);
  // A row that is itself a list has the name of the row.
  const inner = isBare(question) ? ['', ...rest.slice(1)] : rest.slice(1);
  return inner.length === 0 ? null : listNamed(question.parts, inner);
}

function firstId({ parts }: Question, row: string): string {
  const [first] = parts;
  return idOf(first === undefined ? row : nameIn(row, first.name));
}
