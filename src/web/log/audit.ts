import type { FastifyRequest } from 'fastify';
import { visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';

/** Does this person look after who saw cases? A role that a published route names under access.audit (domain.md, P1). It opens no case by itself. */
export function mayAudit({ library }: Pick<Site, 'library'>, request: FastifyRequest): boolean {
  const { roles } = visitorOf(request).person;
  return library.published().some(({ model }) => model.workflow.access.audit?.some((role) => roles.includes(role)) === true);
}
