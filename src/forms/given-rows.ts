import type { Answers } from '../definitions/bundle.ts';
import { encode } from './encode.ts';
import type { CompiledForm, Pairs } from './form-types.ts';
import { nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';
import { renumber } from './renumber.ts';

/**
 * Puts the rows of lists that come from elsewhere in the place of those of a post or draft: one for each given row, known by its id, with
 * what was typed in it. What a row has in common with its source is as it is given, whatever was posted.
 */
export function withGivenRows(form: CompiledForm, pairs: Pairs, given: Answers): Pairs {
  return form.questions.filter(({ hasFixedRows }) => hasFixedRows).reduce((all, { name }) => withRows(form, all, name, given), pairs);
}

function withRows(form: CompiledForm, pairs: Pairs, name: string, given: Answers): Pairs {
  const list = nameIn('', name);
  const posted = readPosted(pairs);
  const rows = given[name];
  const ids = (Array.isArray(rows) ? rows : []).map((row) => (row !== null && typeof row === 'object' && !Array.isArray(row) ? row['id'] : undefined));
  const order = ids.map((id) => posted.rowsOf(list).find((index) => posted.last(nameIn(nameIn(list, index), 'id')) === id) ?? null);
  const own = encode(form, given, { only: [name] });
  const typed = renumber(pairs, list, order);
  const names = new Set(own.map(([key]) => key));
  // A row whose source is gone is given whole; what was typed in it since stands.
  const copied = new Set(form.questions.find((question) => question.name === name)?.parts.filter(({ field }) => field.readOnly === true).map((part) => part.name));
  const isCopied = (key: string): boolean => {
    const part = key.slice(list.length + 1).split('/')[1] ?? 'id';
    return part === 'id' || copied.has(part.split('#')[0] ?? part);
  };
  const has = new Set(typed.map(([key]) => key));
  return [...typed.filter(([key]) => !(names.has(key) && isCopied(key))), ...own.filter(([key]) => isCopied(key) || !has.has(key))];
}
