import type { FastifyInstance, FastifyReply } from 'fastify';
import { AppError } from '../../errors.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import { withGivenRows } from '../../forms/given-rows.ts';
import { rowAction } from '../../forms/row-action.ts';
import { formPageHref, keptInForm, problemsAsked, stepIn, typedInForm } from '../forms/case-form.ts';
import { sendConflict } from '../forms/conflict.ts';
import { dayOf } from '../words/format.ts';
import { pairsOf, seeOther, valueIn, visitorOf, withRevision } from '../site/http.ts';
import { otherCasesHref } from './other-cases.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import { filesOf, takeFiles } from '../forms/take-files.ts';
import { atPage, pageAsked, problemsHere } from '../forms/task-paging.ts';
import { mostUploadBytes } from '../site/uploads.ts';
import { answerTo } from '../site/answer-to.ts';
import { laterForm, openRecord } from './open-record.ts';
import { updateConflict } from './record-conflict-pages.ts';
import { sendRecord } from './send-record.ts';

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
    const { pairs, problems: refused } = await takeFiles(site, request, form, { pairs: typed, draft: work.draft, known: () => filesOf(site, open) });
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
    const problems = problemsHere(step, checked);
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
