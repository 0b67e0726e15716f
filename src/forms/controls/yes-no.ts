import type { Control } from '../form-types.ts';
import { radios } from './radios.ts';
import { isOfType } from './shared.ts';

/** Yes or no; nothing chosen is no answer, for "not asked" is not "no" in a case file. */
export const yesNo: Control = {
  ...radios,
  matches: (field) => isOfType(field, 'boolean'),
  choices: (_field, t) => [
    { value: true, text: 'true', title: t('forms.yes'), hint: null },
    { value: false, text: 'false', title: t('forms.no'), hint: null }
  ]
};
