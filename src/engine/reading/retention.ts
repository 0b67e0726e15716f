import type { RetentionDefinition } from '../../definitions/workflow.types.ts';
import type { CaseContext } from '../model/case-context.ts';
import type { Day, Moment } from '../state/case-state.ts';
import { conditionText } from './condition-text.ts';
import { readCondition } from '../conditions/condition-tree.ts';
import { holds } from '../conditions/conditions.ts';
import { endOfTerm } from '../time/durations.ts';
import { labelOf } from '../model/labels.ts';
import { readTime } from '../conditions/time-tests.ts';

/**
 * How long a case is kept. `until`: the last day; null while the day it counts from is not known: then it is kept. `from`: the question
 * with that day; null when it counts from the closing of the case. `longer`: why it is kept longer now; null: it is not. `goneBy`: null
 * when nothing says so.
 */
export type Kept = { until: Day | null; from: string | null; longer: string | null; goneBy: Day | null } & Pick<RetentionDefinition, 'basis' | 'then'>;

/** Works out the term of a case; null when its route has none. Nothing is destroyed here. */
export function retentionOf(context: CaseContext): Kept | null {
  const { retention } = context.model.workflow;
  if (retention === undefined) return null;
  const { from, keep, longer, basis, then = 'review', destroyWithin } = retention;
  const path = from.split('.');
  const start = readTime(context.valueOf(path));
  const end = start === null ? null : endOfTerm(start, keep, context.zone);
  const tree = longer === undefined ? null : readCondition(longer);
  return {
    basis, then,
    until: end === null ? null : context.zone.dayOf(end),
    from: path[0] === 'case' ? null : labelOf(context.model, path, { form: null, row: null }).question,
    longer: tree !== null && holds(tree, context) ? conditionText(context.model, tree) : null,
    goneBy: end === null || destroyWithin === undefined ? null : context.zone.dayOf(endOfTerm(context.zone.dayOf(end), destroyWithin, context.zone))
  };
}

/** From when something is asked of a case that ended. `term`: whether it may go. `start`: the day its term counts from. */
export type Look = { why: 'term' | 'start'; at: Moment };

/**
 * Gives from when somebody has to look at a case that ended: after its term and whatever two people decided to keep it for; while the day
 * the term counts from is not known a year after the closing, and each year after somebody said so (semantics 16). A case that was
 * cancelled counts from that day: nobody sees it. Null: it is open, or its route has no term.
 */
export function lookOf(context: CaseContext): Look | null {
  const { state: { status, closedAt, keeping }, zone, model: { workflow: { retention } } } = context;
  if (retention === undefined || closedAt === null) return null;
  if (status === 'cancelled') return { why: 'term', at: endOfTerm(zone.dayOf(closedAt), retention.keep, zone) };
  const until = retentionOf(context)?.until ?? null;
  const hold = keeping?.hold?.until ?? '';
  if (until === null) return { why: 'start', at: endOfTerm(zone.dayOf(keeping?.unknownAt ?? closedAt), { years: 1 }, zone) };
  return { why: 'term', at: zone.endOf(hold > until ? hold : until) };
}

/** Is it to be looked at now? Not while `longer` holds. */
export function isToLookAt(context: CaseContext): boolean {
  const look = lookOf(context);
  return look !== null && look.at <= context.now && (look.why === 'start' || !isKeptLonger(context));
}

/** As in `fired`. */
export function lookKey({ at }: Look): string {
  return `keeping:${at}`;
}

/** Gives when time next brings something to a case that ended; while `longer` holds past its term that is looked at again each year. */
export function nextLook(context: CaseContext): Moment | null {
  const look = lookOf(context);
  if (look === null || context.state.fired.includes(lookKey(look))) return null;
  let { at } = look;
  while (look.why === 'term' && at <= context.now && isKeptLonger(context)) at = endOfTerm(context.zone.dayOf(at), { years: 1 }, context.zone);
  return at;
}

/** Is a case kept longer now than its route asks: two people said so, or something holds for which its route keeps it? */
export function isHeld(context: CaseContext): boolean {
  const { state: { keeping }, zone, now } = context;
  return (keeping?.hold?.until ?? '') >= zone.dayOf(now) || (retentionOf(context)?.longer ?? null) !== null;
}

function isKeptLonger(context: CaseContext): boolean {
  return context.state.status === 'closed' && retentionOf(context)?.longer !== null;
}
