import type { Json } from './bundle.ts';
import { isObject, own } from './json-values.ts';
import { canonicalText } from './make-bundle.ts';
import type { Path } from './problem.ts';

/** An overlay without `$schema` and `extends`: a JSON Merge Patch (RFC 7396) over a route or form. */
export type Patch = JsonObject;

type JsonObject = { [key: string]: Json };

/** One value that differs: `undefined` is "not there". */
export type Difference = { path: Path; was: Json | undefined; is: Json | undefined };

/** Collections keyed by id, in which `before` places a member. */
const collections = new Set(['tasks', 'steps', 'transitions', 'rules', 'events', 'documents', 'roles', 'partnerRoles', 'settings', 'fields', 'outcomes', 'links', 'reopen', 'properties']);

/** Gives what an overlay changes, without what it says about itself. */
export function patchOf(overlay: Json): Patch {
  return isObject(overlay) ? Object.fromEntries(Object.entries(overlay).filter(([key]) => key !== '$schema' && key !== 'extends')) : {};
}

/**
 * Lays an overlay over its base: objects are merged by key, null takes a key away, everything else (lists too) is replaced whole.
 * A new key comes last, or before its sibling when it says `"before": "id"` (definitions.md, Versions). A question added to a form
 * with a layout gets its place there in the same way, unless the overlay brings a layout itself.
 */
export function withPatch(base: Json, patch: Patch): Json {
  const result = merged(base, patch, '');
  return isObject(base) && isObject(result) && isObject(result['uischema']) && !('uischema' in patch) ? withPlaces(base, result, patch) : result;
}

/** Gives what an overlay changes, value by value, in its order; `was` is what the base says there. */
export function changesOf(base: Json | undefined, patch: Patch): Difference[] {
  return changesIn(base, patch, []);
}

/** Gives what differs between two versions of one file, key by key; a key that was added or taken away counts as one. */
export function differencesOf(old: Json | undefined, fresh: Json | undefined, path: Path = []): Difference[] {
  if (isObject(old) && isObject(fresh)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
    return keys.flatMap((key) => differencesOf(own(old, key), own(fresh, key), [...path, key]));
  }
  return isSame(old, fresh) ? [] : [{ path, was: old, is: fresh }];
}

/** Does the value at a path come from the overlay? A key that both have is the overlay's when it gives the value. */
export function isFromPatch(base: Json | undefined, patch: Json | undefined, path: Path): boolean {
  if (!isObject(patch)) return patch !== undefined;
  if (!isObject(base)) return true;
  const [key, ...rest] = path;
  return key !== undefined && isFromPatch(own(base, String(key)), own(patch, String(key)), rest);
}

/** Gives the value at a path; undefined when there is none. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((inside, part) => (isObject(inside) ? own(inside, String(part)) : Array.isArray(inside) ? inside[Number(part)] : undefined), value);
}

/** Are two values the same, whatever the writing of their letters (NFC)? */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return one === undefined || other === undefined ? one === other : canonicalText(one) === canonicalText(other);
}

function merged(base: Json | undefined, patch: Json, name: string): Json {
  if (!isObject(patch)) return patch;
  let entries = isObject(base) ? Object.entries(base) : [];
  for (const [key, change] of Object.entries(patch)) {
    const before = collections.has(name) ? siblingIn(change) : null;
    const known = entries.findIndex(([one]) => one === key);
    const entry = (): [string, Json] => [key, merged(entries[known]?.[1], before !== null && isObject(change) ? withoutBefore(change) : change, key)];
    if (change === null) entries = entries.filter(([one]) => one !== key);
    else if (before !== null) entries = placed(entries.filter(([one]) => one !== key), entry(), before);
    else entries = known === -1 ? [...entries, entry()] : entries.with(known, entry());
  }
  return Object.fromEntries(entries);
}

function changesIn(base: Json | undefined, patch: JsonObject, path: Path): Difference[] {
  return Object.entries(patch).flatMap(([key, change]): Difference[] => {
    const at = [...path, key];
    const was = isObject(base) ? own(base, key) : undefined;
    if (isObject(change) && isObject(was)) return changesIn(was, collections.has(String(path.at(-1))) ? withoutBefore(change) : change, at);
    const is = change === null ? undefined : change;
    return isSame(was, is) ? [] : [{ path: at, was, is }];
  });
}

/** Gives every question that the overlay adds a place in the layout: before its sibling's, or last. */
function withPlaces(base: JsonObject, form: JsonObject, patch: Patch): Json {
  const questions = valueAt(base, ['schema', 'properties']);
  const changed = valueAt(patch, ['schema', 'properties']);
  if (!isObject(questions) || !isObject(changed)) return form;
  const added = Object.entries(changed).filter(([key, value]) => value !== null && !Object.hasOwn(questions, key));
  const uischema = added.reduce<Json>((layout, [key, value]) => {
    const control = { type: 'Control', scope: scopeOf(key) };
    const sibling = siblingIn(value);
    return (sibling === null ? null : withControlBefore(layout, control, scopeOf(sibling))) ?? withControlLast(layout, control);
  }, form['uischema'] ?? null);
  return { ...form, uischema };
}

function withControlBefore(element: Json, control: Json, scope: string): Json | null {
  if (!isObject(element) || !Array.isArray(element['elements'])) return null;
  const elements = element['elements'];
  const found = elements.findIndex((one) => isObject(one) && one['scope'] === scope);
  if (found !== -1) return { ...element, elements: elements.toSpliced(found, 0, control) };
  for (const [index, inside] of elements.entries()) {
    const changed = withControlBefore(inside, control, scope);
    if (changed !== null) return { ...element, elements: elements.with(index, changed) };
  }
  return null;
}

function withControlLast(element: Json, control: Json): Json {
  const last = isObject(element) && element['type'] === 'Categorization' && Array.isArray(element['elements']) ? element['elements'].at(-1) : undefined;
  if (isObject(element) && Array.isArray(element['elements']) && last !== undefined) return { ...element, elements: element['elements'].with(-1, withControlLast(last, control)) };
  return isObject(element) && Array.isArray(element['elements']) ? { ...element, elements: [...element['elements'], control] } : element;
}

function scopeOf(field: string): string {
  return `#/properties/${field}`;
}

function placed(entries: [string, Json][], entry: [string, Json], before: string): [string, Json][] {
  const index = entries.findIndex(([key]) => key === before);
  return index === -1 ? [...entries, entry] : entries.toSpliced(index, 0, entry);
}

function siblingIn(change: Json): string | null {
  return isObject(change) && typeof change['before'] === 'string' ? change['before'] : null;
}

function withoutBefore(change: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(change).filter(([key]) => key !== 'before'));
}
