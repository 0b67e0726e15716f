import { branchesOf } from '../../definitions/lookup.ts';
import { branchIndex, branchName, choiceName, postedBranch, withChoice } from '../branches.ts';
import { decodeQuestions } from '../decode.ts';
import { encodeQuestions } from '../encode.ts';
import type { Control, PrintedAnswer } from '../form-types.ts';
import { idOf, nameIn, partIdOf } from '../names.ts';
import { printElements } from '../print-elements.ts';
import { viewElements } from '../view-elements.ts';
import { answersIn, nothing } from './shared.ts';

/** One of several groups of questions: the buttons choose which. What stands in the others is not there. */
export const branches: Control = {
  name: 'branches', asks: 'choice', holds: 'branches',
  matches: (field) => branchesOf(field) !== null,
  decode: (question, posted, at) => {
    const index = postedBranch(question, posted, at);
    const branch = index === null ? undefined : question.branches?.[index];
    if (index === null || branch === undefined) return nothing(question);
    return withChoice(question, { ...branch.fixed, ...decodeQuestions(branch.parts, posted, branchName(at, index)) }, index);
  },
  encode: (question, value, at) => {
    const answers = answersIn(value);
    const index = branchIndex(question, answers);
    return index === null ? [] : [[choiceName(at), String(index)], ...encodeQuestions(question.branches?.[index]?.parts ?? [], answers, branchName(at, index))];
  },
  view: (question, place) => {
    const { at, posted } = place;
    const chosen = postedBranch(question, posted, at);
    const all = question.branches ?? [];
    return {
      choices: all.map(({ title, hint }, index) => ({
        id: index === 0 ? idOf(at) : partIdOf(at, index + 1), value: String(index), text: title, hint, checked: chosen === index, first: index === 0
      })),
      choiceName: choiceName(at),
      groups: all.map(({ parts, elements, title }, index) => {
        const hidden = chosen !== index;
        const here = { ...place, at: branchName(at, index) };
        const nodes = viewElements(elements, decodeQuestions(parts, posted, here.at), hidden ? { ...here, pointer: null, focus: null } : here);
        return {
          title,
          node: { partial: 'when', hidden, locked: false, asked: parts.map(({ name }) => nameIn(here.at, name)), when: JSON.stringify({ name: choiceName(at), is: [String(index)] }), writable: null, nodes }
        };
      })
    };
  },
  print: (question, value, place) => {
    const index = branchIndex(question, answersIn(value));
    const branch = index === null ? undefined : question.branches?.[index];
    if (index === null || branch === undefined) return { lines: [], rows: [] };
    const chosen: PrintedAnswer = { pointer: place.pointer, label: place.t('forms.branches.chosen'), lines: [branch.title], rows: null, href: `#${idOf(place.at)}`, source: null };
    const answers = printElements(branch.elements, answersIn(value), { ...place, at: branchName(place.at, index) }).filter(({ lines, rows }) => lines.length > 0 || rows !== null);
    return { lines: [], rows: [[chosen, ...answers]] };
  }
};
