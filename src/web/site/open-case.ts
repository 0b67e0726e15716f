import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { can } from '../../trust/access.ts';
import type { OpenCase } from '../../cases/cases.ts';
import type { AccessAction, Draft } from '../../cases/stores/case-store.ts';
import { param, visitorOf } from './http.ts';
import type { Site } from './site.ts';
import { subjectOf } from './subject.ts';
import type { Link } from '../views/view-models.ts';

/** Opens the case of a request, or answers as if it did not exist. Of a cancelled one nothing is left to see. `part`: what of it goes into the log, ids only. */
export async function openCase(site: Site, request: FastifyRequest, action: AccessAction, part: string | null = partOf(request)): Promise<OpenCase> {
  const open = await openAny(site, request, action, part);
  if (open.stored.status === 'cancelled') throw new AppError('cancelled');
  return open;
}

/** Opens the case of a request with what this person has begun of one task. `Cases.looked` comes before anything is shown. */
export async function openCaseTask(site: Site, request: FastifyRequest, task: string): Promise<{ open: OpenCase; draft: Draft | null }> {
  const found = await site.cases.openTask(visitorOf(request).reader, param(request, 'number'), task);
  if (found === null || !isAllowed(request, found.open)) throw new AppError('notFound');
  if (found.open.stored.status === 'cancelled') throw new AppError('cancelled');
  return found;
}

/** The same, also of a cancelled case. */
export async function openAny(site: Site, request: FastifyRequest, action: AccessAction, part: string | null = null): Promise<OpenCase> {
  const open = await site.cases.open(visitorOf(request).reader, param(request, 'number'), action, part);
  if (open === null || !isAllowed(request, open)) throw new AppError('notFound');
  return open;
}

/** Which part of the case a request names, for the log: ids of its address, such as a document or a record. What is no id is left out. */
function partOf(request: FastifyRequest): string | null {
  const { number: _, ...parts } = request.params as { [name: string]: string };
  const ids = Object.values(parts).filter((part) => /^[\w.~:-]{1,64}$/.test(part));
  return ids.length === 0 ? null : ids.join(' ');
}

/** The guard let a signed-in person through; here it is known how they stand to this case. */
function isAllowed(request: FastifyRequest, { access }: OpenCase): boolean {
  const { action } = request.routeOptions.config;
  return action !== undefined && can({ admin: visitorOf(request).person.admin }, action, { access, excluded: false });
}

/** The link back to a case, as a crumb. */
export function caseLink(site: Site, { stored, route }: OpenCase): Link {
  return { href: `/cases/${stored.number}`, text: subjectOf(route, stored.state, site.t).full };
}
