import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { EngineResult } from '../../engine/state/case-state.ts';
import { consequences } from '../../engine/overview/consequences.ts';
import { visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';

/** What handing in a checked form brings about, as sentences: at the least that it will stand in the case. */
export async function whatHappens(site: Site, request: FastifyRequest, open: OpenCase, outcome: EngineResult & { ok: true }): Promise<string[]> {
  const found = await whatFollows(site, request, open, outcome);
  return found.length === 0 ? [site.t('web.check.kept')] : found;
}

/** What an act brings about, in this case and beside it; empty when nothing follows. Who does not see the whole case is told nothing of another. */
export async function whatFollows({ t, now, cases }: Site, request: FastifyRequest, open: OpenCase, outcome: EngineResult & { ok: true }): Promise<string[]> {
  const { route, stored, viewer, access } = open;
  const begun = access === 'full' ? await cases.beginsWith(visitorOf(request).reader, open, outcome) : [];
  return [...consequences(route.model, stored.state, outcome, viewer, now()), ...begun.map((title) => t('web.check.begins', { route: title }))];
}
