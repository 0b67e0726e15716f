import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/config.ts';
import { makeShapeCheck } from '../../src/definitions/schema-findings.ts';
import { checkContent } from '../../src/documents/check-content.ts';
import { readTexts } from '../../src/texts.ts';
import { makeDice, type Verdict, verdict } from './verdict.ts';

type Dice = (below: number) => number;

/** What stands where something else was expected. */
const strange: unknown[] = [null, true, 0, -1, 1e300, '', 'x', 'constructor', '__proto__', '{{x}}', '^(a+)+$', [], {}, [[]], { '': {} }, { answered: true }, 'a.b.c.d', '#/properties/x', ['x', 'x'], 'ib'.repeat(500)];
const slowestMs = 1_000;

/**
 * R16: files of a small route with one to three things changed at random: a part taken out, put elsewhere, doubled or of another kind, or
 * letters changed. The check never throws, never takes a second, and says of every file it refuses where the fault stands.
 */
export async function mutants({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const t = readTexts('nl');
  const checkShape = makeShapeCheck();
  const source = join(projectRoot, 'test', 'fixtures', 'content');
  const files = ['workflows', 'forms'].flatMap((folder) => readdirSync(join(source, folder)).filter((name) => name.endsWith('.json')).map((name) => `${folder}/${name}`));
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-mutants-'));
  cpSync(source, folder, { recursive: true });
  const counts = { refused: 0, taken: 0, thrown: 0, placeless: 0, slow: 0, slowestMs: 0 };
  const which = new Set<string>();
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const file = files[dice(files.length)] ?? '';
    const text = readFileSync(join(source, file), 'utf8');
    let mutant = text;
    for (let left = 1 + dice(3); left > 0; left -= 1) mutant = mutated(mutant, dice);
    writeFileSync(join(folder, file), mutant);
    const began = Date.now();
    try {
      const { ok, problems } = checkContent(folder, t, { checkShape });
      counts[ok ? 'taken' : 'refused'] += 1;
      if (problems.some((problem) => !/^(workflows|forms|documents)\/./.test(problem.file) || problem.line < 1 || problem.text === '')) counts.placeless += 1;
    } catch (error) {
      counts.thrown += 1;
      which.add(`${file} in cycle ${String(cycle)}: ${(error as Error).message.slice(0, 80)}`);
    }
    const took = Date.now() - began;
    counts.slowestMs = Math.max(counts.slowestMs, took);
    if (took > slowestMs) counts.slow += 1;
    writeFileSync(join(folder, file), text);
  }
  rmSync(folder, { recursive: true, force: true });
  const ok = counts.thrown === 0 && counts.placeless === 0 && counts.slow === 0 && counts.refused > 0;
  return verdict('R16 definitions with mistakes', ok, { seed, cycles, ...counts, ...(which.size === 0 ? {} : { which: [...which].join('; ') }) });
}

function mutated(text: string, dice: Dice): string {
  if (dice(5) === 0) return withOtherLetters(text, dice);
  try {
    const root = JSON.parse(text) as unknown;
    changePart(root, dice);
    return JSON.stringify(root, null, 2);
  } catch {
    return withOtherLetters(text, dice);
  }
}

/** A few letters taken out, doubled, or others. */
function withOtherLetters(text: string, dice: Dice): string {
  const at = dice(text.length);
  const length = dice(4);
  const put = ['', '"', '{', '}', ',', '\u0000', '\uFEFF', '\\', text.slice(at, at + 20)][dice(9)] ?? '';
  return text.slice(0, at) + put + text.slice(at + length);
}

function changePart(root: unknown, dice: Dice): void {
  const parts: { holder: { [key: string]: unknown }; key: string }[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      const holder = value as { [key: string]: unknown };
      parts.push({ holder, key });
      collect(holder[key]);
    }
  };
  collect(root);
  const one = parts[dice(parts.length)];
  const other = parts[dice(parts.length)];
  if (one === undefined || other === undefined) return;
  const set = (holder: object, key: string, value: unknown): void => { Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true }); };
  switch (dice(5)) {
    case 0: Reflect.deleteProperty(one.holder, one.key); return;
    case 1: set(one.holder, one.key, strange[dice(strange.length)]); return;
    case 2: set(one.holder, one.key, structuredClone(other.holder[other.key])); return;
    case 3: set(one.holder, `${one.key}x`, structuredClone(one.holder[one.key])); return;
    default: set(one.holder, String(strange[4 + dice(6)]), structuredClone(other.holder[other.key]));
  }
}
