import { versionFiles } from '../engine/commands/document-versions.ts';
import { filesIn } from '../forms/file-answer.ts';
import { jsonFile, type Manifest, packCase, type ChainFile, zipPaths } from './stores/case-file-zip.ts';
import type { CaseStore } from './stores/case-store.ts';
import { readAnswers, type Versions } from './entered.ts';
import type { StoredCase } from './stores/stored-case.ts';

/** What a packed case is made with. `chains`: read after its line in the access log was written. */
export type CaseExport = {
  store: Pick<CaseStore, 'events' | 'versions' | 'files'>;
  open: Versions & { stored: StoredCase; viewer: { roles: readonly string[] } };
  chains: { rows: ChainFile; ends: Manifest['chains'] };
  /** The canonical text of its route, whose hash the case is pinned to. */
  routeText: string;
  people: { [id: string]: string };
  school: string;
  readMe: string;
  now: string;
};

/**
 * Packs everything of a case that this person may read, as files that need no program of ours: what happened, every version of every
 * record, documents as they were kept, files, and the access log. Null: the case changed meanwhile; read it again.
 */
export async function exportCase({ store, open, chains, routeText, people, school, readMe, now }: CaseExport): Promise<Buffer | null> {
  const { stored, route } = open;
  const events = await store.events(stored.id);
  if (events.length !== chains.rows.events.length) return null;
  const records = (await store.versions(stored.id, null)).map((record) => ({ ...record, answers: readAnswers(open, record) }));
  const papers = versionFiles(stored.state);
  const uploads = records.flatMap(({ answers }) => filesIn(answers)).filter(({ id }, index, all) => all.findIndex((one) => one.id === id) === index);
  const files: { [path: string]: Buffer } = {
    'LEESMIJ.txt': Buffer.from(readMe),
    [zipPaths.summary]: jsonFile({
      number: stored.number, school, status: stored.status, openedAt: stored.openedAt, closedAt: stored.closedAt, outcome: stored.outcome,
      route: { id: route.model.workflow.id, version: route.model.workflow.version, hash: route.hash }, people,
      documents: (stored.state.versions ?? [])
    }),
    [zipPaths.events]: jsonFile(events), 'vastleggingen.json': jsonFile(records), 'toegang.json': jsonFile(chains.rows.accessLog.map(({ at, person_id, action, detail }) => ({ at, person: person_id, action, detail }))),
    [zipPaths.chains]: jsonFile(chains.rows), [zipPaths.route]: Buffer.from(routeText)
  };
  for (const [folder, own] of [['documenten', papers], ['bestanden', uploads]] as const) {
    for (const { id, naam } of own) {
      const found = await store.files.read(stored.id, id);
      if (found === null) throw new Error(`File ${id} of case ${stored.id} is not there.`);
      files[`${folder}/${id}-${naam}`] = found.content;
    }
  }
  return packCase(files, { number: stored.number, madeOn: now, chains: chains.ends });
}
