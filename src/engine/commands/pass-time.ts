import type { Moment } from '../state/case-state.ts';
import { type Change, contextOf } from './change.ts';
import { fireEvents } from './fire-events.ts';
import { passKeeping } from './keeping.ts';
import { type Timer, timersOf } from './timers.ts';

/** More moments than any case has in years of standing still. */
const mostMoments = 1_000;

/**
 * Does everything that time brought since somebody last looked: each moment in its turn, with conditions read as they were then, so that
 * the case stands after a week's downtime as if nothing had stopped (definitions.md, meaning 8). Each thing happens once.
 */
export function passTime(change: Change): null {
  if (change.state.status !== 'open') return passKeeping(change);
  let last: Moment = '';
  for (let left = mostMoments; left > 0; left -= 1) {
    const due = timersOf(contextOf(change)).filter(({ at, what }) => at <= change.now && (what !== 'event' || at > last));
    const [first] = due;
    if (first === undefined) return null;
    last = first.at > last ? first.at : last;
    for (const timer of due.filter(({ at }) => at <= last)) tell(change, timer);
    // In step with the loop: what an event brings about is read at the moment it happens.
    const then: Change = { ...change, asOf: last };
    fireEvents(then);
    change.state = then.state;
  }
  return null;
}

function tell(change: Change, { key, what }: Timer): void {
  if (what === 'event') return;
  const { state, now } = change;
  change.state = { ...state, fired: [...state.fired, key], told: [...state.told, { ...what, at: now }] };
  change.events.push({ type: 'termTold', key, ...what });
}
