import fc from 'fast-check';

/** What one of the people does; `one`: to which case of this sequence, `key`: which of a few, so that posts come twice. */
export type Act =
  | { type: 'start' | 'submit'; who: number; one: number; key: number; text: string }
  | { type: 'correct'; who: number; one: number; key: number; record: number; text: string }
  | { type: 'handOver'; who: number; one: number; key: number; to: number }
  | { type: 'cancel' | 'close'; who: number; one: number; key: number }
  | { type: 'draft'; who: number; one: number; text: string }
  | { type: 'exclude'; who: number; one: number }
  | { type: 'restart' | 'backup' | 'restore' };

export type Outcome = 'done' | 'refused' | 'notFound' | 'repeated';
export type KnownCase = { starter: number; responsible: number; status: 'open' | 'closed' | 'cancelled'; records: { by: number; text: string; version: number }[]; excluded: number[]; drafts: { [who: number]: string } };
/** `keys`: what a post did, by person and key: the case it is told about when it comes again. */
export type World = { cases: KnownCase[]; keys: { [whoAndKey: string]: number } };

export const mostPeople = 3;

const who = fc.nat(mostPeople - 1);
const one = fc.nat(2);
const key = fc.nat(15);
const text = fc.constantFrom('een', 'twee', 'drie');

const start = fc.record({ type: fc.constant('start' as const), who, one, key, text });

/** The first two acts start a case, for nothing can be done without one. */
export const acts: fc.Arbitrary<Act[]> = fc.tuple(start, start, fc.array(fc.oneof(
  { weight: 3, arbitrary: start },
  { weight: 10, arbitrary: fc.record({ type: fc.constant('submit' as const), who, one, key, text }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('correct' as const), who, one, key, record: fc.nat(2), text }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('handOver' as const), who, one, key, to: who }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('cancel' as const, 'close' as const), who, one, key }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('draft' as const), who, one, text }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('exclude' as const), who, one }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('restart' as const, 'backup' as const, 'backup' as const, 'restore' as const) }) }
), { minLength: 4, maxLength: 24, size: 'max' })).map(([first, second, others]) => [first, second, ...others]);

// What the product promises of these acts, in as few words as it takes; it knows nothing of the program.

export function sees(world: World, person: number, at: number): boolean {
  return world.cases[at]?.excluded.includes(person) === false;
}

/** Does one act to the world, in place, and says what the program must answer; null for what answers nothing. */
export function foretell(world: World, act: Exclude<Act, { type: 'restart' | 'backup' | 'restore' }>): Outcome | null {
  const known = world.cases[act.one];
  if (act.type === 'start') return once(world, act, world.cases.length, () => {
    world.cases.push({ starter: act.who, responsible: act.who, status: 'open', records: [{ by: act.who, text: act.text, version: 1 }], excluded: [], drafts: {} });
    return true;
  });
  if (act.type === 'exclude') {
    if (known !== undefined && !known.excluded.includes(act.who)) known.excluded.push(act.who);
    return null;
  }
  if (known === undefined || !sees(world, act.who, act.one)) return 'notFound';
  switch (act.type) {
    case 'draft': known.drafts[act.who] = act.text; return null;
    case 'submit': return once(world, act, act.one, () => {
      if (known.status !== 'open') return false;
      known.records.push({ by: act.who, text: act.text, version: 1 });
      Reflect.deleteProperty(known.drafts, act.who);
      return true;
    });
    case 'correct': return once(world, act, act.one, () => {
      const record = known.records[act.record];
      if (known.status !== 'open' || record === undefined || ![record.by, known.responsible].includes(act.who) || record.text === act.text) return false;
      record.text = act.text;
      record.version += 1;
      return true;
    });
    case 'handOver': return once(world, act, act.one, () => {
      if (known.status !== 'open' || act.to === known.responsible) return false;
      known.responsible = act.to;
      return true;
    });
    case 'cancel': return once(world, act, act.one, () => {
      if (known.status !== 'open' || known.starter !== act.who) return false;
      known.status = 'cancelled';
      return true;
    });
    case 'close': return once(world, act, act.one, () => {
      if (known.status !== 'open') return false;
      known.status = 'closed';
      return true;
    });
  }
}

/** A post counts once: a second with the same key of the same person does nothing, and is told what the first one did. */
function once(world: World, { who: person, key: its }: { who: number; key: number }, at: number, work: () => boolean): Outcome {
  const name = `${String(person)}/${String(its)}`;
  if (world.keys[name] !== undefined) return 'repeated';
  if (!work()) return 'refused';
  world.keys[name] = at;
  return 'done';
}
