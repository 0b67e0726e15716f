import type { FastifyReply, FastifyRequest } from 'fastify';
import { frameOf } from '../site/frame.ts';
import { pairsOf, readPairs, sendPage, valueIn } from '../site/http.ts';
import type { Site } from '../site/site.ts';
import type { Hidden } from '../views/view-models.ts';

/** Characters of a form that are carried past the sign-in; they are written twice in a post, which must stay within its limit. */
const mostKept = 300_000;

/** A post of a button alone, with nothing that was typed. */
export const sentButton = '_sent=1';

/** The post of somebody whose session ended meanwhile, to be carried past the sign-in; empty when it is too much, or holds a password. */
export function keptPost(request: FastifyRequest): string {
  const pairs = pairsOf(request).filter(([name]) => name !== '_csrf');
  const kept = new URLSearchParams(pairs).toString();
  return kept.length > mostKept || pairs.some(([name]) => name.includes('password')) ? '' : kept;
}

/** What was typed before signing in, to be sent as it was: under the new session, by whoever signed in. */
export async function sendKept(site: Site, request: FastifyRequest, reply: FastifyReply, { next, kept }: { next: string; kept: string }): Promise<FastifyReply> {
  const { t } = site;
  const words = kept === sentButton ? 'sent' : 'kept';
  const heading = t(`web.signIn.${words}.heading`);
  const frame = await frameOf(site, request, { title: heading });
  return sendPage(reply, site.render('message', {
    frame, heading, paragraphs: [t(`web.signIn.${words}.text`)], code: null, notices: [], form: keptForm(site, next, kept),
    links: [{ href: '/cases', text: t('web.signIn.kept.leave') }]
  }));
}

/** The form that sends what was typed, back to the question they were in. */
export function keptForm({ t }: Site, next: string, kept: string): { action: string; hidden: Hidden[]; button: string } {
  const pairs = readPairs(kept);
  const focus = valueIn(pairs, '_focus');
  const place = /^[\w/-]+$/.test(focus) ? `#${focus}` : '';
  return { action: `${safePath(next)}${place}`, hidden: pairs.filter(([name]) => name !== '_csrf').map(([name, value]) => ({ name, value })), button: t(`web.signIn.${kept === sentButton ? 'sent' : 'kept'}.button`) };
}

/** Where to go after signing in: a path of ours, or the first page of this person. */
export function safePath(next: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : '/';
}
