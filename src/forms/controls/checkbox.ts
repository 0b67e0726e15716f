import type { Control } from '../form-types.ts';
import { isOfType } from './shared.ts';

/** One box to tick: a declaration (only true will do), or a yes/no question that asks for it with its format. */
export const checkbox: Control = {
  name: 'checkbox', asks: 'tick', holds: 'value',
  matches: (field, { options }) => isOfType(field, 'boolean') && (isDeclaration(field) || ((options.format === 'checkbox' || options.toggle === true) && field.oneOf === undefined)),
  decode: ({ field }, posted, at) => {
    if (posted.last(at) === 'true') return true;
    return isDeclaration(field) ? undefined : false;
  },
  encode: (_question, value, at) => (value === true ? [[at, 'true']] : []),
  view: (_question, { at, posted }) => ({ checked: posted.last(at) === 'true' }),
  print: (_question, value, { t }) => ({ lines: typeof value === 'boolean' ? [t(value ? 'forms.yes' : 'forms.no')] : [], rows: null }),
  isFilled: (value) => value === true
};

function isDeclaration(field: Parameters<Control['matches']>[0]): boolean {
  return (field.const as unknown) === true;
}
