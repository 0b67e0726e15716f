import type { FastifyRequest } from 'fastify';
import type { Answers, Json } from '../../definitions/bundle.ts';
import type { OpenCase } from '../../cases/cases.ts';
import type { Draft, DraftKey } from '../../cases/stores/case-store.ts';
import { isAsSeen, revisionOf, type SeenPart } from '../../cases/seen.ts';
import { besideField } from '../../engine/model/beside.ts';
import { latestVisit } from '../../engine/model/visits.ts';
import type { CaseRecord, Moment } from '../../engine/state/case-state.ts';
import { instanceOf, readTaskKey, taskKey } from '../../engine/model/instances.ts';
import { askedForm, type AskedForm } from '../../engine/model/asked-form.ts';
import { caseContext } from '../../engine/model/case-context.ts';
import { mayCorrect } from '../../engine/model/performers.ts';
import { prefilledAnswers, prefills } from '../../engine/reading/prefill.ts';
import type { PreparedTask } from '../../engine/model/prepare.ts';
import { AppError } from '../../errors.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { CheckedForm, CompiledForm, Pairs, References } from '../../forms/form-types.ts';
import { readIn } from '../../forms/read-in.ts';
import { withGivenRows } from '../../forms/given-rows.ts';
import { defaultsOf, initialPairs, shownDefaults } from '../../forms/initial-pairs.ts';
import { namesSomebody } from '../../forms/names-somebody.ts';
import type { Keeping } from '../forms/conflict.ts';
import { draftFormIn, type DraftForm } from '../forms/draft-form.ts';
import { dayOf, formatShortDay } from '../words/format.ts';
import { param, valueIn, visitorOf } from '../site/http.ts';
import { openCaseTask } from '../site/open-case.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import { pagingOf, type Paging } from '../forms/task-paging.ts';

/** One task of a case as somebody fills it in. */
export type OpenTask = {
  open: OpenCase; task: PreparedTask; asked: AskedForm; form: CompiledForm; only: string[] | undefined;
  /** What was begun, and under which key it is kept. */
  begun: Draft | null; draft: DraftKey;
  /** Null: nothing holds up an emergency. */
  seen: SeenPart | null;
};

export async function openTask(site: Site, request: FastifyRequest): Promise<OpenTask> {
  const { open, draft: begun } = await openCaseTask(site, request, param(request, 'task'));
  const { id, source } = readTaskKey(param(request, 'task'));
  const { model } = open.route;
  const prepared = model.tasks.get(id);
  const task = prepared === undefined ? undefined : instanceOf({ model, state: open.stored.state }, prepared, source);
  if (task === undefined || (task.source?.key ?? null) !== source || (task.for === null) !== (source === null)) throw new AppError('notFound');
  const intake = task.emergency ? task.definition.intake?.filter((field) => field !== 'subject') : undefined;
  return {
    open, task, ...askedIn(site, open, task), begun, only: intake,
    draft: { person: visitorOf(request).reader.id, case: open.stored.id, wrapped: open.stored.tail.key, task: keyOf({ task }), record: null },
    seen: task.emergency ? null : { of: 'task', task: keyOf({ task }) }
  };
}

/** The form of a task as it is asked now. */
export function askedIn(site: Site, { route, stored: { state }, viewer }: OpenCase, task: PreparedTask): Pick<OpenTask, 'asked' | 'form'> {
  const asked = askedForm(caseContext(route.model, state, site.now(), viewer), task);
  if (asked === null) throw new AppError('notFound');
  const form = route.askedForm(asked);
  // What is only shown has the first value of a new record, where the route gives it none.
  return { asked: { ...asked, given: { ...shownDefaults(form), ...readIn(form, asked.given) } }, form };
}

export function keyOf({ task }: Pick<OpenTask, 'task'>): string {
  return taskKey(task.id, task.source?.key ?? null);
}

/** The address of the page of a task. */
export function pathOf({ open, task }: Pick<OpenTask, 'open' | 'task'>): string {
  return `/cases/${open.stored.number}/tasks/${keyOf({ task })}`;
}

/** What a new record starts with. Who sees only their own part is told nothing of the records of others. `beside`: id of the record it will stand beside. */
export function firstPairs(site: Site, { open: { access, route: { model }, stored: { state }, viewer }, task, asked, form, only }: OpenTask, beside = ''): Pairs {
  const options = only === undefined ? {} : { only };
  const answers: Answers = { ...(access === 'full' ? prefilledAnswers(model, state, task, { person: viewer, now: site.now() }) : {}), ...asked.given };
  const field = /^\d{1,9}$/.test(beside) ? besideField(form.definition) : null;
  if (field !== null) answers[field] = beside;
  return initialPairs(form, Object.keys(answers).length === 0 ? options : { ...options, answers: { ...defaultsOf(form), ...answers } });
}

/** Where answers were taken over from, in words. Who sees only their own part is told nothing of the records of others. */
export function takenIn(site: Site, { open: { access, route: { model }, stored: { state }, viewer }, task }: OpenTask): { [name: string]: { answer: Json; text: string } } {
  if (access !== 'full') return {};
  const now = site.now();
  return Object.fromEntries(prefills(model, state, task, { person: viewer, now }).flatMap(({ field, answer, from, at }) => {
    if (from === null) return [];
    return [[field, { answer, text: at === null ? site.t('web.task.taken', { from }) : site.t('web.task.takenOn', { from, day: formatShortDay(at, dayOf(now)) }) }]];
  }));
}

/** The form of a task as it is kept in a draft. */
export function draftFormOf({ open, task, form, only, begun }: OpenTask, pairs: Pairs | null = begun?.pairs ?? null): DraftForm {
  return draftFormIn(open, { id: task.definition.form, task: task.id, form, only }, pairs);
}

/** What was typed, with the rows that come from elsewhere as they are now. */
export function typedIn({ form, asked }: Pick<OpenTask, 'form' | 'asked'>, pairs: Pairs): Pairs {
  return withGivenRows(form, pairs, asked.given);
}

export function optionsOf({ only }: OpenTask): { only?: string[] } {
  return only === undefined ? {} : { only };
}

/** What is asked here, for the pages of the form; of an emergency everything stands on one page. */
export function askedOf(site: Site, { asked, only }: OpenTask): { now: Moment; base: Answers; only?: string[] } {
  return { now: site.now(), base: asked.given, ...(only === undefined ? {} : { only }) };
}

/** Where somebody is in a form of several pages; null when it is one. */
export function pagingIn(site: Site, work: OpenTask, pairs: Pairs, wanted: Parameters<typeof pagingOf>[2]): Paging | null {
  return work.only === undefined ? pagingOf(work.form, pairs, wanted, askedOf(site, work)) : null;
}

/** The address of one page of a task. */
export function pageHref(work: Pick<OpenTask, 'open' | 'task'>, page: string): string {
  return `${pathOf(work)}?page=${page}`;
}

/** Why this task cannot be handed in now, as sentences; null when it can. */
export function whyClosed(site: Site, { open, task }: OpenTask): string[] | null {
  if (site.cases.mayAdd(open, keyOf({ task }))) return null;
  const view = site.cases.taskView(open, keyOf({ task }));
  // Who sees only their own part is not told who did it.
  if (view === null) return [site.t('web.task.gone')];
  return view.reasons.length > 0 ? view.reasons : [site.t('web.task.notNow')];
}

export async function checkPosted(site: Site, work: OpenTask, pairs: Pairs): Promise<CheckedForm & { references: References }> {
  const now = site.now();
  const { given: base } = work.asked;
  const answers = decode(work.form, typedIn(work, pairs), { ...optionsOf(work), base });
  const references = await referencesIn(site, work.open, namesSomebody(work.form.questions, answers) ? [work.form] : []);
  return { ...checkAnswers(work.form, answers, { today: dayOf(now), now, references, base, ...optionsOf(work) }), references };
}

export function isStillAsSeen({ open, seen }: OpenTask, pairs: Pairs): boolean {
  return seen === null || isAsSeen(open, { ...seen, revision: valueIn(pairs, '_rev') });
}

export function revisionNow({ open, seen }: OpenTask): string {
  return seen === null ? '' : revisionOf(open, seen);
}

/** What a colleague recorded for this task and this person may read: the latest. Null: nothing. */
export function theirsIn({ open, task }: OpenTask): CaseRecord | null {
  if (open.access !== 'full' || task.emergency) return null;
  const { viewer, stored: { state } } = open;
  const records = state.records.filter((record) => record.task === task.id && record.source === (task.source?.key ?? null) && (task.step === null || record.visit === latestVisit(state, task.step)?.id));
  return records.findLast(({ by }) => by !== viewer.id) ?? records.at(-1) ?? null;
}

export function keepingOf({ open, task }: OpenTask, theirs: CaseRecord): Keeping {
  if (task.repeat) return 'beside';
  return open.stored.status === 'open' && mayCorrect(task, theirs, open.viewer, open.stored.state) ? 'correction' : null;
}

export function stepTitle({ open, task }: OpenTask): string | null {
  return task.step === null ? null : (open.route.model.steps.get(task.step)?.definition.title ?? null);
}

/** Records of the tasks in `shows`. */
export function shownOf({ open, task }: OpenTask): CaseRecord[] {
  const { shows = [] } = task.definition;
  return open.access === 'full' ? open.stored.state.records.filter((record) => shows.includes(record.task)) : [];
}
