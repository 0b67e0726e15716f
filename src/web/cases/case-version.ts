import type { OpenCase } from '../../cases/cases.ts';
import type { StoredEvent } from '../../cases/stores/case-store.ts';
import { isHidden } from '../../cases/move-cases.ts';
import type { Route } from '../../cases/library.ts';
import type { Site } from '../site/site.ts';
import type { ExitRow } from '../views/view-models.ts';

/** Makes what the page of a case says of another version, to who may move it; nothing when there is none to move to or back from. `moves`: at least every move that the case made. */
export function versionRows(site: Site, open: OpenCase, moves: readonly StoredEvent[]): ExitRow[] {
  const { t } = site;
  const { number, tail } = open.stored;
  if (!mayMove(open)) return [];
  const to = newerVersion(site, open);
  const row = (link: ExitRow['link'], words: { verdict: string; reason: string }): ExitRow => ({ status: 'open', verdict: words.verdict, reasons: [words.reason], waivers: [], link });
  if (to !== null) return [row({ href: `/cases/${number}/version`, text: t('versions.page.link') }, { verdict: t('versions.page.row', { version: to.model.workflow.version }), reason: t('versions.page.rowText') })];
  if (moves.find(({ sequence }) => sequence === tail.count)?.event.type !== 'caseMoved') return [];
  return [row({ href: `/cases/${number}/version`, text: t('versions.page.undoLink') }, { verdict: t('versions.page.undoRow'), reason: t('versions.page.undoRowText') })];
}

/** May this person move this case to another version: they see all of one that the command may not know of? The command moves the others. */
export function mayMove({ access, stored }: OpenCase): boolean {
  return access === 'full' && stored.status === 'open' && isHidden(stored.state);
}

/** Gives the published version, when the case runs on another; else null. */
export function newerVersion({ library }: Site, { route, stored }: OpenCase): Route | null {
  return library.published().find(({ hash, model }) => model.workflow.id === stored.workflow && hash !== route.hash) ?? null;
}
