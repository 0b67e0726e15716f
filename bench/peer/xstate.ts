import { assign, initialTransition, setup, transition, type SnapshotFrom } from 'xstate';
import { now, walk } from './route.ts';

type Kept = { task: string; visit: number; by: string; at: string; answers: { [field: string]: string } };
type Context = { records: Kept[]; visits: { id: number; step: string; enteredAt: string; endedAt: string | null }[] };
type Event = { type: 'submit'; task: string; answers: { [field: string]: string } } | { type: 'take'; transition: string };

const last = (context: Context, task: string): Kept | undefined => context.records.findLast((one) => one.task === task && (task === 'signal' || one.visit === context.visits.at(-1)?.id));
const mayLeave = (context: Context): boolean => !context.records.some(({ answers }) => answers['kind'] === 'urgent') || last(context, 'talk') !== undefined || context.records.some(({ task }) => task === 'talk');
const is = (event: Event, name: string): boolean => event.type === 'take' && event.transition === name;

/** The same route as a hand-written XState machine: steps are states, records and visits stand in its context, rules are guards. */
const machine = setup({
  types: { context: {} as Context, events: {} as Event },
  actions: {
    enter: assign({ visits: ({ context }, { step }: { step: string }) => [...context.visits, { id: context.visits.length + 1, step, enteredAt: now, endedAt: null }] }),
    leave: assign({ visits: ({ context }) => context.visits.map((visit, index) => (index === context.visits.length - 1 ? { ...visit, endedAt: now } : visit)) }),
    keep: assign({
      records: ({ context, event }) => (event.type === 'submit'
        ? [...context.records, { task: event.task, visit: event.task === 'signal' ? 0 : context.visits.length, by: 'worker', at: now, answers: event.answers }]
        : context.records)
    })
  },
  guards: {
    on: ({ context, event }) => is(event, 'on') && last(context, 'talk') !== undefined && mayLeave(context),
    again: ({ context, event }) => is(event, 'again') && last(context, 'choice')?.answers['help'] === 'yes' && mayLeave(context),
    stop: ({ context, event }) => is(event, 'stop') && last(context, 'choice')?.answers['help'] === 'no' && mayLeave(context)
  }
}).createMachine({
  id: 'compared', initial: 'look', context: { records: [], visits: [] },
  on: { submit: { actions: 'keep' } },
  states: {
    look: { entry: { type: 'enter', params: { step: 'look' } }, exit: 'leave', on: { take: { guard: 'on', target: 'choose' } } },
    choose: { entry: { type: 'enter', params: { step: 'choose' } }, exit: 'leave', on: { take: [{ guard: 'again', target: 'look' }, { guard: 'stop', target: 'done' }] } },
    done: { type: 'final' }
  }
});

/** Walks the route once; before each act the snapshot is restored from its text, after it persisted. Gives the last text. */
export function walkOnceWithXState(): string {
  let kept = '';
  for (const act of walk) {
    const before = kept === '' ? initialTransition(machine)[0] : restored(kept);
    const event: Event = act.type === 'take' ? { type: 'take', transition: act.transition } : { type: 'submit', task: act.task, answers: act.answers };
    const [after] = transition(machine, before, event);
    kept = JSON.stringify(machine.getPersistedSnapshot(after));
  }
  return kept;
}

function restored(kept: string): SnapshotFrom<typeof machine> {
  return machine.restoreSnapshot(JSON.parse(kept) as Parameters<typeof machine.restoreSnapshot>[0], undefined as never);
}
