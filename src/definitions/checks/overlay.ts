import type { Json } from '../bundle.ts';
import { hashOf } from '../make-bundle.ts';
import { nearest } from '../nearest.ts';
import { changesOf, type Difference, differencesOf, isSame, type Patch, patchOf, valueAt } from '../overlay.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { isObject } from '../json-values.ts';
import { checkLocked } from './overlay-locks.ts';

/** What an overlay stands on. `old` is the copy of the base as it was when the overlay was made, undefined when there is none. */
export type OverlayBase = { file: string; value: Json; old: Json | undefined; oldFile: string };

/** Checks an overlay that fits its own schema against the file it changes: names, locks, and whether that file itself changed meanwhile. */
export function checkOverlay(overlay: Json, base: OverlayBase): Finding[] {
  const patch = patchOf(overlay);
  return [...checkKeys(base.value, patch), ...checkPlaces(base.value, patch, []), ...checkLocked(base.value, patch), ...checkUpdate(overlay, patch, base)];
}

/** Nothing can be taken away that is not there: a slip, or the base changed. */
function checkKeys(base: Json, patch: Patch): Finding[] {
  return nullsIn(patch, []).filter((path) => valueAt(base, path) === undefined).map((path) => {
    const siblings = valueAt(base, path.slice(0, -1));
    const key = String(path.at(-1));
    return finding('removesNothing', path, { key }, { at: 'key', proposal: nearest(key, isObject(siblings) ? Object.keys(siblings) : []) });
  });
}

function nullsIn(value: Json, path: Path): Path[] {
  if (value === null) return [path];
  return isObject(value) ? Object.entries(value).flatMap(([key, inside]) => nullsIn(inside, [...path, key])) : [];
}

/** A place is before a sibling that is there, and for something new. */
function checkPlaces(base: Json | undefined, patch: Json, path: Path): Finding[] {
  if (!isObject(patch)) return [];
  return Object.entries(patch).flatMap(([key, change]): Finding[] => {
    const inside = checkPlaces(isObject(base) ? (base)[key] : undefined, change, [...path, key]);
    const before = isObject(change) ? change['before'] : undefined;
    if (typeof before !== 'string') return inside;
    const known = isObject(base) ? Object.keys(base) : [];
    const siblings = [...known, ...Object.keys(patch)];
    if (known.includes(key)) inside.push(finding('placesKnown', [...path, key], { key }, { at: 'key', severity: 'warning' }));
    if (siblings.includes(before)) return inside;
    return [...inside, finding('unknownSibling', [...path, key, 'before'], { name: before }, { proposal: nearest(before, siblings) })];
  });
}

/** Three ways: what the base was, what it is, what the overlay makes of it. What both changed blocks; the rest is taken over and told. */
function checkUpdate(overlay: Json, patch: Patch, { file, value, old, oldFile }: OverlayBase): Finding[] {
  const told = valueAt(overlay, ['extends', 'hash']);
  if (told === hashOf(value)) return [];
  if (told === undefined) return [finding('overlayWithoutHash', ['extends'], { file }, { severity: 'warning' })];
  if (old === undefined || hashOf(old) !== told) return [finding('baseUnknown', ['extends', 'hash'], { file, oldFile })];
  const updates = differencesOf(old, value);
  const conflicts = changesOf(old, patch).flatMap((change) => updates.filter((update) => clash(change, update)).map((update) => ({ change, update })));
  if (conflicts.length > 0) {
    return conflicts.map(({ change, update }) => finding('overlayConflict', change.path, {
      file, was: shown(valueAt(old, longest(change, update))), is: shown(valueAt(value, longest(change, update))), own: shown(change.is)
    }, { at: 'key' }));
  }
  const places = updates.map(({ path }) => path.join('.'));
  return [finding('baseMoved', ['extends', 'hash'], { file, n: places.length, places: places.slice(0, 5).join(', ') + (places.length > 5 ? ', ...' : '') }, { severity: 'warning' })];
}

function clash(change: Difference, update: Difference): boolean {
  const isSamePlace = change.path.every((part, index) => index >= update.path.length || part === update.path[index]);
  return isSamePlace && !(change.path.length === update.path.length && isSame(change.is, update.is));
}

function longest(change: Difference, update: Difference): Path {
  return change.path.length > update.path.length ? change.path : update.path;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return '-';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
