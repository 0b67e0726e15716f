import type { Answers, Json } from '../definitions/bundle.ts';
import { lastFor, onceFor } from '../definitions/once.ts';
import { isAnswer } from '../engine/conditions/conditions.ts';
import type { Moment } from '../engine/state/case-state.ts';
import type { CheckedForm, CheckOptions, CompiledForm, Fault, FieldProblem, LayoutElement, Question } from './form-types.ts';
import { branchOf, withoutChoice } from './branches.ts';
import { isSameAsked } from './decode.ts';
import { answersIn, isBare, isObject, rowValue } from './controls/shared.ts';
import { messageOf, worstOf } from './messages.ts';
import { nameIn } from './names.ts';
import { printQuestion } from './print-elements.ts';
import { selectElements } from './select-elements.ts';
import { type Clock, type Dropped, type Placed, prune, shownQuestions } from './visibility.ts';

/**
 * Checks a record: answers of hidden questions go, the rest must fit the schema and its x- keywords. At most one message a
 * field, in screen order. With `only`, just those fields are required and checked; the others stay as they are.
 */
export function checkAnswers(form: CompiledForm, answers: Answers, options: CheckOptions & { now: Moment }): CheckedForm {
  const asked = { form, only: options.only, base: options.base ?? {}, options };
  return isSteady(form) ? checkOnce(answers, asked) : checkNow(answers, asked);
}

/** Does a check give the same all day? Not where it hangs on who there is, on the rest of the case or on the hour. */
const isSteady = onceFor((form: CompiledForm): boolean => !/"(x-options|olderThan|now)"/.test(JSON.stringify(form.definition)));

type Asking = { form: CompiledForm; only: string[] | undefined; base: Answers; options: CheckOptions & { now: Moment } };

/** Answers are checked when they are posted, on the check page and when they are handed in. */
const checkOnce = lastFor(checkNow, (one, other) => one.options.today === other.options.today && dayOf(one) === dayOf(other) && isSameAsked(one, other));

function dayOf({ form: { zone }, options: { now } }: Asking): string {
  return zone.dayOf(now);
}

function checkNow(answers: Answers, { form, only, base, options }: Asking): CheckedForm {
  const { now, references, today } = options;
  const clock = { now, zone: form.zone };
  const { answers: asked, dropped } = prune(form.elements, answers, clock);
  const settled = { ...asked, ...settle(form.questions.filter(({ name }) => only === undefined || only.includes(name)), asked, { today, references, stored: base }) };
  const shown = shownQuestions(selectElements(form.elements, only), settled, clock);
  const kept = answersIn(withoutChoice(settled));
  const faults = byPointer(form.validate(withoutRowIds(form.questions, kept)));
  const problems = problemsIn(shown, '', { form, clock, faults, options });
  return {
    answers: kept,
    problems: [...problems, ...unplaced(form, faults, only)],
    dropped: dropped.filter(isWorthSaying).map(({ question, pointer, value }) => {
      const above = pointer.slice(0, pointer.lastIndexOf('/'));
      return printQuestion(question, { [question.name]: value }, { pointer: above, at: above, references, now, t: form.t, zone: form.zone });
    })
  };
}

type Check = { form: CompiledForm; clock: Clock; faults: Map<string, Fault[]>; options: CheckOptions };

/** The messages of questions in screen order; those of a group whose questions stand apart come before its first. `at` is the pointer of what they stand in. */
function problemsIn(placed: Placed[], at: string, check: Check): FieldProblem[] {
  const said = new Set<string>();
  return placed.flatMap(({ question, answers, at: inside, groups }) => {
    const around = groups.filter(({ pointer }) => !said.has(pointer) && said.add(pointer)).flatMap(({ group, pointer, value }) => ownProblem(group, value, `${at}${pointer}`, check));
    return [...around, ...problemsOf(question, answers[question.name], nameIn(`${at}${inside}`, question.name), check)];
  });
}

/** The message of one question, then those of its rows or parts. */
function problemsOf(question: Question, value: Json | undefined, pointer: string, check: Check): FieldProblem[] {
  const inner = insideBranch(question, value, pointer, check);
  return [...ownProblem(question, value, pointer, check, inner), ...inside(question, value).flatMap(({ answers, at, elements }) => problemsIn(shownQuestions(elements, answers, inner.clock), `${pointer}${at}`, inner))];
}

function ownProblem(question: Question, value: Json | undefined, pointer: string, check: Check, inner = check): FieldProblem[] {
  const { options } = check;
  const own = faultsOf(question, value, pointer, inner);
  // A value without a fault may still break a rule about today or about who is listed.
  const stored = pointer.split('/').length === 2 ? options.base?.[question.name] : undefined;
  const further = own.length > 0 || value === undefined ? null : (question.control.check?.(question, value, { today: options.today, references: options.references, stored }) ?? null);
  // What cannot be chosen yet holds nobody up; the page says that it may stay open.
  if (value === undefined && question.control.hasNothing?.(question, options.references) === true) return [];
  const fault = own.length > 0 ? worstOf(own) : further === null ? null : { pointer, keyword: further, limit: null };
  return fault === null ? [] : [{ pointer, text: textOf(question, fault, value, pointer, check) }];
}

/** Of several groups of questions only the chosen one speaks. When nothing is wrong there, the choice itself does not fit. */
function insideBranch(question: Question, value: Json | undefined, pointer: string, check: Check): Check {
  const branch = branchOf(question, value);
  if (branch === null || value === undefined) return check;
  const found = branch.validate(withoutIdsIn(branch.parts, withoutChoice(value)));
  const own = (check.faults.get(pointer) ?? []).filter((fault) => fault.pointer === pointer);
  return { ...check, faults: byPointer(found.length === 0 ? own : found.map((fault) => ({ ...fault, pointer: `${pointer}${fault.pointer}` }))) };
}

/** The faults a control speaks of: those of its value; of all that is in it where it has no parts, of its rows where it has. */
function faultsOf(question: Question, value: Json | undefined, pointer: string, { faults }: Check): Fault[] {
  const own = faults.get(pointer) ?? [];
  switch (question.control.holds) {
    case 'group': case 'branches': return own.filter(({ pointer: at }) => at === pointer);
    case 'value': return own;
    case 'rows': {
      const places = new Set([pointer, ...(Array.isArray(value) && !isBare(question) ? value.map((_, index) => nameIn(pointer, index)) : [])]);
      return own.filter(({ pointer: at }) => places.has(at));
    }
  }
}

function textOf(question: Question, fault: Fault, value: Json | undefined, pointer: string, { form: { t, definition } }: Check): string {
  if (question.hasFixedRows && value === undefined) return t('forms.problem.nothingGiven', { title: question.label });
  return messageOf(question, fault, { value: valueAt(value, fault.pointer.slice(pointer.length)), pointer, t, messages: definition.schema['x-messages'] ?? {} });
}

/** The part of a value that a fault is about. */
function valueAt(value: Json | undefined, path: string): Json | undefined {
  return path.split('/').slice(1).reduce<Json | undefined>((part, name) => (
    Array.isArray(part) ? part[Number(name)] : part !== null && typeof part === 'object' && Object.hasOwn(part, name) ? part[name] : undefined
  ), value);
}

function inside(question: Question, value: Json | undefined): { answers: Answers; at: string; elements: LayoutElement[] }[] {
  const elements = branchOf(question, value)?.elements ?? question.elements;
  const parts = question.control.holds === 'value' || value === undefined ? [] : Array.isArray(value) ? value.map((row, index) => ({ row, at: nameIn('', index) })) : [{ row: value, at: '' }];
  return parts.flatMap(({ row, at }) => (isBare(question) ? [{ answers: { '': row }, at, elements }] : isObject(row) ? [{ answers: row, at, elements }] : []));
}

/** Gives the answers that are kept in another way than they were posted. */
function settle(questions: Question[], answers: Answers, place: { today: string; references: CheckOptions['references']; stored: Json | undefined }): Answers {
  return Object.fromEntries(questions.flatMap((question): [string, Json][] => {
    const value = answers[question.name];
    if (value === undefined || (question.control.holds === 'value' && question.control.settle === undefined)) return [];
    const settled = question.control.settle?.(question, value, place) ?? value;
    const parts = inside(question, settled);
    if (parts.length === 0) return [[question.name, settled]];
    const own = branchOf(question, settled)?.parts ?? question.parts;
    const done = parts.map((part) => rowValue(question, { ...part.answers, ...settle(own, part.answers, place) })).filter((row) => row !== undefined);
    return [[question.name, Array.isArray(settled) ? done : (done[0] ?? settled)]];
  }));
}

/** The id of a row is no answer to a question of the form. */
function withoutRowIds(questions: Question[], answers: Answers): Answers {
  const holding = questions.filter(({ control, name }) => control.holds !== 'value' && Object.hasOwn(answers, name));
  if (holding.length === 0) return answers;
  return { ...answers, ...Object.fromEntries(holding.map((question) => [question.name, withoutIdsOf(question, answers[question.name] ?? null)])) };
}

function withoutIdsOf(question: Question, value: Json): Json {
  const [item] = question.parts;
  if (question.control.holds !== 'rows') return withoutIdsIn(branchOf(question, value)?.parts ?? question.parts, value);
  if (item?.name === '') return Array.isArray(value) ? value.map((one) => withoutIdsOf(item, one)) : value;
  return withoutIds(question.parts, value);
}

function withoutIdsIn(parts: Question[], value: Json): Json {
  return isObject(value) ? withoutRowIds(parts, value) : value;
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

/** Each fault at its own place and at every place around it. */
function byPointer(faults: Fault[]): Map<string, Fault[]> {
  const map = new Map<string, Fault[]>();
  const note = (place: string, fault: Fault): void => {
    const known = map.get(place);
    if (known === undefined) map.set(place, [fault]);
    else known.push(fault);
  };
  // The branches of if/then say what is wrong themselves.
  for (const fault of faults.filter(({ keyword }) => keyword !== 'if')) {
    note(fault.pointer, fault);
    for (let end = fault.pointer.lastIndexOf('/'); end > 0; end = fault.pointer.lastIndexOf('/', end - 1)) note(fault.pointer.slice(0, end), fault);
  }
  return map;
}

/** Faults of a record as a whole: answers that do not go together, or a field that does not exist, which an import can have and a post cannot. */
function unplaced({ t, definition }: CompiledForm, faults: Map<string, Fault[]>, only: string[] | undefined): FieldProblem[] {
  const [first] = only === undefined ? (faults.get('') ?? []) : [];
  if (first === undefined) return [];
  const own = definition.schema['x-messages']?.['']?.[first.keyword];
  return [{ pointer: '', text: own ?? t(first.keyword === 'additionalProperties' ? 'forms.problem.record' : 'forms.problem.together') }];
}

function isWorthSaying({ question, value }: Dropped): boolean {
  return isAnswer(value) && question.control.isFilled?.(value) !== false;
}

