import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Field, FormDefinition } from '../../definitions/form.types.ts';
import { fieldsOf, rowFieldsOf } from '../../definitions/lookup.ts';

/**
 * Gives every row of the lists of a record an id that stays its own, so that a correction may reorder them: `<version>-<number>`, the
 * version in which it was written and its number among the new rows of that version. `known`: the ids a row may bring along; any other,
 * and one that comes twice, is replaced. A list whose form asks for an `id` itself is left as it is.
 */
export function withRowIds(form: FormDefinition | null, answers: Answers, version: number, known: ReadonlySet<string>): Answers {
  if (form === null || !hasList(answers)) return answers;
  const used = new Set<string>();
  let last = 0;
  const idOf = (given: Json | undefined): string => {
    const id = typeof given === 'string' && known.has(given) && !used.has(given) ? given : `${String(version)}-${String((last += 1))}`;
    used.add(id);
    return id;
  };
  const fields = fieldsOf(form);
  return Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, eachRow(form, fields[name], value, ({ id, ...row }) => ({ id: idOf(id), ...row }))]));
}

/** Gives the ids of all rows of a record. */
export function rowIdsIn(form: FormDefinition | null, answers: Answers): ReadonlySet<string> {
  const ids = new Set<string>();
  if (form === null || !hasList(answers)) return ids;
  const fields = fieldsOf(form);
  for (const [name, value] of Object.entries(answers)) {
    eachRow(form, fields[name], value, (row) => {
      if (typeof row['id'] === 'string') ids.add(row['id']);
      return row;
    });
  }
  return ids;
}

function hasList(answers: Answers): boolean {
  return Object.values(answers).some(Array.isArray);
}

/** Changes every row of a list, and of the lists inside its rows. */
function eachRow(form: FormDefinition, field: Field | undefined, value: Json, change: (row: Answers) => Answers): Json {
  const fields = field === undefined || field.items?.['x-options'] !== undefined ? null : rowFieldsOf(form, field);
  if (fields === null || Object.hasOwn(fields, 'id') || !Array.isArray(value)) return value;
  return value.map((row) => {
    if (row === null || typeof row !== 'object' || Array.isArray(row)) return row;
    return Object.fromEntries(Object.entries(change(row)).map(([name, part]) => [name, eachRow(form, fields[name], part, change)]));
  });
}
