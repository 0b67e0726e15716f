import type { Actor, CaseState, Command, Keeping, KeepingProposal, Moment } from '../state/case-state.ts';
import { type CaseContext, caseContext } from '../model/case-context.ts';
import { type Change, contextOf } from './change.ts';
import type { KeepingView, Viewer } from '../model/overview-types.ts';
import type { Model } from '../model/prepare.ts';
import { type Refusal, refuseShort, refuseWith } from './refusal.ts';
import { isToLookAt, lookKey, lookOf, retentionOf } from '../reading/retention.ts';

/** Gives what is asked of a closed case, of who sees all of it; null: nothing now. */
export function keepingView(context: CaseContext, viewer: Viewer): KeepingView | null {
  const { state, zone } = context;
  const look = lookOf(context);
  if (state.status !== 'closed' || viewer.sees !== 'full' || look === null) return null;
  const proposed = state.keeping?.proposed ?? null;
  const isDue = isToLookAt(context);
  if (proposed === null && !isDue) return null;
  return {
    why: isDue ? look.why : 'request', proposed, byYou: proposed?.by === viewer.id, since: zone.dayOf(isDue ? look.at : (proposed?.at ?? look.at)),
    goneBy: isDue && state.keeping?.hold == null ? (retentionOf(context)?.goneBy ?? null) : null
  };
}

/** Proposes that a closed case is destroyed or kept longer. Before its term, or while something keeps it, it only goes on request, and that asks why. */
export function proposeKeeping(change: Change, { what, until, reason }: Command & { type: 'proposeKeeping' }): Refusal | null {
  const { model, state, actor, now } = change;
  const context = contextOf(change);
  const look = lookOf(context);
  if (look === null) return refuseWith('notOffered', model.t('engine.keeping.noTerm'));
  if (state.keeping?.proposed != null) return refuseWith('notOpen', model.t('engine.keeping.already'));
  const isDue = look.why === 'term' && isToLookAt(context);
  const short = what === 'keep' || !isDue ? refuseShort(model, reason) : null;
  if (short !== null) return short;
  if (what === 'keep' && (until === null || until <= context.zone.dayOf(now))) return refuseWith('rules', model.t('engine.keeping.later'));
  const own = { what, ground: isDue ? 'term' as const : 'request' as const, until: what === 'keep' ? until : null, reason: reason.trim() };
  change.state = withKeeping(state, { proposed: { ...own, by: actor.id, at: now } });
  change.events.push({ type: 'keepingProposed', ...own });
  return null;
}

/** Takes back what was proposed: by who proposed it, or by a colleague who does not agree. */
export function withdrawKeeping(change: Change): Refusal | null {
  if (change.state.keeping?.proposed == null) return refuseWith('notOpen', change.model.t('engine.keeping.nothing'));
  change.state = withKeeping(change.state, { proposed: null });
  change.events.push({ type: 'keepingWithdrawn' });
  return null;
}

/** Keeps a case longer: the second of two people says so. */
export function confirmKeeping(change: Change, { at }: Command & { type: 'confirmKeeping' }): Refusal | null {
  const { state, actor, now } = change;
  const refusal = refuseSecond(change, actor, 'keep');
  const proposed = state.keeping?.proposed;
  if (refusal !== null || proposed == null) return refusal;
  if (proposed.at !== at) return refuseWith('notOpen', change.model.t('engine.keeping.nothing'));
  const { until, reason, by } = proposed;
  if (until === null) throw new Error('What is kept longer has no day.');
  change.state = withKeeping(state, { proposed: null, hold: { until, reason, by, confirmedBy: actor.id, at: now } });
  change.events.push({ type: 'keptLonger', until, reason, by });
  return null;
}

/** Refuses who may not confirm what was proposed: it is nothing, something else, or their own. Null: they may. */
export function refuseSecond({ model, state }: Pick<Change, 'model' | 'state'>, { id }: Actor, what: KeepingProposal['what']): Refusal | null {
  const proposed = state.status === 'closed' ? (state.keeping?.proposed ?? null) : null;
  if (proposed === null || proposed.what !== what) return refuseWith('notOpen', model.t('engine.keeping.nothing'));
  return proposed.by === id ? refuseWith('notPerformer', model.t('engine.keeping.yourself')) : null;
}

/** The yearly question was answered: not known yet (semantics 16). */
export function stillUnknown(change: Change): Refusal | null {
  const context = contextOf(change);
  if (lookOf(context)?.why !== 'start' || !isToLookAt(context)) return refuseWith('notOpen', change.model.t('engine.keeping.notAsked'));
  change.state = withKeeping(change.state, { unknownAt: change.now });
  change.events.push({ type: 'startStillUnknown' });
  return null;
}

/** Marks that the moment to look has come, once; who sees the case may change with it (access-changes.ts). */
export function passKeeping(change: Change): null {
  const context = contextOf(change);
  const look = lookOf(context);
  if (change.state.status !== 'closed' || look === null || !isToLookAt(context) || change.state.fired.includes(lookKey(look))) return null;
  change.state = { ...change.state, fired: [...change.state.fired, lookKey(look)] };
  change.events.push({ type: 'keepingDue', key: lookKey(look) });
  return null;
}

/** Is a case to be destroyed now without anybody looking: its route says so, or it was a mistake? Not what two people keep, or while one of them proposes something. */
export function goesByItself(model: Model, state: CaseState, now: Moment): boolean {
  if (state.status === 'open' || state.keeping?.proposed != null) return false;
  const context = caseContext(model, state, now, { id: '', roles: [] });
  return lookOf(context)?.why === 'term' && isToLookAt(context) && (state.status === 'cancelled' || model.workflow.retention?.then === 'destroy');
}

/** The state with this part of what was said about keeping it replaced. */
export function withKeeping(state: CaseState, part: Partial<Keeping>): CaseState {
  return { ...state, keeping: { proposed: null, hold: null, unknownAt: null, ...state.keeping, ...part } };
}

/** A case that is opened again forgets it. */
export function withoutKeeping(state: CaseState): CaseState {
  const { keeping: _, ...rest } = state;
  return rest;
}
