import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config.ts';

type At = Pick<Config, 'publicUrl'>;

/** The token in the cookie of a request; null without one. */
export function sessionToken(request: FastifyRequest, config: At): string | null {
  return request.cookies[cookieName(config)] ?? null;
}

/** Gives the browser the token of a new session. Over https the name binds it to this host. */
export function setSessionCookie(reply: FastifyReply, token: string, config: At): void {
  void reply.setCookie(cookieName(config), token, options(config));
}

export function clearSessionCookie(reply: FastifyReply, config: At): void {
  void reply.clearCookie(cookieName(config), options(config));
}

/** Remembers in the browser at which page somebody covered the screen; no address bar shows it. */
export function keepPlace(reply: FastifyReply, { person, path }: { person: string; path: string }, config: At): void {
  void reply.setCookie(placeName(config), `${person} ${path}`, options(config));
}

/** Gives the page where this person covered the screen, once; empty when there is none, or when it was somebody else's. */
export function takePlace(request: FastifyRequest, reply: FastifyReply, person: string, config: At): string {
  const [own, path = ''] = (request.cookies[placeName(config)] ?? '').split(' ');
  void reply.clearCookie(placeName(config), options(config));
  return own === person ? path : '';
}

/** Remembers in the browser which question it takes to another site; it comes back with the answer. */
export function keepStep(reply: FastifyReply, token: string, config: At): void {
  void reply.setCookie(stepName(config), token, options(config));
}

/** Gives that, once; empty when there is none. */
export function takeStep(request: FastifyRequest, reply: FastifyReply, config: At): string {
  void reply.clearCookie(stepName(config), options(config));
  return request.cookies[stepName(config)] ?? '';
}

function stepName(config: At): string {
  return `${cookieName(config)}-step`;
}

function placeName(config: At): string {
  return `${cookieName(config)}-place`;
}

function cookieName(config: At): string {
  return isSecure(config) ? '__Host-stappenplan' : 'stappenplan';
}

function options(config: At): { path: '/'; httpOnly: true; sameSite: 'lax'; secure: boolean } {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(config) };
}

function isSecure({ publicUrl }: At): boolean {
  return publicUrl?.startsWith('https:') === true;
}
