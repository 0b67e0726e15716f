import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import type { PrintedAnswer } from '../../forms/form-types.ts';
import { keyField } from '../site/answer-to.ts';
import { linesOf } from '../words/compare-answers.ts';
import { dayOf } from '../words/format.ts';
import { pairsOf, seeOther, valueIn, visitorOf } from '../site/http.ts';
import { othersOf, type OtherCase } from './other-cases.ts';
import { openRecord, type OpenRecord } from './open-record.ts';
import { referencesIn } from '../site/references.ts';
import { sendQuestion } from '../site/send-question.ts';
import type { Site } from '../site/site.ts';
import { subjectOf } from '../site/subject.ts';

/** Carries a change of whom a case is about over to the other cases of this person about the same one, where they choose so (semantics 16). */
export function otherCasesPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/records/:record/other-cases', { config: { action: 'record.update' } }, async (request, reply) => {
    const work = await openRecord(site, request);
    return sendOthers(site, request, reply, work, { chosen: [], problems: [] });
  });

  app.post('/cases/:number/records/:record/other-cases', { config: { action: 'record.update' } }, async (request, reply) => {
    const work = await openRecord(site, request);
    const posted = pairsOf(request);
    const chosen = posted.filter(([name]) => name === 'cases').map(([, value]) => value);
    const { number } = work.open.stored;
    if (chosen.length === 0) return sendOthers(site, request, reply, work, { chosen, problems: [site.t('subject.others.none')] });
    const problems: string[] = [];
    // A case that is no longer offered has it already, such as after a second click.
    for (const other of (await othersOf(site, request, work)).filter(({ open }) => chosen.includes(open.stored.number))) {
      const problem = await carryOver(site, request, other, { key: valueIn(posted, '_key'), seen: valueIn(posted, `_rev-${other.open.stored.number}`) });
      if (problem !== null) problems.push(problem);
    }
    return problems.length > 0 ? sendOthers(site, request, reply, work, { chosen, problems }) : seeOther(reply, `/cases/${number}?done=carriedOver`);
  });
}

/** Says why it was not taken there; null: it was. */
async function carryOver(site: Site, request: FastifyRequest, { open, record, answers }: OtherCase, { key, seen }: { key: string; seen: string }): Promise<string | null> {
  const { t } = site;
  const { number } = open.stored;
  const now = site.now();
  const only = Object.keys(answers);
  const checked = checkAnswers(open.route.form(record.form), { ...record.answers, ...answers }, { today: dayOf(now), now, references: await referencesIn(site, open), base: record.answers, only });
  const [wrong] = checked.problems;
  if (wrong !== undefined) return t('subject.others.refused', { number, reason: wrong.text });
  const result = await site.cases.act(visitorOf(request).reader, number, { type: 'update', record: record.id, answers }, { key: `${key}-${number}`, draft: null, seen: { of: 'record', record: record.id, revision: seen } });
  switch (result.type) {
    case 'done': case 'repeated': return null;
    case 'refused': return t('subject.others.refused', { number, reason: result.refusal.reasons.map(({ text }) => text).join(' ') });
    case 'changed': case 'busy': return t('subject.others.newer', { number });
    case 'notFound': throw new AppError('notFound');
  }
}

async function sendOthers(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenRecord, { chosen, problems }: { chosen: string[]; problems: string[] }): Promise<FastifyReply> {
  const { t } = site;
  const { number } = work.open.stored;
  const others = await othersOf(site, request, work);
  const back = { href: `/cases/${number}`, text: t('subject.others.back') };
  if (others.length === 0) return seeOther(reply, `/cases/${number}?done=saved`);
  const changed = new Map(others.flatMap(({ differences }) => differences).flatMap(({ pointer, one }): [string, PrintedAnswer][] => (one === null ? [] : [[pointer, one]])));
  return sendQuestion(site, request, reply, work.open, {
    title: t('subject.others.title', { number }), heading: t('subject.others.heading'), paragraphs: [t('subject.others.text')],
    action: `/cases/${number}/records/${String(work.record.id)}/other-cases`,
    hidden: [keyField(site), ...others.map(({ open, record }) => ({ name: `_rev-${open.stored.number}`, value: String(record.version) }))],
    problems: problems.map((text) => ({ text, href: '#zaken' })),
    notices: [{ kind: 'info', title: t('subject.others.changed'), paragraphs: [], bullets: [], numbers: [], answers: [...changed.values()] }],
    choices: [{
      id: 'zaken', name: 'cases', label: t('subject.others.choose'), hint: null, error: problems[0] ?? null, multiple: true,
      choices: others.map((other, index) => ({ ...choiceOf(site, other), id: index === 0 ? 'zaken' : `zaken-${other.open.stored.number}`, checked: chosen.includes(other.open.stored.number) }))
    }],
    fields: [], button: t('subject.others.button'), back
  });
}

function choiceOf({ t }: Site, { open: { route, stored }, differences }: OtherCase): { value: string; text: string; hint: string } {
  const { workflow } = route.model;
  const words = { route: workflow.shortTitle ?? workflow.title, number: stored.number, subject: subjectOf(route, stored.state, t).full };
  return {
    value: stored.number, text: t(`subject.others.${stored.status === 'open' ? 'open' : 'closed'}`, words),
    hint: differences.map(({ pointer, one, other }) => t('subject.others.differs', { question: one?.label ?? other?.label ?? pointer, answer: linesOf(other).join('; ') || t('subject.others.nothing') })).join(' ')
  };
}
