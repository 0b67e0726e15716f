import fc from 'fast-check';
import { type Action, accessTable } from '../../src/trust/access.ts';

/** Roles somebody has at a school; `ended`: until yesterday. */
export type Place = { roles: string[]; admin: boolean; ended: boolean };
export type Listed = { access: 'full' | 'own' | 'task'; ended: boolean };

/**
 * Who stands how to which case. `places`: per person, at either school. `at`: where their session is. `lists`, `excluded`: per case, per
 * person; excluded from the case itself.
 */
export type World = { places: (Place | null)[][]; at: number[]; lists: (Listed | null)[][]; excluded: boolean[][] };

export const mostPeople = 5;
/** The school of each case, and the one it was started from. */
export const caseTree: { school: number; from: number | null }[] = [{ school: 0, from: null }, { school: 0, from: 0 }, { school: 0, from: 1 }, { school: 1, from: null }];

/** Once in so many times. */
const seldom = (times: number): fc.Arbitrary<boolean> => fc.nat(times - 1).map((n) => n === times - 1);
const place = fc.option(fc.record({ roles: fc.subarray(['leerkracht', 'ib', 'directie', 'bestuur']), admin: fc.boolean(), ended: seldom(5) }), { freq: 6 })
  .map((one) => (one === null || (one.roles.length === 0 && !one.admin) ? null : one));
const listed = fc.option(fc.record({ access: fc.constantFrom('full' as const, 'own' as const, 'task' as const), ended: seldom(5) }), { freq: 4 });

function each<T>(arbitrary: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { minLength: length, maxLength: length });
}

export const worlds: fc.Arbitrary<World> = fc.record({
  places: each(each(place, 2), mostPeople), at: each(fc.nat(1), mostPeople),
  lists: each(each(listed, mostPeople), caseTree.length), excluded: each(each(seldom(9), mostPeople), caseTree.length)
});

/** One where people see cases in every way, and the first is shut out of what the second case came from. */
export const firstWorld: World = {
  places: Array.from({ length: mostPeople }, (_, person) => [{ roles: ['ib'], admin: person === 1, ended: false }, { roles: ['directie'], admin: false, ended: person !== 4 }]),
  at: [0, 0, 0, 0, 1],
  lists: caseTree.map(() => [...(['full', 'full', 'own', 'task'] as const).map((access) => ({ access, ended: false })), { access: 'full', ended: false }]),
  excluded: caseTree.map((_, one) => Array.from({ length: mostPeople }, (__, person) => one === 0 && person === 0))
};

// The oracle: what trust.md says of access, in as few words as it takes, and knowing nothing of the program.

/** Where the session of a person is; null: they work nowhere now, so that there is none. */
export function sessionAt({ places, at }: World, person: number): number | null {
  const works = (school: number): boolean => places[person]?.[school]?.ended === false;
  return [at[person] ?? 0, 1 - (at[person] ?? 0)].find(works) ?? null;
}

/** How a person sees a case: on its list, with a place at its school where they are now, and shut out neither of it nor of one it came from. */
export function seenAs(world: World, person: number, one: number): Listed['access'] | null {
  for (let at: number | null = one; at !== null; at = caseTree[at]?.from ?? null) if (world.excluded[at]?.[person] === true) return null;
  const entry = world.lists[one]?.[person];
  return entry == null || entry.ended || sessionAt(world, person) !== caseTree[one]?.school ? null : entry.access;
}

const needs = new Map(accessTable().map(({ action, need }) => [action, need]));

/** May they do this to that case? */
export function mayDo(world: World, person: number, action: Action, one: number): boolean {
  const seen = seenAs(world, person, one);
  switch (needs.get(action)) {
    case 'caseTask': return seen !== null;
    case 'case': return seen === 'own' || seen === 'full';
    case 'caseFull': return seen === 'full';
    default: throw new Error(`${action} is not about a case.`);
  }
}
