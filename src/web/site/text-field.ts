import type { TextField } from '../views/view-models.ts';

/** A field of a page of our own: one line of any text that must be filled in, unless said otherwise. */
export function textField(field: Pick<TextField, 'id' | 'name' | 'label'> & Partial<TextField>): TextField {
  return { hint: null, value: '', error: null, type: 'text', autocomplete: 'off', width: null, optional: false, rows: null, ...field };
}
