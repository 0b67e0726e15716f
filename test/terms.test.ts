import t from 'tap';
import { nextDue } from '../src/engine/due.ts';
import { overview } from '../src/engine/overview.ts';
import type { TaskView } from '../src/engine/overview-types.ts';
import { begin, choice, coordinator, everything, noon, type Played, refused, smallRoute, submit, take } from './fixtures/small-route.ts';

const date = { type: 'string', format: 'date', title: 'Wanneer?' } as const;
const leave = { type: 'take', step: 'een', transition: 'verder', answers: null } as const;

function kijken(repeat: object): ReturnType<typeof smallRoute> {
  return smallRoute({ steps: {
    een: { title: 'Stap 1', tasks: { kijk: { form: 'kijk', title: 'Kijk opnieuw', required: true, repeat } }, transitions: { verder: { title: 'Verder', to: 'twee' } } },
    twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
  } }, { kijk: { op: { ...date, 'x-date': true }, weer: date, elke: choice('4-weeks', '1-days'), gestopt: { type: 'boolean', title: 'Gestopt?' } } });
}

function taskOf({ model, state, now }: Played, id = 'kijk'): TaskView | undefined {
  return overview(model, state, everything(coordinator), now).activeSteps.flatMap(({ tasks }) => tasks).find((task) => task.id === id);
}

t.test('semantics 14: repeat.every counts from the date of the last one, else from hand-in, and missed ones do not pile up', async (t) => {
  const played = begin(kijken({ every: { weeks: 2 }, until: { 'this.gestopt': true } }));
  submit(played, 'kijk', { op: '2026-03-10' });
  t.match(taskOf(played), { status: 'done', due: { day: '2026-03-24', late: false } }, 'what is planned is not asked yet');
  t.equal(nextDue(played.model, played.state, noon), '2026-03-24T22:59:59.999Z');
  t.ok(take({ ...played }, 'een', 'verder'), 'and holds nothing up');
  played.now = '2026-03-24T07:00:00.000Z';
  t.match(taskOf(played), { status: 'todo', due: { day: '2026-03-24', late: false } });
  t.same(refused(played, leave).texts, ['Doe eerst: Kijk opnieuw.']);
  played.now = '2026-06-01T07:00:00.000Z';
  t.match(taskOf(played), { status: 'todo', due: { day: '2026-03-24', late: true }, records: { length: 1 } });
  submit(played, 'kijk');
  t.match(taskOf(played), { status: 'done', due: { day: '2026-06-15' } }, 'without a date it counts from hand-in; ten weeks ask once');
  played.now = '2026-06-16T07:00:00.000Z';
  submit(played, 'kijk', { gestopt: true });
  t.match(taskOf(played), { status: 'done', due: null });
});

t.test('semantics 14: next is the day that was chosen, before every; an answer may say how long', async (t) => {
  const chosen = (repeat: object, answers: object): TaskView | undefined => taskOf(submit(begin(kijken(repeat)), 'kijk', { ...answers }));
  t.match(chosen({ next: 'this.weer', every: { days: 1 } }, { weer: '2026-04-02' }), { status: 'done', due: { day: '2026-04-02' } });
  t.match(chosen({ next: 'this.weer' }, {}), { status: 'done', due: null }, 'nobody chose a day');
  t.match(chosen({ next: 'this.weer', until: { 'this.gestopt': true } }, {}), { status: 'todo' }, 'going on until something holds');
  t.match(chosen({ every: 'this.elke' }, { elke: '4-weeks' }), { due: { day: '2026-04-15' } });
  t.match(chosen({ every: { hours: 3 } }, {}), { status: 'done', due: { at: '2026-03-18T13:30:00.000Z' } });
});
