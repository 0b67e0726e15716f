import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { own } from '../../definitions/json-values.ts';
import { openPoints, shortestWeighing } from '../../documents/disclosure.ts';
import type { Disclosure, DisclosureVerdict, SettledSection } from '../../documents/disclosure-types.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { crumbsOf, verdictNotices } from './disclosure-overview.ts';
import { capitalise, dayOf, formatDay, formatWhen } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, valueIn } from '../site/http.ts';
import { namesIn } from '../site/names.ts';
import { disclosurePath } from '../documents/disclosure-path.ts';
import { openDisclosure, type OpenDisclosure, standingOf } from './open-disclosure.ts';
import { sendQuestion } from '../site/send-question.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import type { ChoiceField, DisclosureReadingPage, EndForm, TextField } from '../views/view-models.ts';

type Filled = { weighing: Disclosure['weighing']; verdict: string; reason: string; problems: { text: string; href: string }[]; notice: string | null };

/** So many places of a word are named. */
const mostPlaces = 4;

/** Before it is approved: what is left out and still stands elsewhere, what is given beside what is left out, and what a second person says of it. */
export function disclosureReadingPages(app: FastifyInstance, { site }: { site: Site }): void {
  const at = '/cases/:number/disclosures/:disclosure';

  app.get(`${at}/words`, { config: { action: 'case.disclose' } }, async (request, reply) => sendWords(site, request, reply, await openDisclosure(site, request)));

  app.post(`${at}/words`, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const work = await openDisclosure(site, request);
    const posted = pairsOf(request);
    const chosen = work.settled.leftovers.flatMap(({ words }, index) => {
      const value = valueIn(posted, `words:${String(index)}`);
      // The list may have become another one since.
      return valueIn(posted, `_words:${String(index)}`) === words && (value === 'out' || value === 'stay') ? [[words, value === 'out'] as const] : [];
    });
    const typed = valueIn(posted, 'extra').split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => [line, true] as const);
    const extra = extraOf(work);
    await site.disclosures.change(work.open.stored.id, work.stored.id, { by: work.open.viewer.id, at: site.now(), log: { action: 'disclose', detail: 'prepare' } }, (content) => ({
      ...content, words: Object.fromEntries([...Object.entries(content.words).filter(([words]) => !extra.includes(words)), ...typed, ...chosen])
    }));
    return seeOther(reply, `${disclosurePath(work)}?done=disclosureSaved`);
  });

  app.get(`${at}/reading`, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const work = await openDisclosure(site, request);
    return sendReading(site, request, reply, work, { weighing: work.stored.content.weighing, verdict: '', reason: '', problems: [], notice: null });
  });

  app.post(`${at}/reading`, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const work = await openDisclosure(site, request);
    const posted = pairsOf(request);
    return standingOf(work.stored, work.settled) === 'asked' && !isOwn(work) ? judge(site, request, reply, work, posted) : ask(site, request, reply, work, posted);
  });
}

/** Keeps what was weighed, and asks a second person where that may be. */
async function ask(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenDisclosure, posted: Pairs): Promise<FastifyReply> {
  const { t } = site;
  const { open, stored, settled, definition } = work;
  const weighing = { ...stored.content.weighing, ...Object.fromEntries(Object.keys(definition.grounds).filter((id) => posted.some(([name]) => name === `weighing:${id}`)).map((id) => [id, valueIn(posted, `weighing:${id}`).replaceAll('\r\n', '\n')])) };
  const points = openPoints(settled, { ...stored.content, weighing });
  const isSave = valueIn(posted, '_action') === 'save' || points.sections + points.words + points.stuck.length > 0;
  const isRead = valueIn(posted, '_seen') === settled.stamp;
  const mayAsk = !isSave && isRead && points.grounds.length === 0 && !['asked', 'approved'].includes(standingOf(stored, settled));
  const now = site.now();
  const verdict: DisclosureVerdict = { verdict: 'asked', by: open.viewer.id, at: now, askedBy: open.viewer.id, seen: settled.stamp, reason: '' };
  await site.disclosures.change(open.stored.id, stored.id, { by: open.viewer.id, at: now, log: { action: 'disclose', detail: mayAsk ? 'ask' : 'prepare' } }, (content) => ({ ...content, weighing: { ...content.weighing, ...weighing }, ...(mayAsk ? { verdict } : {}) }));
  if (mayAsk || isSave) return seeOther(reply, `${disclosurePath(work, isSave ? '/reading' : '')}?done=${mayAsk ? 'disclosureAsked' : 'disclosureSaved'}`);
  return sendReading(site, request, reply, work, {
    weighing, verdict: '', reason: '', notice: isRead ? null : t('disclosure.reading.changed'),
    problems: points.grounds.map((id) => ({ text: t('disclosure.reading.weighingShort', { ground: own(definition.grounds, id)?.title ?? id }), href: `#weging-${id}` }))
  });
}

/** The second person approves exactly what they read, or gives it back with a reason. */
async function judge(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenDisclosure, posted: Pairs): Promise<FastifyReply> {
  const { t } = site;
  const { open, stored, settled } = work;
  const verdict = (['approved', 'returned'] as const).find((one) => one === valueIn(posted, 'verdict'));
  const reason = valueIn(posted, 'reason').replaceAll('\r\n', '\n');
  const again = (problems: Filled['problems'], notice: string | null = null): Promise<FastifyReply> => sendReading(site, request, reply, work, { weighing: stored.content.weighing, verdict: verdict ?? '', reason, problems, notice });
  if (verdict === undefined) return again([{ text: t('disclosure.reading.choose'), href: '#oordeel' }]);
  if (verdict === 'returned' && reason.trim().length < shortestWeighing) return again([{ text: t('disclosure.reading.reasonShort'), href: '#reden' }]);
  if (valueIn(posted, '_seen') !== settled.stamp) return again([], t('disclosure.reading.changed'));
  const now = site.now();
  const kept = await site.disclosures.change(open.stored.id, stored.id, { by: open.viewer.id, at: now, log: { action: 'disclose', detail: verdict === 'approved' ? 'approve' : 'return' } }, (content) => (
    content.verdict?.verdict === 'asked' && content.verdict.seen === settled.stamp && content.verdict.askedBy !== open.viewer.id
      ? { ...content, verdict: { ...content.verdict, verdict, by: open.viewer.id, at: now, reason: verdict === 'returned' ? reason.trim() : '' } } : null
  ));
  if (kept === null) return again([], t('disclosure.reading.changed'));
  return seeOther(reply, `${disclosurePath(work)}?done=${verdict === 'approved' ? 'disclosureApproved' : 'disclosureReturned'}`);
}

function isOwn({ open: { viewer }, stored: { content: { verdict } } }: OpenDisclosure): boolean {
  return verdict?.askedBy === viewer.id;
}

/** Words that somebody typed: left out everywhere, and found by no search of the program. */
function extraOf({ stored: { content: { words } }, settled: { leftovers } }: OpenDisclosure): string[] {
  return Object.keys(words).filter((one) => words[one] === true && !leftovers.some((leftover) => leftover.words === one));
}

async function sendWords(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenDisclosure): Promise<FastifyReply> {
  const { t } = site;
  const { leftovers } = work.settled;
  const choices = leftovers.map(({ words, where, choice }, index): ChoiceField => ({
    id: `woord-${String(index)}`, name: `words:${String(index)}`, label: words, hint: t('disclosure.words.where', { where: where.length > mostPlaces ? t('disclosure.words.more', { where: where.slice(0, mostPlaces).join('; '), n: where.length - mostPlaces }) : where.join('; ') }), error: null, multiple: false,
    choices: (['out', 'stay'] as const).map((value, at) => ({ id: at === 0 ? `woord-${String(index)}` : `woord-${String(index)}-${value}`, value, text: t(`disclosure.words.${value}`), hint: null, checked: choice !== null && choice === (value === 'out') }))
  }));
  return sendQuestion(site, request, reply, work.open, {
    title: t('disclosure.title', { number: work.open.stored.number }), heading: t('disclosure.words.heading'), paragraphs: [t(leftovers.length === 0 ? 'disclosure.words.none' : 'disclosure.words.intro')], notices: [], problems: [], choices,
    fields: [textField({ id: 'extra', name: 'extra', label: t('disclosure.words.extra'), hint: t('disclosure.words.extraHint'), value: extraOf(work).join('\n'), optional: true, rows: 4 })],
    action: disclosurePath(work, '/words'), hidden: leftovers.map(({ words }, index) => ({ name: `_words:${String(index)}`, value: words })), button: t('disclosure.words.button'), back: { href: disclosurePath(work), text: t('disclosure.section.backLink') }
  });
}

async function sendReading(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenDisclosure, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { open, stored, settled, definition } = work;
  const { verdict, asker, weighing } = stored.content;
  const nameOf = await namesIn(site, open, [verdict?.by ?? null, verdict?.askedBy ?? null]);
  const when = (moment: string): string => formatWhen(moment, dayOf(site.now()), t);
  const standing = standingOf(stored, settled);
  const isSecond = standing === 'asked' && !isOwn(work);
  const titleOf = (ground: string): string => own(definition.grounds, ground)?.title ?? '';
  const notices = [...verdictNotices(work, nameOf, when, t), ...(filled.notice === null ? [] : [{ kind: 'warn' as const, title: null, paragraphs: [filled.notice], bullets: [], numbers: [] }])];
  const isFine = filled.problems.length === 0 && filled.notice === null;
  return sendPage(reply, site.render('disclosure-reading', {
    frame: await frameOf(site, request, { title: t('disclosure.title', { number: open.stored.number }), crumbs: [...crumbsOf(site, open), { href: disclosurePath(work), text: t('disclosure.listItem', { name: asker.name }) }], current: 'cases', hasProblems: filled.problems.length > 0 }),
    heading: t('disclosure.reading.heading', { name: asker.name }), intro: isSecond ? capitalise(t('disclosure.reading.introSecond', { name: nameOf(verdict?.askedBy ?? null) })) : t('disclosure.reading.intro'), notices,
    problems: filled.problems, sections: [...settled.sections.map((one) => sidesOf(one, titleOf, t)), ...wordsSide(work, titleOf, t)],
    weighed: isSecond ? Object.entries(weighing).filter(([id, text]) => text.trim() !== '' && settled.left.some(({ ground }) => ground === id)).map(([id, text]) => ({ ground: capitalise(titleOf(id)), text })) : [],
    form: isSecond ? judgeForm(work, filled, t) : standing === 'asked' || standing === 'approved' ? null : askForm(work, filled, t),
    links: [{ href: disclosurePath(work, '/preview'), text: t('disclosure.overview.previewLink') }], back: { href: disclosurePath(work), text: t('disclosure.section.backLink') }
  }), isFine ? 200 : 422);
}

function sidesOf({ section, whole, parts }: SettledSection, titleOf: (ground: string) => string, t: Site['t']): DisclosureReadingPage['sections'][number] {
  return {
    id: section.id, title: section.day === null ? section.title : t('disclosure.paper.titled', { title: section.title, day: formatDay(section.day) }),
    given: parts.filter(({ give }) => give).map(({ part, text }) => ({ question: part.question, text })),
    left: parts.filter(({ give, without }) => !give || without.length > 0).map(({ part, give, without, ground }) => ({
      question: part.question, ground: titleOf(whole ?? ground), text: part.locked ? t('disclosure.section.locked') : give ? without.map((sentence) => t('disclosure.reading.sentence', { text: sentence })).join('\n') : part.lines.join('\n')
    }))
  };
}

function wordsSide({ stored: { content: { words } }, definition }: OpenDisclosure, titleOf: (ground: string) => string, t: Site['t']): DisclosureReadingPage['sections'] {
  const gone = Object.keys(words).filter((one) => words[one] === true);
  return gone.length === 0 ? [] : [{ id: 'woorden', title: t('disclosure.reading.words'), given: [{ question: t('disclosure.reading.words'), text: t('disclosure.markWords') }], left: [{ question: t('disclosure.reading.words'), text: gone.join('\n'), ground: titleOf(Object.keys(definition.grounds)[0] ?? '') }] }];
}

function askForm(work: OpenDisclosure, { weighing, problems }: Filled, t: Site['t']): EndForm {
  const { settled, stored, definition } = work;
  const points = openPoints(settled, stored.content);
  const waits = [...(points.sections > 0 ? [t('disclosure.reading.openSections', { n: points.sections })] : []), ...(points.words > 0 ? [t('disclosure.reading.openWords', { n: points.words })] : []), ...(points.stuck.length > 0 ? [t('disclosure.reading.stuck', { words: points.stuck.join(', ') })] : [])];
  const used = Object.keys(definition.grounds).filter((id) => settled.left.some(({ ground }) => ground === id));
  return {
    heading: t('disclosure.reading.askHeading'), intro: waits.length > 0 ? [`${t('disclosure.reading.notYet')}.`, ...waits].join(' ') : t('disclosure.reading.askIntro'),
    action: disclosurePath(work, '/reading'), hidden: [{ name: '_seen', value: settled.stamp }], choice: null,
    fields: used.map((id): TextField => textField({
      id: `weging-${id}`, name: `weighing:${id}`, label: t('disclosure.reading.weighing', { ground: own(definition.grounds, id)?.title ?? '' }), hint: t('disclosure.reading.weighingHint'), value: own(weighing, id) ?? '', error: problems.find(({ href }) => href === `#weging-${id}`)?.text ?? null, rows: 3
    })),
    button: t(waits.length > 0 ? 'disclosure.reading.save' : 'disclosure.reading.ask'), save: waits.length > 0 || used.length === 0 ? null : t('disclosure.reading.save')
  };
}

function judgeForm(work: OpenDisclosure, { verdict, reason, problems }: Filled, t: Site['t']): EndForm {
  const problemOf = (href: string): string | null => problems.find((one) => one.href === href)?.text ?? null;
  return {
    heading: t('disclosure.reading.approveHeading'), intro: t('disclosure.reading.approveIntro'), action: disclosurePath(work, '/reading'), hidden: [{ name: '_seen', value: work.settled.stamp }],
    choice: {
      id: 'oordeel', name: 'verdict', label: t('disclosure.reading.question'), hint: null, error: problemOf('#oordeel'), multiple: false,
      choices: ['approved', 'returned'].map((value, index) => ({ id: index === 0 ? 'oordeel' : `oordeel-${value}`, value, text: t(`disclosure.reading.${value}Choice`), hint: null, checked: verdict === value }))
    },
    fields: [textField({ id: 'reden', name: 'reason', label: t('disclosure.reading.reason'), hint: t('disclosure.reading.reasonHint'), value: reason, error: problemOf('#reden'), optional: true, rows: 3 })],
    button: t('disclosure.reading.button'), save: null
  };
}
