import type { OpenCase } from '../cases/cases.ts';
import type { EngineResult } from '../engine/case-state.ts';
import { consequences } from '../engine/consequences.ts';
import type { Site } from './site.ts';

/** What handing in a checked form brings about, as sentences: at the least that it will stand in the case. */
export function whatHappens({ t, now }: Pick<Site, 't' | 'now'>, { route, stored, viewer }: OpenCase, outcome: EngineResult & { ok: true }): string[] {
  const found = consequences(route.model, stored.state, outcome, viewer, now());
  return found.length === 0 ? [t('web.check.kept')] : found;
}
