import t from 'tap';
import type { CaseRecord, CaseState } from '../src/engine/case-state.ts';
import { playCommands } from '../src/engine/play.ts';
import { type LoggedEvent, rebuild } from '../src/engine/rebuild.ts';
import { cast, demo, found, model, today } from './fixtures/practice-school.ts';

t.test('after every act of every practice case its events and records rebuild the state', async (t) => {
  for (const { title, commands } of demo.cases) {
    for (const { events, versions, state } of momentsOf(playCommands(model, commands, cast, today))) {
      const rebuilt = rebuild(events, versions);
      t.strictSame(rebuilt, { ok: true, state, unused: [] }, `${title}, after ${String(events.length)} events`);
    }
  }
});

t.test('an event that is missing, doubled or out of order, and a version that is missing, do not go unseen', async (t) => {
  const moments = momentsOf(playCommands(model, found(demo.cases.find(({ commands }) => commands.some(({ update }) => update !== undefined))).commands, cast, today));
  const { events, versions, state } = found(moments.at(-1));
  const isSame = (changed: LoggedEvent[], kept: CaseRecord[] = versions): boolean => {
    const rebuilt = rebuild(changed, kept);
    return rebuilt.ok && rebuilt.unused.length === 0 && JSON.stringify(rebuilt.state) === JSON.stringify(state);
  };
  t.ok(isSame(events));
  const tells = events.flatMap(({ event }, index) => (event.type === 'recordEntered' || event.type === 'recordUpdated' || event.type === 'stepEntered' ? [index] : []));
  t.same(tells.filter((index) => isSame(events.toSpliced(index, 1))), [], 'missing');
  t.same(tells.filter((index) => isSame(events.toSpliced(index, 0, found(events[index])))), [], 'doubled');
  t.notOk(isSame(events.toReversed()));
  t.notOk(isSame([]));
  t.same(versions.filter((version) => isSame(events, versions.filter((other) => other !== version))), [], 'a version missing');
  t.same(rebuild(events, [...versions, { ...found(versions[0]), version: 99 }]), { ok: true, state, unused: [{ ...found(versions[0]), version: 99 }] });
});

type Moment = { events: LoggedEvent[]; versions: CaseRecord[]; state: CaseState };

/** What a store would hold after each act. */
function momentsOf({ steps }: ReturnType<typeof playCommands>): Moment[] {
  const moments: Moment[] = [];
  for (const { actor, now, result } of steps) {
    if (!result.ok) continue;
    const { events, versions } = moments.at(-1) ?? { events: [], versions: [] };
    const known = new Set(versions.map(({ id, version }) => `${String(id)}/${String(version)}`));
    moments.push({
      events: [...events, ...result.events.map((event) => ({ at: now, person: actor.id, event }))],
      versions: [...versions, ...result.state.records.filter(({ id, version }) => !known.has(`${String(id)}/${String(version)}`))],
      state: result.state
    });
  }
  return moments;
}
