import type { TaskStatus } from '../model/case-context.ts';
import type { CaseState } from '../state/case-state.ts';
import type { Operand, Test, Tree } from '../conditions/condition-tree.ts';
import type { Leaf } from '../conditions/conditions.ts';
import { answerText, capital, durationText, joined, type Label, labelOf, quoted, rowFields, type Scope } from '../model/labels.ts';
import type { StepView } from '../model/overview-types.ts';
import type { Model } from '../model/prepare.ts';

const nowhere: Scope = { form: null, row: null };
const stepStatuses: string[] = ['ahead', 'waiting', 'active', 'completed', 'left', 'skipped'] satisfies StepView['status'][];
const taskStatuses: string[] = ['none', 'open', 'done'] satisfies TaskStatus[];
const caseStatuses: string[] = ['open', 'closed', 'cancelled'] satisfies CaseState['status'][];
/** Stands for the subject of a phrase until it is known; no text of a definition holds it. */
const anySubject = '\u0000';

/** Gives a condition as one Dutch sentence, for the checker and for pages that show a definition. */
export function conditionText(model: Model, tree: Tree, scope: Scope = nowhere): string {
  return `${capital(phrase(model, tree, scope))}.`;
}

/** Gives one sentence for each part of a condition that does not hold, each once. Answers in free text are never shown. */
export function leafTexts(model: Model, leaves: Leaf[], scope: Scope = nowhere): string[] {
  return [...new Set(leaves.map((leaf) => leafText(model, leaf, scope)))];
}

/** Gives the task to do first for a part of a condition that waits for an answer; null when none does. */
export function taskOfLeaf(model: Model, leaf: Leaf): string | null {
  if (leaf.type === 'either') return leaf.ways.flat().map((part) => taskOfLeaf(model, part)).find((task) => task !== null) ?? null;
  if (leaf.type === 'neither' || !leaf.missing) return null;
  const id = (leaf.path[0] === 'tasks' ? leaf.path[1] : leaf.path[0]) ?? '';
  return model.tasks.has(id) ? id : null;
}

function leafText(model: Model, leaf: Leaf, scope: Scope): string {
  const { t } = model;
  if (leaf.type === 'neither') return t('engine.mayNot', { condition: joined(model, leaf.trees.map((tree) => phrase(model, tree, scope)), 'and') });
  if (leaf.type === 'either') return eitherText(model, leaf.ways, scope);
  if (leaf.missing) return missingText(model, leaf, scope);
  return t('engine.needed', { condition: phrase(model, { type: 'path', path: leaf.path, test: leaf.test }, scope) });
}

/** Names what to do first when only records are missing; else says what must hold, with tasks that are asked the same taken together. */
function eitherText(model: Model, ways: Leaf[][], scope: Scope): string {
  const { t } = model;
  if (ways.length === 0) return t('engine.impossible');
  const first = ways.map((way) => way.map((leaf) => taskToDo(model, leaf, scope)));
  if (first.every((tasks) => tasks.length === 1 && tasks[0] !== null)) return t('engine.doFirst', { task: joined(model, [...new Set(first.flat().map((task) => quoted(model, task ?? '')))], 'or') });
  const groups = new Map<string, string[]>();
  for (const way of ways) {
    const [key, subject] = wayPhrase(model, way, scope);
    groups.set(key, [...new Set([...(groups.get(key) ?? []), subject])]);
  }
  return t('engine.needed', { condition: joined(model, [...groups].map(([key, subjects]) => key.replaceAll(anySubject, joined(model, subjects, 'or'))), 'or') });
}

/** Gives the phrase of a way with its subject left open, and that subject. */
function wayPhrase(model: Model, way: Leaf[], scope: Scope): [phrase: string, subject: string] {
  const [only] = way;
  if (way.length !== 1 || only?.type !== 'path') return [joined(model, way.map((leaf) => leafPhrase(model, leaf, scope)), 'and'), ''];
  const { about, isWhole } = aboutPath(model, only.path, scope);
  return isWhole ? [testPhrase(model, only.test, { ...about, subject: anySubject }), about.subject] : [phrase(model, only, scope), ''];
}

function leafPhrase(model: Model, leaf: Leaf, scope: Scope): string {
  switch (leaf.type) {
    case 'path': return phrase(model, leaf, scope);
    case 'neither': return model.t('engine.noneOf', { conditions: joined(model, leaf.trees.map((tree) => phrase(model, tree, scope)), 'or') });
    case 'either': return joined(model, leaf.ways.map((way) => joined(model, way.map((part) => leafPhrase(model, part, scope)), 'and')), 'or');
  }
}

/** The title of the task whose record a leaf waits for; null when it waits for something else. */
function taskToDo(model: Model, leaf: Leaf, scope: Scope): string | null {
  if (leaf.type !== 'path' || !leaf.missing) return null;
  const [head = '', id = ''] = leaf.path;
  if (head === 'tasks') return model.tasks.get(id)?.title ?? null;
  return leaf.hasRecord ? null : labelOf(model, leaf.path, scope).task;
}

function missingText(model: Model, leaf: Leaf & { type: 'path' }, scope: Scope): string {
  const { t } = model;
  const [head = '', id = ''] = leaf.path;
  const place = head === 'tasks' ? model.tasks.get(id) : undefined;
  if (place !== undefined) return t('engine.doFirst', { task: quoted(model, place.title) });
  if (head === 'steps' && isReached(leaf.test)) return t('engine.fromStep', { step: quoted(model, model.workflow.steps[id]?.title ?? id) });
  if (head === 'steps' || head === 'tasks') return t('engine.needed', { condition: phrase(model, leaf, scope) });
  const label = labelOf(model, leaf.path, scope);
  if (label.task !== null && !leaf.hasRecord) return t('engine.doFirst', { task: quoted(model, label.task) });
  if (label.name !== null) return t('engine.notRecorded', { name: capital(label.name) });
  if (label.task === null) return t('engine.notAnsweredHere', { question: label.question ?? leaf.path.join('.') });
  return t('engine.notAnswered', { task: label.task, question: label.question ?? label.task });
}

function phrase(model: Model, tree: Tree, scope: Scope): string {
  switch (tree.type) {
    case 'path': return pathPhrase(model, tree, scope);
    case 'all': return joined(model, tree.trees.map((part) => phrase(model, part, scope)), 'and');
    case 'any': return tree.trees.length === 0 ? model.t('engine.never') : joined(model, tree.trees.map((part) => phrase(model, part, scope)), 'or');
    case 'none': return model.t('engine.noneOf', { conditions: joined(model, tree.trees.map((part) => phrase(model, part, scope)), 'or') });
  }
}

function pathPhrase(model: Model, tree: Tree & { type: 'path' }, scope: Scope): string {
  const [head = '', id = ''] = tree.path;
  const fact = head === 'facts' ? model.facts.get(id) : undefined;
  if (fact !== undefined && scope.row === null && isPlain(tree.test, true)) return phrase(model, fact, scope);
  const { about } = aboutPath(model, tree.path, scope);
  if (isReached(tree.test) && head === 'steps') return model.t('engine.reached', { subject: about.subject });
  if (isSettled(tree.test) && head === 'tasks') return model.t('engine.settled', { subject: about.subject });
  return testPhrase(model, tree.test, about);
}

/** `isWhole`: the path names all records of a task. */
function aboutPath(model: Model, path: readonly string[], scope: Scope): { about: About; isWhole: boolean } {
  const label = labelOf(model, path, scope);
  const row = rowFields(label.form, label.field) ?? (label.question === null ? (label.form?.schema.properties ?? {}) : {});
  const inner = { form: label.form, row, own: scope.own === undefined ? scope.form : scope.own };
  const about = { subject: subjectText(model, path, label, scope), label, scope: inner, around: scope, values: valueWords(model, path) };
  return { about, isWhole: label.task !== null && label.question === null };
}

/** `scope`: inside what is asked about; `around`: where it is named. */
type About = { subject: string; label: Label; scope: Scope; around: Scope; values: (value: string) => string | null };

function testPhrase(model: Model, test: Test, about: About): string {
  const { t } = model;
  const { subject } = about;
  const operand = (one: Operand): string => operandText(model, one, about);
  switch (test.type) {
    case 'equals': return t('engine.is', { subject, value: operand(test.operand) });
    case 'oneOf': return t('engine.is', { subject, value: joined(model, test.operands.map(operand), 'or') });
    case 'not': return negation(model, test.test, about);
    case 'atLeast': case 'atMost': case 'onOrAfter': case 'onOrBefore': return t(`engine.${test.type}`, { subject, value: operand(test.operand) });
    case 'olderThan': return t('engine.olderThan', { subject, duration: durationText(model, test.duration) });
    case 'weekday': return t('engine.weekday', { subject, days: joined(model, test.days.map((day) => weekdayText(model, String(day))), 'or') });
    case 'age': return agePhrase(model, test, subject);
    case 'answered': return t(`engine.${about.label.question === null && about.label.task !== null ? 'done' : 'answered'}.${String(test.expected)}`, { subject });
    case 'some': case 'every': case 'none': case 'last': return t(`engine.${test.type}`, { subject, condition: inside(model, test.test, about) });
    case 'count': return testPhrase(model, test.test, { ...about, subject: t('engine.count', { subject }) });
    case 'allOf': return joined(model, test.tests.map((part) => testPhrase(model, part, about)), 'and');
    case 'anyOf': return test.tests.length === 0 ? t('engine.never') : joined(model, test.tests.map((part) => testPhrase(model, part, about)), 'or');
    case 'noneOf': return t('engine.noneOf', { conditions: joined(model, test.tests.map((part) => testPhrase(model, part, about)), 'or') });
    case 'fields': return phrase(model, test.tree, about.scope);
  }
}

function negation(model: Model, test: Test, about: About): string {
  const { subject } = about;
  if (test.type === 'equals') return model.t('engine.isNot', { subject, value: operandText(model, test.operand, about) });
  if (test.type === 'oneOf') return model.t('engine.isNot', { subject, value: joined(model, test.operands.map((one) => operandText(model, one, about)), 'or') });
  return model.t('engine.not', { condition: testPhrase(model, test, about) });
}

function inside(model: Model, test: Test, about: About): string {
  return testPhrase(model, test, { ...about, subject: model.t('engine.theAnswer') });
}

function agePhrase(model: Model, test: Test & { type: 'age' }, subject: string): string {
  const bounds = [
    ...(test.atLeast === null ? [] : [model.t('engine.age.atLeast', { subject, years: test.atLeast })]),
    ...(test.atMost === null ? [] : [model.t('engine.age.atMost', { subject, years: test.atMost })])
  ];
  return joined(model, bounds, 'and');
}

/** What a condition can read of the case itself. */
const caseParts: readonly string[] = ['status', 'outcome', 'openedAt', 'closedAt'];

function subjectText(model: Model, path: readonly string[], label: Label, scope: Scope): string {
  const { t } = model;
  const [head = '', id = ''] = path;
  switch (head) {
    case 'steps': return t('engine.subject.step', { title: model.workflow.steps[id]?.title ?? id });
    case 'tasks': return quoted(model, model.tasks.get(id)?.title ?? id);
    case 'settings': return quoted(model, model.workflow.settings?.[id]?.title ?? id);
    case 'facts': return quoted(model, id);
    case 'now': return t('engine.subject.now');
    case 'case': return caseParts.includes(id) ? t(`engine.subject.case.${id}`) : quoted(model, id);
    case 'for': return path.length === 1 ? t('engine.subject.for') : quoted(model, path.at(-1) ?? '');
    default: break;
  }
  return label.task === null || label.question === null || scope.row !== null ? quoted(model, label.question ?? label.task ?? path.join('.')) : t('engine.subject.inTask', { question: label.question, task: label.task });
}

function operandText(model: Model, operand: Operand, about: About): string {
  if (operand.type === 'field') {
    // A bare name is a question of the row at hand, unless a task is called so.
    const scope = model.tasks.has(operand.path[0] ?? '') ? nowhere : about.around;
    return subjectText(model, operand.path, labelOf(model, operand.path, scope), nowhere);
  }
  const { value } = operand;
  return about.values(String(value)) ?? model.t('engine.value', { value: answerText(model, value, about.label.field, about.label.form) ?? String(value) });
}

/** Words for the values of steps, tasks, settings and the outcome of a case; what somebody wrote is quoted. */
function valueWords(model: Model, [head = '', name = '']: readonly string[]): (value: string) => string | null {
  const titled = (title: string | undefined): string | null => (title === undefined ? null : model.t('engine.value', { value: title }));
  if (head === 'case' && name === 'outcome') return (value) => titled(model.workflow.outcomes[value]?.title);
  if (head === 'settings') return (value) => titled(model.workflow.settings?.[name]?.options?.[value]?.title);
  const [kind, known] = head === 'steps' ? ['stepStatus', stepStatuses] : head === 'tasks' ? ['taskStatus', taskStatuses] : head === 'case' ? ['caseStatus', caseStatuses] : ['', []];
  return (value) => (known.includes(value) ? model.t(`engine.${kind}.${value}`) : null);
}

function weekdayText(model: Model, day: string): string {
  const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const index = /^[1-7]$/.test(day) ? Number(day) - 1 : names.indexOf(day.toLowerCase());
  return index < 0 ? day : model.t(`engine.weekday.${String(index + 1)}`);
}

function isPlain(test: Test, value: boolean | string): boolean {
  return test.type === 'equals' && test.operand.type === 'value' && test.operand.value === value;
}

/** Spelled out from `reached` and `settled` when the condition was read. */
function isReached(test: Test): boolean {
  return test.type === 'not' && isPlain(test.test, 'ahead');
}

function isSettled(test: Test): boolean {
  return test.type === 'not' && isPlain(test.test, 'open');
}
