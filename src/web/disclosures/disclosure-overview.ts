import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { openPoints } from '../../documents/disclosure.ts';
import type { SettledSection } from '../../documents/disclosure-types.ts';
import type { Translate } from '../../texts.ts';
import { capitalise, dayOf, formatDay, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { sendPage } from '../site/http.ts';
import { namesIn, type NameOf } from '../site/names.ts';
import { disclosurePath } from '../documents/disclosure-path.ts';
import { caseLink } from '../site/open-case.ts';
import { type OpenDisclosure, standingOf } from './open-disclosure.ts';
import type { Site } from '../site/site.ts';
import type { EndForm } from '../views/view-models.ts';
import type { Link, Notice } from '../views/view-parts.ts';

/** The page of one preparation. `problem`: why it could not be taken along. */
export async function sendDisclosure(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenDisclosure, problem: string | null): Promise<FastifyReply> {
  const { t } = site;
  const { open, stored, settled } = work;
  const { content } = stored;
  const nameOf = await namesIn(site, open, [stored.startedBy, ...content.given.map(({ by }) => by), content.verdict?.by ?? null]);
  const when = (moment: string): string => formatWhen(moment, dayOf(site.now()), t);
  const points = openPoints(settled, content);
  const standing = standingOf(stored, settled);
  const first = settled.sections.find(({ state }) => state !== 'done');
  const link = (path: string, key: string) => ({ href: disclosurePath(work, path), text: t(`disclosure.overview.${key}`) });
  const next = standing === 'approved' ? null : first !== undefined ? { href: sectionPath(work, first), text: t('disclosure.overview.next', { title: first.section.title }) } : points.words > 0 ? link('/words', 'wordsLink') : link('/reading', 'readingLink');
  const left = settled.leftovers.length;
  const problems = problem === null ? [] : [{ text: problem, href: '#ophalen' }];
  return sendPage(reply, site.render('disclosure', {
    frame: await frameOf(site, request, { title: t('disclosure.title', { number: open.stored.number }), crumbs: crumbsOf(site, open), current: 'cases', hasProblems: problems.length > 0 }),
    heading: t('disclosure.overview.heading', { name: content.asker.name }), meta: t('disclosure.overview.meta', { when: when(stored.startedAt), by: nameOf(stored.startedBy) }),
    notices: verdictNotices(work, nameOf, when, t), problems, next,
    progress: t('disclosure.overview.progress', { done: settled.sections.length - points.sections, total: settled.sections.length }),
    sections: settled.sections.map((one) => ({ href: sectionPath(work, one), title: one.section.title, meta: one.section.day === null ? null : formatDay(one.section.day), status: statusOf(one, t), isDone: one.state === 'done' })),
    words: { text: points.words > 0 ? t('disclosure.overview.wordsOpen', { n: points.words }) : left > 0 ? t('disclosure.overview.wordsDone', { n: left }) : t('disclosure.overview.wordsNone'), link: link('/words', 'wordsLink'), isOpen: points.words > 0 },
    reading: [link('/reading', 'readingLink'), link('/preview', 'previewLink')],
    file: standing === 'approved' ? fileForm(work, problem, t) : null, notYet: t('disclosure.overview.fileNotYet'),
    given: content.given.map(({ at, by, kind }) => t('disclosure.overview.given', { when: when(at), name: nameOf(by), kind: t(`disclosure.kind.${kind}`).toLowerCase() })),
    remove: link('/removal', 'remove'), back: { href: `/cases/${open.stored.number}/disclosures`, text: t('disclosure.overview.back') }
  }), problems.length > 0 ? 422 : 200);
}

/** Says what a second person was asked, and what they said. */
export function verdictNotices({ stored, settled }: OpenDisclosure, nameOf: NameOf, when: (moment: string) => string, t: Translate): Notice[] {
  const { verdict } = stored.content;
  if (verdict === null) return [];
  const standing = standingOf(stored, settled);
  const title = capitalise(t(`disclosure.reading.${verdict.verdict}`, { name: nameOf(verdict.by), when: when(verdict.at) }));
  const said = verdict.verdict === 'returned' ? [verdict.reason] : standing === 'stale' ? [t('disclosure.reading.stale')] : [];
  return [{ kind: standing === 'approved' ? 'ok' : 'warn', title, paragraphs: said, bullets: [], numbers: [] }];
}

export function sectionPath(work: OpenDisclosure, { section }: Pick<SettledSection, 'section'>): string {
  return disclosurePath(work, `/sections/${section.id}`);
}

/** The way back from a page of a preparation. */
export function crumbsOf(site: Site, open: OpenCase): Link[] {
  return [...caseCrumbs(site, caseLink(site, open)), { href: `/cases/${open.stored.number}/disclosures`, text: site.t('disclosure.overview.crumb') }];
}

function statusOf({ state, whole, parts }: SettledSection, t: Translate): string {
  if (state !== 'done') return t(`disclosure.item.${state}`);
  const left = parts.filter(({ give, without }) => !give || without.length > 0).length;
  return whole !== null || parts.every(({ give }) => !give) ? t('disclosure.item.none') : left === 0 ? t('disclosure.item.all') : t('disclosure.item.some', { n: left });
}

/** Asks in which form an approved paper is taken along. */
function fileForm(work: OpenDisclosure, problem: string | null, t: Translate): EndForm {
  const n = work.settled.files.length;
  return {
    heading: t('disclosure.overview.file'), intro: t('disclosure.overview.fileIntro'), action: disclosurePath(work, '/file'), hidden: [], fields: [], button: t('disclosure.kind.button'), save: null,
    choice: {
      id: 'ophalen', name: 'kind', label: t('disclosure.kind.question'), hint: null, error: problem, multiple: false,
      choices: disclosureKinds.filter((kind) => kind !== 'zip' || n > 0).map((kind, index) => ({ id: index === 0 ? 'ophalen' : `ophalen-${kind}`, value: kind, text: t(`disclosure.kind.${kind}`), hint: t(`disclosure.kind.${kind}Hint`, { n }), checked: false }))
    }
  };
}

/** The forms in which an approved paper is taken along; `zip` where files go with it. */
export const disclosureKinds = ['pdf', 'word', 'print', 'zip'] as const;
