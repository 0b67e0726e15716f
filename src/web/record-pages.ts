import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../cases/cases.ts';
import { type Entered, enteredIn, readAnswers } from '../cases/entered.ts';
import type { DraftKey, StoredEvent } from '../cases/case-store.ts';
import { revisionOf } from '../cases/seen.ts';
import { documentsOf } from '../cases/documents-of.ts';
import { asksToSign, readsTask } from '../documents/frozen-content.ts';
import { documentPath } from './document-path.ts';
import type { CaseRecord } from '../engine/case-state.ts';
import type { Answers } from '../definitions/bundle.ts';
import { askedForm } from '../engine/asked-form.ts';
import { caseContext } from '../engine/case-context.ts';
import { instanceOf, titleOfRecord } from '../engine/instances.ts';
import type { PreparedTask } from '../engine/prepare.ts';
import { AppError } from '../errors.ts';
import { checkAnswers } from '../forms/check-answers.ts';
import { decode } from '../forms/decode.ts';
import type { CompiledForm, FieldProblem, Pairs } from '../forms/form-types.ts';
import { withGivenRows } from '../forms/given-rows.ts';
import { initialPairs } from '../forms/initial-pairs.ts';
import { printAnswers } from '../forms/print-answers.ts';
import { readIn } from '../forms/read-in.ts';
import { rowAction } from '../forms/row-action.ts';
import { brokenByCorrections } from '../engine/passed-rules.ts';
import { mayCorrect } from '../engine/performers.ts';
import { counts, mayReview, reviewOf } from '../engine/second-person.ts';
import type { Translate } from '../texts.ts';
import { besideLinks, besideRecord } from './beside-record.ts';
import { type CaseForm, drawForm, formPageHref, keptInForm, leftNotices, problemsAsked, stepIn, typedInForm } from './case-form.ts';
import { caseLink, openCase } from './case-pages.ts';
import { sendConflict, type Conflict } from './conflict.ts';
import { fileHrefIn } from './file-pages.ts';
import { dayOf, formatMoment, formatWhen } from './format.ts';
import { caseCrumbs, frameOf } from './frame.ts';
import { pairsOf, param, seeOther, sendPage, valueIn, visitorOf, withRevision } from './http.ts';
import { namesIn } from './names.ts';
import { otherCasesHref } from './other-cases.ts';
import { referencesIn } from './references.ts';
import type { Site } from './site.ts';
import { filesOf, takeFiles } from './take-files.ts';
import { atPage, pageAsked } from './task-paging.ts';
import { mostUploadBytes } from './uploads.ts';
import { answerTo, keyField } from './answer-to.ts';
import { appearedNotices } from './appeared-notice.ts';
import type { ChoiceField, Link, Notice, RecordPage } from './view-models.ts';

/** `form`: as it is asked now of this record; `base`: what stands in it, with the rows that come from elsewhere as they are now. */
export type OpenRecord = { open: OpenCase; record: CaseRecord; task: PreparedTask | null; form: CompiledForm; formHash: string | null; base: Answers; later: string[]; draft: DraftKey };

/** One record: what was handed in, and the questions that may still be filled in. */
export function recordPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/records/:record', { config: { action: 'record.view' } }, async (request, reply) => {
    const work = await openRecord(site, request);
    const asked = work.later.length === 0 ? null : await laterForm(site, work);
    const begun = asked?.begun ?? null;
    if (asked === null || begun === null) return sendRecord(site, request, reply, work, { asked, pairs: null, page: pageAsked(request, null) });
    const pairs = await keptInForm(site, asked, begun.pairs);
    return sendRecord(site, request, reply, work, { asked, pairs, problems: await problemsAsked(site, request, asked, pairs), page: pageAsked(request, begun.pairs) });
  });

  app.post('/cases/:number/records/:record', { config: { action: 'record.update', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const work = await openRecord(site, request);
    const posted = pairsOf(request);
    const { open, record, task, later, form, base } = work;
    const page = valueIn(posted, '_page');
    const asked = await laterForm(site, work);
    const typed = withRevision(withGivenRows(form, await typedInForm(site, asked, posted), base), valueIn(posted, '_rev'));
    const { pairs, problems: refused } = await takeFiles(site, request, form, { pairs: typed, draft: work.draft, known: filesOf(site, open) });
    const wish = valueIn(posted, '_action');
    if (later.length === 0) return sendRecord(site, request, reply, work, { asked: null, pairs, refusal: [site.t('web.record.closed')] });
    if (refused.length > 0) {
      await site.cases.drafts.save(work.draft, pairs, site.now());
      return sendRecord(site, request, reply, work, { asked, pairs, problems: refused, page });
    }
    if (wish.includes(':')) {
      const changed = rowAction(form, pairs, wish, {});
      if (changed === null) throw new AppError('badRequest');
      await site.cases.drafts.save(work.draft, changed.pairs, site.now());
      return sendRecord(site, request, reply, work, { asked, ...changed, page });
    }
    const now = site.now();
    const step = stepIn(site, asked, pairs, posted);
    const keep = async (then: () => Promise<FastifyReply>, kept = pairs): Promise<FastifyReply> => {
      await site.cases.drafts.save(work.draft, kept, now);
      return then();
    };
    if (step.type === 'go') return keep(() => seeOther(reply, formPageHref(asked, step.to)), atPage(pairs, step.to));
    if (step.type === 'ask') return keep(() => sendRecord(site, request, reply, work, { asked, pairs, appeared: step.appeared, page }));
    const answers = decode(form, pairs, { only: later, base });
    const checked = checkAnswers(form, answers, { today: dayOf(now), now, references: await referencesIn(site, open), base: record.answers, only: later });
    const problems = checked.problems.filter(({ pointer }) => step.isHere(pointer));
    if (problems.length > 0) return keep(() => sendRecord(site, request, reply, work, { asked, pairs, problems, page }));
    const { to } = step;
    if (to !== null) return keep(() => seeOther(reply, formPageHref(asked, to)), atPage(pairs, to));
    const changed = Object.fromEntries(later.map((field) => [field, checked.answers[field] ?? null]));
    const seen = { of: 'record' as const, record: record.id, revision: valueIn(posted, '_rev') };
    const result = await site.cases.act(visitorOf(request).reader, open.stored.number, { type: 'update', record: record.id, answers: changed, formHash: work.formHash }, { key: valueIn(posted, '_key'), draft: work.draft, hasFiles: form.takesFiles, seen });
    return answerTo(result, {
      changed: (current) => keep(() => sendConflict(site, request, reply, updateConflict(current, work, pairs))),
      done: async (number) => seeOther(reply, (task?.isSubject === true ? await otherCasesHref(site, request, await openRecord(site, request)) : null) ?? `/cases/${number}?done=saved`),
      refused: (reasons) => sendRecord(site, request, reply, work, { asked, pairs, refusal: reasons.map(({ text }) => text), page })
    });
  });
}

/** Opens a record of the case of a request; what this person may not read is not there. */
export async function openRecord(site: Site, request: FastifyRequest): Promise<OpenRecord> {
  const open = await openCase(site, request, 'viewRecord');
  const id = Number(param(request, 'record'));
  const stored = open.stored.state.records.find((one) => one.id === id);
  if (stored === undefined || !site.cases.maySee(open, stored)) throw new AppError('notFound');
  const record = { ...stored, answers: readAnswers(open, stored) };
  const { model } = open.route;
  const { state } = open.stored;
  const task = model.tasks.get(record.task) ?? null;
  const asked = task === null ? null : askedForm(caseContext(model, state, site.now(), open.viewer), instanceOf({ model, state }, task, record.source), stored.answers);
  const form = asked !== null ? open.route.askedForm(asked) : isInRoute({ open, record }) ? open.route.form(record.form) : enteredIn(open, record).form;
  return {
    open, record, task, form, formHash: asked?.hash ?? null, base: { ...record.answers, ...readIn(form, asked?.given ?? {}) },
    later: site.cases.laterOf(open, record).filter((field) => form.questions.some(({ name }) => name === field)),
    draft: { person: visitorOf(request).reader.id, case: open.stored.id, task: record.task, record: record.id }
  };
}

/** The questions of a record that may still be filled in. */
async function laterForm(site: Site, { open, record, form, base, later, draft }: OpenRecord): Promise<CaseForm> {
  const path = `/cases/${open.stored.number}/records/${String(record.id)}`;
  return { open, form, id: record.form, path, draft, begun: await site.cases.drafts.find(draft), first: initialPairs(form, { only: later, answers: base }), base, only: later };
}

type Filled = {
  /** The questions that may still be filled in; absent: they are read. */
  asked?: CaseForm | null; page?: string; pairs: Pairs | null; problems?: FieldProblem[]; refusal?: string[]; appeared?: string[]; focus?: string;
  /** What a second person chose, and why that was not taken. */
  review?: { verdict: string; reason: string; problem: string };
};

/** Sends the page of a record: its answers, its versions, and what this person may still do with it. */
export async function sendRecord(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenRecord, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { open, record, later, task, form: asked, base } = work;
  const { number } = open.stored;
  const { problems = [], refusal = [] } = filled;
  const now = site.now();
  const today = dayOf(now);
  const entered = enteredIn(open, record);
  const references = await referencesIn(site, open);
  const versions = record.version === 1 ? [record] : await site.cases.versions(open, record);
  const events = await site.cases.events(open);
  const nameOf = await namesIn(site, open, [record.by, reviewOf(open.stored.state, record.id)?.by ?? null, ...versions.map(({ updatedBy }) => updatedBy)]);
  const unmet = brokenByCorrections(events.map(({ event }) => event)).filter((rule) => rule.record === record.id).map(({ text }) => text);
  const may = open.stored.status === 'open' && isInRoute(work) && mayCorrect(task, record, open.viewer, open.stored.state);
  const others = await otherCasesHref(site, request, work);
  const notice = (kind: Notice['kind'], title: string | null, bullets: string[], paragraphs: string[]): Notice => ({ kind, title, paragraphs, bullets, numbers: [] });
  const revision = revisionOf(open, { of: 'record', record: record.id });
  const laterWork = filled.asked !== undefined ? filled.asked : later.length === 0 ? null : await laterForm(site, work);
  const form_ = (): RecordPage['later'] => {
    if (laterWork === null) return null;
    const pairs = withGivenRows(asked, filled.pairs ?? initialPairs(asked, { only: later, answers: record.answers }), base);
    const { view, paged, hidden } = drawForm(site, laterWork, { ...filled, pairs, problems }, references, t('web.record.save'));
    return {
      action: `/cases/${number}/records/${String(record.id)}`, multipart: asked.takesFiles, hidden: [keyField(site), { name: '_rev', value: filled.pairs === null ? revision : valueIn(filled.pairs, '_rev') }, ...hidden], problems: view.problems,
      intro: task?.isSubject === true ? null : t('web.record.laterIntro'), nodes: view.nodes, ...paged
    };
  };
  const printed = ({ form, record: then }: Entered): RecordPage['answers'] => printAnswers(form, then.answers, { references, now, fileHref: fileHrefIn(number) });
  const answersOf = (version: CaseRecord): RecordPage['answers'] =>
    printed(enteredIn(open, version)).filter((answer) => answer.lines.length > 0 || (answer.rows?.length ?? 0) > 0);
  /** Each with what came after it: who changed it, when and why. */
  const earlierOf = (all: CaseRecord[]): RecordPage['earlier'] => all.slice(0, -1).reverse().map((version) => {
    const next = all.find((one) => one.version === version.version + 1) ?? record;
    const reason = reasonOf(events, next);
    const words = { when: formatMoment(next.updatedAt, today, t), name: nameOf(next.updatedBy) };
    return {
      title: t('changes.record.version', { version: version.version, when: formatWhen(version.updatedAt, today, t), name: nameOf(version.updatedBy ?? version.by) }),
      meta: reason === null ? t('changes.record.changed', words) : t('changes.record.corrected', { ...words, reason }),
      answers: answersOf(version)
    };
  });
  const model: RecordPage = {
    stepLabel: stepTitle(entered),
    heading: titleOfRecord({ model: entered.route.model, state: open.stored.state }, entered.record),
    meta: [
      t(record.by === null ? 'web.record.metaSystem' : 'web.record.meta', { when: formatMoment(record.at, today, t), name: nameOf(record.by) }),
      ...(record.version > 1 ? [t(reasonOf(events, record) === null ? 'changes.record.changed' : 'changes.record.correctedMeta', { when: formatMoment(record.updatedAt, today, t), name: nameOf(record.updatedBy) })] : []),
      ...(record.late ? [t('web.record.late')] : [])
    ],
    notices: [
      ...(refusal.length === 0 ? [] : [notice('error', t('web.task.refused'), refusal, [])]),
      ...reviewNotices(work, nameOf, today, t),
      ...(unmet.length === 0 ? [] : [notice('warn', t('changes.record.unmet'), unmet, [t('changes.record.unmetText')])]),
      ...appearedNotices(filled.appeared ?? [], t),
      ...(laterWork === null ? [] : leftNotices(site, laterWork, filled.pairs ?? []))
    ],
    answers: answersOf(record),
    beside: await besideRecord(site, open, record),
    earlier: earlierOf(versions),
    review: reviewForm(site, work, filled.review ?? null),
    later: form_(),
    links: [...(may ? [{ href: `/cases/${number}/records/${String(record.id)}/correction`, text: t('changes.record.correct') }] : []), ...(others === null ? [] : [{ href: others, text: t('subject.others.link') }]), ...besideLinks(site, open, record), ...linksToSign(site, work)], back: { href: `/cases/${number}`, text: t('web.case.back') }
  };
  const hasProblems = problems.length > 0 || refusal.length > 0 || filled.review !== undefined;
  const frame = await frameOf(site, request, { title: t('web.record.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems, current: 'cases' });
  return sendPage(reply, site.render('record', { ...model, frame }), hasProblems ? 422 : 200);
}

/** That a record waits for a second person, was given back, or was confirmed. */
function reviewNotices({ open, record }: OpenRecord, nameOf: (person: string | null) => string, today: string, t: Translate): Notice[] {
  const { route: { model }, stored: { state } } = open;
  if (model.tasks.get(record.task)?.definition.fourEyes !== true || record.by === null) return [];
  const said = reviewOf(state, record.id);
  if (said === null) return [{ kind: 'warn', title: t('changes.review.waits'), paragraphs: [t('changes.review.waitsText')], bullets: [], numbers: [] }];
  const words = { name: nameOf(said.by), when: formatMoment(said.at, today, t) };
  return said.verdict === 'confirmed'
    ? [{ kind: 'info', title: null, paragraphs: [t('changes.review.confirmed', words)], bullets: [], numbers: [] }]
    : [{ kind: 'warn', title: t('changes.review.returned', words), paragraphs: [said.reason, t('changes.review.returnedText')], bullets: [], numbers: [] }];
}

function reviewForm(site: Site, { open, record, task }: OpenRecord, filled: Filled['review'] | null): RecordPage['review'] {
  const { t } = site;
  const { route: { model }, stored: { state, status, number }, viewer, access } = open;
  if (task === null || status !== 'open' || access !== 'full' || counts(model, state, record) || !mayReview(task, record, viewer, state)) return null;
  const error = filled?.problem ?? null;
  const choice = (value: string, index: number): ChoiceField['choices'][number] => ({ id: index === 0 ? 'oordeel' : `oordeel-${value}`, value, text: t(`changes.review.${value}Choice`), hint: null, checked: filled?.verdict === value });
  return {
    action: `/cases/${number}/records/${String(record.id)}/review`, hidden: [keyField(site), { name: '_rev', value: String(record.version) }],
    problems: error === null ? [] : [{ text: error, href: '#oordeel' }], intro: t('changes.review.intro'),
    choice: { id: 'oordeel', name: 'verdict', label: t('changes.review.question'), hint: null, error, multiple: false, choices: ['confirmed', 'returned'].map(choice) },
    reason: { id: 'reden', name: 'reason', label: t('changes.review.reason'), hint: t('changes.review.reasonHint'), value: filled?.reason ?? '', error: null, type: 'text', autocomplete: 'off', width: null, optional: false, rows: 3 },
    button: t('changes.review.button')
  };
}

/** Does the version of now still have the form of this record? What it has no more is only read. */
export function isInRoute({ open, record }: Pick<OpenRecord, 'open' | 'record'>): boolean {
  return Object.hasOwn(open.route.model.bundle.forms, record.form);
}

/** The documents that print this record and are signed: printed, signed and taken back there. */
function linksToSign({ t, now }: Site, { open, record }: OpenRecord): Link[] {
  if (open.access !== 'full') return [];
  const { bundle } = open.route.model;
  return documentsOf(open, now()).filter(({ id, source, reasons }) => reasons.length === 0 && (source === null ? readsTask(bundle, id, record.task) : source.record?.id === record.id) && asksToSign(bundle, id))
    .map(({ id, source, title }) => ({ href: documentPath(open.stored.number, id, source?.key ?? null), text: t('papers.fromRecord', { title }) }));
}

function stepTitle({ record, route: { model } }: Entered): string | null {
  return model.steps.get(model.tasks.get(record.task)?.step ?? '')?.definition.title ?? null;
}

/** What is asked when somebody else filled in or corrected the record meanwhile. */
export function updateConflict(open: OpenCase, { record, later, form }: Pick<OpenRecord, 'record' | 'later' | 'form'>, pairs: Pairs): Conflict {
  const theirs = open.stored.state.records.find(({ id }) => id === record.id) ?? record;
  const action = `/cases/${open.stored.number}/records/${String(record.id)}/conflict`;
  return { open, theirs, form, pairs, only: later, keeping: 'version', action, revision: revisionOf(open, { of: 'record', record: record.id }), what: 'update' };
}

/** Why this version was made; null when it was filled in and not corrected. */
function reasonOf(events: StoredEvent[], { id, version }: CaseRecord): string | null {
  const found = events.map(({ event }) => event).find((event) => event.type === 'recordCorrected' && event.record === id && event.version === version);
  return found?.type === 'recordCorrected' ? found.reason : null;
}
