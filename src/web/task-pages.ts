import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../cases/cases.ts';
import type { Draft, DraftKey } from '../cases/case-store.ts';
import type { Answers } from '../definitions/bundle.ts';
import { enteredIn } from '../cases/entered.ts';
import { isAsSeen, revisionOf, type SeenPart } from '../cases/seen.ts';
import { latestVisit } from '../engine/visits.ts';
import type { CaseRecord, Reason } from '../engine/case-state.ts';
import { instanceOf, readTaskKey, sourceIn, taskKey } from '../engine/instances.ts';
import { askedForm, type AskedForm } from '../engine/asked-form.ts';
import { caseContext } from '../engine/case-context.ts';
import { mayCorrect } from '../engine/performers.ts';
import { prefilledAnswers } from '../engine/prefill.ts';
import type { PreparedTask } from '../engine/prepare.ts';
import { AppError } from '../errors.ts';
import { appeared } from '../forms/appeared.ts';
import { checkAnswers } from '../forms/check-answers.ts';
import { decode } from '../forms/decode.ts';
import type { CheckedForm, CompiledForm, FieldProblem, Pairs, References } from '../forms/form-types.ts';
import { formView } from '../forms/form-view.ts';
import { withGivenRows } from '../forms/given-rows.ts';
import { defaultsOf, initialPairs } from '../forms/initial-pairs.ts';
import { isConditional } from '../forms/is-conditional.ts';
import { namesSomebody } from '../forms/names-somebody.ts';
import { overlaid } from '../forms/overlaid.ts';
import { printAnswers } from '../forms/print-answers.ts';
import { rowAction } from '../forms/row-action.ts';
import { answerTo, keyField } from './answer-to.ts';
import { appearedNotices } from './appeared-notice.ts';
import { waiverLinks } from './case-model.ts';
import { caseLink, openCaseTask } from './case-pages.ts';
import { correctionDraft, sendConflict, sendDiscard, type Keeping } from './conflict.ts';
import { dayOf, formatWhen } from './format.ts';
import { caseCrumbs, frameOf } from './frame.ts';
import { answerPairs, pairsOf, param, seeOther, sendPage, valueIn, visitorOf, withRevision } from './http.ts';
import { namesFor } from './names.ts';
import { referencesOf } from './references.ts';
import { savedText } from './saved-text.ts';
import type { Site } from './site.ts';
import type { Notice, TaskPage } from './view-models.ts';
import { whatHappens } from './what-happens.ts';

/** One task of a case as somebody fills it in. */
type OpenTask = {
  open: OpenCase; task: PreparedTask; asked: AskedForm; form: CompiledForm; only: string[] | undefined;
  /** What was begun, and under which key it is kept. */
  begun: Draft | null; draft: DraftKey;
  /** Null: nothing holds up an emergency. */
  seen: SeenPart | null;
};

/** Filling in the form of a task, checking the answers, and handing them in. */
export function taskPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/tasks/:task', { config: { action: 'task.view' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const refusal = whyClosed(site, work);
    const { begun } = work;
    if (refusal !== null) return sendClosed(site, request, reply, work, refusal, begun);
    return sendTask(site, request, reply, work, { pairs: begun?.pairs ?? withRevision(firstPairs(site, work), revisionNow(work)), savedAt: begun?.savedAt ?? null });
  });

  app.post('/cases/:number/tasks/:task', { config: { action: 'draft.keep' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const posted = pairsOf(request);
    const pairs = withRevision(typedIn(work, overlaid(work.form, work.begun?.pairs ?? [], answerPairs(posted))), valueIn(posted, '_rev'));
    const wish = valueIn(posted, '_action');
    const refusal = whyClosed(site, work);
    const save = async (kept: Pairs): Promise<void> => { await site.cases.drafts.save(work.draft, kept, site.now()); };
    if (refusal !== null) {
      await save(pairs);
      return sendClosed(site, request, reply, work, refusal, { pairs, savedAt: site.now() }, 409);
    }
    if (wish.includes(':')) {
      const changed = rowAction(work.form, pairs, wish, {});
      if (changed === null) throw new AppError('badRequest');
      await save(changed.pairs);
      return sendTask(site, request, reply, work, changed);
    }
    if (wish === 'later') {
      await save(pairs);
      return seeOther(reply, `/cases/${work.open.stored.number}?done=draft`);
    }
    const shown = appeared(work.form, pairs, { ...optionsOf(work), base: work.asked.given, now: site.now() });
    if (wish === 'update' || shown.length > 0) {
      await save(pairs);
      return sendTask(site, request, reply, work, { pairs, appeared: shown });
    }
    const checked = await checkPosted(site, request, work, pairs);
    if (checked.problems.length > 0) {
      await save(pairs);
      return sendTask(site, request, reply, work, { pairs, problems: checked.problems });
    }
    if (!isStillAsSeen(work, pairs)) {
      await save(pairs);
      return sendTaskConflict(site, request, reply, work, pairs);
    }
    if (work.task.definition.check !== false) {
      await save(pairs);
      return seeOther(reply, `/cases/${work.open.stored.number}/tasks/${keyOf(work)}/check`);
    }
    return handIn(site, request, reply, work, checked.answers, pairs, valueIn(posted, '_key'));
  });

  app.get('/cases/:number/tasks/:task/check', { config: { action: 'task.view' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const draft = work.begun;
    if (draft === null) return seeOther(reply, `/cases/${work.open.stored.number}/tasks/${keyOf(work)}`);
    const refusal = whyClosed(site, work);
    if (refusal !== null) return sendClosed(site, request, reply, work, refusal, draft);
    if (!isStillAsSeen(work, draft.pairs)) return sendTaskConflict(site, request, reply, work, draft.pairs, 200);
    return sendCheck(site, request, reply, work, draft.pairs);
  });

  app.post('/cases/:number/tasks/:task/check', { config: { action: 'task.submit' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const key = valueIn(pairsOf(request), '_key');
    const draft = work.begun;
    if (draft === null) {
      // The draft goes when it is handed in: a second click finds it gone and is told what the first one did.
      const repeated = await site.cases.answerOf(visitorOf(request).reader, key);
      return seeOther(reply, repeated === null ? `/cases/${work.open.stored.number}/tasks/${keyOf(work)}` : `/cases/${repeated}?done=saved`);
    }
    const checked = await checkPosted(site, request, work, draft.pairs);
    if (checked.problems.length > 0) return sendTask(site, request, reply, work, { pairs: draft.pairs, problems: checked.problems });
    return handIn(site, request, reply, work, checked.answers, draft.pairs, key);
  });

  app.post('/cases/:number/tasks/:task/conflict', { config: { action: 'task.submit' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const posted = pairsOf(request);
    const key = valueIn(posted, '_key');
    const path = `/cases/${work.open.stored.number}`;
    const draft = work.begun;
    if (draft === null) return seeOther(reply, await site.cases.answerOf(visitorOf(request).reader, key) === null ? path : `${path}?done=saved`);
    switch (valueIn(posted, 'choice')) {
      case 'keep': return keepBeside(site, request, reply, work, { pairs: draft.pairs, key, revision: valueIn(posted, '_rev') });
      case 'discard': {
        if (valueIn(posted, 'sure') === 'yes') {
          await site.cases.drafts.remove(work.draft);
          return seeOther(reply, `${path}?done=discarded`);
        }
        await site.cases.looked(work.open, 'viewTask');
        return sendDiscard(site, request, reply, { open: work.open, action: `${path}/tasks/${keyOf(work)}/conflict`, back: `${path}/tasks/${keyOf(work)}` });
      }
      default: return seeOther(reply, `${path}?done=draft`);
    }
  });
}

/** Hands in the own text as a record of its own, or, where the task has one record only, makes it a correction of that one. */
async function keepBeside(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, { pairs, key, revision }: { pairs: Pairs; key: string; revision: string }): Promise<FastifyReply> {
  const { open, task, draft } = work;
  const based = withRevision(pairs, revision);
  if (task.repeat) {
    const checked = await checkPosted(site, request, work, based);
    if (checked.problems.length > 0) return sendTask(site, request, reply, work, { pairs: based, problems: checked.problems });
    return handIn(site, request, reply, work, checked.answers, based, key);
  }
  const theirs = theirsIn(work);
  if (theirs === null || keepingOf(work, theirs) === null) throw new AppError('notFound');
  const { reader } = visitorOf(request);
  const name = (await namesFor(site, reader.id, [theirs.by]))(theirs.by);
  const reason = theirs.by === reader.id ? site.t('changes.conflict.reasonYou') : site.t('changes.conflict.reason', { name });
  const path = `/cases/${open.stored.number}/records/${String(theirs.id)}`;
  await site.cases.drafts.save(correctionDraft({ ...draft, record: theirs.id }), [...withRevision(pairs, String(theirs.version)), ['reason', reason]], site.now());
  await site.cases.drafts.remove(draft);
  return seeOther(reply, `${path}/correction/check`);
}

/** What a colleague recorded for this task and this person may read: the latest. Null: nothing. */
function theirsIn({ open, task }: OpenTask): CaseRecord | null {
  if (open.access !== 'full' || task.emergency) return null;
  const { viewer, stored: { state } } = open;
  const records = state.records.filter((record) => record.task === task.id && record.source === (task.source?.key ?? null) && (task.step === null || record.visit === latestVisit(state, task.step)?.id));
  return records.findLast(({ by }) => by !== viewer.id) ?? records.at(-1) ?? null;
}

function keepingOf({ open, task }: OpenTask, theirs: CaseRecord): Keeping {
  if (task.repeat) return 'beside';
  return open.stored.status === 'open' && mayCorrect(task, theirs, open.viewer, open.stored.state) ? 'correction' : null;
}

function isStillAsSeen({ open, seen }: OpenTask, pairs: Pairs): boolean {
  return seen === null || isAsSeen(open, { ...seen, revision: valueIn(pairs, '_rev') });
}

function revisionNow({ open, seen }: OpenTask): string {
  return seen === null ? '' : revisionOf(open, seen);
}

async function sendTaskConflict(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, pairs: Pairs, status?: number): Promise<FastifyReply> {
  const { open, form } = work;
  const theirs = theirsIn(work);
  if (theirs === null) throw new AppError('conflict');
  const action = `/cases/${open.stored.number}/tasks/${keyOf(work)}/conflict`;
  await site.cases.looked(open, 'viewTask');
  return sendConflict(site, request, reply, { open, theirs, form, pairs, keeping: keepingOf(work, theirs), action, revision: revisionNow(work), ...optionsOf(work) }, status);
}

async function openTask(site: Site, request: FastifyRequest): Promise<OpenTask> {
  const { open, draft: begun } = await openCaseTask(site, request, param(request, 'task'));
  const { id, source } = readTaskKey(param(request, 'task'));
  const { model } = open.route;
  const prepared = model.tasks.get(id);
  const task = prepared === undefined ? undefined : instanceOf({ model, state: open.stored.state }, prepared, source);
  if (task === undefined || (task.source?.key ?? null) !== source || (task.for === null) !== (source === null)) throw new AppError('notFound');
  const intake = task.emergency ? task.definition.intake?.filter((field) => field !== 'subject') : undefined;
  return {
    open, task, ...askedIn(site, open, task), begun, only: intake,
    draft: { person: visitorOf(request).reader.id, case: open.stored.id, task: keyOf({ task }), record: null },
    seen: task.emergency ? null : { of: 'task', task: keyOf({ task }) }
  };
}

/** The form of a task as it is asked now. */
function askedIn(site: Site, { route, stored: { state }, viewer }: OpenCase, task: PreparedTask): Pick<OpenTask, 'asked' | 'form'> {
  const asked = askedForm(caseContext(route.model, state, site.now(), viewer), task);
  if (asked === null) throw new AppError('notFound');
  return { asked, form: route.askedForm(asked) };
}

function keyOf({ task }: Pick<OpenTask, 'task'>): string {
  return taskKey(task.id, task.source?.key ?? null);
}

/** What a new record starts with. Who sees only their own part is told nothing of the records of others. */
function firstPairs(site: Site, { open: { access, route: { model }, stored: { state }, viewer }, task, asked, form, only }: OpenTask): Pairs {
  const options = only === undefined ? {} : { only };
  const answers = { ...(access === 'full' ? prefilledAnswers(model, state, task, { person: viewer, now: site.now() }) : {}), ...asked.given };
  return initialPairs(form, Object.keys(answers).length === 0 ? options : { ...options, answers: { ...defaultsOf(form), ...answers } });
}

/** What was typed, with the rows that come from elsewhere as they are now. */
function typedIn({ form, asked }: Pick<OpenTask, 'form' | 'asked'>, pairs: Pairs): Pairs {
  return withGivenRows(form, pairs, asked.given);
}

function optionsOf({ only }: OpenTask): { only?: string[] } {
  return only === undefined ? {} : { only };
}

/** Why this task cannot be handed in now, as sentences; null when it can. */
function whyClosed(site: Site, { open, task }: OpenTask): string[] | null {
  const view = site.cases.taskView(open, keyOf({ task }));
  // Who sees only their own part is not told who did it.
  if (view === null) return [site.t('web.task.gone')];
  return view.mayAdd ? null : view.reasons.length > 0 ? view.reasons : [site.t('web.task.notNow')];
}

async function checkPosted(site: Site, request: FastifyRequest, work: OpenTask, pairs: Pairs): Promise<CheckedForm & { references: References }> {
  const now = site.now();
  const { given: base } = work.asked;
  const answers = decode(work.form, typedIn(work, pairs), { ...optionsOf(work), base });
  const references = await referencesOf(site, visitorOf(request).school.id, namesSomebody(work.form.questions, answers) ? [work.form] : []);
  return { ...checkAnswers(work.form, answers, { today: dayOf(now), now, references, base, ...optionsOf(work) }), references };
}

async function handIn(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, answers: Answers, pairs: Pairs, key: string): Promise<FastifyReply> {
  const { number } = work.open.stored;
  const result = await site.cases.act(visitorOf(request).reader, number, { type: 'submit', task: work.task.id, ...sourceIn(work.task), answers, formHash: work.asked.hash }, {
    key, draft: work.draft, open: work.open, ...(work.seen === null ? {} : { seen: { ...work.seen, revision: valueIn(pairs, '_rev') } })
  });
  return answerTo(result, {
    changed: async (open) => {
      await site.cases.drafts.save(work.draft, pairs, site.now());
      return sendTaskConflict(site, request, reply, { ...work, open }, pairs);
    },
    done: (to) => seeOther(reply, `/cases/${to}?done=saved`),
    // What others wrote meanwhile may have changed what is asked.
    refused: (reasons) => sendTask(site, request, reply, result.type === 'refused' && result.open !== null ? { ...work, open: result.open, ...askedIn(site, result.open, work.task) } : work, { pairs, refusal: reasons })
  });
}

type Filled = { pairs: Pairs; problems?: FieldProblem[]; refusal?: Reason[]; appeared?: string[]; savedAt?: string | null; focus?: string };

async function sendTask(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { open, task, form } = work;
  const { number } = open.stored;
  const { problems = [], refusal = [], appeared: shown = [] } = filled;
  const now = site.now();
  const shows = shownOf(work);
  const references = await referencesOf(site, visitorOf(request).school.id, [form, ...shows.map((record) => enteredIn(open, record).form)]);
  const view = formView(form, { pairs: typedIn(work, filled.pairs), problems, references, now, base: work.asked.given, ...optionsOf(work), focus: filled.focus });
  const directly = task.definition.check === false;
  const notices: Notice[] = [
    ...(refusal.length === 0 ? [] : [{ kind: 'error' as const, title: t('web.task.refused'), paragraphs: [], bullets: refusal.map(({ text }) => text), numbers: [] }]),
    ...appearedNotices(shown, t)
  ];
  const model: TaskPage = {
    stepLabel: stepTitle(work), heading: task.title,
    description: form.definition.description ?? null,
    guidance: null,
    action: `/cases/${number}/tasks/${keyOf(work)}`,
    hidden: [...(directly ? [keyField(site)] : []), ...(work.seen === null ? [] : [{ name: '_rev', value: valueIn(filled.pairs, '_rev') }])],
    problems: view.problems, notices,
    waivers: waiverLinks(open, task.step, refusal, t),
    saved: savedText(filled.savedAt ?? null, now, t),
    nodes: view.nodes,
    shown: await shownRecords(site, request, work, shows, references),
    button: t(directly ? 'web.task.handIn' : 'web.task.check'),
    laterButton: t('web.task.later'),
    updateButton: isConditional(form, work.only) ? t('web.task.update') : null,
    back: { href: `/cases/${number}`, text: t('web.case.back') }
  };
  const hasProblems = problems.length > 0 || refusal.length > 0;
  const frame = await frameOf(site, request, { title: t('web.task.title', { task: task.title, number }), crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems, current: 'cases' });
  return show(site, reply, work, site.render('task', { ...model, frame }), hasProblems ? 422 : 200);
}

async function sendCheck(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, pairs: Pairs): Promise<FastifyReply> {
  const { t } = site;
  const { open, task, form } = work;
  const { number } = open.stored;
  const checked = await checkPosted(site, request, work, pairs);
  if (checked.problems.length > 0) return sendTask(site, request, reply, work, { pairs, problems: checked.problems });
  const outcome = site.cases.preview(open, { type: 'submit', task: task.id, ...sourceIn(task), answers: checked.answers });
  if (!outcome.ok) return sendTask(site, request, reply, work, { pairs, refusal: outcome.reasons });
  const answers = printAnswers(form, checked.answers, { references: checked.references, now: site.now(), ...optionsOf(work) });
  const filledIn = answers.filter(({ lines, rows }) => lines.length > 0 || (rows !== null && rows.length > 0));
  const left = answers.filter((answer) => !filledIn.includes(answer)).map(({ label }) => label);
  const frame = await frameOf(site, request, { title: t('web.check.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return show(site, reply, work, site.render('check', {
    frame, stepLabel: [stepTitle(work), task.title].filter((part) => part !== null).join(', '),
    intro: t(task.later.size > 0 ? 'web.check.introLater' : 'web.check.intro'),
    action: `/cases/${number}/tasks/${keyOf(work)}/check`, hidden: [keyField(site)], problems: [], notices: [],
    sections: [{ title: null, changeHref: `/cases/${number}/tasks/${keyOf(work)}`, answers: filledIn }],
    empty: left.length === 0 ? null : `${left.map((question) => question.replace(/[?.]$/, '')).join('; ')}.`,
    dropped: checked.dropped.length === 0 ? null : { reason: t('web.check.droppedReason'), answers: checked.dropped },
    consequences: whatHappens(site, open, outcome),
    consequencesNote: t('web.check.nobody'),
    button: t('web.check.finish'),
    back: { href: `/cases/${number}/tasks/${keyOf(work)}`, text: t('web.check.back') }
  }));
}

/** A task that cannot be done now says why, and shows what was typed, which stays kept: beside the record of a colleague who was first. */
async function sendClosed(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, reasons: string[], kept: Pick<Draft, 'pairs' | 'savedAt'> | null, status = 200): Promise<FastifyReply> {
  const { t } = site;
  const { open, task, form, only } = work;
  const pairs = kept?.pairs ?? [];
  if (pairs.length > 0 && !task.repeat && theirsIn(work) !== null) return sendTaskConflict(site, request, reply, work, pairs, status);
  const { number } = open.stored;
  const answers = printAnswers(form, decode(form, pairs, only === undefined ? {} : { only }), { references: await referencesOf(site, visitorOf(request).school.id), now: site.now() });
  const typed = answers.flatMap(({ label, lines }) => (lines.length === 0 ? [] : [{ name: label, value: lines.join('\n') }]));
  const records = site.cases.taskView(open, keyOf(work))?.records ?? [];
  const frame = await frameOf(site, request, { title: t('web.task.title', { task: task.title, number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return show(site, reply, work, site.render('error', {
    frame, heading: t('web.task.closedHeading', { task: task.title }), paragraphs: reasons, typed, typedText: `${savedText(kept?.savedAt ?? null, site.now(), t) ?? ''} ${t('web.task.keptText')}`, again: null, requestId: null,
    links: [
      { href: `/cases/${number}`, text: t('web.case.back') },
      ...records.map(({ id }) => ({ href: `/cases/${number}/records/${String(id)}`, text: t('web.record.look') }))
    ]
  }), typed.length > 0 ? 409 : 200);
}

/** Every page of a task goes out by here, after its line in the access log; a post that only leads on has shown nothing. */
async function show(site: Site, reply: FastifyReply, { open }: OpenTask, html: string, status = 200): Promise<FastifyReply> {
  await site.cases.looked(open, 'viewTask');
  return sendPage(reply, html, status);
}

function stepTitle({ open, task }: OpenTask): string | null {
  return task.step === null ? null : (open.route.model.steps.get(task.step)?.definition.title ?? null);
}

/** Records of the tasks in `shows`. */
function shownOf({ open, task }: OpenTask): CaseRecord[] {
  const { shows = [] } = task.definition;
  return open.access === 'full' ? open.stored.state.records.filter((record) => shows.includes(record.task)) : [];
}

/** They are there to read beside the form. */
async function shownRecords(site: Site, request: FastifyRequest, { open }: OpenTask, records: CaseRecord[], references: References): Promise<TaskPage['shown']> {
  if (records.length === 0) return [];
  const { reader } = visitorOf(request);
  const nameOf = await namesFor(site, reader.id, records.map(({ by }) => by));
  return records.map((one) => enteredIn(open, one)).map(({ record, form }) => ({
    title: form.definition.title,
    meta: site.t('web.record.line', { when: formatWhen(record.at, dayOf(site.now()), site.t), name: nameOf(record.by) }),
    answers: printAnswers(form, record.answers, { references, now: site.now() }).filter(({ lines, rows }) => lines.length > 0 || rows !== null)
  }));
}
