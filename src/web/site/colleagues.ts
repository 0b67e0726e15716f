import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { Person } from '../../staff/people-store.ts';
import { visitorOf } from './http.ts';
import type { Site } from './site.ts';

/** Those to whom something of a case may be given: who works at the school now and is not shut out of it, also not by the case it came from. */
export async function colleaguesFor(site: Site, request: FastifyRequest, open: OpenCase): Promise<Person[]> {
  const [staff, shut] = await Promise.all([site.people.staff(visitorOf(request).school.id), site.cases.shutOut(open)]);
  return staff.filter(({ id }) => !shut.includes(id));
}
