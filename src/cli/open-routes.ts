import { randomBytes } from 'node:crypto';
import { type BundleStore, makeBundleStore } from '../cases/stores/bundle-store.ts';
import { makeCaseStore } from '../cases/stores/case-store.ts';
import { type Library, makeLibrary } from '../cases/library.ts';
import { makeMoves, type Moves } from '../cases/move-cases.ts';
import type { Database } from '../database/database.ts';
import { dutchZone } from '../engine/time/zone.ts';
import { makePeopleStore } from '../staff/people-store.ts';
import { makeSchoolStore } from '../staff/school-store.ts';
import type { Translate } from '../texts.ts';
import { uuid7 } from '../trust/ids.ts';
import type { Keys } from '../trust/key-store.ts';

/** What commands about routes and their running cases work with. */
export type OpenRoutes = { store: BundleStore; library: Library; moves: Moves; t: Translate };

/** Makes it over an open database. */
export function openRoutes({ database, keys, t, now }: { database: Database; keys: Keys; t: Translate; now: () => string }): OpenRoutes {
  const newId = (): string => uuid7(new Date(now()), randomBytes);
  const today = (): string => dutchZone.dayOf(now());
  const store = makeBundleStore({ database, newId });
  const library = makeLibrary({ store, t });
  const people = makePeopleStore({ database, newId, now, today });
  const schools = makeSchoolStore({ database, now });
  const moves = makeMoves({
    bundles: store, store: makeCaseStore({ database, keys, today, now }), library, now, staffOf: (school) => people.staff(school), settingsOf: (school) => schools.routeSettings(school)
  });
  return { store, library, moves, t };
}
