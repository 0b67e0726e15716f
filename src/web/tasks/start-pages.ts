import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Draft, DraftMark } from '../../cases/stores/case-store.ts';
import type { Submission } from '../../cases/cases.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { CaseState, Reason } from '../../engine/state/case-state.ts';
import { AppError } from '../../errors.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { CheckedForm, FieldProblem, Pairs } from '../../forms/form-types.ts';
import { rowAction } from '../../forms/row-action.ts';
import { answerTo } from '../site/answer-to.ts';
import { chooseDraft, sendDraftChoice } from '../forms/draft-choice.ts';
import { dayOf } from '../words/format.ts';
import { pairsOf, query, seeOther, valueIn, visitorOf } from '../site/http.ts';
import { answerKept, keepDraft, mustChoose } from '../forms/keep-draft.ts';
import { linkStart, originOf, tickedAnswers, ticksIn } from '../forms/link-start.ts';
import { draftFormAtStart, withLeftOver } from '../forms/draft-form.ts';
import { aboutName, type Opening, subjectPrefix, openingsOf, postedOpening, linkedOpening, emergencyOpening, firstPairs, typedIn } from '../forms/opening.ts';
import { referencesOf } from '../site/references.ts';
import { sendChoice, sendStart, sendEmergency, sendNoted } from './send-start.ts';
import type { Site } from '../site/site.ts';
import { draftKeyOf, begunOf, choiceHref, startHref, versionsOf, discard, filesKeyOf, takesFiles } from './start-drafts.ts';
import { takeFiles } from '../forms/take-files.ts';
import { atPage, pageAsked, stepOf } from '../forms/task-paging.ts';
import { mostUploadBytes } from '../site/uploads.ts';

/** Starting a case, with or without an emergency. */
export function startPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/new', { config: { action: 'case.start' } }, async (request, reply) => {
    const openings = openingsOf(site, request, false);
    const from = await linkStart(site, request, { from: query(request, 'from'), link: query(request, 'link') });
    if (from !== null) {
      const linked = linkedOpening(site, from, openingsOf(site, request, false, true));
      return sendStart(site, request, reply, linked, { pairs: firstPairs(linked) });
    }
    const chosen = openings.find(({ route }) => route.model.workflow.id === query(request, 'route')) ?? (openings.length === 1 ? openings[0] : undefined);
    if (chosen !== undefined) {
      const begun = await begunOf(site, request, chosen);
      const pairs = begun === null ? firstPairs(chosen) : await keptIn(site, request, chosen, begun, begun.pairs);
      const problems = begun === null || query(request, 'check') === '' ? [] : (await checkOpening(site, request, chosen, pairs)).task.problems;
      return sendStart(site, request, reply, chosen, { pairs, problems, begun, savedAt: begun?.savedAt ?? null, page: pageAsked(request, begun?.pairs ?? null) });
    }
    return sendChoice(site, request, reply, openings, { isMissing: openings.length > 0 && query(request, 'choose') !== '' });
  });

  app.post('/cases/new', { config: { action: 'case.start', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const posted = pairsOf(request);
    const opening = await postedOpening(site, request, posted);
    const key = draftKeyOf(request, opening);
    const begun = await begunOf(site, request, opening);
    const ticked = ticksIn(posted);
    const { pairs, problems, subjectProblems } = await withFiles(site, request, opening, await keptIn(site, request, opening, begun, atPage(typedIn(opening, posted, { now: site.now(), begun: begun?.pairs ?? null }), valueIn(posted, '_page'))));
    const wish = valueIn(posted, '_action');
    const page = valueIn(posted, '_page');
    const keep = async (kept: Pairs, then: (draft: DraftMark | null) => Promise<FastifyReply>): Promise<FastifyReply> => {
      const draft = key === null ? null : await keepDraft(site, key, kept, posted, begun);
      return draft?.isBeside === true ? seeOther(reply, choiceHref(opening)) : then(draft?.mark ?? null);
    };
    if (problems.length > 0 || subjectProblems.length > 0) return keep(pairs, (draft) => sendStart(site, request, reply, opening, { pairs, problems, subjectProblems, ticked, begun, draft, page }));
    if (wish.includes(':')) {
      const changed = rowAction(opening.form, pairs, wish, {}) ?? (opening.subject === null ? null : rowAction(opening.subject.form, pairs, wish, { prefix: subjectPrefix }));
      if (changed === null) throw new AppError('badRequest');
      return keep(changed.pairs, (draft) => sendStart(site, request, reply, opening, { ...changed, ticked, begun, draft, page }));
    }
    if (wish === 'discard') return discard(site, request, reply, opening, key, valueIn(posted, 'sure'));
    if (wish === 'later') return keep(pairs, () => seeOther(reply, '/cases?done=draft'));
    const step = stepOf(opening.form, pairs, posted, { now: site.now(), base: opening.given, only: opening.asked });
    if (step.type === 'go') return keep(atPage(pairs, step.to), () => seeOther(reply, startHref(opening, step.to)));
    if (step.type === 'ask') return keep(pairs, (draft) => sendStart(site, request, reply, opening, { pairs, appeared: step.appeared, ticked, begun, draft, page }));
    const { task, subject } = await checkOpening(site, request, opening, pairs);
    const found = task.problems.filter(({ pointer }) => step.isHere(pointer));
    const about = step.to === null || valueIn(posted, aboutName) !== '' ? (subject?.problems ?? []) : [];
    if (found.length > 0 || about.length > 0) return keep(pairs, (draft) => sendStart(site, request, reply, opening, { pairs, problems: found, subjectProblems: about, ticked, begun, draft, page }));
    const { to } = step;
    if (to !== null) return keep(atPage(pairs, to), () => seeOther(reply, startHref(opening, to)));
    if (key !== null && mustChoose(begun, posted)) return keep(pairs, () => seeOther(reply, choiceHref(opening)));
    const along = (id: string): Answers => (opening.link === null ? {} : tickedAnswers({ id }, opening.link.answers, ticked));
    const known = { ...along(opening.route.model.workflow.subject ?? ''), ...subject?.answers };
    return start(site, request, opening, { ...along(opening.task.id), ...task.answers }, Object.keys(known).length === 0 && subject === null ? null : known, { key: valueIn(posted, '_key'), draft: key }, {
      done: (number, state) => seeOther(reply, state?.status === 'closed' ? `/cases/${number}` : `/cases/${number}?done=${state?.restriction == null ? 'started' : 'boardTold'}`),
      refused: (reasons) => sendStart(site, request, reply, opening, { pairs, refusal: reasons.map(({ text }) => text), ticked, begun, page })
    });
  });

  app.post('/cases/new/draft', { config: { action: 'case.start' } }, async (request, reply) => {
    const posted = pairsOf(request);
    const opening = await postedOpening(site, request, posted);
    const key = draftKeyOf(request, opening);
    if (key === null) throw new AppError('notFound');
    const begun = await begunOf(site, request, opening);
    const { pairs } = await withFiles(site, request, opening, await keptIn(site, request, opening, begun, atPage(typedIn(opening, posted, { now: site.now(), begun: begun?.pairs ?? null }), valueIn(posted, '_page'))));
    return answerKept(site, request, reply, await keepDraft(site, key, pairs, posted, begun), { compare: choiceHref(opening), news: null });
  });

  app.get('/cases/new/draft-choice', { config: { action: 'case.start' } }, async (request, reply) => {
    return sendDraftChoice(site, request, reply, await versionsOf(site, request));
  });

  app.post('/cases/new/draft-choice', { config: { action: 'case.start' } }, async (request, reply) => {
    return chooseDraft(site, request, reply, await versionsOf(site, request));
  });

  app.get('/emergency-note', { config: { action: 'emergency.note' } }, async (request, reply) => {
    const opening = emergencyOpening(site, request);
    return sendEmergency(site, request, reply, opening, firstPairs(opening));
  });

  app.post('/emergency-note', { config: { action: 'emergency.note', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const opening = emergencyOpening(site, request);
    const posted = pairsOf(request);
    // Nothing may hold up an emergency (definitions.md, meaning 2): what was typed is kept as it is, and a file that cannot be is left out.
    const { pairs } = await withFiles(site, request, opening, typedIn(opening, posted, { now: site.now(), begun: null }));
    const answers = decode(opening.form, pairs, { only: opening.asked });
    const about = opening.subject === null ? {} : decode(opening.subject.form, pairs, { only: opening.subject.only, prefix: subjectPrefix });
    return start(site, request, opening, answers, Object.keys(about).length === 0 ? null : about, { key: valueIn(posted, '_key'), draft: null }, {
      // With a password alone nothing of the case is shown, not even its number (semantics 22).
      done: (number) => (visitorOf(request).half ? sendNoted(site, request, reply) : seeOther(reply, `/cases/${number}?done=started`)),
      refused: async () => sendEmergency(site, request, reply, opening, pairs)
    });
  });
}

/** What the form has no place for any more is kept in words. */
async function keptIn(site: Site, request: FastifyRequest, opening: Opening, begun: Draft | null, typed: Pairs): Promise<Pairs> {
  const draft = await draftFormAtStart(site, request, opening, begun?.pairs ?? null);
  return withLeftOver(site, draft, { begun: begun?.pairs ?? null, typed }, await referencesOf(site, visitorOf(request).school.id, []));
}

async function checkOpening(site: Site, request: FastifyRequest, { form, asked, given, subject }: Opening, pairs: Pairs): Promise<{ task: CheckedForm; subject: CheckedForm | null }> {
  const now = site.now();
  const options = { today: dayOf(now), now, references: await referencesOf(site, visitorOf(request).school.id) };
  return {
    task: checkAnswers(form, decode(form, pairs, { only: asked, base: given }), { ...options, only: asked }),
    subject: subject === null ? null : checkAnswers(subject.form, decode(subject.form, pairs, { only: subject.only, prefix: subjectPrefix }), { ...options, only: subject.only })
  };
}

/** Stores the files of a post, of the task and of the subject. */
async function withFiles(site: Site, request: FastifyRequest, opening: Opening, typed: Pairs): Promise<{ pairs: Pairs; problems: FieldProblem[]; subjectProblems: FieldProblem[] }> {
  const draft = filesKeyOf(request, opening);
  const isEmergency = opening.task.emergency;
  const { pairs, problems } = await takeFiles(site, request, opening.form, { pairs: typed, draft, known: () => [], isEmergency });
  if (opening.subject === null) return { pairs, problems, subjectProblems: [] };
  const about = await takeFiles(site, request, opening.subject.form, { pairs, draft, known: () => [], prefix: subjectPrefix, isEmergency });
  return { pairs: about.pairs, problems, subjectProblems: about.problems };
}

async function start(site: Site, request: FastifyRequest, opening: Opening, answers: Answers, subject: Answers | null, submission: Pick<Submission, 'key' | 'draft'>, to: {
  done: (number: string, state: CaseState | null) => Promise<FastifyReply>; refused: (reasons: Reason[]) => Promise<FastifyReply>;
}): Promise<FastifyReply> {
  const { route, task, formHash, link } = opening;
  // Files move into the case with the draft they were added to.
  const own = takesFiles(opening) ? { ...submission, draft: filesKeyOf(request, opening), hasFiles: true } : submission;
  const result = await site.cases.start(visitorOf(request).reader, route, { type: 'open', task: task.id, answers, subject, formHash, ...(link === null ? {} : { from: originOf(link.start) }) }, own);
  return answerTo(result, { done: (number) => to.done(number, result.type === 'done' ? result.state : null), refused: to.refused });
}
