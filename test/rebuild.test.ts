import t from 'tap';
import { readState, stateText } from '../src/cases/stores/state-text.ts';
import type { CaseRecord, CaseState, Visit } from '../src/engine/state/case-state.ts';
import { newCase } from '../src/engine/state/new-case.ts';
import { playCommands } from '../src/engine/scenarios/play.ts';
import { type LoggedEvent, rebuild } from '../src/engine/commands/rebuild.ts';
import { cast, demo, found, model, today } from './fixtures/practice-school.ts';

t.test('after every act of every practice case its events and records rebuild the state, and its text gives it back', async (t) => {
  for (const { title, commands } of demo.cases) {
    for (const { events, versions, state } of momentsOf(playCommands(model, commands, cast, today))) {
      const rebuilt = rebuild(events, versions);
      t.strictSame(rebuilt, { ok: true, state, unused: [] }, `${title}, after ${String(events.length)} events`);
      t.strictSame(readState(stateText(state)), state);
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

t.test('whatever a state, a visit or a record says, alone and together, its text says it too', async (t) => {
  const at = '2026-03-18T13:32:00.000Z';
  const later = '2026-03-19T09:00:00.000Z';
  const visit: Visit = { id: 1, step: 'stap', enteredAt: at, status: 'active', endedAt: null, endedBy: null, endedVia: null };
  const record: CaseRecord = { id: 1, task: 'taak', form: 'formulier', source: null, visit: null, version: 1, by: 'ib', at, updatedAt: at, updatedBy: null, late: false, answers: {} };
  const state: CaseState = { ...newCase('ib', at), visits: [visit], records: [record] };
  // Required: a field that is added to a type has to be added here.
  const visits: Required<Visit> = { id: 7, step: 'anders', enteredAt: later, status: 'left', endedAt: later, endedBy: 'leraar', endedVia: 'weg' };
  const records: Required<CaseRecord> = {
    id: 7, task: 'anders', form: 'ander', formHash: 'abc', source: '1.2', visit: 3, version: 2, by: null, at: later, updatedAt: later, updatedBy: 'leraar', late: true,
    answers: { tekst: 'ë', leeg: null, lijst: [[], {}] }, entered: { bundle: 'h', task: 'eerder', form: 'eerst', answers: { tekst: '' } }
  };
  const said = { by: 'ib', at, reason: 'daarom' };
  const file = { id: 'f', naam: 'd', type: 'text/plain', bytes: 1, sha256: 'x' };
  const states: Required<CaseState> = {
    status: 'closed', openedAt: later, closedAt: later, outcome: 'klaar', starter: 'leraar', from: { case: 'c', link: 'l' }, responsible: 'directie', visits: [], records: [],
    waivers: [{ rule: 'r', visit: null, source: null, ...said }], reviews: [{ record: 1, verdict: 'confirmed', ...said }], approvals: [{ document: 'd', source: null, seen: '1.1.0', verdict: 'asked', askedBy: 'ib', ...said }],
    versions: [{ document: 'd', source: null, version: 1, seen: '1.1.0', sha256: 'x', content: file, pdf: null, word: file, signers: [], added: [], signed: [], by: 'ib', at }],
    fired: ['e'], skipped: { stap: said }, notices: [{ event: 'e', roles: ['ib'], record: null, at }], told: [{ kind: 'reminded', task: null, step: null, due: later, roles: [], at }],
    restriction: { event: 'e', at, to: ['ib'], never: [], lift: [] }, barred: ['leraar'], asked: [{ task: 'taak', visit: null, since: at }], handed: [{ task: 'taak', to: 'leraar', by: 'ib', at }],
    lastRecord: 7, lastVisit: 7, earlier: ['h'], keeping: { proposed: null, hold: null, unknownAt: null }
  };
  const each = <Whole extends object>(plain: Whole, other: Required<Whole>): Whole[] => [...Object.keys(other).map((name) => ({ ...plain, [name]: other[name as keyof Whole] })), other];
  for (const one of [...each(state, states), ...each(visit, visits).map((changed) => ({ ...state, visits: [changed] })), ...each(record, records).map((changed) => ({ ...state, records: [changed] }))]) {
    t.strictSame(readState(stateText(one)), one);
    t.strictSame(readState(JSON.stringify(one)), one, 'also when it was kept whole');
  }
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
