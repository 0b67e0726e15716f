import type { Demo } from '../definitions/content.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import type { PeopleStore, Person, School } from '../staff/people-store.ts';
import type { Library } from './library.ts';
import { type DemoServices, type Guest, loadDemo } from './load-demo.ts';
import type { PracticeStore } from './stores/practice-store.ts';

export type PracticeSchools = {
  /** Is there a practice school to make, and a route it can play? */
  canMake(): boolean;
  /** How many cases it has; 0: there is none to make. */
  caseCount(): number;
  /** The practice school that stands in the database; null: none. */
  find(): Promise<School | null>;
  /**
   * Makes the practice school with its cases, unless it stands there. `passwordHash`: for its people; null: they cannot sign in.
   * The guest gets every role there and so sees every case.
   */
  make(options: { passwordHash: string | null; guest: Pick<Person, 'name' | 'email'> | null }): Promise<Demo[] | null>;
  /** Takes every practice school away, with its cases and the people who work nowhere else. False: there was none. */
  remove(by: PersonId): Promise<boolean>;
};

export type PracticeParts = {
  /** Those of routes that are offered make one school together. */
  demos: Demo[];
  library: Library;
  people: PeopleStore;
  store: PracticeStore;
  now: () => Moment;
  newKey: () => string;
  /** The same services with another clock. */
  at: (clock: () => Moment) => DemoServices;
};

/** Makes what puts a practice school beside a real one and takes it away. */
export function makePracticeSchools({ demos, library, people, store, now, newKey, at }: PracticeParts): PracticeSchools {
  const find = async (): Promise<School | null> => (await people.schools()).find(({ practice }) => practice) ?? null;
  const offered = (): string[] => library.published().map(({ model }) => model.workflow.id);
  const playable = (): Demo[] => demos.filter(({ workflow }) => offered().includes(workflow));
  const canMake = (): boolean => playable().length > 0;
  return {
    canMake, find,
    caseCount: () => playable().reduce((count, { data }) => count + data.cases.length, 0),
    make: async ({ passwordHash, guest }) => {
      const played = playable();
      if (played.length === 0 || await find() !== null) return null;
      let clock = now();
      const inThePast = at(() => clock);
      await inThePast.library.publish([], offered(), clock);
      const roles = [...new Set(played.flatMap(({ data }) => Object.values(data.people)).flatMap((person) => person.roles))];
      const guests: Guest[] = guest === null ? [] : [{ ...guest, roles, admin: true }];
      await loadDemo(played, { services: inThePast, setClock: (moment) => { clock = moment; }, now: now(), passwordHash, guests, newKey });
      return played;
    },
    remove: async (by) => {
      const school = await find();
      if (school === null) return false;
      await store.remove(school.id, by);
      return true;
    }
  };
}
