import { readState, stateText } from '../src/cases/stores/state-text.ts';
import { projectRoot } from '../src/config.ts';
import { checkContent } from '../src/documents/check-content.ts';
import { readTexts } from '../src/texts.ts';
import { median, say, spread } from './figures.ts';
import { comparedModel, now, step, walk, walkOnce, walkTexts } from './peer/route.ts';
import { walkOnceWithXState } from './peer/xstate.ts';

/**
 * The engine by itself, in turn with XState's pure `transition` on the same route, both reading the case from text before each act and
 * writing it back after (performance.md P4); how an act grows with what a case holds; what a case weighs in memory; how long the check takes.
 */
const model = comparedModel(readTexts('en'));
if (!walkOnce(model).includes('"closed"') || !walkOnceWithXState().includes('"done"')) throw new Error('One of the two did not reach the end.');

const rounds: { ours: number; peer: number; text: number }[] = [];
const texts = walkTexts(model);
for (let round = 0; round <= 40; round += 1) {
  const one = {
    ours: cpuUs(() => { walkOnce(model); }, 500) / walk.length,
    peer: cpuUs(walkOnceWithXState, 500) / walk.length,
    text: cpuUs(() => { for (const text of texts) stateText(readState(text)); }, 500) / walk.length
  };
  // The first rounds warm up.
  if (round >= 10) rounds.push(one);
}
say(`transition, saved and restored: ours ${median(rounds.map(({ ours }) => ours)).toFixed(1)} us CPU, of which reading and writing its text ${median(rounds.map(({ text }) => text)).toFixed(1)}; XState ${median(rounds.map(({ peer }) => peer)).toFixed(1)} us`);
say(`we do ${spread(rounds.map(({ ours, peer }) => peer / ours))} times as many as XState`);

for (const records of [10, 100, 1000]) {
  const measured = Array.from({ length: 7 }, () => growth(records));
  say(`one more record in a case of ${String(records)}: ${median(measured.map(({ act }) => act)).toFixed(0)} us CPU, ${spread(measured.map(({ act, text }) => act / text))} times reading and writing its text`);
}

say(`a case of 10 records weighs ${weight(10).toFixed(1)} kB in memory`);

const today = now.slice(0, 10);
const [cold, warm] = [0, 1].map(() => cpuUs(() => { checkContent(projectRoot, readTexts('nl'), { today }); }, 1) / 1e6);
say(`the whole content checked in ${(cold ?? 0).toFixed(2)} s CPU, again in ${(warm ?? 0).toFixed(2)} s`);

/** CPU of one run, in microseconds, its garbage with it. What ran before leaves none of its own (a whole collection would undo what was compiled). */
function cpuUs(run: () => void, times: number): number {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  const before = process.cpuUsage();
  for (let count = 0; count < times; count += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

/** CPU of handing in one more record, read and written as text, and of the text alone. */
function growth(records: number): { act: number; text: number } {
  const kept = caseOf(records);
  const times = Math.max(50, 5000 / records);
  return {
    act: cpuUs(() => { step(model, kept, { type: 'submit', task: 'signal', answers: { what: 'Once more.', kind: 'plain' } }); }, times),
    text: cpuUs(() => { stateText(readState(kept)); }, times)
  };
}

function caseOf(records: number): string {
  let kept = step(model, '', { type: 'open', task: 'signal', answers: { what: 'The first.', kind: 'plain' }, subject: null });
  for (let count = 1; count < records; count += 1) kept = step(model, kept, { type: 'submit', task: 'signal', answers: { what: `Signal ${String(count)}.`, kind: 'plain' } });
  return kept;
}

/** Kilobytes of heap of one case. */
function weight(records: number): number {
  const kept = caseOf(records);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const cases = Array.from({ length: 2000 }, () => readState(kept));
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed - before) / cases.length / 1024;
}
