import { createHmac, timingSafeEqual } from 'node:crypto';

/** The token that forms of one session carry; other sites cannot know it. `session` is the token in the cookie. */
export function csrfToken(key: Buffer, session: string): string {
  return createHmac('sha256', key).update(`csrf ${session}`).digest('base64url');
}

/** Are these the same? Takes the same time for every wrong one of the right length. */
export function isSameToken(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
