import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Entered, enteredIn } from '../../cases/entered.ts';
import type { StoredEvent } from '../../cases/stores/case-store.ts';
import { revisionOf } from '../../cases/seen.ts';
import { documentsOf } from '../../cases/documents-of.ts';
import { asksToSign, readsTask } from '../../documents/frozen-content.ts';
import { documentPath } from '../documents/document-path.ts';
import type { CaseRecord } from '../../engine/state/case-state.ts';
import { titleOfRecord } from '../../engine/model/instances.ts';
import type { FieldProblem, Pairs } from '../../forms/form-types.ts';
import { withGivenRows } from '../../forms/given-rows.ts';
import { initialPairs } from '../../forms/initial-pairs.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { brokenByCorrections } from '../../engine/reading/passed-rules.ts';
import { mayCorrect } from '../../engine/model/performers.ts';
import { counts, mayReview, reviewOf } from '../../engine/model/second-person.ts';
import type { Translate } from '../../texts.ts';
import { besideLinks, besideRecord } from './beside-record.ts';
import { type CaseForm, drawForm, leftNotices } from '../forms/case-form.ts';
import { fileHrefIn } from '../forms/file-pages.ts';
import { dayOf, formatMoment, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { sendPage, valueIn } from '../site/http.ts';
import { namesIn } from '../site/names.ts';
import { caseLink } from '../site/open-case.ts';
import { otherCasesHref } from './other-cases.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import { keyField } from '../site/answer-to.ts';
import { appearedNotices } from '../forms/appeared-notice.ts';
import { textField } from '../site/text-field.ts';
import type { ChoiceField, Link, Notice, RecordPage } from '../views/view-models.ts';
import { isInRoute, laterForm, type OpenRecord } from './open-record.ts';

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
  const events = await site.cases.events(open, ['recordCorrected']);
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
    reason: textField({ id: 'reden', name: 'reason', label: t('changes.review.reason'), hint: t('changes.review.reasonHint'), value: filled?.reason ?? '', rows: 3 }),
    button: t('changes.review.button')
  };
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

/** Why this version was made; null when it was filled in and not corrected. */
function reasonOf(events: StoredEvent[], { id, version }: CaseRecord): string | null {
  const found = events.map(({ event }) => event).find((event) => event.type === 'recordCorrected' && event.record === id && event.version === version);
  return found?.type === 'recordCorrected' ? found.reason : null;
}
