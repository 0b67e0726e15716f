import type { Control } from '../form-types.ts';
import { body } from './body.ts';
import { branches } from './branches.ts';
import { checkbox } from './checkbox.ts';
import { checkboxes } from './checkboxes.ts';
import { date } from './date.ts';
import { file } from './file.ts';
import { fromCase, severalFromCase } from './from-case.ts';
import { group } from './group.ts';
import { lines } from './lines.ts';
import { moment } from './moment.ts';
import { number } from './number.ts';
import { picker } from './picker.ts';
import { radios } from './radios.ts';
import { rows } from './rows.ts';
import { select } from './select.ts';
import { text } from './text.ts';
import { textarea } from './textarea.ts';
import { time } from './time.ts';
import { yesNo } from './yes-no.ts';

/** All kinds of questions. The first that matches a field asks for it, so the special ones stand first. */
export const controls: readonly Control[] = [
  file, fromCase, severalFromCase, picker, body, checkboxes, lines, rows, group, branches, checkbox, select, radios, yesNo, date, moment, time, number, textarea, text
];
