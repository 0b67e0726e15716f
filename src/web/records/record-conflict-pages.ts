import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { revisionOf } from '../../cases/seen.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { withGivenRows } from '../../forms/given-rows.ts';
import { answerTo } from '../site/answer-to.ts';
import { type Conflict, correctionDraft, sendConflict, sendDiscard } from '../forms/conflict.ts';
import { dayOf } from '../words/format.ts';
import { pairsOf, seeOther, valueIn, visitorOf, withRevision } from '../site/http.ts';
import { openRecord, type OpenRecord } from './open-record.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';

/** What is done with a text about a record that somebody else changed meanwhile: a correction, or answers that were filled in later. */
export function recordConflictPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.post('/cases/:number/records/:record/conflict', { config: { action: 'record.update' } }, async (request, reply) => {
    const work = await openRecord(site, request);
    const posted = pairsOf(request);
    const path = `/cases/${work.open.stored.number}/records/${String(work.record.id)}`;
    const isCorrection = valueIn(posted, 'what') === 'correction';
    const key = isCorrection ? correctionDraft(work.draft) : work.draft;
    const draft = await site.cases.drafts.find(key);
    if (draft === null) return seeOther(reply, await site.cases.answerOf(visitorOf(request).reader, valueIn(posted, '_key')) === null ? path : `${path}?done=saved`);
    switch (valueIn(posted, 'choice')) {
      case 'keep': {
        if (!isCorrection) return keepVersion(site, request, reply, work);
        await site.cases.drafts.save(key, withRevision(draft.pairs, valueIn(posted, '_rev')), site.now());
        return seeOther(reply, `${path}/correction/check`);
      }
      case 'discard': {
        if (valueIn(posted, 'sure') !== 'yes') return sendDiscard(site, request, reply, { open: work.open, action: `${path}/conflict`, what: isCorrection ? 'correction' : 'update', back: path });
        await site.cases.drafts.remove(key);
        return seeOther(reply, `${path}?done=discarded`);
      }
      default: return seeOther(reply, `${path}?done=draft`);
    }
  });
}

/** What is asked when somebody else filled in or corrected the record meanwhile. */
export function updateConflict(open: OpenCase, { record, later, form }: Pick<OpenRecord, 'record' | 'later' | 'form'>, pairs: Pairs): Conflict {
  const theirs = open.stored.state.records.find(({ id }) => id === record.id) ?? record;
  const action = `/cases/${open.stored.number}/records/${String(record.id)}/conflict`;
  return { open, theirs, form, pairs, only: later, keeping: 'version', action, revision: revisionOf(open, { of: 'record', record: record.id }), what: 'update' };
}

/** Fills in the own answers as the next version; the other text stays to be read as an earlier one. */
async function keepVersion(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenRecord): Promise<FastifyReply> {
  const { open, record, later, draft, form, base } = work;
  const posted = pairsOf(request);
  const path = `/cases/${open.stored.number}/records/${String(record.id)}`;
  const pairs = withGivenRows(form, (await site.cases.drafts.find(draft))?.pairs ?? [], base);
  const now = site.now();
  const references = await referencesIn(site, open);
  const checked = checkAnswers(form, decode(form, pairs, { only: later, base }), { today: dayOf(now), now, references, base: record.answers, only: later });
  // Beside the new answers of the other something may be missing: the page of the record asks for it.
  const revision = valueIn(posted, '_rev');
  const toForm = async (): Promise<FastifyReply> => {
    await site.cases.drafts.save(draft, withRevision(pairs, revision), now);
    return seeOther(reply, path);
  };
  if (checked.problems.length > 0) return toForm();
  const answers = Object.fromEntries(later.map((field) => [field, checked.answers[field] ?? null]));
  const seen = { of: 'record' as const, record: record.id, revision };
  const result = await site.cases.act(visitorOf(request).reader, open.stored.number, { type: 'update', record: record.id, answers, formHash: work.formHash }, { key: valueIn(posted, '_key'), draft, hasFiles: form.takesFiles, seen });
  return answerTo(result, {
    done: () => seeOther(reply, `${path}?done=saved`),
    refused: toForm,
    changed: (current) => sendConflict(site, request, reply, updateConflict(current, work, pairs))
  });
}
