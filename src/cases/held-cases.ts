import type { RouteSettings } from '../definitions/setting-values.ts';
import { caseContext } from '../engine/model/case-context.ts';
import { clockwork, type Moment } from '../engine/state/case-state.ts';
import { isHeld } from '../engine/reading/retention.ts';
import type { CaseStore } from './stores/case-store.ts';
import { type Library, routeAt } from './library.ts';

/** Is a case (id) kept longer than its route asks, so that nothing about it is destroyed? A case that is no more is not. */
export type IsHeld = (caseId: string) => Promise<boolean>;

export function makeIsHeld({ store, library, settingsOf, now }: { store: Pick<CaseStore, 'byId'>; library: Pick<Library, 'route'>; settingsOf: (school: string) => Promise<RouteSettings>; now: () => Moment }): IsHeld {
  return async (caseId) => {
    const stored = await store.byId(caseId);
    if (stored === null) return false;
    const { model } = routeAt(await library.route(stored.bundle), await settingsOf(stored.school), null);
    return isHeld(caseContext(model, stored.state, now(), clockwork));
  };
}
