// A process that writes until it is killed, or so often as it is told. Every acknowledged write is a line on its output.
import { writeSync } from 'node:fs';
import { firstReader, openTortureBoard, startOne } from './open-board.ts';
import { task } from './small-content.ts';

const [folder = '', name = '', clients = '1', times = '0', caseNumber = ''] = process.argv.slice(2);
const board = await openTortureBoard(folder, process.env['DATABASE_URL'] ?? null);
const reader = firstReader(board);
say({ ready: true });

await Promise.all(Array.from({ length: Number(clients) }, async (_, client) => {
  const key = (count: number): string => `${name}-${String(client)}-${String(count)}`;
  const number = caseNumber !== '' ? caseNumber : await startOne(board, reader, key(0), key(0));
  if (caseNumber === '') say({ key: key(0), number });
  for (let count = 1; times === '0' || count <= Number(times); count += 1) {
    for (let done = false; !done;) {
      const result = await board.cases.act(reader, number, { type: 'submit', task, answers: { tekst: key(count) } }, { key: key(count), draft: null });
      // Others were faster three times: as a person does, try again.
      done = result.type !== 'busy';
      if (done && result.type !== 'done') throw new Error(`A write was not taken: ${result.type}`);
    }
    say({ key: key(count), number });
  }
}));
await board.close();

/** At once: a line that is buffered dies with the process. */
function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
