import t from 'tap';
import { accessChanges } from '../src/cases/stores/access-changes.ts';
import { consequences } from '../src/engine/overview/consequences.ts';
import type { Actor, CaseRecord, Command } from '../src/engine/state/case-state.ts';
import { overview } from '../src/engine/overview/overview.ts';
import type { Overview, TaskView, Viewer } from '../src/engine/model/overview-types.ts';
import { type LoggedEvent, rebuild } from '../src/engine/commands/rebuild.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { act, attempt, begin, coordinator, director, eventsOf, everything, noon, ownOnly, type Played, refused, smallRoute, submit, succeeded, take, teacher } from './fixtures/small-route.ts';

/** A colleague without any role of this route. */
const guest: Actor = { id: 'jansen', roles: ['conciërge'] };
const oneTask = (person: Actor): Viewer => ({ ...person, sees: 'task' });

const route = smallRoute({
  subject: 'kind',
  tasks: {
    observatie: { form: 'observatie', title: 'Observeer', repeat: true, performers: ['ib'] },
    later: { form: 'observatie', title: 'Later', when: { 'observatie': { some: { gezien: true } } } },
    nood: { form: 'nood', title: 'Nood', repeat: true, emergency: true, opensCase: true }
  },
  steps: {
    een: { title: 'Stap 1', tasks: { verslag: { form: 'verslag', title: 'Schrijf een verslag', required: true, performers: ['ib', 'leraar'] } }, transitions: { verder: { title: 'Verder', to: 'twee' } } },
    twee: { title: 'Stap 2', transitions: { terug: { title: 'Terug', to: 'een' }, klaar: { title: 'Klaar', close: 'goed' } } }
  },
  events: { scherm: { for: 'observatie', on: { 'for.geheim': true }, restrict: { to: ['author', 'directie'], lift: ['directie'] } } }
}, {
  kind: { naam: { type: 'string', title: 'Naam' } }, nood: {}, verslag: { tekst: { type: 'string', title: 'Tekst' } },
  observatie: { gezien: { type: 'boolean', title: 'Gezien?' }, geheim: { type: 'boolean', title: 'Geheim?' } }
});

const hand = (task: string, to: Actor = guest): Command & { type: 'handTask' } => ({ type: 'handTask', task, to });
const begun = (): Played => begin(route, {}, { by: coordinator, subject: { naam: 'Sem' } });
const seen = ({ state }: Played, viewer: Viewer): Overview => overview(route, state, viewer, noon);
const tasksOf = (view: Overview): TaskView[] => [...view.activeSteps.flatMap(({ tasks }) => tasks), ...view.tasks, ...view.unfinished];
const taskIn = (view: Overview, id: string): TaskView | undefined => tasksOf(view).find((task) => task.id === id);

t.test('semantics 9: a person a task was handed to by name may do it whatever their role, and sees that task and nothing else', async (t) => {
  const played = begun();
  t.equal(refused({ ...played, by: guest }, { type: 'submit', task: 'verslag', answers: {} }).code, 'notPerformer');
  act(played, hand('verslag'));
  const view = seen(played, oneTask(guest));
  t.same(tasksOf(view).map(({ id }) => id), ['verslag']);
  t.match(view, { now: { type: 'task', task: { id: 'verslag', status: 'todo', mayAdd: true, mayHand: false, handed: { to: 'jansen' } } } });
  t.strictSame({ steps: view.steps, exits: view.exits, hints: view.hints, reopenings: view.reopenings, outcome: view.outcome, guidance: view.activeSteps[0]?.guidance, out: view.activeSteps[0]?.exits }, { steps: [], exits: [], hints: [], reopenings: [], outcome: null, guidance: null, out: [] });
  const result = succeeded(attempt({ ...played, by: guest }, { type: 'submit', task: 'verslag', answers: { tekst: 'Rustig.' } }));
  t.same(consequences(route, played.state, result, oneTask(guest), noon), [], 'nor what follows in the case');
  submit(played, 'observatie', {});
  played.by = guest;
  submit(played, 'verslag', { tekst: 'Rustig.' });
  t.match(taskIn(seen(played, oneTask(guest)), 'verslag'), { status: 'done', records: [{ by: 'jansen' }] });
  t.equal(seen(played, oneTask(guest)).now.type, 'nothing');
  played.by = coordinator;
  take(take(played, 'een', 'verder'), 'twee', 'klaar');
  t.match(seen(played, oneTask(guest)), { status: 'closed', outcome: null, now: { type: 'closed' } });
});

t.test('semantics 9: until it is done the others wait for that person, who is not named to whoever sees only their own part', async (t) => {
  const played = act(begun(), hand('verslag'));
  t.match(taskIn(seen(played, everything(coordinator)), 'verslag'), { status: 'waiting', mayAdd: true, handed: { to: 'jansen' } });
  t.match(seen(played, everything(coordinator)).now, { type: 'wait', task: { id: 'verslag' } });
  t.match(taskIn(seen(played, ownOnly(teacher)), 'verslag'), { status: 'waiting', handed: { to: null } });
  t.match(taskIn(seen(played, everything(director)), 'verslag'), { status: 'waiting', mayAdd: false });
  submit(played, 'verslag', {});
  t.match(taskIn(seen(played, everything(coordinator)), 'verslag'), { status: 'done' }, 'a performer may still do it first');
  t.match(taskIn(seen(played, oneTask(guest)), 'verslag'), { status: 'done', mayAdd: false, records: [] });
});

t.test('semantics 9: an optional task that is handed is asked once, also when it repeats', async (t) => {
  const played = submit(begun(), 'observatie', {});
  act(played, hand('observatie'));
  t.equal(seen(played, oneTask(guest)).now.type, 'task');
  submit(played, 'observatie', {});
  t.equal(taskIn(seen(played, oneTask(guest)), 'observatie')?.status, 'todo', 'what others write does not answer it');
  played.by = guest;
  submit(played, 'observatie', {});
  t.match(taskIn(seen(played, oneTask(guest)), 'observatie'), { status: 'done', mayAdd: true });
  t.match(taskIn(seen(played, oneTask(guest)), 'observatie')?.records, { length: 1 });
});

t.test('a task is handed by who is responsible or sees the whole case, when somebody could do it now, to one person', async (t) => {
  const played = begun();
  t.equal(refused({ ...played, by: teacher }, hand('verslag')).code, 'notPerformer');
  t.equal(refused(played, hand('bestaat-niet')).code, 'unknown');
  t.equal(refused(played, hand('later')).code, 'notOffered');
  t.equal(refused(played, hand('kind')).texts[0], '‘Formulier kind’ kan niet aan één collega worden gevraagd.');
  t.equal(refused(played, hand('nood')).code, 'notOffered', 'an emergency is for everybody');
  t.same(tasksOf(seen(played, everything(coordinator))).filter(({ mayHand }) => mayHand).map(({ id }) => id), ['verslag', 'start', 'observatie']);
  t.same(tasksOf(seen(played, ownOnly(teacher))).filter(({ mayHand }) => mayHand), []);
  act(played, hand('verslag'));
  act(played, hand('verslag', director));
  t.same(played.state.handed, [{ task: 'verslag', to: 'hofman', by: 'vries', at: noon }]);
  t.equal(taskIn(seen(played, oneTask(guest)), 'verslag'), undefined);
  submit(played, 'verslag', {});
  t.equal(refused(played, hand('verslag')).texts[0], 'Dit is al vastgelegd: Schrijf een verslag.');
});

t.test('it is given back by its person or taken back by who may hand it, and is then for its performers', async (t) => {
  const played = act(begun(), hand('verslag'));
  const back = { type: 'takeBackTask', task: 'verslag' } as const;
  t.equal(refused({ ...played, by: teacher }, back).code, 'notPerformer');
  t.ok(attempt({ ...played, by: director }, back).ok);
  played.by = guest;
  act(played, back);
  t.same(eventsOf(played, 'taskTakenBack'), [{ type: 'taskTakenBack', task: 'verslag', from: 'jansen' }]);
  t.equal(refused(played, { type: 'submit', task: 'verslag', answers: {} }).code, 'notPerformer');
  t.equal(refused(played, back).texts[0], 'Deze taak is aan niemand in het bijzonder gevraagd.');
  t.match(taskIn(seen(played, everything(coordinator)), 'verslag'), { status: 'todo', handed: null });
});

t.test('who is on the list of a case follows what is handed, and a restriction ends it', async (t) => {
  const played = begun();
  // Who left the school is still on the list, and may come back.
  const staff = { staff: [teacher, coordinator, director, guest], there: ['smit', 'vries', 'jansen', 'vertrokken'] };
  const before = played.state;
  const handed = act(played, hand('verslag')).state;
  t.same(accessChanges(route, before, handed, staff), { add: [{ person: 'jansen', access: 'task' }], remove: [], release: [], exclude: [] });
  const two = act(played, hand('observatie')).state;
  t.same(accessChanges(route, handed, two, staff), { add: [], remove: [], release: [], exclude: [] });
  const one = act(played, { type: 'takeBackTask', task: 'verslag' }).state;
  t.same(accessChanges(route, two, one, staff).release, []);
  const moved = act(played, hand('observatie', teacher)).state;
  t.same(accessChanges(route, one, moved, staff), { add: [{ person: 'smit', access: 'task' }], remove: [], release: ['jansen'], exclude: [] });
  act(played, hand('verslag'));
  submit(played, 'observatie', { geheim: true });
  t.same(played.state.handed, []);
  t.same(eventsOf(played, 'taskTakenBack').slice(1), [{ type: 'taskTakenBack', task: 'observatie', from: 'smit' }, { type: 'taskTakenBack', task: 'verslag', from: 'jansen' }]);
  t.match(accessChanges(route, moved, played.state, staff).remove, ['smit', 'jansen', 'vertrokken']);
  played.by = director;
  t.equal(refused(played, hand('verslag')).texts[0], 'Aan deze collega kan in deze zaak geen taak worden gevraagd.');
  t.ok(attempt(played, hand('verslag', director)).ok);
});

t.test('a case of which the author stands under access.read is all theirs, and again after a restriction', async (t) => {
  const kept = smallRoute({ access: { read: ['author'], own: ['leraar'] } });
  const { state } = begin(kept);
  t.same(accessChanges(kept, null, state, { staff: [teacher, coordinator, director], there: [] }).add, [{ person: state.starter, access: 'full' }]);
  const restricted = { ...state, restriction: { event: 'e', at: noon, to: ['directie'], never: [], lift: ['directie'] } };
  t.same(accessChanges(kept, restricted, state, { staff: [teacher, coordinator, director], there: [] }).add, [{ person: state.starter, access: 'full' }]);
});

t.test('handing, giving back and a restriction that ends it are rebuilt from their events', async (t) => {
  const opened = succeeded(apply(route, null, { type: 'open', task: 'start', answers: {}, subject: { naam: 'Sem' } }, coordinator, noon));
  const logged: LoggedEvent[] = opened.events.map((event) => ({ at: noon, person: coordinator.id, event }));
  const versions: CaseRecord[] = [...opened.state.records];
  let { state } = opened;
  const acts: [Exclude<Command, { type: 'open' }>, Actor][] = [
    [hand('verslag'), coordinator], [hand('observatie'), director], [{ type: 'takeBackTask', task: 'verslag' }, guest], [hand('verslag', teacher), coordinator],
    [{ type: 'submit', task: 'observatie', answers: {} }, guest], [{ type: 'submit', task: 'observatie', answers: { geheim: true } }, coordinator]
  ];
  for (const [command, person] of acts) {
    const next = succeeded(apply(route, state, command, person, noon));
    logged.push(...next.events.map((event) => ({ at: noon, person: person.id, event })));
    versions.push(...next.state.records.slice(state.records.length));
    ({ state } = next);
    t.strictSame(rebuild(logged, versions), { ok: true, state, unused: [] }, command.type);
  }
});
