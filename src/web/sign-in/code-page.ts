import type { FastifyReply, FastifyRequest } from 'fastify';
import { frameOf } from '../site/frame.ts';
import { sendPage, visitorOf } from '../site/http.ts';
import { openingsOf } from '../forms/opening.ts';
import { passkeyPlace } from './passkey-place.ts';
import { qrPath } from '../views/qr-path.ts';
import type { Site } from '../site/site.ts';
import type { Hidden, TextField } from '../views/view-models.ts';

type Problems = { [field: string]: string };
/** `kept`: a post that goes on after the code (kept-post.ts). */
type Asked = { next: string; kept: string; problems: Problems };

/** Asks the code that comes after a password, or once more before something weighty. Whoever has none yet is led to make it first. */
export async function sendCode(site: Site, request: FastifyRequest, reply: FastifyReply, asked: Asked): Promise<FastifyReply> {
  const { t } = site;
  const { person, half } = visitorOf(request);
  const { next, kept, problems } = asked;
  const factors = await site.factors.of(person.id);
  if (half && factors.app === null && factors.passkeys === 0) return sendApp(site, request, reply, asked);
  const hasProblems = Object.keys(problems).length > 0;
  return sendPage(reply, site.render('code', {
    frame: await frameOf(site, request, { title: t('signIn.code.title'), hasProblems }),
    heading: t(half ? 'signIn.code.heading' : 'signIn.code.again.heading'), intro: t(half ? 'signIn.code.intro' : 'signIn.code.again.intro'),
    action: '/second-factor', hidden: hiddenOf(next, kept), problems: listOf(problems),
    code: codeField(t('signIn.code.label'), problems['code'] ?? null),
    paper: { open: problems['paper'] !== undefined, field: { ...codeField(t('signIn.code.paper.label'), problems['paper'] ?? null), id: 'paper', name: 'paper', autocomplete: 'off' } },
    passkey: factors.passkeys > 0 && passkeyPlace(site, request) !== null,
    emergency: half && openingsOf(site, request, true).length > 0 ? { href: '/emergency-note', text: t('signIn.code.emergency.link') } : null
  }), hasProblems ? 422 : kept === '' ? 200 : 401);
}

/** Shows a new secret for an app, and asks the first code. */
export async function sendApp(site: Site, request: FastifyRequest, reply: FastifyReply, { next, kept, problems }: Asked): Promise<FastifyReply> {
  const { t } = site;
  const { person, school, half, startedAt } = visitorOf(request);
  const { letters, address } = await site.factors.newApp({ person: person.id, startedAt }, { issuer: issuerOf(school), email: person.email });
  const hasProblems = Object.keys(problems).length > 0;
  const words = half ? 'app' : 'app.replace';
  return sendPage(reply, site.render('code-app', {
    frame: await frameOf(site, request, { title: t('signIn.app.title'), hasProblems, crumbs: half ? [] : [{ href: '/account', text: t('signIn.account.title') }] }),
    heading: t(`signIn.${words}.heading`), intro: t(`signIn.${words}.intro`),
    action: '/second-factor/app', hidden: hiddenOf(next, kept), problems: listOf(problems),
    qr: qrPath(address), letters: letters.match(/.{1,4}/g) ?? [],
    code: codeField(t('signIn.app.confirm.label'), problems['code'] ?? null)
  }), hasProblems ? 422 : kept === '' ? 200 : 401);
}

/** The name under which an app shows its codes: colons divide it. */
function issuerOf({ name }: { name: string }): string {
  return `Stappenplan ${name}`.replaceAll(':', ' ');
}

function codeField(label: string, error: string | null): TextField {
  return { id: 'code', name: 'code', label, hint: null, value: '', error, type: 'text', autocomplete: 'one-time-code', width: 'short', optional: false, rows: null };
}

function hiddenOf(next: string, kept: string): Hidden[] {
  return [{ name: 'next', value: next }, ...(kept === '' ? [] : [{ name: 'kept', value: kept }])];
}

function listOf(problems: Problems): { text: string; href: string }[] {
  return Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` }));
}
