import type { Actor, CaseRecord, CaseState, EngineResult, Moment } from '../engine/state/case-state.ts';
import { nextDue } from '../engine/reading/due.ts';
import { nextTimer } from '../engine/commands/timers.ts';
import { apply } from '../engine/commands/transition.ts';
import { activeVisits } from '../engine/model/visits.ts';
import { accessChanges, type Around, asksForStaff } from './stores/access-changes.ts';
import { automaticStarts } from './automatic-starts.ts';
import type { CaseWrite, StoredCase, WriteResult } from './stores/case-store.ts';
import type { CasesParts, Reader, Submission } from './cases.ts';
import { type Route, routeAt } from './library.ts';
import { offeredAt } from './offered-routes.ts';
import { caseIdentity, isSame } from './same-subject.ts';
import { mostWords, subjectText } from './subject-text.ts';

/** What is written of one case: what an act made of it. `before` null: it begins. */
export type Written = { route: Route; before: StoredCase | null; result: EngineResult & { ok: true }; at: Moment };

/** What a post carries into a write; without a key it is time that writes. */
export type Carried = Omit<Submission, 'key'> & { key: string | null };

export type CaseWriter = {
  /** Writes what an act made of a case. The sister cases that begin by themselves are written with what brings them about: `starter` begins them; null: none begins. */
  write(reader: Reader, written: Written, submission: Carried, starter: Reader | null): Promise<{ outcome: WriteResult; number: string }>;
  /** The cases that begin by themselves with this. What cannot begin so is offered on the page of the case; one that began so begins no other, so that this ends. */
  sistersOf(starter: Reader, written: Written & { id: string }): Promise<Written[]>;
};

/** Makes what turns an act on a case into one write: the case, its rows, who sees it from now on, and the cases that begin with it. */
export function makeCaseWriter({ store, library, staffOf, routesOffAt, newId, newNumber }: Omit<CasesParts, 'settingsOf' | 'now'>): CaseWriter {
  const around = async (school: string, before: StoredCase | null): Promise<Around> => (
    { staff: await staffOf(school), there: before === null ? [] : (await store.peopleOf(before.id)).map(({ person }) => person) }
  );

  const writeOf = async (reader: Reader, { route, before, result, at }: Written, { key, draft, hasFiles = false }: Carried): Promise<CaseWrite> => {
    const { state, events } = result;
    const kept = before ?? { id: newId(), number: newNumber(Number(at.slice(0, 4))), school: reader.school, workflow: route.model.workflow.id, bundle: route.hash };
    const findBy = textIfChanged(route, before?.state ?? null, state);
    const changes = accessChanges(route.model, before?.state ?? null, state, asksForStaff(before?.state ?? null, state) ? await around(kept.school, before) : { staff: [], there: [] });
    return {
      person: reader.id, now: at, key, draft, hasFiles, answer: kept.number, events,
      case: { ...kept, ...headOf(route, state, at), state },
      expected: before,
      ...timerIfChanged(route, before?.state ?? null, state, at, key === null),
      findBy, ...(findBy === null ? {} : { tells: await tellsOf(reader, { id: kept.id, route, result, school: kept.school }) }),
      records: changedRecords(before?.state.records ?? [], state.records),
      people: { add: changes.add, remove: changes.remove, release: changes.release, exclude: changes.exclude.map((person) => ({ person, reason: state.restriction?.event ?? '' })) },
      log: [{ person: key === null ? null : reader.id, case: kept.id, action: before === null ? 'start' : 'change' }]
    };
  };

  /**
   * The running cases about the same subject that whoever says whom this one is about does not see: who is responsible for one is told
   * (semantics 23). Nobody is told of a case that only some may see.
   */
  const tellsOf = async (reader: Reader, { id, route, result: { state }, school }: Pick<Written, 'route' | 'result'> & { id: string; school: string }): Promise<string[]> => {
    const about = caseIdentity(route.model, state);
    if (about === null || state.restriction !== null || state.status !== 'open') return [];
    const words = about.name.slice(0, mostWords);
    const running = (await store.running(school, words)).filter((other) => other.id !== id && other.openedAt <= state.openedAt);
    const seen = new Set((await store.search(reader.id, words, { school, closed: false })).map((one) => one.case.id));
    const same = await Promise.all(running.filter((other) => !seen.has(other.id)).map(async (other) => {
      const theirs = caseIdentity((await library.route(other.bundle)).model, other.state);
      return theirs !== null && isSame(about, theirs) ? [other.id] : [];
    }));
    return same.flat();
  };

  const write: CaseWriter['write'] = async (reader, written, submission, starter) => {
    const own = await writeOf(reader, written, submission);
    const begins = starter === null ? [] : await Promise.all((await sistersOf(starter, { ...written, id: own.case.id })).map((sister) => writeOf(starter, sister, { key: null, draft: null })));
    return { outcome: await store.write({ ...own, begins }), number: own.case.number };
  };

  const sistersOf: CaseWriter['sistersOf'] = async (starter, { id, route, before, result: { state }, at }) => {
    const links = Object.values(route.model.workflow.links ?? {});
    if (!links.some(({ start }) => start === 'automatic')) return [];
    const started = (await store.linkedTo(id)).map(({ state: other }) => other.from?.link ?? '');
    const offered = offeredAt(library.published(), await routesOffAt(starter.school));
    const starts = automaticStarts({ id, route, before: before?.state ?? null, state, started }, offered, actorOf(starter), at);
    return starts.flatMap(({ route: published, command }): Written[] => {
      const sister = routeAt(published, starter.settings, null);
      const opened = apply(sister.model, null, command, actorOf(starter), at);
      return opened.ok ? [{ route: sister, before: null, result: opened, at }] : [];
    });
  };

  return { write, sistersOf };
}

/** Somebody as the engine knows who acts. */
export function actorOf({ id, roles }: Reader): Actor {
  return { id, roles };
}

/** Gives the clear columns of a case: what lists and timers need (storage.md, rule 6). */
export function headOf({ model }: Route, state: CaseState, at: Moment) {
  return {
    status: state.status, responsible: state.responsible, openedAt: state.openedAt, closedAt: state.closedAt, outcome: state.outcome,
    activeSteps: activeVisits(model, state).map(({ step }) => step),
    nextDue: nextDue(model, state, at)
  };
}

/** Nothing is written when the moment stays the same, but for what time brought: that frees the case for its next moment. */
function timerIfChanged({ model }: Route, before: CaseState | null, after: CaseState, at: Moment, always: boolean): { timer?: Moment | null } {
  const timer = nextTimer(model, after, at);
  return always || timer !== (before === null ? null : nextTimer(model, before, at)) ? { timer } : {};
}

function textIfChanged({ model }: Route, before: CaseState | null, after: CaseState): string | null {
  const text = subjectText(model, after);
  return before === null || text !== subjectText(model, before) ? text : null;
}

function changedRecords(before: CaseRecord[], after: CaseRecord[]): CaseRecord[] {
  const versions = new Map(before.map(({ id, version }) => [id, version]));
  return after.filter(({ id, version }) => versions.get(id) !== version);
}
