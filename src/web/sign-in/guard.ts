import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode } from '../../errors.ts';
import { can, needsSecondFactor, type Action } from '../../trust/access.ts';
import { asksSecondFactor, requireStepUp } from './step-up.ts';
import { pairsOf, valueIn } from '../site/http.ts';
import { sessionToken } from './session-cookie.ts';
import type { Site, Visitor } from '../site/site.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, for the one table of rights (trust/access.ts). */
    action?: Action;
    /** Asks for a code or passkey again, unless one was given in the last minutes (step-up.ts): for exports, printing a whole file, roles. */
    stepUp?: true;
  }
  interface FastifyInstance {
    /** Every route with what it does, in the order of app.ts: for the list of rights. */
    guarded: GuardedRoute[];
  }
  interface FastifyRequest {
    /** Who is signed in. */
    visitor: Visitor | null;
  }
}

export type GuardedRoute = { method: string; path: string; action: Action };

/**
 * Lets a request through when its action is allowed: reads the session, asks the table of rights, and for posts the token of the form.
 * What a case demands is asked again when the case is opened. A route without an action is refused when it is registered.
 */
export function guard(app: FastifyInstance, { site }: { site: Site }): void {
  app.decorateRequest('visitor', null);
  app.decorate('guarded', []);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/assets/')) route.config = { ...route.config, action: 'assets.view' };
    if (route.method === 'HEAD') return;
    const action = route.config?.action;
    if (action === undefined) throw new Error(`The route ${String(route.method)} ${route.url} has no action.`);
    app.guarded.push(...[route.method].flat().map((method) => ({ method, path: route.url, action })));
  });
  app.addHook('onRequest', async (request) => {
    // Nothing has such an address, and PostgreSQL takes no such text.
    if (request.url.includes('%00')) throw new AppError('notFound');
    const token = sessionToken(request, site.config);
    request.visitor = token === null ? null : await visitorFor(site, token);
  });
  app.addHook('preHandler', async (request) => {
    const { action, stepUp } = request.routeOptions.config;
    if (request.is404) return;
    if (action === undefined) throw new AppError('notFound');
    if (request.method === 'POST' && request.visitor !== null && !await site.pace.turn(request.visitor.sessionId)) throw new AppError('tooManyTries');
    if (request.method === 'POST' && !isFromHere(site, request)) await refuse(site, request, 'formExpired');
    if (!isAllowed(request, action)) await refuse(site, request, request.visitor === null ? 'notSignedIn' : 'notFound');
    if (request.visitor?.half === true && needsSecondFactor(action)) throw new AppError('codeNeeded');
    if (request.method === 'POST' && request.visitor !== null && !hasToken(site, request, request.visitor)) await refuse(site, request, 'formExpired');
    if (stepUp === true) requireStepUp(site, request);
  });
}

/** Rights that hang on a case are decided where it is opened (cases.ts); here it is enough to be signed in. */
function isAllowed({ visitor }: FastifyRequest, action: Action): boolean {
  return can(visitor === null ? null : { admin: visitor.person.admin }, action, { access: 'full', excluded: false });
}

/** Who is signed in with this token; null: nobody, any more. */
export async function visitorFor(site: Site, token: string): Promise<Visitor | null> {
  const session = await site.sessions.find(token, site.now());
  if (session === null) return null;
  const { person, school, since, schools, startedAt, secondAt, endsAt } = session;
  return { person, school, since, schools, startedAt, secondAt, half: secondAt === null && asksSecondFactor(site, school), endsAt, reader: { id: person.id, roles: person.roles, school: school.id, settings: school.settings }, csrf: site.sessions.csrf(token), sessionId: session.id };
}

/** A form of another site cannot post here. Browsers say where a post comes from; a program that says nothing has no cookie of a person. */
function isFromHere(site: Site, request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  const from = request.headers['sec-fetch-site'];
  if (from !== undefined && from !== 'same-origin' && from !== 'none') return false;
  if (origin === undefined) return true;
  const own = site.config.publicUrl === null ? [`http://${host ?? ''}`, `https://${host ?? ''}`] : [new URL(site.config.publicUrl).origin];
  return own.includes(origin);
}

function hasToken(site: Site, request: FastifyRequest, { csrf }: Visitor): boolean {
  return site.sessions.sameToken(csrf, valueIn(pairsOf(request), '_csrf'));
}

/** Refuses, and writes down who tried what; of somebody who is not signed in there is nothing to write. */
async function refuse(site: Site, request: FastifyRequest, code: ErrorCode): Promise<never> {
  const detail = code === 'notFound' ? request.routeOptions.config.action ?? null : 'form';
  if (request.visitor !== null) await site.accessReports.note([{ person: request.visitor.person.id, case: null, action: 'refusedTry', detail }], site.now());
  throw new AppError(code);
}
