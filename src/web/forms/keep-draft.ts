import type { FastifyReply, FastifyRequest } from 'fastify';
import { otherDraft, otherPlaces, type Draft, type DraftKey, type DraftMark } from '../../cases/stores/case-store.ts';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { isSamePairs } from '../../forms/same-pairs.ts';
import { formatTime } from '../words/format.ts';
import { secondsLeft } from '../site/frame.ts';
import { valueIn, visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';
import type { Hidden, Link } from '../views/view-models.ts';

/** What became of a text. `isBeside`: on another device something else was typed meanwhile; this stands beside it until its person chooses. */
export type Kept = { isBeside: boolean; mark: DraftMark; place: number };

/**
 * Keeps what a page posts as the draft that the page was made from, as `draftFields` told. Another draft is never overwritten, and the
 * same text is not written again. `begun`: what stands there now.
 * Throws conflict when as many versions wait for a choice as there are places for.
 */
export async function keepDraft(site: Site, key: DraftKey, pairs: Pairs, posted: Pairs, begun: Draft | null): Promise<Kept> {
  const { drafts } = site.cases;
  if (begun !== null && valueIn(posted, '_draft') === markText(begun) && isSamePairs(begun.pairs, pairs)) return { isBeside: false, mark: begun, place: 0 };
  const now = site.now();
  const over = readMark(valueIn(posted, '_draft'));
  const mark = await drafts.save(key, pairs, now, over);
  if (mark !== null) return { isBeside: false, mark, place: 0 };
  const current = await drafts.find(key);
  // The same post that comes twice, or a page that the browser went back to.
  if (current !== null && isSamePairs(current.pairs, pairs)) return { isBeside: false, mark: current, place: 0 };
  const own = readBeside(valueIn(posted, '_beside'));
  for (const place of [...(own === null ? [] : [own.place]), ...otherPlaces]) {
    const other = otherDraft(key, place);
    const saved = await drafts.save(other, pairs, now, place === own?.place ? own.mark : null);
    if (saved !== null) return { isBeside: true, mark: saved, place };
    const there = await drafts.find(other);
    if (there !== null && isSamePairs(there.pairs, pairs)) return { isBeside: true, mark: there, place };
  }
  throw new AppError('conflict', site.t('drafts.full'));
}

/** Is there another text than the page that posts this was made from? A page that does not tell is never out of date. */
export function mustChoose(begun: Draft | null, posted: Pairs): boolean {
  const value = valueIn(posted, '_draft');
  return (begun?.others ?? 0) > 0 || (value !== '' && value !== markText(begun));
}

/** Tells a page from which draft it is made; `_beside` is for what it keeps next to another, `_focus` for the question somebody is in. */
export function draftFields(begun: DraftMark | null): Hidden[] {
  return [{ name: '_draft', value: markText(begun) }, { name: '_beside', value: '' }, { name: '_focus', value: '' }];
}

/** Answers a page that saves while somebody types, in its words. `news`: what a colleague did meanwhile, and where to read it. */
export async function answerKept(site: Site, request: FastifyRequest, reply: FastifyReply, { isBeside, mark, place }: Kept, { compare, news }: { compare: string; news: { text: string; link: Link } | null }): Promise<FastifyReply> {
  const { t } = site;
  const time = formatTime(mark.savedAt);
  const said = isBeside ? { text: t('drafts.beside', { time }), link: { href: compare, text: t('drafts.compare') } } : news === null ? { text: t('drafts.saved', { time }), link: null } : { text: `${t('drafts.saved', { time })} ${news.text}`, link: news.link };
  return reply.send({ ...(isBeside ? { beside: besideText(place, mark) } : { draft: markText(mark), beside: '' }), ...said, seconds: secondsLeft(site, visitorOf(request)) });
}

/** Does a request want an answer for a script instead of a page? */
export function isForScript(request: FastifyRequest): boolean {
  return request.headers.accept === 'application/json';
}

/** Which saving of a draft, as a page tells it. */
export function markText(mark: DraftMark | null): string {
  return mark === null ? '0' : `${String(mark.revision)} ${mark.savedAt}`;
}

/** The same of another version of it. */
export function besideText(place: number, mark: DraftMark): string {
  return `${String(place)} ${markText(mark)}`;
}

/** Undefined: nothing is told; null: there was none. */
function readMark(text: string): DraftMark | null | undefined {
  if (text === '') return undefined;
  const [, revision = '', savedAt = ''] = /^(\d{1,9}) (\S{1,40})$/.exec(text) ?? [];
  return savedAt === '' ? null : { revision: Number(revision), savedAt };
}

function readBeside(text: string): { place: number; mark: DraftMark } | null {
  const place = otherPlaces.find((one) => text.startsWith(`${String(one)} `));
  const mark = place === undefined ? null : (readMark(text.slice(2)) ?? null);
  return place === undefined || mark === null ? null : { place, mark };
}
