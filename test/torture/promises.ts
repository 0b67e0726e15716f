import { verify } from '../../src/cases/verify.ts';
import { readAccessLog } from '../../src/trust/access-log-store.ts';
import { firstReader, type TortureBoard } from './open-board.ts';
import type { Person } from './server.ts';
import { field, task } from './small-content.ts';

/** What one person sent for one case, in order; of the last one nobody knows what became of it. */
export type Client = { person: Person; number: string; sent: { kind: 'record' | 'draft'; text: string; isPromised: boolean }[] };

/** Counts what does not hold of the database, its chains and its cases. */
export async function brokenIn({ database, keys }: TortureBoard): Promise<number> {
  const { findings } = await verify(database, keys);
  if (database.kind === 'postgres') return findings.length;
  const [check] = await database.read.raw<{ integrity_check: string }[]>('PRAGMA integrity_check');
  return findings.length + (check?.integrity_check === 'ok' ? 0 : 1);
}

/** Counts the promises that were not kept, and cases that hold more than was sent or than the log tells of. */
export async function lostOf(board: TortureBoard, clients: Client[]): Promise<number> {
  let lost = 0;
  for (const { person, number, sent } of clients) {
    const open = await board.cases.open(firstReader(board), number, 'view');
    if (open === null) {
      lost += sent.length;
      continue;
    }
    const { id, state: { records } } = open.stored;
    const stored = records.map(({ answers }) => answers['tekst']);
    const lines = (await readAccessLog(board.database.read, id)).filter(({ action }) => action === 'start' || action === 'change');
    if (lines.length !== records.length || new Set(stored).size !== stored.length) lost += 1;
    for (const { kind, text, isPromised } of sent) {
      if (isPromised && kind === 'record' && !(stored.includes(text) && await board.cases.answerOf(person.reader, text) === number)) lost += 1;
    }
    const draft = await board.cases.drafts.find({ person: person.reader.id, case: id, task, record: null });
    if (!isDraftKept(sent, draft?.pairs.find(([name]) => name === field)?.[1], stored)) lost += 1;
  }
  return lost;
}

/** The last promised draft stands as long as what was sent after it did not take its place or, as a record, erase it. */
function isDraftKept(sent: Client['sent'], draft: string | undefined, stored: unknown[]): boolean {
  const promised = sent.filter(({ isPromised }) => isPromised).at(-1);
  const last = sent.at(-1);
  if (promised?.kind !== 'draft') return draft === undefined || draft === last?.text;
  return draft === promised.text || draft === last?.text || (last?.kind === 'record' && draft === undefined && stored.includes(last.text));
}
