import type { Cases, OpenCase } from '../../cases/cases.ts';
import { eventsAtOnce } from '../../cases/stores/event-store.ts';
import type { StoredEvent } from '../../cases/stores/case-store.ts';
import type { EngineEvent } from '../../engine/state/case-state.ts';
import { countKinds, isShown, kindOf, kinds, type TimelineFilter, type TimelineKind, type TimelineReader, typesOf } from './timeline-kinds.ts';

/** As many events as one page shows. */
export const mostShown = 25;

/** Which part somebody asks for: right before or after an event, or with null the newest. */
export type AskedPart = { filter: TimelineFilter; beside: { side: 'before' | 'after'; sequence: number } | null };

/** A part of what happened to a case, as its timeline shows it to one reader. */
export type TimelinePart = AskedPart & {
  /** Oldest first. */
  events: StoredEvent[];
  /** How much there is in the whole timeline, whatever part of it is shown. */
  counts: { [kind in TimelineKind]: number };
  /** Is there more before, or after? */
  earlier: boolean;
  later: boolean;
  /** Every move to another version and every correction: what a part needs to know of the rest. Oldest first. */
  background: StoredEvent[];
};

const backgroundTypes: EngineEvent['type'][] = ['caseMoved', 'moveUndone', 'recordCorrected'];

/**
 * Reads a part of the timeline, so that a case with a thousand events costs as much as one with some tens. Who sees only their own part has
 * all of it read: what stands in an event says whether it is theirs.
 */
export async function readTimeline(cases: Pick<Cases, 'events' | 'eventsBeside' | 'eventCounts'>, open: OpenCase, asked: AskedPart, reader: TimelineReader): Promise<TimelinePart> {
  const end = open.stored.tail.count + 1;
  // Nothing comes after the newest: the page of then says so too.
  const beside = asked.beside ?? { side: 'before' as const, sequence: end };
  const isBefore = beside.side === 'before';
  const fit = (nearest: StoredEvent[]): Pick<TimelinePart, 'filter' | 'beside' | 'events' | 'earlier' | 'later'> => {
    const events = nearest.slice(0, mostShown);
    const more = nearest.length > mostShown;
    return { ...asked, events: isBefore ? events.reverse() : events, earlier: isBefore ? more : beside.sequence > 0, later: isBefore ? beside.sequence < end : more };
  };
  if (reader.sees === 'own') {
    const all = await cases.events(open);
    const shown = all.filter((one) => isShown(one, reader));
    const count = (kind: TimelineKind): number => shown.filter(({ event }) => kindOf[event.type] === kind).length;
    const kind = kinds[asked.filter];
    const near = shown.filter(({ event, sequence }) => (kind === null || kindOf[event.type] === kind) && (isBefore ? sequence < beside.sequence : sequence > beside.sequence));
    return {
      ...fit(isBefore ? near.toReversed() : near), counts: { decision: count('decision'), record: count('record'), system: count('system') },
      background: all.filter(({ event }) => backgroundTypes.includes(event.type))
    };
  }
  const [counts, nearest] = await Promise.all([cases.eventCounts(open), readShown(cases, open, { types: typesOf(asked.filter), ...beside }, reader)]);
  const hasBackground = backgroundTypes.some((type) => (counts[type] ?? 0) > 0);
  return { ...fit(nearest), counts: countKinds(counts, reader.state.records), background: hasBackground ? await cases.events(open, backgroundTypes) : [] };
}

/** Reads on until there is one more than a page shows, or nothing left. The nearest first. */
async function readShown(cases: Pick<Cases, 'eventsBeside'>, open: OpenCase, place: Parameters<Cases['eventsBeside']>[1], reader: TimelineReader): Promise<StoredEvent[]> {
  const shown: StoredEvent[] = [];
  for (let { sequence } = place; ;) {
    const read = await cases.eventsBeside(open, { ...place, sequence });
    shown.push(...read.filter((one) => isShown(one, reader)));
    const last = read.at(-1);
    if (shown.length > mostShown || read.length < eventsAtOnce || last === undefined) return shown;
    sequence = last.sequence;
  }
}
