import type { Json } from '../../definitions/bundle.ts';
import type { FormDefinition } from '../../definitions/form.types.ts';
import { isObject } from '../../definitions/json-values.ts';
import { transitionsOf } from '../../definitions/lookup.ts';
import type { Term } from '../../definitions/workflow.types.ts';
import { conditionText } from '../reading/condition-text.ts';
import { readCondition } from '../conditions/condition-tree.ts';
import { calendarOf } from '../../definitions/term-units.ts';
import { durationText, isDuration, joined, termText } from '../model/labels.ts';
import type { Model } from '../model/prepare.ts';
import { comparedForm, type Keyed } from './version-parts.ts';

/** What an id stands for. */
export type Part =
  | 'role' | 'partnerRole' | 'setting' | 'fact' | 'task' | 'rule' | 'exit' | 'step' | 'event' | 'document' | 'link' | 'outcome' | 'reopening'
  | 'wish' | 'form' | 'field' | 'answer' | 'template' | 'partial' | 'calendar' | 'holiday';

/** Where something stands, from the outside in. `title`: its words, where it has any. */
export type Place = { part: Part; id: string; title: string | null }[];

/**
 * What a difference means for running cases. silent: words and looks. compatible: what is asked or may be done, with every id a case can
 * hold still there. choice: an id a case can hold is gone, or a question is of another kind. blocked: it is another route, or about another kind of subject.
 */
export type Weight = 'silent' | 'compatible' | 'choice' | 'blocked';

/** One difference. `keyword` and those it stands in, from the outside in; before and after in words, null where it is absent. */
export type Difference = { place: Place; weight: Weight } & (
  | { kind: 'added' | 'removed' }
  | { kind: 'changed'; keyword: string[]; before: string | null; after: string | null }
  | { kind: 'order'; part: Part }
  /** Lines of a template or partial. */
  | { kind: 'lines'; added: number; removed: number }
);

/** Gives every difference between two versions of a route, in the order of the file: the route, its forms, its templates, its calendars. */
export function differences(before: Model, after: Model): Difference[] {
  const found = [
    ...walk(before.workflow as unknown as Keyed, after.workflow as unknown as Keyed, { models: [before, after], forms: [null, null], place: [], keyword: [] }),
    ...formDifferences(before, after),
    ...templateDifferences('template', before.bundle.documents, after.bundle.documents),
    ...templateDifferences('partial', before.bundle.partials, after.bundle.partials),
    ...collectionDifferences('calendar', keyed(before.bundle.calendars), keyed(after.bundle.calendars), { models: [before, after], forms: [null, null], place: [], keyword: [] })
  ];
  return found.map((one) => weighed(one, after));
}

/** Gives the heaviest weight among differences; silent when there are none. */
export function weightOf(found: readonly Difference[]): Weight {
  return (['blocked', 'choice', 'compatible'] as const).find((weight) => found.some((one) => one.weight === weight)) ?? 'silent';
}

type Pair<Value> = [before: Value, after: Value];
/** `forms`: what `this` and bare names in conditions belong to. */
type At = { models: Pair<Model>; forms: Pair<FormDefinition | null>; place: Place; keyword: string[] };

const collections: { readonly [keyword: string]: Part } = {
  roles: 'role', partnerRoles: 'partnerRole', settings: 'setting', facts: 'fact', tasks: 'task', rules: 'rule', transitions: 'exit', steps: 'step', events: 'event',
  documents: 'document', links: 'link', outcomes: 'outcome', reopen: 'reopening', fields: 'wish', properties: 'field', answers: 'answer', options: 'answer', holidays: 'holiday'
};
const conditions: ReadonlySet<string> = new Set(['when', 'unless', 'must', 'done', 'on', 'until', 'required', 'longer']);
const words: ReadonlySet<string> = new Set([
  '$schema', 'version', 'language', 'title', 'shortTitle', 'introduction', 'legalBasis', 'offer', 'notice', 'text', 'guidance', 'label', 'message', 'reason', 'description', 'summary',
  'examples', 'layoutTexts', 'layout', 'x-name', 'x-messages', 'x-autocomplete', 'shows', 'check'
]);

function walk(before: Keyed, after: Keyed, at: At): Difference[] {
  return keysOf(before, after).flatMap((key): Difference[] => {
    const [one, other] = [before[key], after[key]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const part = collections[key];
    const isCollection = part !== undefined && (one ?? other) !== null && !Array.isArray(one ?? other) && at.keyword.length === 0;
    if (isCollection) return collectionDifferences(part, keyed(one), keyed(other), at);
    const keyword = [...at.keyword, key];
    const isNested = isObject(one ?? other) && !conditions.has(key) && !isDuration(one ?? other) && key !== 'within' && key !== 'layout';
    if (isNested) return walk(keyed(one), keyed(other), { ...at, keyword });
    const [was, is] = [inWords(key, one, at.models[0], at.forms[0]), inWords(key, other, at.models[1], at.forms[1])];
    return [{ kind: 'changed', place: at.place, keyword, before: was, after: is, weight: 'compatible' }];
  });
}

function collectionDifferences(part: Part, before: Keyed, after: Keyed, at: At): Difference[] {
  const inside = keysOf(before, after).flatMap((id): Difference[] => {
    const [one, other] = [before[id], after[id]];
    const place: Place = [...at.place, { part, id, title: titleOf(part, id, other ?? one, at.models[other === undefined ? 0 : 1]) }];
    if (one === undefined || other === undefined) return [{ kind: one === undefined ? 'added' : 'removed', place, weight: 'compatible' }];
    if (part === 'fact') return walk({ on: one }, { on: other }, { ...at, place });
    return walk(keyed(one), keyed(other), { ...at, place, forms: formsOf(part, id, at) });
  });
  return isReordered(before, after) ? [...inside, { kind: 'order', place: at.place, part, weight: 'compatible' }] : inside;
}

function formDifferences(before: Model, after: Model): Difference[] {
  const [old, next] = [before.bundle.forms, after.bundle.forms];
  return keysOf(old, next).flatMap((id): Difference[] => {
    const [one, other] = [old[id], next[id]];
    const place: Place = [{ part: 'form', id, title: (other ?? one)?.title ?? null }];
    if (one === undefined || other === undefined) return [{ kind: one === undefined ? 'added' : 'removed', place, weight: 'compatible' }];
    return walk(comparedForm(one), comparedForm(other), { models: [before, after], forms: [one, other], place, keyword: [] });
  });
}

function templateDifferences(part: 'template' | 'partial', before: { [name: string]: string }, after: { [name: string]: string }): Difference[] {
  return keysOf(before, after).flatMap((id): Difference[] => {
    const [one, other] = [before[id], after[id]];
    if (one === other) return [];
    const place: Place = [{ part, id, title: null }];
    if (one === undefined || other === undefined) return [{ kind: one === undefined ? 'added' : 'removed', place, weight: 'compatible' }];
    const [old, next] = [one.split('\n'), other.split('\n')];
    return [{ kind: 'lines', place, weight: 'silent', added: more(next, old), removed: more(old, next) }];
  });
}

/** How many lines the first has that the other has not. */
function more(lines: string[], others: string[]): number {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  }).length;
}

/** Where the id or the kind of an answer goes, a case may hold it. */
function weighed(one: Difference, after: Model): Difference {
  const last = one.place.at(-1);
  if (one.kind === 'order') return { ...one, weight: one.part === 'event' ? 'compatible' : 'silent' };
  if (one.kind === 'removed' && last !== undefined) {
    const isHeld = last.part === 'step' || (last.part === 'task' && !after.tasks.has(last.id)) || (last.part === 'answer' && one.place.some(({ part }) => part === 'field'));
    return { ...one, weight: isHeld ? 'choice' : 'compatible' };
  }
  if (one.kind !== 'changed') return one;
  const [key = ''] = one.keyword;
  if (one.place.length === 0 && (key === 'id' || key === 'subject')) return { ...one, weight: 'blocked' };
  if (words.has(key)) return { ...one, weight: 'silent' };
  const isOtherKind = (last?.part === 'field' && (key === 'type' || key === 'each' || key === 'format')) || (last?.part === 'task' && (key === 'form' || key === 'for'));
  return { ...one, weight: isOtherKind ? 'choice' : 'compatible' };
}

/** The keys of the later version in its order, each that is gone behind the one it stood behind. */
function keysOf(before: { [key: string]: unknown }, after: { [key: string]: unknown }): string[] {
  const keys = Object.keys(after);
  let last = -1;
  for (const key of Object.keys(before)) {
    const index = keys.indexOf(key);
    if (index < 0) keys.splice(last + 1, 0, key);
    last = index < 0 ? last + 1 : index;
  }
  return keys;
}

function isReordered(before: unknown, after: unknown): boolean {
  if (!isObject(before) || !isObject(after)) return false;
  const [old, next] = [Object.keys(before).filter((key) => key in after), Object.keys(after).filter((key) => key in before)];
  return old.some((key, index) => key !== next[index]);
}

function keyed(value: unknown): Keyed {
  return isObject(value) ? value as Keyed : {};
}

function formsOf(part: Part, id: string, { models, forms }: At): Pair<FormDefinition | null> {
  if (part === 'task') return models.map(({ tasks }) => tasks.get(id)?.form ?? null) as Pair<FormDefinition | null>;
  if (part !== 'exit') return forms;
  return models.map(({ workflow, bundle }) => bundle.forms[transitionsOf(workflow).find((one) => one.id === id)?.transition.form ?? ''] ?? null) as Pair<FormDefinition | null>;
}

function titleOf(part: Part, id: string, value: Json | undefined, model: Model): string | null {
  const { title } = keyed(value);
  if (typeof title === 'string') return title;
  return part === 'task' ? (model.tasks.get(id)?.title ?? null) : null;
}

function inWords(key: string, value: Json | undefined, model: Model, form: FormDefinition | null): string | null {
  if (value === undefined || (key === 'layout' && value === null)) return null;
  if (isObject(value)) {
    if (conditions.has(key)) return conditionText(model, readCondition(value), { form, row: null }).replace(/\.$/, '');
    if (key === 'within' && calendarOf(value as Term) !== null) return termText(model, value as Term);
    return isDuration(value) ? durationText(model, value) : JSON.stringify(value);
  }
  if (Array.isArray(value)) return joined(model, value.map((one) => inWords(key, one, model, form) ?? ''), 'and');
  return value === null ? model.t('versions.nothing') : typeof value === 'boolean' ? model.t(value ? 'engine.yes' : 'engine.no') : String(value);
}
