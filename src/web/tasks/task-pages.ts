import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answers } from '../../definitions/bundle.ts';
import { chooseDraft, sendDraftChoice, type Versions } from '../forms/draft-choice.ts';
import { caseCrumbs } from '../site/frame.ts';
import { decode } from '../../forms/decode.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { caseLink } from '../site/open-case.ts';
import { referencesIn } from '../site/references.ts';
import { sourceIn } from '../../engine/model/instances.ts';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { overlaid } from '../../forms/overlaid.ts';
import { rowAction } from '../../forms/row-action.ts';
import type { DraftMark } from '../../cases/stores/case-store.ts';
import { answerTo } from '../site/answer-to.ts';
import { correctionDraft, sendDiscard } from '../forms/conflict.ts';
import { leftAnswers, withLeftOver } from '../forms/draft-form.ts';
import { answerPairs, pairsOf, query, seeOther, valueIn, visitorOf, withRevision } from '../site/http.ts';
import { answerKept, keepDraft, mustChoose } from '../forms/keep-draft.ts';
import { namesFor } from '../site/names.ts';
import { askedIn, askedOf, checkPosted, draftFormOf, firstPairs, isStillAsSeen, keepingOf, openTask, optionsOf, pageHref, pathOf, revisionNow, theirsIn, typedIn, whyClosed, type OpenTask } from './open-task.ts';
import { sendCheck, sendClosed, sendTask, sendTaskConflict } from './send-task.ts';
import type { Site } from '../site/site.ts';
import { filesOf, takeFiles } from '../forms/take-files.ts';
import { atPage, pageAsked, postedPage, problemsHere, stepOf } from '../forms/task-paging.ts';
import { mostUploadBytes } from '../site/uploads.ts';

/** Filling in the form of a task, checking the answers, and handing them in. */
export function taskPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/tasks/:task', { config: { action: 'task.view' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const refusal = whyClosed(site, work);
    const { begun } = work;
    if (refusal !== null) return sendClosed(site, request, reply, work, refusal, begun);
    const pairs = begun === null ? withRevision(firstPairs(site, work, query(request, 'beside')), revisionNow(work)) : await keptIn(site, work, begun.pairs);
    const problems = begun !== null && query(request, 'check') !== '' ? (await checkPosted(site, work, pairs)).problems : [];
    return sendTask(site, request, reply, work, { pairs, savedAt: begun?.savedAt ?? null, problems, page: pageAsked(request, begun?.pairs ?? null) });
  });

  app.post('/cases/:number/tasks/:task', { config: { action: 'draft.keep', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const work = await openTask(site, request);
    const posted = pairsOf(request);
    const { pairs, problems: refused } = await takeFiles(site, request, work.form, { pairs: await postedIn(site, work, posted), draft: work.draft, known: () => filesOf(site, work.open), isEmergency: work.task.emergency });
    const path = pathOf(work);
    const wish = valueIn(posted, '_action');
    const page = valueIn(posted, '_page');
    const keep = async (kept: Pairs, then: (draft: DraftMark) => Promise<FastifyReply>): Promise<FastifyReply> => {
      const { isBeside, mark } = await keepDraft(site, work.draft, kept, posted, work.begun);
      return isBeside ? seeOther(reply, `${path}/draft-choice`) : then(mark);
    };
    const refusal = whyClosed(site, work);
    if (refusal !== null) return keep(pairs, ({ savedAt }) => sendClosed(site, request, reply, work, refusal, { pairs, savedAt }, 409));
    // Nothing may hold up an emergency (definitions.md, meaning 2): a file that cannot be is left out.
    if (refused.length > 0 && !(work.task.emergency && ['', 'check'].includes(wish))) return keep(pairs, (draft) => sendTask(site, request, reply, work, { pairs, problems: refused, draft, page }));
    if (wish.includes(':')) {
      const changed = rowAction(work.form, pairs, wish, {});
      if (changed === null) throw new AppError('badRequest');
      return keep(changed.pairs, (draft) => sendTask(site, request, reply, work, { ...changed, draft, page }));
    }
    if (wish === 'later') return keep(pairs, () => seeOther(reply, `/cases/${work.open.stored.number}?done=draft`));
    const step = stepOf(work.form, pairs, posted, askedOf(site, work));
    if (step.type === 'go') return keep(atPage(pairs, step.to), () => seeOther(reply, pageHref(work, step.to)));
    if (step.type === 'ask') return keep(pairs, (draft) => sendTask(site, request, reply, work, { pairs, appeared: step.appeared, draft, page }));
    const checked = await checkPosted(site, work, pairs);
    const problems = problemsHere(step, checked);
    if (problems.length > 0) return keep(pairs, (draft) => sendTask(site, request, reply, work, { pairs, problems, draft, page }));
    const { to } = step;
    if (to !== null) return keep(atPage(pairs, to), () => seeOther(reply, pageHref(work, to)));
    if (!isStillAsSeen(work, pairs)) return keep(pairs, () => sendTaskConflict(site, request, reply, work, pairs));
    if (work.task.definition.check !== false || mustChoose(work.begun, posted)) return keep(pairs, () => seeOther(reply, `${path}/check`));
    return handIn(site, request, reply, work, checked.answers, pairs, valueIn(posted, '_key'));
  });

  app.post('/cases/:number/tasks/:task/draft', { config: { action: 'draft.keep' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const posted = pairsOf(request);
    const { pairs } = await takeFiles(site, request, work.form, { pairs: await postedIn(site, work, posted), draft: work.draft, known: () => filesOf(site, work.open), isEmergency: work.task.emergency });
    const path = pathOf(work);
    const kept = await keepDraft(site, work.draft, pairs, posted, work.begun);
    const isNews = whyClosed(site, work) !== null || !isStillAsSeen(work, pairs);
    return answerKept(site, request, reply, kept, { compare: `${path}/draft-choice`, news: isNews ? { text: site.t('drafts.news'), link: { href: `${path}/check`, text: site.t('drafts.newsLink') } } : null });
  });

  app.get('/cases/:number/tasks/:task/draft-choice', { config: { action: 'draft.keep' } }, async (request, reply) => {
    const work = await openTask(site, request);
    await site.cases.looked(work.open, 'viewTask', work.draft.task);
    return sendDraftChoice(site, request, reply, await versionsOf(site, work));
  });

  app.post('/cases/:number/tasks/:task/draft-choice', { config: { action: 'draft.keep' } }, async (request, reply) => {
    return chooseDraft(site, request, reply, await versionsOf(site, await openTask(site, request)));
  });

  app.get('/cases/:number/tasks/:task/check', { config: { action: 'task.view' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const draft = work.begun;
    if (draft === null) return seeOther(reply, pathOf(work));
    const refusal = whyClosed(site, work);
    if (refusal !== null) return sendClosed(site, request, reply, work, refusal, draft);
    if (draft.others > 0) return seeOther(reply, `${pathOf(work)}/draft-choice`);
    if (!isStillAsSeen(work, draft.pairs)) return sendTaskConflict(site, request, reply, work, draft.pairs, 200);
    return sendCheck(site, request, reply, work, await keptIn(site, work, draft.pairs));
  });

  app.post('/cases/:number/tasks/:task/check', { config: { action: 'task.submit' } }, async (request, reply) => {
    const work = await openTask(site, request);
    const posted = pairsOf(request);
    const key = valueIn(posted, '_key');
    const draft = work.begun;
    if (draft === null) {
      // The draft goes when it is handed in: a second click finds it gone and is told what the first one did.
      const repeated = await site.cases.answerOf(visitorOf(request).reader, key);
      return seeOther(reply, repeated === null ? pathOf(work) : `/cases/${repeated}?done=saved`);
    }
    // What is handed in is what stood on the check page.
    if (mustChoose(draft, posted)) return seeOther(reply, `${pathOf(work)}/check?done=typed`);
    const checked = await checkPosted(site, work, draft.pairs);
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
        await site.cases.looked(work.open, 'viewTask', work.draft.task);
        return sendDiscard(site, request, reply, { open: work.open, action: `${pathOf(work)}/conflict`, back: pathOf(work) });
      }
      default: return seeOther(reply, `${path}?done=draft`);
    }
  });
}

async function versionsOf(site: Site, work: OpenTask): Promise<Versions> {
  const { number } = work.open.stored;
  const references = await referencesIn(site, work.open, [work.form]);
  return {
    key: work.draft, path: pathOf(work), choice: `${pathOf(work)}/draft-choice`, title: site.t('web.task.title', { task: work.task.title, number }), crumbs: caseCrumbs(site, caseLink(site, work.open)),
    print: (pairs) => [...printAnswers(work.form, decode(work.form, typedIn(work, pairs), { ...optionsOf(work), base: work.asked.given }), { references, now: site.now(), ...optionsOf(work) }), ...leftAnswers(pairs)]
  };
}

/** What was typed, over what was begun. */
async function postedIn(site: Site, work: OpenTask, posted: Pairs): Promise<Pairs> {
  const former = work.begun?.pairs ?? firstPairs(site, work);
  const typed = await keptIn(site, work, withRevision(typedIn(work, overlaid(work.form, former, answerPairs(posted), { ...optionsOf(work), page: postedPage(work.form, posted), base: work.asked.given, now: site.now() })), valueIn(posted, '_rev')));
  return atPage(typed, valueIn(posted, '_page'));
}

/** What the form has no place for any more is kept in words. */
async function keptIn(site: Site, work: OpenTask, typed: Pairs): Promise<Pairs> {
  return withLeftOver(site, draftFormOf(work), { begun: work.begun?.pairs ?? null, typed }, await referencesIn(site, work.open, []));
}

/** Hands in the own text as a record of its own, or, where the task has one record only, makes it a correction of that one. */
async function keepBeside(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, { pairs, key, revision }: { pairs: Pairs; key: string; revision: string }): Promise<FastifyReply> {
  const { open, task, draft } = work;
  const based = withRevision(pairs, revision);
  if (task.repeat) {
    const checked = await checkPosted(site, work, based);
    if (checked.problems.length > 0) return sendTask(site, request, reply, work, { pairs: based, problems: checked.problems });
    return handIn(site, request, reply, work, checked.answers, based, key);
  }
  const theirs = theirsIn(work);
  if (theirs === null || keepingOf(work, theirs) === null) throw new AppError('notFound');
  const { reader } = visitorOf(request);
  const name = (await namesFor(site, reader.id, [theirs.by]))(theirs.by);
  const reason = theirs.by === reader.id ? site.t('changes.conflict.reasonYou') : site.t('changes.conflict.reason', { name });
  const path = `/cases/${open.stored.number}/records/${String(theirs.id)}`;
  const correction = correctionDraft({ ...draft, record: theirs.id });
  if (work.form.takesFiles) await site.cases.files.move(draft, correction);
  await site.cases.drafts.save(correction, [...withRevision(pairs, String(theirs.version)), ['reason', reason]], site.now());
  await site.cases.drafts.remove(draft);
  return seeOther(reply, `${path}/correction/check`);
}

async function handIn(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, answers: Answers, pairs: Pairs, key: string): Promise<FastifyReply> {
  const { number } = work.open.stored;
  const result = await site.cases.act(visitorOf(request).reader, number, { type: 'submit', task: work.task.id, ...sourceIn(work.task), answers, formHash: work.asked.hash }, {
    key, draft: work.draft, hasFiles: work.form.takesFiles, open: work.open, ...(work.seen === null ? {} : { seen: { ...work.seen, revision: valueIn(pairs, '_rev') } })
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
