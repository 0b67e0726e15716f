import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { type CaseContext, caseContext } from '../../engine/model/case-context.ts';
import type { KeepingProposal, PersonId } from '../../engine/state/case-state.ts';
import { roleTitles } from '../../engine/model/labels.ts';
import { retentionOf } from '../../engine/reading/retention.ts';
import { AppError } from '../../errors.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { capitalise, dayOf, formatChoice, formatDay, formatList, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { holdText, retentionText } from '../words/keeping-text.ts';
import { namesFor } from '../site/names.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { readDay } from '../words/read-day.ts';
import { sendQuestion } from '../site/send-question.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import type { ChoiceField, Link, Notice, TextField } from '../views/view-models.ts';

type Filled = { what: string; until: string; reason: string; problems: { field: 'what' | 'until' | 'reason'; text: string }[] };
const nothing: Filled = { what: '', until: '', reason: '', problems: [] };

/** The end of a closed case: one person proposes to destroy it or to keep it longer, another one confirms it. */
export function keepingPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/keeping', { config: { action: 'case.keep' } }, async (request, reply) => sendKeeping(site, request, reply, await openClosed(site, request), nothing));

  app.post('/cases/:number/keeping', { config: { action: 'case.keep', stepUp: true } }, async (request, reply) => {
    const open = await openClosed(site, request);
    const posted = pairsOf(request);
    const filled = readProposal(site, { what: valueIn(posted, 'what'), until: valueIn(posted, 'until').trim(), reason: valueIn(posted, 'reason').replaceAll('\r\n', '\n') });
    const what = (['destroy', 'keep'] as const).find((one) => one === filled.what);
    if (filled.problems.length > 0 || what === undefined) return sendKeeping(site, request, reply, open, filled);
    const command = { type: 'proposeKeeping' as const, what, until: what === 'keep' ? readDay(filled.until) : null, reason: filled.reason };
    return answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key: valueIn(posted, '_key'), draft: null }), {
      done: (number) => seeOther(reply, `/cases/${number}?done=keepingProposed`),
      refused: (reasons) => sendKeeping(site, request, reply, open, { ...filled, problems: reasons.map(({ text }) => ({ field: 'reason', text })) })
    });
  });

  app.post('/cases/:number/keeping/confirmation', { config: { action: 'case.keep', stepUp: true } }, async (request, reply) => {
    const { reader } = visitorOf(request);
    const posted = pairsOf(request);
    if (await wasDestroyedBy(site, request, valueIn(posted, '_case'))) return seeOther(reply, '/retention?done=destroyed');
    const open = await openClosed(site, request);
    const { number, revision, state } = open.stored;
    const verdict = valueIn(posted, 'verdict');
    const again = (text: string): Promise<FastifyReply> => sendKeeping(site, request, reply, open, { ...nothing, problems: [{ field: 'what', text }] });
    const post = { key: valueIn(posted, '_key'), draft: null };
    if (verdict === 'withdraw') {
      return answerTo(await site.cases.act(reader, number, { type: 'withdrawKeeping' }, post), {
        done: () => seeOther(reply, `/cases/${number}?done=keepingWithdrawn`), refused: () => seeOther(reply, `/cases/${number}?done=changed`)
      });
    }
    if (verdict !== 'confirm') return again(site.t('retention.confirm.needed'));
    const isRead = state.keeping?.proposed?.at === valueIn(posted, '_proposed') && String(revision) === valueIn(posted, '_rev');
    if (!isRead) return seeOther(reply, `/cases/${number}/keeping?done=changed`);
    if (state.keeping?.proposed?.what === 'destroy') {
      return answerTo(await site.cases.destroy(reader, number, revision), {
        done: () => seeOther(reply, '/retention?done=destroyed'), refused: (reasons) => again(reasons.map(({ text }) => text).join(' ')),
        changed: () => seeOther(reply, `/cases/${number}/keeping?done=changed`)
      });
    }
    return answerTo(await site.cases.act(reader, number, { type: 'confirmKeeping', at: valueIn(posted, '_proposed') }, post), {
      done: () => seeOther(reply, `/cases/${number}?done=keptLonger`), refused: (reasons) => again(reasons.map(({ text }) => text).join(' '))
    });
  });

  app.post('/cases/:number/keeping/unknown-start', { config: { action: 'case.keep' } }, async (request, reply) => {
    const open = await openClosed(site, request);
    return answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, { type: 'stillUnknown' }, { key: valueIn(pairsOf(request), '_key'), draft: null }), {
      done: (number) => seeOther(reply, `/cases/${number}?done=stillUnknown`), refused: () => seeOther(reply, `/cases/${open.stored.number}?done=already`)
    });
  });
}

/** A second click on the button, when the case is gone already. */
async function wasDestroyedBy(site: Site, request: FastifyRequest, id: string): Promise<boolean> {
  const { reader } = visitorOf(request);
  return id !== '' && (await site.cases.destroyed(reader, false)).some((one) => one.id === id && one.by === reader.id);
}

async function openClosed(site: Site, request: FastifyRequest): Promise<OpenCase> {
  const open = await openCase(site, request, 'view');
  if (open.stored.status !== 'closed' || open.route.model.workflow.retention === undefined) throw new AppError('notFound');
  return open;
}

function readProposal({ t, now }: Site, { what, until, reason }: Omit<Filled, 'problems'>): Filled {
  const problems: Filled['problems'] = [];
  if (what !== 'destroy' && what !== 'keep') problems.push({ field: 'what', text: t('retention.propose.needed') });
  const day = readDay(until);
  if (what === 'keep' && day === null) problems.push({ field: 'until', text: t('retention.propose.badUntil') });
  else if (what === 'keep' && day !== null && day <= dayOf(now())) problems.push({ field: 'until', text: t('engine.keeping.later') });
  return { what, until, reason, problems };
}

function contextOf(site: Site, { route, stored, viewer }: OpenCase): CaseContext {
  return caseContext(route.model, stored.state, site.now(), viewer);
}

async function sendKeeping(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, filled: Filled): Promise<FastifyReply> {
  const { keeping } = site.cases.overview(open);
  const proposed = keeping?.proposed ?? null;
  if (proposed !== null) return sendConfirmation(site, request, reply, open, proposed, filled);
  return keeping?.why === 'start' && query(request, 'decide') !== '1' && filled === nothing ? sendStart(site, request, reply, open) : sendProposal(site, request, reply, open, { filled, isDue: keeping?.why === 'term' });
}

/** The colleagues who see all of the case now. */
async function secondsOf(site: Site, { viewer, stored }: OpenCase, people: { person: PersonId; access: string }[]): Promise<string[]> {
  const others = people.filter(({ person, access }) => access === 'full' && person !== viewer.id).map(({ person }) => person);
  const working = new Set((await site.people.staff(stored.school)).map(({ id }) => id));
  const nameOf = await namesFor(site, viewer.id, others);
  return others.filter((id) => working.has(id)).map((id) => nameOf(id));
}

async function sendProposal(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { filled, isDue }: { filled: Filled; isDue: boolean }): Promise<FastifyReply> {
  const { t } = site;
  const { number, state } = open.stored;
  const { model } = open.route;
  const seconds = await secondsOf(site, open, await site.cases.people(open));
  const roles = roleTitles(model, (state.restriction?.to ?? model.workflow.access.read).filter((role) => role !== 'author'));
  const problemOf = (field: string): string | null => filled.problems.find((one) => one.field === field)?.text ?? null;
  const choice: ChoiceField = {
    id: 'voorstel', name: 'what', label: t('retention.propose.choose'), hint: null, error: problemOf('what'), multiple: false,
    choices: ['destroy', 'keep'].map((value, index) => ({ id: index === 0 ? 'voorstel' : `voorstel-${value}`, value, text: t(`retention.propose.${value}`), hint: t(`retention.propose.${value}Hint`), checked: filled.what === value }))
  };
  const field = (name: 'until' | 'reason', id: string, rest: Partial<TextField>): TextField => textField({ id, name, label: t(`retention.propose.${name}`), value: filled[name], error: problemOf(name), ...rest });
  return sendQuestion(site, request, reply, open, {
    title: t('retention.title', { number }), heading: t('retention.propose.heading'),
    paragraphs: [
      ...[retentionText(retentionOf(contextOf(site, open)), t)].filter((text) => text !== null),
      ...holdText(site, open), ...(isDue ? [] : [t('retention.propose.notDue')]),
      t('retention.propose.what', { records: t('retention.propose.records', { n: state.records.length }) }),
      ...((await site.cases.linked(visitorOf(request).reader, open)).length === 0 ? [] : [t('retention.propose.linked')]), t('retention.propose.backups'),
      seconds.length === 0 ? t('retention.propose.nobody', { roles: formatChoice(roles) }) : t('retention.propose.second', { people: formatChoice(seconds) })
    ],
    action: `/cases/${number}/keeping`, hidden: [keyField(site)], notices: [], choices: [choice],
    problems: filled.problems.map(({ field: name, text }) => ({ text, href: name === 'what' ? '#voorstel' : name === 'until' ? '#tot' : '#reden' })),
    fields: [
      field('until', 'tot', { optional: true, width: 'short', hint: t('retention.propose.untilHint') }),
      field('reason', 'reden', { rows: 3, optional: isDue, hint: t(isDue ? 'retention.propose.reasonHint' : 'retention.propose.reasonHintRequest') })
    ],
    button: t('retention.propose.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  });
}

async function sendConfirmation(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, proposed: KeepingProposal, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { number, id, revision, state } = open.stored;
  const isOwn = proposed.by === open.viewer.id;
  const nameOf = await namesFor(site, open.viewer.id, [proposed.by]);
  const day = proposed.until === null ? '' : formatDay(proposed.until);
  const notice: Notice = {
    kind: 'warn', title: capitalise(t(`retention.confirm.${proposed.what}Title`, { name: nameOf(proposed.by), day })), bullets: [], numbers: [],
    paragraphs: [t('retention.confirm.when', { when: formatWhen(proposed.at, dayOf(site.now()), t) }), ...(proposed.reason === '' ? [] : [t('retention.confirm.reason', { reason: proposed.reason })])]
  };
  const seconds = isOwn ? await secondsOf(site, open, await site.cases.people(open)) : [];
  const choice: ChoiceField = {
    id: 'oordeel', name: 'verdict', label: t('retention.confirm.choose'), hint: null, error: filled.problems[0]?.text ?? null, multiple: false,
    choices: [
      { id: 'oordeel', value: 'confirm', text: t(`retention.confirm.${proposed.what}`, { day }), hint: proposed.what === 'destroy' ? t('retention.confirm.destroyHint') : null, checked: false },
      { id: 'oordeel-nee', value: 'withdraw', text: t('retention.confirm.no'), hint: t('retention.confirm.noHint'), checked: false }
    ]
  };
  const kept = retentionText(retentionOf(contextOf(site, open)), t);
  return sendQuestion(site, request, reply, open, {
    title: t('retention.title', { number }), heading: t(isOwn ? 'retention.waits.heading' : 'retention.confirm.heading'),
    paragraphs: [
      ...(kept === null ? [] : [kept]), ...holdText(site, open),
      ...(proposed.what === 'destroy' ? [t('retention.propose.what', { records: t('retention.propose.records', { n: state.records.length }) })] : []),
      ...(isOwn && seconds.length > 0 ? [t('retention.waits.second', { people: formatList(seconds) })] : [])
    ],
    notices: [notice], action: `/cases/${number}/keeping/confirmation`,
    hidden: [keyField(site), { name: '_rev', value: String(revision) }, { name: '_proposed', value: proposed.at }, { name: '_case', value: id }, ...(isOwn ? [{ name: 'verdict', value: 'withdraw' }] : [])],
    problems: filled.problems.map(({ text }) => ({ text, href: '#oordeel' })), choices: isOwn ? [] : [choice], fields: [],
    button: t(isOwn ? 'retention.waits.button' : 'retention.confirm.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  });
}

/** The yearly question while nobody knows the day the term counts from (semantics 16). */
async function sendStart(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase): Promise<FastifyReply> {
  const { t } = site;
  const { number, state } = open.stored;
  const [task] = open.route.model.workflow.retention?.from.split('.') ?? [];
  const record = state.records.findLast((one) => one.task === task);
  const kept = retentionOf(contextOf(site, open));
  const links: Link[] = [
    { href: record === undefined ? `/cases/${number}/tasks/${task ?? ''}` : `/cases/${number}/records/${String(record.id)}`, text: t('retention.start.fill') },
    { href: `/cases/${number}/keeping?decide=1`, text: t('retention.start.decide') }, { href: `/cases/${number}`, text: t('web.case.back') }
  ];
  return sendPage(reply, site.render('message', {
    frame: await frameOf(site, request, { title: t('retention.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' }),
    heading: t('retention.now.start', { question: kept?.from ?? '' }), paragraphs: [...[retentionText(kept, t)].filter((text) => text !== null), t('retention.now.startText')],
    code: null, notices: [], form: { action: `/cases/${number}/keeping/unknown-start`, hidden: [keyField(site)], button: t('retention.start.button') }, links
  }));
}
