import { isDeepStrictEqual } from 'node:util';
import type { RouteSettings } from '../definitions/setting-values.ts';
import { type CaseState, clockwork, type EngineEvent, type Moment, type PersonId } from '../engine/state/case-state.ts';
import { moveCase, type MoveResult } from '../engine/versions/move-case.ts';
import type { Choices } from '../engine/state/move-choices.ts';
import { rebuild } from '../engine/commands/rebuild.ts';
import { nextTimer } from '../engine/commands/timers.ts';
import { accessChanges, type Colleague } from './stores/access-changes.ts';
import type { BundleStore } from './stores/bundle-store.ts';
import type { CaseStore, StoredCase } from './stores/case-store.ts';
import { headOf } from './case-writer.ts';
import { type Library, type Route, routeAt } from './library.ts';
import { subjectText } from './subject-text.ts';

/**
 * What became of one case. there: it runs on that version already. busy: others kept changing it; nothing was written.
 * never, later: its move cannot be undone, since there was none, or since something was written after it. `from`: the version it ran on.
 */
export type MovedCase = { number: string; from: string; outcome: MoveResult | { type: 'there' | 'busy' | 'never' | 'later' | 'undone' } };

/** `by` null: by the command of who runs the server. `write` false: only tries. */
export type MoveOptions = { by: PersonId | null; write: boolean };

export type Moves = {
  /** Moves every running case of a route that is not restricted; each in a transaction of its own, so that a stop in between leaves whole cases. */
  moveAll(workflow: string, to: string, choices: Choices, write: boolean): Promise<MovedCase[]>;
  /** Takes back the move of each of those, where nothing was written since. */
  undoAll(workflow: string, write: boolean): Promise<MovedCase[]>;
  /** Moves one case, by somebody who may see it; null: it is gone. */
  move(caseId: string, to: string, choices: Choices, options: MoveOptions): Promise<MovedCase | null>;
  undo(caseId: string, options: MoveOptions): Promise<MovedCase | null>;
};

export type MovesParts = {
  bundles: BundleStore;
  store: CaseStore;
  library: Pick<Library, 'route'>;
  staffOf: (school: string) => Promise<Colleague[]>;
  settingsOf: (school: string) => Promise<RouteSettings>;
  now: () => Moment;
};

/** As for any act (storage.md, rule 1). */
const mostTries = 3;

/** Makes what moves running cases to another version of their route. The server may go on working: an act meanwhile starts again on the moved case. */
export function makeMoves({ bundles, store, library, staffOf, settingsOf, now }: MovesParts): Moves {
  const routeFor = async ({ school }: StoredCase, hash: string): Promise<Route> => routeAt(await library.route(hash), await settingsOf(school), null);

  /** The state that all that happened to a case gives with these events behind it; null: somebody wrote meanwhile. */
  const rebuilt = async (stored: StoredCase, more: EngineEvent[], at: Moment): Promise<CaseState | null> => {
    const [events, versions] = [await store.events(stored.id), await store.versions(stored.id, null)];
    if ((await store.byId(stored.id))?.revision !== stored.revision) return null;
    const result = rebuild([...events, ...more.map((event) => ({ at, person: clockwork.id, event }))], versions);
    if (!result.ok || result.unused.length > 0) throw new Error(`The events of case ${stored.id} do not rebuild it.`);
    return result.state;
  };

  /** The tasks that become another one, of those that somebody is writing for. */
  const draftsOf = async (stored: StoredCase, { tasks }: Choices): Promise<{ drafts?: { [task: string]: string } }> => {
    const moved = Object.entries(tasks).filter((entry): entry is [string, string] => entry[1] !== null);
    if (moved.length === 0) return {};
    const written = await store.drafts.tasksOf(stored.id);
    const drafts = moved.filter(([task]) => written.includes(task));
    return drafts.length === 0 ? {} : { drafts: Object.fromEntries(drafts) };
  };

  const write = async (stored: StoredCase, { before, after, state, event, drafts, by, at }: Step): Promise<boolean> => {
    const { add, remove, release, exclude } = accessChanges(after.model, stored.state, state, { staff: await staffOf(stored.school), there: (await store.peopleOf(stored.id)).map(({ person }) => person) });
    const text = subjectText(after.model, state);
    return await store.write({
      person: by ?? clockwork.id, now: at, key: null, draft: null, answer: stored.number, events: [event], records: [],
      case: { ...stored, bundle: after.hash, ...headOf(after, state, at), state },
      expected: stored, timer: nextTimer(after.model, state, at), ...(drafts === undefined ? {} : { becomes: drafts }),
      findBy: text === subjectText(before.model, stored.state) ? null : text,
      people: { add, remove, release, exclude: exclude.map((person) => ({ person, reason: state.restriction?.event ?? '' })) },
      log: [{ person: by, case: stored.id, action: 'move' }]
    }) === 'done';
  };

  const tried = async (caseId: string, isOfAll: boolean, attempt: (stored: StoredCase) => Promise<MovedCase['outcome']>): Promise<MovedCase | null> => {
    for (let tries = 0; ; tries += 1) {
      const stored = await store.byId(caseId);
      // Restricted meanwhile: the command may not know of it.
      if (stored === null || (isOfAll && isHidden(stored.state))) return null;
      const outcome = await attempt(stored);
      if (outcome.type !== 'busy' || tries + 1 >= mostTries) return { number: stored.number, from: stored.bundle, outcome };
    }
  };

  const move = (caseId: string, to: string, choices: Choices, options: MoveOptions, isOfAll = false): Promise<MovedCase | null> => tried(caseId, isOfAll, async (stored) => {
    if (stored.bundle === to) return { type: 'there' };
    const at = now();
    const [before, after] = [await routeFor(stored, stored.bundle), await routeFor(stored, to)];
    const result = moveCase(before.model, after.model, stored.state, choices, at);
    if (result.type !== 'goes') return result;
    const again = await rebuilt(stored, [result.event], at);
    if (again === null) return { type: 'busy' };
    if (!isDeepStrictEqual(again, result.state)) throw new Error(`Moved, case ${stored.id} would not rebuild.`);
    if (!options.write) return result;
    const drafts = await draftsOf(stored, choices);
    return await write(stored, { before, after, state: result.state, event: { ...result.event, ...drafts }, ...drafts, by: options.by, at }) ? result : { type: 'busy' };
  });

  const undo = (caseId: string, options: MoveOptions, isOfAll = false): Promise<MovedCase | null> => tried(caseId, isOfAll, async (stored) => {
    const events = (await store.events(caseId)).map(({ event }) => event);
    const last = events.at(-1);
    if (last?.type !== 'caseMoved') return { type: events.some(({ type }) => type === 'caseMoved') && stored.state.earlier !== undefined ? 'later' : 'never' };
    const at = now();
    const event = { type: 'moveUndone' as const, from: last.to, to: last.from };
    const [before, after] = [await routeFor(stored, last.to), await routeFor(stored, last.from)];
    const state = await rebuilt(stored, [event], at);
    if (state === null) return { type: 'busy' };
    const drafts = last.drafts === undefined ? {} : { drafts: Object.fromEntries(Object.entries(last.drafts).map(([task, became]) => [became, task])) };
    return !options.write || await write(stored, { before, after, state, event, ...drafts, by: options.by, at }) ? { type: 'undone' } : { type: 'busy' };
  });

  const all = async (workflow: string, one: (id: string) => Promise<MovedCase | null>): Promise<MovedCase[]> => {
    const found: MovedCase[] = [];
    for (const { id } of await bundles.runningCases(workflow)) found.push(...[await one(id)].filter((moved) => moved !== null));
    return found;
  };

  return {
    moveAll: (workflow, to, choices, write) => all(workflow, (id) => move(id, to, choices, { by: null, write }, true)),
    undoAll: (workflow, write) => all(workflow, (id) => undo(id, { by: null, write }, true)),
    move: (caseId, to, choices, options) => move(caseId, to, choices, options),
    undo: (caseId, options) => undo(caseId, options)
  };
}

type Step = { before: Route; after: Route; state: CaseState; event: EngineEvent; drafts?: { [task: string]: string }; by: PersonId | null; at: Moment };

/** May the command that moves all not know of this case? It is restricted, or somebody is shut out of it by name. The cases of BundleStore are the others. */
export function isHidden({ restriction, barred }: CaseState): boolean {
  return restriction !== null || barred.length > 0;
}
