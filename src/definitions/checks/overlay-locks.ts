import type { Json } from '../bundle.ts';
import { isObject, own } from '../json-values.ts';
import { nearest } from '../nearest.ts';
import { changesOf, type Difference, type Patch, valueAt } from '../overlay.ts';
import { finding, type Finding, type Path } from '../problem.ts';

/** Finds names in a `lock` that are nowhere in their file: such a lock would protect nothing. */
export function checkLocks(value: Json): Finding[] {
  return locksOf(value).flatMap(({ name, path, index }) => {
    if (valueAt(value, path) !== undefined) return [];
    const missing = path.findIndex((_, depth) => valueAt(value, path.slice(0, depth + 1)) === undefined);
    const siblings = valueAt(value, path.slice(0, missing));
    const better = nearest(String(path[missing]), isObject(siblings) ? Object.keys(siblings) : []);
    const proposal = better === null ? null : [...path.slice(0, missing), better, ...path.slice(missing + 1)].join('.');
    return [finding('unknownLock', ['lock', index], { name }, { proposal })];
  });
}

/**
 * Finds what an overlay takes from, or loosens in, what its base locks. Tightening is allowed: making a task required, taking away a
 * waiver, a shorter term, one more task, rule or question; and so is another wording, unless the lock names that text itself.
 */
export function checkLocked(base: Json, patch: Patch): Finding[] {
  const changes = changesOf(base, patch);
  return locksOf(base).flatMap(({ name, path }) =>
    changes.filter((change) => breaks(change, path)).map((change) => finding('lockedChanged', change.path, { name }, { at: 'key' })));
}

const texts = new Set(['title', 'shortTitle', 'label', 'text', 'guidance', 'message', 'description', 'introduction', 'x-name', 'x-why']);
/** Keywords that give an escape where there was none. */
const loosening = new Set(['when', 'unless', 'waivable', 'hint', 'unfinished', 'later', 'check', 'done']);

type Compare = (was: Json | undefined, is: Json | undefined) => boolean;

/** When another value of a keyword is stricter; of any other keyword none is. */
const tighter: { [keyword: string]: Compare } = {
  required: (was, is) => is === true || (Array.isArray(was) && Array.isArray(is) && includes(is, was)),
  waivable: (was, is) => is === undefined || (Array.isArray(was) && Array.isArray(is) && includes(was, is)),
  unfinished: (_, is) => is === undefined || is === false,
  hint: (_, is) => is === undefined || is === false,
  check: (_, is) => is === undefined || is === true,
  minItems: (was, is) => isLess(was, is), minLength: (was, is) => isLess(was, is), maxItems: (was, is) => isLess(is, was)
};

function breaks({ path, was, is }: Difference, lock: Path): boolean {
  if (path.length <= lock.length) return path.every((part, index) => part === lock[index]) && !isTighter(path, was, is);
  if (!lock.every((part, index) => part === path[index])) return false;
  const inside = path.slice(lock.length).map(String);
  const key = inside.at(-1) ?? '';
  if (texts.has(key)) return false;
  if (was !== undefined) return !isTighter(path, was, is);
  return inside.some((part) => loosening.has(part));
}

function isTighter(path: Path, was: Json | undefined, is: Json | undefined): boolean {
  if (path.at(-2) === 'within') return isLess(is, was);
  return own(tighter, String(path.at(-1)))?.(was, is) ?? false;
}

function isLess(one: Json | undefined, other: Json | undefined): boolean {
  return typeof one === 'number' && typeof other === 'number' && one < other;
}

function includes(whole: Json[], part: Json[]): boolean {
  return part.every((one) => whole.includes(one));
}

function locksOf(value: Json): { name: string; path: Path; index: number }[] {
  const lock = isObject(value) ? value['lock'] : undefined;
  return (Array.isArray(lock) ? lock : []).flatMap((name: unknown, index) => (typeof name === 'string' ? [{ name, path: name.split('.'), index }] : []));
}
