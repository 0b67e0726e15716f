import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode } from '../errors.ts';
import { sendCode } from './sign-in/code-page.ts';
import { frameOf } from './site/frame.ts';
import { answerPairs, pairsOf, seeOther, sendPage } from './site/http.ts';
import { isForScript } from './forms/keep-draft.ts';
import { keptPost, sentButton } from './sign-in/kept-post.ts';
import { sendSignIn } from './sign-in/session-pages.ts';
import type { Site } from './site/site.ts';
import type { ErrorPage } from './views/view-models.ts';

/** The one place where what goes wrong becomes a page. What was typed is given back; the log gets ids and codes only. */
export function errorPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.setNotFoundHandler({ preHandler: [] }, async (request, reply) => sendError(site, request, reply, 'notFound', null));

  app.setErrorHandler(async (error: FastifyError | AppError, request, reply) => {
    const code = codeOf(error);
    // A page that saves while somebody types keeps the text itself, and says what is the matter.
    if (isForScript(request)) return sendRefusal(request, reply, code, error);
    if (code === 'notSignedIn' && request.method === 'GET') return seeOther(reply, `/sign-in?next=${encodeURIComponent(request.url)}`);
    if (code === 'codeNeeded' && request.method === 'GET') return seeOther(reply, `/second-factor?next=${encodeURIComponent(request.url)}`);
    // A button that asks a code has nothing typed, and is pressed again afterwards.
    const kept = code === 'codeNeeded' && isButton(request) ? sentButton : code === 'notSignedIn' || code === 'codeNeeded' ? keptPost(request) : '';
    if (kept !== '' && code === 'codeNeeded') return sendCode(site, request, reply, { next: request.url, kept, problems: {} });
    if (kept !== '') return sendSignIn(site, request, reply, { email: '', next: request.url, kept, problem: null });
    // Hanging up on somebody who is still sending would take the page away that says why; what comes is thrown away until the time is up.
    if (code === 'tooLarge') reply.removeHeader('connection');
    if (code === 'unexpected' || code === 'unavailable') request.log.error({ code, err: safeError(error) }, 'request failed');
    return sendError(site, request, reply, code, error instanceof AppError ? error.detail : null);
  });
}

function sendRefusal(request: FastifyRequest, reply: FastifyReply, code: ErrorCode, error: Error): FastifyReply {
  if (code === 'unexpected' || code === 'unavailable') request.log.error({ code, err: safeError(error) }, 'request failed');
  return reply.code(new AppError(code).status).send({ text: error instanceof AppError ? error.detail : null });
}

async function sendError(site: Site, request: FastifyRequest, reply: FastifyReply, code: ErrorCode, detail: string | null): Promise<FastifyReply> {
  const { t } = site;
  const page = code === 'notAllowed' ? 'notFound' : code === 'unexpected' ? 'unavailable' : code;
  const typed = request.method === 'POST' ? typedIn(request) : [];
  const model: ErrorPage = {
    heading: t(`web.error.${page}.heading`),
    paragraphs: [detail ?? t(`web.error.${page}.text`)],
    typed, typedText: t('web.error.typedText'),
    again: page === 'unavailable' && request.visitor !== null ? againOf(request, t('web.error.again')) : null,
    links: [request.visitor === null ? { href: '/sign-in', text: t('web.error.toSignIn') } : { href: '/cases', text: t('web.error.toCases') }],
    requestId: page === 'unavailable' ? request.id : null
  };
  const frame = await frameOf(site, request, { title: model.heading });
  return sendPage(reply, site.render('error', { ...model, frame }), new AppError(page).status);
}

/** Fastify's own refusals: bodies too large or of the wrong kind, addresses that are no address. */
function codeOf(error: FastifyError | AppError): ErrorCode {
  if (error instanceof AppError) return error.code;
  if (error.statusCode === 413) return 'tooLarge';
  if (error.statusCode === 429) return 'tooManyTries';
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return 'badRequest';
  return 'unexpected';
}

function isButton(request: FastifyRequest): boolean {
  return request.method === 'POST' && pairsOf(request).every(([name]) => name === '_csrf');
}

/** The same post, to be sent again when the server can; a file would have to be chosen anew. */
function againOf(request: FastifyRequest, button: string): ErrorPage['again'] {
  const pairs = pairsOf(request).filter(([name]) => name !== '_csrf');
  if (request.method !== 'POST' || keptPost(request) === '' || request.files.length > 0) return null;
  return { action: request.url, hidden: pairs.map(([name, value]) => ({ name, value })), button };
}

/** Passwords are never given back. The name of a field is its last word. */
function typedIn(request: FastifyRequest): ErrorPage['typed'] {
  return answerPairs(pairsOf(request))
    .filter(([name, value]) => value.trim() !== '' && !name.startsWith('_') && !name.includes('password') && name !== 'next')
    .map(([name, value]) => ({ name: name.split(/[/#]/).filter((part) => part !== '' && !/^\d+$/.test(part)).at(-1) ?? name, value: nameIn(value) ?? value }));
}

/** Of somebody who was chosen from a list only the name is read. */
function nameIn(value: string): string | null {
  const [, name] = /^\{"id":"[^"]*","naam":("(?:[^"\\]|\\.)*")\}$/.exec(value) ?? [];
  return name === undefined ? null : String(JSON.parse(name));
}

/** An error as the log may hold it: its kind and place; messages of the database can hold values. */
function safeError(error: Error & { code?: string }): { type: string; code: string | undefined; stack: string | undefined } {
  return { type: error.name, code: error.code, stack: error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')).join('\n') };
}
