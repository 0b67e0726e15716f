import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { caseCrumbs, frameOf } from './frame.ts';
import { sendPage } from './http.ts';
import { caseLink } from './open-case.ts';
import type { Site } from './site.ts';
import type { QuestionPage } from '../views/view-models.ts';

/** Asks something about a case before it changes. */
export async function sendQuestion(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { title, ...page }: QuestionPage & { title: string }): Promise<FastifyReply> {
  const hasProblems = page.problems.length > 0;
  const frame = await frameOf(site, request, { title, crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems, current: 'cases' });
  return sendPage(reply, site.render('question', { ...page, frame }), hasProblems ? 422 : 200);
}
