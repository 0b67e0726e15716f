import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { School } from '../../staff/people-store.ts';
import type { Site } from '../site/site.ts';

/** So long a code or passkey counts for what asks it again. */
const countsForMs = 5 * 60_000;

/** Is more than a password asked at this school? Not where all names are invented. */
export function asksSecondFactor({ config }: Pick<Site, 'config'>, school: Pick<School, 'practice'>): boolean {
  return config.secondFactor && !school.practice;
}

/**
 * Goes on when a code or passkey was given in the last five minutes, or none is asked here. Throws codeNeeded otherwise: the page that
 * asks it leads back, with what was typed. A route says `stepUp: true` in its config; only where it depends on the request call this.
 */
export function requireStepUp(site: Pick<Site, 'config' | 'now'>, { visitor }: FastifyRequest): void {
  if (visitor === null || !asksSecondFactor(site, visitor.school)) return;
  if (!isProven(site, visitor)) throw new AppError('codeNeeded');
}

function isProven({ now }: Pick<Site, 'now'>, { secondAt }: { secondAt: string | null }): boolean {
  return secondAt !== null && Date.parse(now()) < Date.parse(secondAt) + countsForMs;
}
