import { onceFor } from '../definitions/once.ts';
import { AppError } from '../errors.ts';
import type { Pairs, Posted } from './form-types.ts';

const mostPairs = 2_000;
const deepest = 12;
const longestName = 1_000;
const highestIndex = /^\d{1,4}$/;

/**
 * Makes a post ready to be asked by name. What is asked comes from the schema and never from the post, so a name nobody
 * asks for cannot enter (forms.md, section 5). Throws tooLarge above 2,000 pairs, 12 levels or row 9999: never a silent cut.
 * A request asks this of the same pairs several times.
 */
export const readPosted: (pairs: Pairs) => Posted = onceFor(readPairs);

function readPairs(pairs: Pairs): Posted {
  if (pairs.length > mostPairs) throw new AppError('tooLarge');
  const values = new Map<string, string[]>();
  const prefixes = new Set<string>();
  const filled = new Set<string>();
  const rows = new Map<string, Set<number>>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
    const control = name.includes('#') ? name.replace(/#[^/]*$/, '') : name;
    if (known === undefined && !prefixes.has(control)) noteParts(control, prefixes, rows);
    if (value !== '') filled.add(control);
  }
  return {
    last: (name) => values.get(name)?.at(-1),
    all: (name) => values.get(name) ?? [],
    has: (name) => prefixes.has(name),
    isFilled: (name) => filled.has(name),
    rowsOf: (name) => [...(rows.get(name) ?? [])].sort((one, other) => one - other),
    asked: new Set(values.get('_asked') ?? [])
  };
}

function noteParts(name: string, prefixes: Set<string>, rows: Map<string, Set<number>>): void {
  if (name.length > longestName) throw new AppError('tooLarge');
  const parts = name.split('/');
  if (parts.length > deepest + 1) throw new AppError('tooLarge');
  let above = '';
  parts.forEach((part, index) => {
    const own = index === 0 ? part : `${above}/${part}`;
    if (index > 0 && /^\d+$/.test(part)) {
      if (!highestIndex.test(part)) throw new AppError('tooLarge');
      const known = rows.get(above);
      if (known === undefined) rows.set(above, new Set([Number(part)]));
      else known.add(Number(part));
    }
    prefixes.add(own);
    above = own;
  });
}
