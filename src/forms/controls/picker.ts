import type { Json } from '../../definitions/bundle.ts';
import type { Field } from '../../definitions/form.types.ts';
import type { Control, References } from '../form-types.ts';
import { nameIn, partIdOf } from '../names.ts';
import { isObject, isOfType, oneLine, textOf } from './shared.ts';

/**
 * An organisation of the partner directory, or somebody of the staff. Kept as a snapshot with an id and a name, so that an
 * old record keeps its words. Who is not in the list can be typed, unless the form requires the id.
 */
export const picker: Control = {
  name: 'picker', asks: 'choice', holds: 'value',
  matches: (field) => field['x-options'] !== undefined && (isOfType(field, 'object') || isOfType(field, 'string')),
  decode: ({ field }, posted, at) => {
    const picked = posted.last(at) ?? '';
    if (picked !== '') return isOfType(field, 'string') ? picked : readSnapshot(field, picked);
    const typed = oneLine(posted.last(nameIn(at, nameKey(field))) ?? '');
    return typed === '' || !mayType(field) ? undefined : { [nameKey(field)]: typed };
  },
  encode: ({ field }, value, at) => {
    if (!isObject(value)) return [[at, textOf(value)]];
    return typeof value['id'] === 'string' ? [[at, snapshotText(field, value)]] : [[nameIn(at, nameKey(field)), nameOf(field, value)]];
  },
  view: ({ field }, { at, posted, references, t }) => {
    const picked = posted.last(at) ?? '';
    const listed = candidates(field, references).map((one) => ({ id: one.id, value: isOfType(field, 'string') ? one.id : JSON.stringify({ id: one.id, [nameKey(field)]: one.name }), text: one.name }));
    const pickedId = idIn(field, picked);
    const isGone = picked !== '' && !listed.some(({ id }) => id === pickedId);
    const gone = isGone ? [{ id: pickedId, value: picked, text: t('forms.picker.gone', { name: nameOf(field, readSnapshot(field, picked)) }) }] : [];
    const source = field['x-options']?.source === 'staff' ? 'staff' : 'partners';
    return {
      choices: [...listed, ...gone].map(({ id, value, text }) => ({ value, text, selected: picked !== '' && id === pickedId })),
      noneText: t('forms.picker.none'),
      typed: !mayType(field) ? null : {
        id: partIdOf(at, 'naam'), name: nameIn(at, nameKey(field)), value: posted.last(nameIn(at, nameKey(field))) ?? '',
        label: t(listed.length + gone.length === 0 ? `forms.picker.only.${source}` : `forms.picker.type.${source}`)
      }
    };
  },
  print: ({ field }, value, { references }) => {
    const name = isObject(value) ? nameOf(field, value) : (candidates({ 'x-options': { source: field['x-options']?.source ?? 'staff' } }, references).find(({ id }) => id === value)?.name ?? '');
    return { lines: name === '' ? [] : [name], rows: null };
  },
  check: ({ field }, value, { references, stored }) => {
    const id = isObject(value) ? value['id'] : value;
    if (id === undefined || candidates(field, references).some((one) => one.id === id)) return null;
    const before = isObject(stored ?? null) ? (stored as { [key: string]: Json })['id'] : stored;
    return id === before ? null : 'x-options';
  },
  settle: ({ field }, value, { references }) => {
    if (!isObject(value)) return value;
    const listed = candidates(field, references).find(({ id }) => id === value['id']);
    return listed === undefined ? value : { ...value, [nameKey(field)]: listed.name };
  }
};

function candidates({ 'x-options': options }: Pick<Field, 'x-options'>, references: References): { id: string; name: string }[] {
  const all = options?.source === 'staff' ? references.staff : options?.source === 'partners' ? references.partners : [];
  const roles = options?.roles;
  return roles === undefined ? all : all.filter((one) => one.roles.some((role) => roles.includes(role)));
}

function nameKey({ properties }: Field): string {
  return properties === undefined || 'naam' in properties ? 'naam' : 'name';
}

function nameOf(field: Field, value: Json): string {
  const name = isObject(value) ? value[nameKey(field)] : value;
  return typeof name === 'string' ? name : '';
}

function mayType(field: Field): boolean {
  return isOfType(field, 'object') && field.required?.includes('id') !== true;
}

function snapshotText(field: Field, value: { [key: string]: Json }): string {
  return JSON.stringify({ id: value['id'] ?? null, [nameKey(field)]: nameOf(field, value) });
}

/** Takes only an id and a name from a post; what is neither stays as it is, and is refused. */
function readSnapshot(field: Field, text: string): Json {
  const parsed = parse(text);
  if (!isObject(parsed) || typeof parsed['id'] !== 'string') return text;
  return { id: parsed['id'], [nameKey(field)]: nameOf(field, parsed) };
}

function idIn(field: Field, text: string): string {
  const snapshot = readSnapshot(field, text);
  return isObject(snapshot) && typeof snapshot['id'] === 'string' ? snapshot['id'] : text;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
