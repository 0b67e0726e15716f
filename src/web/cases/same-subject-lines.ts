import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { subjectRecord } from '../../cases/same-subject.ts';
import type { SubjectNotice } from '../../cases/stores/subject-notices.ts';
import { capitalise, dayOf, formatWhen } from '../words/format.ts';
import { visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';
import type { Link } from '../views/view-models.ts';

/** What somebody has not read yet, for the top of the work list. */
export async function subjectLines(site: Site, request: FastifyRequest): Promise<Link[]> {
  return (await unreadOf(site, request)).map((one) => ({ href: `/cases/${one.number}/new-cases`, text: site.t('subject.started', { number: one.number, when: whenOf(site, one) }) }));
}

/** The running cases about the same person, for the head of a case: only those that this reader sees, and that it does not name already. */
export async function runningLines(site: Site, request: FastifyRequest, open: OpenCase, named: readonly (string | null)[]): Promise<{ text: string; link: Link }[]> {
  const record = subjectRecord(open.route.model, open.stored.state);
  if (record === null || open.access === 'task') return [];
  const others = await site.cases.sameSubject(visitorOf(request).reader, open, { answers: [record.answers], closed: false });
  // Nothing of a case that only some may see stands on another (semantics 19).
  return others.filter(({ stored }) => stored.state.restriction === null && !named.includes(stored.number)).map(({ route: { model: { workflow } }, stored: { number } }) => ({
    text: site.t('subject.running', { route: workflow.shortTitle ?? workflow.title }), link: { href: `/cases/${number}`, text: site.t('subject.runningLink', { number }) }
  }));
}

/** What this person has not read yet of new cases about the person of a case that is theirs. */
export function unreadOf(site: Site, request: FastifyRequest): Promise<SubjectNotice[]> {
  const { reader } = visitorOf(request);
  return site.cases.subjectNotices.unread(reader.id, reader.school);
}

/** When it was started, at the beginning of a sentence. */
export function whenOf({ t, now }: Site, { at }: SubjectNotice): string {
  return capitalise(formatWhen(at, dayOf(now()), t));
}
