import type { Json } from '../definitions/bundle.ts';
import { isObject } from '../definitions/json-values.ts';
import { type Choices, type Need, noChoices } from '../engine/state/move-choices.ts';
import { targetsOf } from '../engine/versions/move-targets.ts';
import { needTitle } from '../engine/versions/need-text.ts';
import type { Model } from '../engine/model/prepare.ts';
import { StartProblem } from '../errors.ts';
import { asVersion, versionName } from './version-list.ts';

/** How many cases ask for a choice, and the version they run on. */
export type AskedNeed = { need: Need; before: Model; cases: number };

/** A choice in the file as it stands before somebody made it. */
const open = '?';

/**
 * Writes a written: for every choice what it is about, how many cases ask for it, and what it may become. Choices that were made stand in it,
 * the others as a question mark. `file`: its own name, for the words in it.
 */
export function writePlan(asked: readonly AskedNeed[], choices: Choices, { after, file }: { after: Model; file: string }): string {
  const { t } = after;
  const entries = asked.map((one) => ({ need: one.need, entry: entryOf(one, choices, after) }));
  const named = (kind: 'step' | 'task' | 'event' | 'field'): [string, Json][] => entries.flatMap(({ need, entry }): [string, Json][] => (
    need.kind !== kind ? [] : [[need.kind === 'field' ? need.path : need.id, entry]]
  ));
  const made = (map: { readonly [id: string]: string | null }, found: [string, Json][]): { [id: string]: Json } => ({
    ...Object.fromEntries(Object.entries(map).map(([id, becomes]) => [id, { becomes }])), ...Object.fromEntries(found)
  });
  const answers = entries.flatMap(({ need, entry }): [string, string, Json][] => (need.kind === 'answer' ? [[need.path, need.answer, entry]] : []));
  const paths = [...new Set([...Object.keys(choices.answers), ...answers.map(([path]) => path)])];
  return `${JSON.stringify({
    explanation: [t('versions.choices.explanation.1'), t('versions.choices.explanation.2'), t('versions.choices.explanation.3', { route: after.workflow.id, file })],
    route: after.workflow.id, to: versionName(asVersion(after.bundle)), hash: after.bundle.hash,
    steps: made(choices.steps, named('step')), tasks: made(choices.tasks, named('task')), fields: made(choices.fields, named('field')),
    answers: Object.fromEntries(paths.map((path) => [path, made(choices.answers[path] ?? {}, answers.flatMap(([at, answer, entry]): [string, Json][] => (at === path ? [[answer, entry]] : [])))])),
    events: made(choices.events, named('event'))
  }, null, 2)}\n`;
}

/**
 * Reads the choices that were made in a written; what is still a question mark is left out. Throws a StartProblem that names the place for a
 * file that is no written, one for another version, and a choice that cannot be made.
 */
export function readPlan(text: string, { after, file }: { after: Model; file: string }): Choices {
  const written = parsed(text, file);
  const expected = versionName(asVersion(after.bundle));
  if (written['hash'] !== after.bundle.hash) throw new StartProblem('versions.choices.otherVersion', { file, found: typeof written['to'] === 'string' ? written['to'] : '?', expected });
  const first: Reader = { after, file, choices: noChoices };
  const steps = chosen(first, written, 'step', 'steps') as Choices['steps'];
  // What questions may become depends on what their tasks become.
  const reader = { ...first, choices: { ...noChoices, steps, tasks: chosen(first, written, 'task', 'tasks') } };
  const answers = inside(written, 'answers', file);
  return {
    ...reader.choices, fields: chosen(reader, written, 'field', 'fields'),
    answers: Object.fromEntries(Object.keys(answers).map((path) => [path, chosen(reader, answers, 'answer', path)])),
    events: chosen(reader, written, 'event', 'events') as Choices['events']
  };
}

function entryOf({ need, before, cases }: AskedNeed, choices: Choices, after: Model): Json {
  const targets = need.kind === 'event'
    ? { now: after.t('versions.choices.now'), never: after.t('versions.choices.never') }
    : Object.fromEntries(targetsOf(after, need, choices).map(({ id, title }) => [id, title]));
  return { was: needTitle(before, after, need), cases, becomes: open, choose: targets };
}

type Reader = { after: Model; file: string; choices: Choices };

/** The choices under one key. */
function chosen({ after, file, choices }: Reader, written: { [key: string]: unknown }, kind: Need['kind'], key: string): { [id: string]: string | null } {
  return Object.fromEntries(Object.entries(inside(written, key, file)).flatMap(([id, entry]): [string, string | null][] => {
    const place = `${key} ${id}`;
    const becomes = isObject(entry) ? entry['becomes'] : undefined;
    if (becomes === undefined) throw new StartProblem('versions.choices.badShape', { file, place });
    if (becomes === open) return [];
    const need: Need = kind === 'answer' ? { kind, path: key, answer: id } : kind === 'field' ? { kind, path: id } : { kind, id };
    const known = kind === 'event' ? ['now', 'never'] : targetsOf(after, need, choices).map((target) => target.id);
    const isKnown = becomes === null ? kind !== 'step' && kind !== 'event' : typeof becomes === 'string' && known.includes(becomes);
    if (!isKnown) throw new StartProblem('versions.choices.badChoice', { file, place, found: JSON.stringify(becomes), known: [...known, ...(kind === 'step' || kind === 'event' ? [] : ['null'])].join(', ') });
    return [[id, becomes as string | null]];
  }));
}

function inside(written: { [key: string]: unknown }, key: string, file: string): { [key: string]: unknown } {
  const value = written[key] ?? {};
  if (!isObject(value)) throw new StartProblem('versions.choices.badShape', { file, place: key });
  return value;
}

function parsed(text: string, file: string): { [key: string]: unknown } {
  try {
    const written: unknown = JSON.parse(text);
    if (isObject(written)) return written;
  } catch (error) {
    throw new StartProblem('versions.choices.notJson', { file, reason: error instanceof Error ? error.message : '' }, { cause: error });
  }
  throw new StartProblem('versions.choices.badShape', { file, place: file });
}
