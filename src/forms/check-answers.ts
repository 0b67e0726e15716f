import type { Answers, Json } from '../definitions/bundle.ts';
import { isAnswer } from '../engine/conditions.ts';
import type { Moment } from '../engine/case-state.ts';
import type { CheckedForm, CheckOptions, CompiledForm, Fault, FieldProblem, Question } from './form-types.ts';
import { messageOf, worstOf } from './messages.ts';
import { nameIn } from './names.ts';
import { printQuestion } from './print-elements.ts';
import { selectElements } from './select-elements.ts';
import { type Clock, type Dropped, prune, shownQuestions } from './visibility.ts';

/**
 * Checks a record: answers of hidden questions go, the rest must fit the schema and its x- keywords. At most one message a
 * field, in screen order. With `only`, just those fields are required and checked; the others stay as they are.
 */
export function checkAnswers(form: CompiledForm, answers: Answers, options: CheckOptions & { now: Moment }): CheckedForm {
  const { now, only, references, today, base = {} } = options;
  const clock = { now, zone: form.zone };
  const { answers: asked, dropped } = prune(form.elements, answers, clock);
  const shown = shownQuestions(selectElements(form.elements, only), asked, clock);
  const settled = { ...asked, ...settle(shown, asked, { today, references, stored: base }) };
  const faults = byPointer(form.validate(withoutRowIds(form.questions, settled)));
  const problems = shown.flatMap((question) => problemsOf(question, settled[question.name], nameIn('', question.name), { form, clock, faults, options }));
  return {
    answers: settled,
    problems: [...problems, ...unplaced(form, faults, only)],
    dropped: dropped.filter(isWorthSaying).map(({ question, pointer, value }) => {
      const above = pointer.slice(0, pointer.lastIndexOf('/'));
      return printQuestion(question, { [question.name]: value }, { pointer: above, at: above, references, now, t: form.t, zone: form.zone });
    })
  };
}

type Check = { form: CompiledForm; clock: Clock; faults: Map<string, Fault[]>; options: CheckOptions };

/** The message of one question, then those of its rows or parts. */
function problemsOf(question: Question, value: Json | undefined, pointer: string, check: Check): FieldProblem[] {
  const { form: { t, definition }, faults, options } = check;
  const own = faults.get(pointer) ?? [];
  // A value without a fault may still break a rule about today or about who is listed.
  const stored = pointer.split('/').length === 2 ? options.base?.[question.name] : undefined;
  const further = own.length > 0 || value === undefined ? null : (question.control.check?.(question, value, { today: options.today, references: options.references, stored }) ?? null);
  const text = own.length > 0 && question.hasFixedRows && value === undefined ? t('forms.problem.nothingGiven', { title: question.label }) : own.length > 0 ? messageOf(question, worstOf(own), { value, pointer, t, messages: definition.schema['x-messages'] ?? {} }) : further === null ? null : t(further, { title: question.label });
  return [...(text === null ? [] : [{ pointer, text }]), ...inside(question, value).flatMap(({ answers, at }) =>
    shownQuestions(question.elements, answers, check.clock).flatMap((part) => problemsOf(part, answers[part.name], nameIn(`${pointer}${at}`, part.name), check)))];
}

function inside({ control }: Question, value: Json | undefined): { answers: Answers; at: string }[] {
  const parts = control.holds === 'value' || value === undefined ? [] : Array.isArray(value) ? value.map((row, index) => ({ row, at: nameIn('', index) })) : [{ row: value, at: '' }];
  return parts.flatMap(({ row, at }) => (row === null || typeof row !== 'object' || Array.isArray(row) ? [] : [{ answers: row, at }]));
}

/** Gives the answers that are kept in another way than they were posted. */
function settle(questions: Question[], answers: Answers, place: { today: string; references: CheckOptions['references']; stored: Json | undefined }): Answers {
  return Object.fromEntries(questions.flatMap((question): [string, Json][] => {
    const value = answers[question.name];
    if (value === undefined) return [];
    const settled = question.control.settle?.(question, value, place) ?? value;
    const parts = inside(question, settled);
    if (parts.length === 0) return [[question.name, settled]];
    const done = parts.map((part) => ({ ...part.answers, ...settle(question.parts, part.answers, place) }));
    return [[question.name, Array.isArray(settled) ? done : (done[0] ?? settled)]];
  }));
}

/** The id of a row is no answer to a question of the form. */
function withoutRowIds(questions: Question[], answers: Answers): Answers {
  const lists = questions.filter(({ control, name }) => control.holds === 'rows' && Object.hasOwn(answers, name));
  if (lists.length === 0) return answers;
  return { ...answers, ...Object.fromEntries(lists.map(({ name, parts }) => [name, withoutIds(parts, answers[name] ?? null)])) };
}

function withoutIds(parts: Question[], rows: Json): Json {
  if (!Array.isArray(rows)) return rows;
  const isAsked = parts.some(({ name }) => name === 'id');
  return rows.map((row) => {
    if (row === null || typeof row !== 'object' || Array.isArray(row)) return row;
    const { id: _, ...rest } = row;
    return withoutRowIds(parts, isAsked ? row : rest);
  });
}

function byPointer(faults: Fault[]): Map<string, Fault[]> {
  const map = new Map<string, Fault[]>();
  // The branches of if/then say what is wrong themselves.
  for (const fault of faults.filter(({ keyword }) => keyword !== 'if')) map.set(fault.pointer, [...(map.get(fault.pointer) ?? []), fault]);
  return map;
}

/** Faults of a record as a whole, such as a field that does not exist: an import can have them, a post cannot. */
function unplaced({ t }: CompiledForm, faults: Map<string, Fault[]>, only: string[] | undefined): FieldProblem[] {
  return only === undefined && faults.has('') ? [{ pointer: '', text: t('forms.problem.record') }] : [];
}

function isWorthSaying({ question, value }: Dropped): boolean {
  return isAnswer(value) && question.control.isFilled?.(value) !== false;
}

