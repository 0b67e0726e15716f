import { createHmac, timingSafeEqual } from 'node:crypto';

/** The token that forms of one session carry; other sites cannot know it. `session` is the token in the cookie. */
export function csrfToken(key: Buffer, session: string): string {
  return createHmac('sha256', key).update(`csrf ${session}`).digest('base64url');
}

/** Is this the token of the session? Takes the same time for every wrong one. */
export function isCsrfToken(key: Buffer, session: string, token: string): boolean {
  const expected = Buffer.from(csrfToken(key, session));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
