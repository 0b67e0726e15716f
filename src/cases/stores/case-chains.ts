import type { Database } from '../../database/database.ts';
import type { LogRow } from '../../trust/access-log-store.ts';
import { chainStart } from '../../trust/chain.ts';
import type { Keys } from '../../trust/key-store.ts';
import { type CutRow, openCut } from '../../trust/log-cut.ts';
import type { ChainFile, Manifest } from './case-file-zip.ts';
import type { CaseRow, EventRow } from './case-rows.ts';

/** Reads the chains of a case as they are kept, with their ends, all of one moment. */
export function readChains(database: Pick<Database, 'snapshot'>, keys: Pick<Keys, 'drafts'>, caseId: string): Promise<{ rows: ChainFile; ends: Manifest['chains'] }> {
  return database.snapshot(async (connection) => {
    const row = await connection<CaseRow>('cases').where('id', caseId).first('event_head', 'event_count');
    if (row === undefined) throw new Error(`No case ${caseId}.`);
    const log = await connection<CutRow>('log_chains').where('chain', caseId).first();
    const cut = log === undefined ? null : openCut(log, keys);
    return {
      rows: { events: await connection<EventRow>('events').where('case_id', caseId).orderBy('sequence'), accessLog: await connection<LogRow>('access_log').where('chain', caseId).orderBy('sequence') },
      ends: { events: { head: row.event_head, count: row.event_count }, accessLog: { head: log?.head ?? chainStart, count: log?.length ?? 0, ...(cut === null ? {} : { after: { head: cut.hash, count: cut.upto } }) } }
    };
  });
}
