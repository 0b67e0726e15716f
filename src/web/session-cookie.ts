import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';

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

function cookieName(config: At): string {
  return isSecure(config) ? '__Host-stappenplan' : 'stappenplan';
}

function options(config: At): { path: '/'; httpOnly: true; sameSite: 'lax'; secure: boolean } {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(config) };
}

function isSecure({ publicUrl }: At): boolean {
  return publicUrl?.startsWith('https:') === true;
}
