import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { Draft, DraftKey, DraftMark } from '../../cases/stores/case-store.ts';
import { isAsSeen, revisionOf, type Seen, type SeenPart } from '../../cases/seen.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { Command } from '../../engine/state/case-state.ts';
import { mayCorrect } from '../../engine/model/performers.ts';
import { AppError } from '../../errors.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { FieldProblem, Pairs, PrintedAnswer } from '../../forms/form-types.ts';
import { withGivenRows } from '../../forms/given-rows.ts';
import { initialPairs } from '../../forms/initial-pairs.ts';
import { isConditional } from '../../forms/is-conditional.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { rowAction } from '../../forms/row-action.ts';
import { type CaseForm, drawForm, formPageHref, keptInForm, leftNotices, stepIn, typedInForm } from '../forms/case-form.ts';
import { withChangeLinks } from '../forms/change-links.ts';
import { compareAnswers } from '../words/compare-answers.ts';
import { correctionDraft, sendConflict, type Conflict } from '../forms/conflict.ts';
import { chooseDraft, othersNotice, sendDraftChoice, type Versions } from '../forms/draft-choice.ts';
import { leftAnswers } from '../forms/draft-form.ts';
import { fileHrefIn } from '../forms/file-pages.ts';
import { dayOf } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, query, seeOther, sendPage, valueIn, visitorOf, withRevision } from '../site/http.ts';
import { answerKept, draftFields, keepDraft, mustChoose } from '../forms/keep-draft.ts';
import { caseLink } from '../site/open-case.ts';
import { isInRoute, openRecord, type OpenRecord } from './open-record.ts';
import { referencesIn } from '../site/references.ts';
import { textField } from '../site/text-field.ts';
import { whatHappens } from '../forms/what-happens.ts';
import { savedText } from '../words/saved-text.ts';
import type { Site } from '../site/site.ts';
import { filesOf, takeFiles } from '../forms/take-files.ts';
import { atPage, leadsTo, pageAsked, problemsHere } from '../forms/task-paging.ts';
import { mostUploadBytes } from '../site/uploads.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { appearedNotices } from '../forms/appeared-notice.ts';
import type { Link } from '../views/view-models.ts';

/** A record as somebody corrects it. `path` is that of its page. */
type Work = OpenRecord & { path: string; seen: SeenPart; correction: DraftKey; begun: Draft | null; asked: CaseForm };

/** The name of the field with the reason: no answer of the form, whose names begin with a slash. */
const reasonName = 'reason';
const reasonId = 'reden';

/** Correcting a record: the whole form and a reason, a page to check it on, then a new version (semantics 10). */
export function correctionPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/records/:record/correction', { config: { action: 'record.correct' } }, async (request, reply) => {
    const work = await openCorrection(site, request);
    const { begun } = work;
    const pairs = withGivenRows(work.form, begun === null ? withRevision(work.asked.first, revisionOf(work.open, work.seen)) : await keptInForm(site, work.asked, begun.pairs), work.base);
    const problems = begun === null || query(request, 'check') === '' ? [] : (await checkPosted(site, work, pairs)).problems;
    return sendForm(site, request, reply, work, { pairs, problems, savedAt: begun?.savedAt ?? null, page: pageAsked(request, begun?.pairs ?? null) });
  });

  app.post('/cases/:number/records/:record/correction', { config: { action: 'record.correct', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const work = await openCorrection(site, request);
    const posted = pairsOf(request);
    const wish = valueIn(posted, '_action');
    const page = valueIn(posted, '_page');
    const { pairs: typed, problems: refused } = await takeFiles(site, request, work.form, { pairs: await postedIn(site, work, posted), draft: work.correction, known: () => filesOf(site, work.open) });
    const changed = wish.includes(':') && refused.length === 0 ? rowAction(work.form, typed, wish, {}) : { pairs: typed };
    if (changed === null) throw new AppError('badRequest');
    const { pairs } = changed;
    const step = stepIn(site, work.asked, pairs, posted);
    const checked = step.type === 'check' && refused.length === 0 && !wish.includes(':') && wish !== 'later' ? await checkPosted(site, work, pairs) : null;
    const problems = problemsHere(step, checked);
    const to = refused.length > 0 ? null : leadsTo(step, problems);
    const { isBeside, mark: draft } = await keepDraft(site, work.correction, to === null ? pairs : atPage(pairs, to), posted, work.begun);
    if (isBeside) return seeOther(reply, `${work.path}/correction/draft-choice`);
    if (refused.length > 0) return sendForm(site, request, reply, work, { pairs, problems: refused, draft, page });
    if (wish.includes(':')) return sendForm(site, request, reply, work, { ...changed, draft, page });
    if (wish === 'later') return seeOther(reply, `${work.path}?done=draft`);
    if (to !== null) return seeOther(reply, formPageHref(work.asked, to));
    if (step.type === 'ask') return sendForm(site, request, reply, work, { pairs, appeared: step.appeared, draft, page });
    if (checked === null || problems.length > 0) return sendForm(site, request, reply, work, { pairs, problems, draft, page });
    if (!isAsSeen(work.open, seenIn(work, pairs))) return sendConflict(site, request, reply, conflictOf(work.open, work, pairs));
    const outcome = site.cases.preview(work.open, checked.command);
    if (!outcome.ok) return sendForm(site, request, reply, work, { pairs, refusal: outcome.reasons.map(({ text }) => text), draft, page });
    return seeOther(reply, `${work.path}/correction/check`);
  });

  app.post('/cases/:number/records/:record/correction/draft', { config: { action: 'record.correct' } }, async (request, reply) => {
    const work = await openCorrection(site, request);
    const posted = pairsOf(request);
    const { pairs } = await takeFiles(site, request, work.form, { pairs: await postedIn(site, work, posted), draft: work.correction, known: () => filesOf(site, work.open) });
    const kept = await keepDraft(site, work.correction, pairs, posted, work.begun);
    const compare = `${work.path}/correction`;
    return answerKept(site, request, reply, kept, { compare: `${compare}/draft-choice`, news: isAsSeen(work.open, seenIn(work, pairs)) ? null : { text: site.t('drafts.news'), link: { href: `${compare}/check`, text: site.t('drafts.newsLink') } } });
  });

  app.get('/cases/:number/records/:record/correction/draft-choice', { config: { action: 'record.correct' } }, async (request, reply) => {
    return sendDraftChoice(site, request, reply, await versionsOf(site, await openCorrection(site, request)));
  });

  app.post('/cases/:number/records/:record/correction/draft-choice', { config: { action: 'record.correct' } }, async (request, reply) => {
    return chooseDraft(site, request, reply, await versionsOf(site, await openCorrection(site, request)));
  });

  app.get('/cases/:number/records/:record/correction/check', { config: { action: 'record.correct' } }, async (request, reply) => {
    const work = await openCorrection(site, request);
    const { begun } = work;
    if (begun === null) return seeOther(reply, `${work.path}/correction`);
    if (begun.others > 0) return seeOther(reply, `${work.path}/correction/draft-choice`);
    if (!isAsSeen(work.open, seenIn(work, begun.pairs))) return sendConflict(site, request, reply, conflictOf(work.open, work, begun.pairs), 200);
    return sendCheck(site, request, reply, work, await keptInForm(site, work.asked, begun.pairs));
  });

  app.post('/cases/:number/records/:record/correction/check', { config: { action: 'record.correct' } }, async (request, reply) => {
    const work = await openCorrection(site, request);
    const { reader } = visitorOf(request);
    const posted = pairsOf(request);
    const key = valueIn(posted, '_key');
    const draft = work.begun;
    if (draft === null) return seeOther(reply, await site.cases.answerOf(reader, key) === null ? `${work.path}/correction` : `${work.path}?done=corrected`);
    if (mustChoose(draft, posted)) return seeOther(reply, `${work.path}/correction/check?done=typed`);
    const { problems, command } = await checkPosted(site, work, draft.pairs);
    if (problems.length > 0) return sendForm(site, request, reply, work, { pairs: draft.pairs, problems });
    return answerTo(await site.cases.act(reader, work.open.stored.number, command, { key, draft: work.correction, hasFiles: work.form.takesFiles, seen: seenIn(work, draft.pairs) }), {
      changed: (open) => sendConflict(site, request, reply, conflictOf(open, work, draft.pairs)),
      done: () => seeOther(reply, `${work.path}?done=corrected`),
      refused: (reasons) => sendForm(site, request, reply, work, { pairs: draft.pairs, refusal: reasons.map(({ text }) => text) })
    });
  });
}

/** What is asked when somebody else changed the record meanwhile. */
function conflictOf(open: OpenCase, { record, form, path, seen }: Work, pairs: Pairs): Conflict {
  const theirs = open.stored.state.records.find(({ id }) => id === record.id) ?? record;
  return { open, theirs, form, pairs, keeping: 'version', action: `${path}/conflict`, revision: revisionOf(open, seen), what: 'correction' };
}

function seenIn({ seen }: Work, pairs: Pairs): Seen {
  return { ...seen, revision: valueIn(pairs, '_rev') };
}

async function openCorrection(site: Site, request: FastifyRequest): Promise<Work> {
  const work = await openRecord(site, request);
  const { open, record, task, draft, form, base } = work;
  if (!isInRoute(work) || !mayCorrect(task, record, open.viewer, open.stored.state)) throw new AppError('notFound');
  if (open.stored.status !== 'open') throw new AppError('refused', site.t('changes.correction.closed'));
  const correction = correctionDraft(draft);
  const path = `/cases/${open.stored.number}/records/${String(record.id)}`;
  const begun = await site.cases.drafts.find(correction);
  const asked = { open, form, id: record.form, path: `${path}/correction`, draft: correction, begun, first: initialPairs(form, { answers: record.answers }), base };
  return { ...work, path, seen: { of: 'record', record: record.id }, correction, begun, asked };
}

/** What was typed; what may not be changed is as it stands in the record. */
async function postedIn(site: Site, work: Work, posted: Pairs): Promise<Pairs> {
  return withRevision(withGivenRows(work.form, await typedInForm(site, work.asked, posted), work.base), valueIn(posted, '_rev'));
}

async function versionsOf(site: Site, work: Work): Promise<Versions> {
  const references = await referencesIn(site, work.open);
  const reason = (pairs: Pairs): PrintedAnswer => ({ pointer: `/${reasonName}`, label: site.t('changes.correction.reason'), lines: valueIn(pairs, reasonName).trim().split('\n').filter((line) => line !== ''), rows: null, href: `#${reasonId}`, source: null });
  return {
    key: work.correction, path: `${work.path}/correction`, choice: `${work.path}/correction/draft-choice`, title: site.t('changes.correction.title', { number: work.open.stored.number }), crumbs: crumbsOf(site, work),
    print: (pairs) => [...printAnswers(work.form, decode(work.form, withGivenRows(work.form, pairs, work.base), { base: work.base }), { references, now: site.now() }), ...leftAnswers(pairs), reason(pairs)]
  };
}

/** A question that may be answered later and never was, may stay open. */
async function checkPosted(site: Site, { open, form, formHash, base, record, task }: Work, pairs: Pairs): Promise<{ problems: FieldProblem[]; answers: Answers; command: Command & { type: 'correct' } }> {
  const now = site.now();
  const references = await referencesIn(site, open);
  const { answers, problems } = checkAnswers(form, decode(form, withGivenRows(form, pairs, base), { base }), { today: dayOf(now), now, references, base: record.answers });
  const isOpen = ({ pointer }: FieldProblem): boolean => {
    const field = pointer.split('/')[1] ?? '';
    return task?.later.has(field) === true && answers[field] === undefined && record.answers[field] === undefined;
  };
  const all = Object.fromEntries([...form.questions.map(({ name }): [string, null] => [name, null]), ...Object.entries(answers)]);
  const reason = valueIn(pairs, reasonName).replaceAll('\r\n', '\n');
  return { problems: problems.filter((problem) => !isOpen(problem)), answers, command: { type: 'correct', record: record.id, answers: all, reason, formHash } };
}

type Filled = { pairs: Pairs; problems?: FieldProblem[]; refusal?: string[]; appeared?: string[]; focus?: string; page?: string; savedAt?: string | null; /** What is kept now; else what was begun. */ draft?: DraftMark };

async function sendForm(site: Site, request: FastifyRequest, reply: FastifyReply, work: Work, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { open, form, path } = work;
  const { pairs, problems = [], refusal = [], savedAt = null } = filled;
  const now = site.now();
  const { view, paging, paged, hidden } = drawForm(site, work.asked, filled, await referencesIn(site, open), t('changes.correction.check'));
  const hasProblems = problems.length > 0 || refusal.length > 0;
  const others = othersNotice(site, work.begun, `${path}/correction/draft-choice`);
  return sendPage(reply, site.render('correction', {
    frame: await frameOf(site, request, { title: t('changes.correction.title', { number: open.stored.number }), crumbs: crumbsOf(site, work), hasProblems, current: 'cases' }),
    stepLabel: stepTitle(work), heading: t('changes.correction.heading', { form: form.definition.title }), intro: t('changes.correction.intro'),
    action: `${path}/correction`, multipart: form.takesFiles, draftAction: `${path}/correction/draft`, hidden: [...draftFields(filled.draft ?? work.begun), { name: '_rev', value: valueIn(pairs, '_rev') }, ...hidden],
    problems: [...view.problems, ...refusal.map((text) => ({ text, href: `#${reasonId}` }))],
    notices: [...appearedNotices(filled.appeared ?? [], t), ...leftNotices(site, work.asked, pairs), ...others.notices], choose: others.links,
    saved: savedText(savedAt, now, t),
    nodes: view.nodes,
    reason: textField({
      id: reasonId, name: reasonName, label: t('changes.correction.reason'), hint: t('changes.correction.reasonHint'), value: valueIn(pairs, reasonName), error: refusal[0] ?? null, rows: 3
    }),
    ...paged, laterButton: t('web.task.later'), updateButton: isConditional(form, undefined, paging?.current) ? t('web.task.update') : null,
    back: { href: path, text: t('changes.correction.backToRecord') }
  }), hasProblems ? 422 : 200);
}

async function sendCheck(site: Site, request: FastifyRequest, reply: FastifyReply, work: Work, pairs: Pairs): Promise<FastifyReply> {
  const { t } = site;
  const { open, form, record, path } = work;
  const { problems, answers, command } = await checkPosted(site, work, pairs);
  if (problems.length > 0) return sendForm(site, request, reply, work, { pairs, problems });
  const outcome = site.cases.preview(open, command);
  if (!outcome.ok) return sendForm(site, request, reply, work, { pairs, refusal: outcome.reasons.map(({ text }) => text) });
  const left = leftAnswers(pairs);
  const now = site.now();
  const options = { references: await referencesIn(site, open), now, fileHref: fileHrefIn(open.stored.number) };
  const { different } = compareAnswers(printAnswers(form, answers, options), printAnswers(form, record.answers, options));
  return sendPage(reply, site.render('check', {
    frame: await frameOf(site, request, { title: t('web.check.title', { number: open.stored.number }), crumbs: crumbsOf(site, work), current: 'cases' }),
    stepLabel: [stepTitle(work), t('changes.correction.heading', { form: form.definition.title })].filter((part) => part !== null).join(', '),
    intro: t('changes.correction.checkIntro'), action: `${path}/correction/check`, hidden: [keyField(site), ...draftFields(work.begun).slice(0, 1)], problems: [], notices: [],
    sections: [
      { title: t('changes.correction.after'), answers: withChangeLinks(different.flatMap(({ one, other }) => one ?? (other === null ? [] : { ...other, lines: [], rows: null })), `${path}/correction`) },
      { title: t('changes.correction.before'), answers: withChangeLinks(different.flatMap(({ one, other }) => other ?? (one === null ? [] : { ...one, lines: [], rows: null })), null) },
      { title: null, answers: withChangeLinks([{ pointer: `/${reasonName}`, label: t('changes.correction.reason'), lines: command.reason.trim().split('\n'), rows: null, href: `#${reasonId}`, source: null }], `${path}/correction`) }
    ],
    empty: null, dropped: left.length === 0 ? null : { reason: t('drafts.form.leftReason'), answers: left },
    consequences: await whatHappens(site, request, open, outcome), consequencesNote: t('web.check.nobody'),
    button: t('changes.correction.finish'), back: { href: `${path}/correction`, text: t('changes.correction.back') }
  }));
}

function crumbsOf(site: Site, { open, form, path }: Work): Link[] {
  return [...caseCrumbs(site, caseLink(site, open)), { href: path, text: form.definition.title }];
}

function stepTitle({ open, task }: Work): string | null {
  return task?.step == null ? null : (open.route.model.steps.get(task.step)?.definition.title ?? null);
}
