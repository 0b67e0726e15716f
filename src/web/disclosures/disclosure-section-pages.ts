import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Disclosure, SectionChoice, SettledPart, SettledSection } from '../../documents/disclosure-types.ts';
import type { Draft, DraftKey, DraftMark } from '../../cases/stores/case-store.ts';
import { own } from '../../definitions/json-values.ts';
import { textHash } from '../../definitions/make-bundle.ts';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { crumbsOf, sectionPath } from './disclosure-overview.ts';
import { documentPath } from '../documents/document-path.ts';
import { fileHrefIn } from '../forms/file-pages.ts';
import { capitalise, formatDay } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, param, seeOther, sendPage, valueIn } from '../site/http.ts';
import { namesIn } from '../site/names.ts';
import { disclosurePath } from '../documents/disclosure-path.ts';
import { answerKept, draftFields } from '../forms/keep-draft.ts';
import { openDisclosure, type OpenDisclosure } from './open-disclosure.ts';
import { savedText } from '../words/saved-text.ts';
import type { Site } from '../site/site.ts';
import type { DisclosureItem, Hidden, Notice, Option } from '../views/view-models.ts';

/** What somebody chose on a page. `missing`: parts of which they did not say whether they are given; `wholeMissing`: nor whether all is left out. */
type Chosen = { choice: Pick<SectionChoice, 'whole' | 'parts'>; missing: string[]; wholeMissing: boolean };
/** `chosen` null: what is kept, else what is proposed. `isAsked`: what is missing is asked for. `was`: what the page was made from. */
type Filled = { chosen: Chosen | null; isAsked: boolean; was: string; notice: string | null; draft: Draft | null };

/** Where a person chooses of each part whether it is given. */
export function disclosureSectionPages(app: FastifyInstance, { site }: { site: Site }): void {
  const at = '/cases/:number/disclosures/:disclosure/sections/:section';

  app.get(at, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const work = await openDisclosure(site, request);
    const one = sectionOf(request, work);
    const draft = await site.cases.drafts.find(draftOf(work, one));
    const isOther = one.state === 'changed' || (draft !== null && valueIn(draft.pairs, '_of') !== one.section.of);
    return sendSection(site, request, reply, work, { one, filled: {
      chosen: draft === null ? null : readChoice(stillFitting(draft.pairs, one), one, Object.keys(work.definition.grounds)), isAsked: false, was: draft === null ? markOf(work.stored.content, one) : valueIn(draft.pairs, '_was'),
      notice: isOther ? site.t('disclosure.section.changed') : null, draft
    } });
  });

  app.post(at, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const { t } = site;
    const work = await openDisclosure(site, request);
    const { open, stored, settled } = work;
    const one = sectionOf(request, work);
    const posted = pairsOf(request);
    const chosen = readChoice(posted, one, Object.keys(work.definition.grounds));
    const { choice, missing, wholeMissing } = chosen;
    const wish = valueIn(posted, '_action');
    const now = site.now();
    const keep = (was = valueIn(posted, '_was')): Promise<DraftMark | null> => site.cases.drafts.save(draftOf(work, one), [...keptOf(posted).filter(([name]) => name !== '_was'), ['_was', was]], now);
    if (wish === 'later' || wish === 'update') {
      await keep();
      return seeOther(reply, wish === 'update' ? sectionPath(work, one) : `${disclosurePath(work)}?done=draft`);
    }
    const again = async (problem: { was?: string; notice?: string }, current = work): Promise<FastifyReply> => {
      await keep(problem.was);
      return sendSection(site, request, reply, current, { one, filled: { chosen, isAsked: true, was: valueIn(posted, '_was'), notice: null, draft: null, ...problem } });
    };
    if (missing.length > 0 || wholeMissing) return again({});
    if (valueIn(posted, '_of') !== one.section.of) return again({ notice: t('disclosure.section.changed') });
    const step = { by: open.viewer.id, at: now, log: { action: 'disclose' as const, detail: 'prepare' } };
    const kept = await site.disclosures.change(open.stored.id, stored.id, step, (content) => (
      markOf(content, one) === valueIn(posted, '_was') ? { ...content, sections: { ...content.sections, [one.section.id]: { by: open.viewer.id, at: now, of: one.section.of, ...choice } } } : null
    ));
    if (kept === null) {
      const fresh = await openDisclosure(site, request);
      const other = own(fresh.stored.content.sections, one.section.id)?.by ?? null;
      return again({ was: markOf(fresh.stored.content, one), notice: capitalise(t('disclosure.section.conflict', { name: (await namesIn(site, open, [other]))(other) })) }, fresh);
    }
    await site.cases.drafts.remove(draftOf(work, one));
    const next = settled.sections.find(({ section, state }) => section.id !== one.section.id && state !== 'done');
    return seeOther(reply, `${next === undefined ? disclosurePath(work) : sectionPath(work, next)}?done=disclosureSaved`);
  });

  app.post(`${at}/draft`, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const work = await openDisclosure(site, request);
    const mark = await site.cases.drafts.save(draftOf(work, sectionOf(request, work)), keptOf(pairsOf(request)), site.now());
    if (mark === null) throw new AppError('conflict');
    return answerKept(site, request, reply, { isBeside: false, mark, place: 0 }, { compare: '', news: null });
  });
}

/** Where it is kept what somebody chose of a section and did not save yet: their own, as every draft. No task is called so. */
function draftOf({ open, stored }: OpenDisclosure, { section }: SettledSection): DraftKey {
  return { person: open.viewer.id, case: open.stored.id, task: `disclosure/${stored.id}/${section.id}`, record: null };
}

/** What was chosen, with what the page was made from; nothing of the machinery. */
function keptOf(posted: Pairs): Pairs {
  return posted.filter(([name]) => name === '_of' || name === '_was' || !name.startsWith('_'));
}

/** Sentences are known by their place, so in a section that says something else since they are chosen anew. */
function stillFitting(pairs: Pairs, { section }: SettledSection): Pairs {
  return valueIn(pairs, '_of') === section.of ? pairs : pairs.filter(([name]) => !name.startsWith('without:'));
}

function sectionOf(request: FastifyRequest, { settled }: OpenDisclosure): SettledSection {
  const one = settled.sections.find(({ section }) => section.id === param(request, 'section'));
  if (one === undefined) throw new AppError('notFound');
  return one;
}

/** Stands for what is kept of a section: who saves over something else is told. */
function markOf({ sections }: Disclosure, { section }: SettledSection): string {
  return textHash(JSON.stringify(own(sections, section.id) ?? null)).slice(0, 16);
}

function readChoice(posted: Pairs, { section }: SettledSection, grounds: string[]): Chosen {
  const groundIn = (name: string): string => grounds.find((id) => id === valueIn(posted, name)) ?? grounds[0] ?? '';
  const whole = valueIn(posted, 'whole');
  const open = section.parts.filter(({ locked }) => !locked);
  return {
    wholeMissing: whole !== 'each' && whole !== 'none',
    missing: whole === 'none' ? [] : open.filter(({ id }) => !['yes', 'no'].includes(valueIn(posted, `give:${id}`))).map(({ id }) => id),
    choice: {
      whole: whole === 'none' ? groundIn('ground') : null,
      parts: Object.fromEntries(section.parts.map(({ id, sentences }) => [id, {
        give: valueIn(posted, `give:${id}`) === 'yes', ground: groundIn(`ground:${id}`),
        without: sentences.filter((sentence, index) => posted.some(([name, value]) => name === `without:${id}` && value === String(index)) && sentence !== '')
      }]))
    }
  };
}

async function sendSection(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenDisclosure, { one, filled }: { one: SettledSection; filled: Filled }): Promise<FastifyReply> {
  const { t } = site;
  const { open, definition, settled, stored } = work;
  const { section } = one;
  const idOf = (id: string): string => `deel-${String(section.parts.findIndex((part) => part.id === id) + 1)}`;
  const { chosen, isAsked } = filled;
  const [wholeMissing, missing] = [chosen?.wholeMissing === true, chosen?.missing ?? []];
  const problems = !isAsked ? [] : [...(wholeMissing ? [{ text: t('disclosure.section.chooseWhole'), href: '#geheel' }] : []), ...missing.map((id) => ({ text: t('disclosure.section.choose', { question: section.parts.find((part) => part.id === id)?.question ?? '' }), href: `#${idOf(id)}` }))];
  const kept = chosen?.choice ?? own(stored.content.sections, section.id) ?? null;
  const options = (chosen: string): Option[] => Object.entries(definition.grounds).map(([value, { title }]) => ({ value, text: capitalise(title), selected: value === chosen }));
  const whole = kept?.whole ?? null;
  const wholeChoices = [['each', 'wholeEach'], ['none', 'wholeNone']] as const;
  const hidden: Hidden[] = [{ name: '_of', value: section.of }, { name: '_was', value: filled.was }, ...draftFields(filled.draft)];
  const notices: Notice[] = filled.notice === null ? [] : [{ kind: 'warn', title: null, paragraphs: [filled.notice], bullets: [], numbers: [] }];
  return sendPage(reply, site.render('disclosure-section', {
    frame: await frameOf(site, request, { title: t('disclosure.title', { number: open.stored.number }), crumbs: [...crumbsOf(site, open), { href: disclosurePath(work), text: t('disclosure.listItem', { name: stored.content.asker.name }) }], current: 'cases', hasProblems: problems.length > 0 }),
    heading: section.title, notices, problems, hidden,
    meta: [section.day === null ? null : capitalise(formatDay(section.day)), t('disclosure.section.meta', { index: settled.sections.findIndex((other) => other.section.id === section.id) + 1, total: settled.sections.length })].filter((part) => part !== null).join('. '),
    action: sectionPath(work, one), draftAction: `${sectionPath(work, one)}/draft`, laterButton: t('web.task.later'), saved: savedText(filled.draft?.savedAt ?? null, site.now(), t),
    whole: {
      id: 'geheel', name: 'whole', label: t(section.day === null ? 'disclosure.section.wholeOther' : 'disclosure.section.whole'), hint: null, error: isAsked && wholeMissing ? t('disclosure.section.chooseWhole') : null, multiple: false,
      choices: wholeChoices.map(([value, key], index) => ({ id: index === 0 ? 'geheel' : 'geheel-niet', value, text: t(`disclosure.section.${key}`), hint: value === 'none' && section.day !== null ? t('disclosure.section.wholeNoneHint') : null, checked: wholeMissing ? false : (value === 'none') === (whole !== null) }))
    },
    wholeGround: { name: 'ground', options: options(whole ?? '') },
    items: one.parts.map((settledPart) => itemOf(site, work, settledPart, { id: idOf(settledPart.part.id), kept: own(kept?.parts ?? {}, settledPart.part.id), isMissing: missing.includes(settledPart.part.id), isAsked, options })),
    back: { href: disclosurePath(work), text: t('disclosure.section.backLink') }
  }), isAsked ? 422 : 200);
}

type ItemWith = { id: string; kept: SectionChoice['parts'][string] | undefined; isMissing: boolean; isAsked: boolean; options: (chosen: string) => Option[] };

function itemOf({ t }: Site, { open: { stored } }: OpenDisclosure, { part }: SettledPart, { id, kept, isMissing, isAsked, options }: ItemWith): DisclosureItem {
  const give = isMissing ? null : (kept?.give ?? part.proposal);
  const without = kept?.without ?? [];
  const [document = '', source] = part.id.split('~');
  return {
    id, question: part.question, lines: part.lines, error: isMissing && isAsked ? t('disclosure.section.choose', { question: part.question }) : null,
    proposal: part.locked ? t('disclosure.section.locked') : [t(`disclosure.proposal.${part.proposal === null ? 'look' : part.proposal ? 'give' : 'leave'}`), t(`disclosure.why.${part.why}`)].join(' ').trim(),
    link: part.file !== null ? { href: fileHrefIn(stored.number)(part.file.id), text: t('disclosure.section.download') } : part.tree !== null ? { href: documentPath(stored.number, document, source ?? null), text: t('disclosure.section.read') } : null,
    give: part.locked ? null : { name: `give:${part.id}`, yes: give === true, no: give === false },
    ground: { name: `ground:${part.id}`, options: options(kept?.ground ?? '') },
    sentences: part.sentences.length < 2 ? null : {
      open: without.length > 0,
      items: part.sentences.map((value, index) => ({ id: `${id}-zin-${String(index + 1)}`, name: `without:${part.id}`, value: String(index), text: value, checked: without.includes(value) }))
    }
  };
}
