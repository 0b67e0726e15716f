import type { Bundle } from '../../definitions/bundle.ts';
import { anyRecord, choosesFrom, fieldsOf } from '../../definitions/lookup.ts';
import type { FormDefinition } from '../../definitions/form.types.ts';
import type { CaseRecord, CaseState } from '../state/case-state.ts';
import type { Model } from './prepare.ts';
import { counts } from './second-person.ts';

/** Gives the question of a form that says beside which record its own stand (`"source": "beside"`); null for a form without one. */
export function besideField(form: FormDefinition): string | null {
  let field = besideFields.get(form);
  if (field === undefined) {
    field = Object.entries(fieldsOf(form)).find(([, one]) => choosesFrom(one) === anyRecord && one.items === undefined)?.[0] ?? null;
    besideFields.set(form, field);
  }
  return field;
}

/** A form never changes, and is asked for each of its records. */
const besideFields = new WeakMap<FormDefinition, string | null>();

/** Gives what stands beside a record, such as the view of a parent: oldest first, and only what counts. */
export function besides(model: Model, state: CaseState, { id }: Pick<CaseRecord, 'id'>): CaseRecord[] {
  return allBesides(model, state).get(id) ?? [];
}

/** The same of every record beside which something stands, by its id: for who asks it of all. */
export function allBesides(model: Model, state: CaseState): Map<number, CaseRecord[]> {
  const found = new Map<number, CaseRecord[]>();
  for (const record of state.records) {
    const of = besideOf(model.bundle, record);
    if (of !== null && counts(model, state, record)) found.set(of, [...found.get(of) ?? [], record]);
  }
  return found;
}

/** Gives the id of the record that a record stands beside; null where it stands by itself. */
export function besideOf({ forms }: Bundle, { form, answers }: CaseRecord): number | null {
  const field = forms[form] === undefined ? null : besideField(forms[form]);
  const chosen = field === null ? undefined : answers[field];
  return typeof chosen === 'string' && chosen !== '' ? Number(chosen) : null;
}
