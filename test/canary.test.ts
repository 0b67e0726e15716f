import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Reader } from '../src/cases/cases.ts';
import { routeAt } from '../src/cases/library.ts';
import { projectRoot } from '../src/config.ts';
import type { Answers, Json } from '../src/definitions/bundle.ts';
import type { ScenarioAct, Scenarios } from '../src/definitions/content.ts';
import type { CaseState, Command } from '../src/engine/state/case-state.ts';
import { CannotPlay, playedCommand, playedMoment } from '../src/engine/scenarios/play.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { encode } from '../src/forms/encode.ts';
import type { Question } from '../src/forms/form-types.ts';
import { backup } from '../src/jobs/backup.ts';
import { readKeyFile } from '../src/trust/key-file.ts';
import { password, startSite, type TestSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';

/** Words nobody would write, each once. */
function makeCanaries(): { next: () => string; all: string[] } {
  const all: string[] = [];
  return { all, next: () => {
    const word = `kanarie${String(all.length).padStart(4, '0')}vogel`;
    all.push(word);
    return word;
  } };
}

/** Everything that lies on the disk of the server: database, write-ahead log, shared memory, backup. */
function bytesIn(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  return Buffer.concat(files.map((path) => readFileSync(path)));
}

/** Types a canary in every line of text of every form that a case in its first step offers, and keeps it as a draft, as "Later verder" does. */
async function typeDrafts(site: TestSite, next: () => string): Promise<void> {
  const vries = await site.signIn('vries');
  const { story } = await startCase(site, vries, 'signaal', { betreftMedewerker: false, feit: next(), bron: 'ander', bronNaam: next(), datum: '2026-03-02' }, { naam: next(), groep: '5' });
  for (const { href } of (await story.look(vries)).links.filter((link) => link.href.startsWith(`/cases/${story.number}/tasks/`))) {
    const page = await vries.get(href);
    if (!page.html.includes('value="later"')) continue;
    const typed = Object.fromEntries(page.fields('/tasks/').filter((name) => name.startsWith('/') && page.html.match(new RegExp(`<(textarea|input)[^>]*name="${name}"[^>]*(type="text"|rows=)`)) !== null).map((name) => [name, next()]));
    await page.submit(typed, { form: '/tasks/', button: 'Later verder' });
  }
}

/** A canary for everything that is free text: lines, names of people who are in no list, rows and groups with them. */
function canaryAnswers(questions: Question[], given: Answers, next: () => string): Answers {
  const answer = ({ name, control, parts, choices }: Question): Json | undefined => {
    const old = given[name];
    const partsOf = (one: Json): Json => (one !== null && typeof one === 'object' && !Array.isArray(one) ? canaryAnswers(parts, one, next) : one);
    if (control.holds === 'rows') return (Array.isArray(old) ? old : [{}]).map(partsOf);
    if (control.holds === 'group') return partsOf(old ?? {});
    if (control.name === 'picker') return old ?? { naam: next() };
    return choices === null && ['text', 'textarea'].includes(control.name) ? next() : old;
  };
  return { ...given, ...Object.fromEntries(questions.flatMap((question) => { const value = answer(question); return value === undefined ? [] : [[question.name, value]]; })) };
}

/** Answers to try: of each question its second choice, with the first day of the scenario as every date; and none. */
function ways(questions: Question[]): Answers[] {
  const chosen = questions.flatMap(({ name, field, choices }): [string, Json][] => {
    const value = field.format === 'date' ? '@0' : choices?.[1]?.value;
    return value === undefined || field.type === 'array' ? [] : [[name, value]];
  });
  return [Object.fromEntries(chosen), {}];
}

/**
 * Plays the scenarios of a route in the real database, every free text a canary, and hands in on the way what no scenario does.
 * A form that is still left is kept as a draft. Gives the forms that were handed in.
 */
async function playRoute(site: TestSite, file: Scenarios, next: () => string): Promise<Set<string>> {
  const { cases, library } = site.services;
  const published = library.published().find(({ model }) => model.workflow.id === file.workflow);
  if (published === undefined) throw new Error(`${file.workflow} is not published.`);
  // A form that a school switches on is asked too.
  const settings = { [file.workflow]: Object.fromEntries(Object.entries(published.model.workflow.settings ?? {}).filter(([, { type }]) => type === 'boolean').map(([id]) => [id, true])) };
  const route = routeAt(published, settings, null);
  const { model } = route;
  const readers = Object.fromEntries(Object.entries(file.people).map(([key, roles]): [string, Reader & { name: string }] => [key, { id: `${file.workflow}-${key}`, name: key, roles, school: site.school, settings }]));
  // Everybody works here from the first day of the scenarios; the route before this one may have ended years later.
  site.clock.now = `${file.today}T06:00:00.000Z`;
  for (const [key, reader] of Object.entries(readers)) {
    const person = await site.services.people.add({ name: key, email: `${reader.id}@proef.example`, roles: reader.roles, admin: false, school: site.school, passwordHash: null });
    reader.id = person?.id ?? '';
  }
  const actsOf = (id: string): ScenarioAct[] => {
    const { given = [], when = [] } = file.scenarios[id] ?? {};
    return [...(typeof given === 'string' ? actsOf(given) : given), ...when];
  };
  const wrote = new Set<string>();
  let last: { reader: Reader; number: string } | null = null;
  /** A case that opens with another answer asks other things. */
  const nameOf = ({ submit, take, open, reopen, answers = {} }: ScenarioAct): string => `done ${String(submit ?? take ?? open ?? reopen)} ${open === undefined ? '' : Object.keys(answers).filter((name) => answers[name] === true).join()}`;
  for (const id of Object.keys(file.scenarios).filter((one) => file.scenarios[one]?.settings === undefined).reverse()) {
    if (actsOf(id).every((act) => wrote.has(nameOf(act)))) continue;
    let scene = { day: 0, time: '09:00', number: '', state: null as CaseState | null };
    for (const act of actsOf(id)) {
      const reader = readers[act.person ?? ''];
      if (act.take !== undefined) await handInOthers();
      scene = { ...scene, day: act.day ?? scene.day, time: act.time ?? scene.time };
      if (reader === undefined) continue;
      site.clock.now = playedMoment(model, scene, file.today);
      const written = commandFor(act);
      // What was handed in besides may have led the case elsewhere; the next scenario goes on from its own start.
      if (written === null) break;
      const command = withCanaries(written);
      const submission = { key: site.services.newKey(), draft: null };
      const result = command.type === 'open' ? await cases.start(reader, route, command, submission) : await cases.act(reader, scene.number, command, submission);
      // A scenario may show what is refused; the next goes on from there.
      if (result.type !== 'done') continue;
      wrote.add(nameOf(act));
      for (const { form } of result.state.records) wrote.add(form);
      scene = { ...scene, number: result.number, state: result.state };
      last = { reader, number: scene.number };
    }
    await handInOthers();

    function commandFor(act: Partial<ScenarioAct>): Command | null {
      try {
        return playedCommand(model, scene.state, { ...act, person: act.person ?? '', day: scene.day, time: scene.time }, { cast: { people: readers }, today: file.today });
      } catch (error) {
        if (error instanceof CannotPlay) return null;
        throw error;
      }
    }

    /** What this case lets somebody hand in and no scenario has handed in. */
    async function handInOthers(): Promise<void> {
      for (const task of model.tasks.values()) {
        for (const reader of Object.values(readers)) {
          const { state, number } = scene;
          const { form } = task.definition;
          if (state === null || wrote.has(form)) continue;
          for (const answers of ways(route.form(form).questions)) {
            const command = commandFor({ submit: task.id, answers });
            if (command?.type !== 'submit' || !apply(model, state, command, reader, site.clock.now).ok) continue;
            const result = await cases.act(reader, number, { ...command, answers: canaryAnswers(route.form(form).questions, command.answers, next) }, { key: site.services.newKey(), draft: null });
            if (result.type !== 'done') continue;
            wrote.add(form);
            scene = { ...scene, state: result.state };
            break;
          }
        }
      }
    }
  }
  const left = Object.keys(model.bundle.forms).filter((form) => !wrote.has(form));
  const open = last === null ? null : await cases.open(last.reader, last.number, 'view');
  if (open === null) throw new Error(`No scenario of ${file.workflow} opened a case.`);
  for (const form of left) {
    const task = [...model.tasks.values()].find(({ definition }) => definition.form === form)?.id ?? form;
    await cases.drafts.save({ person: open.viewer.id, case: open.stored.id, task, record: null }, encode(route.form(form), canaryAnswers(route.form(form).questions, {}, next)), site.clock.now);
  }
  const asker = { kind: 'other' as const, id: '', name: next() };
  const kept = { asker, sections: {}, words: { [next()]: true }, weighing: { derden: next() }, verdict: null, given: [] };
  await site.services.disclosures.start(open.stored.id, kept, { by: open.viewer.id, at: site.clock.now, log: { action: 'disclose', detail: 'start' } });
  return wrote;

  function withCanaries(command: Command): Command {
    const formOf = (form: string | undefined): Question[] => (form === undefined ? [] : route.form(form).questions);
    switch (command.type) {
      case 'open': return {
        ...command, answers: canaryAnswers(formOf(model.tasks.get(command.task)?.definition.form), command.answers, next),
        subject: canaryAnswers(formOf(model.workflow.subject), command.subject ?? {}, next)
      };
      case 'submit': return { ...command, answers: canaryAnswers(formOf(model.tasks.get(command.task)?.definition.form), command.answers, next) };
      case 'waive': return { ...command, reason: `Reden ${next()}` };
      case 'take': {
        const ways = [...model.transitions, ...[...model.steps.values()].flatMap(({ transitions }) => transitions)];
        const form = ways.find(({ id, step }) => id === command.transition && step === command.step)?.definition.form;
        return { ...command, answers: form === undefined ? command.answers : canaryAnswers(formOf(form), command.answers ?? {}, next) };
      }
      case 'reopen': {
        const form = model.reopenings.find(({ id }) => id === command.reopening)?.definition.form;
        return { ...command, answers: form === undefined ? command.answers : canaryAnswers(formOf(form), command.answers ?? {}, next) };
      }
      default: return command;
    }
  }
}

/** The reasons people write beside forms: of a correction, a lifted restriction and a case that was a mistake. */
async function writeReasons(site: TestSite, next: () => string): Promise<void> {
  const smit = await site.signIn('smit');
  const visser = await site.signIn('visser');
  const { story } = await startCase(site, smit, 'signaal', { betreftMedewerker: true, feit: next(), bron: 'eigen-waarneming', datum: '2026-03-02' }, { naam: next(), groep: '5' });
  await (await visser.get(`/cases/${story.number}/restriction-end`)).submit({ reason: `Reden ${next()}` });
  const check = await (await smit.get(`/cases/${story.number}/records/2/correction`)).submit({ '/feit': next(), reason: `Reden ${next()}` });
  t.match((await check.submit()).path, 'done=corrected');
  t.match((await (await smit.get(`/cases/${story.number}/cancellation`)).submit({ reason: `Reden ${next()}` })).text, 'Deze zaak is geannuleerd');
}

t.test('what people type stands nowhere in clear: not in the database, its log, a backup, nor what the server writes down', async (t) => {
  const routes = readdirSync(join(projectRoot, 'workflows')).flatMap((name) => /^(.+)\.scenarios\.json$/.exec(name)?.[1] ?? []);
  const site = await startSite({ routes });
  t.teardown(() => site.stop());
  const { all, next } = makeCanaries();
  await typeDrafts(site, next);
  await writeReasons(site, next);
  for (const { model: { workflow, bundle } } of site.services.library.published()) {
    const file = JSON.parse(readFileSync(join(projectRoot, 'workflows', `${workflow.id}.scenarios.json`), 'utf8')) as Scenarios;
    const wrote = await playRoute(site, file, next);
    const left = Object.keys(bundle.forms).filter((form) => !wrote.has(form));
    t.ok(left.length <= 1, `all forms of ${workflow.id} are handed in, at most one is only kept as a draft: ${left.join(', ')}`);
  }
  t.ok(all.length >= 1_000, `${String(all.length)} words`);
  const vries = await site.signIn('vries');
  await vries.get(`/cases?zoek=${next()}`);
  await vries.get(`/cases/${next()}`);
  await backup({ database: site.database, key: readKeyFile(join(site.folder, 'main.key'), { holdsData: true, random: randomBytes }), file: join(site.folder, 'back-up'), made: site.clock.now, random: randomBytes });
  const disk = bytesIn(site.folder).toString('latin1');
  t.ok(disk.length > 100_000, 'there is something to look in');
  t.match(disk, site.people['vries']?.email ?? '', 'what is clear by design is found, so the search works');
  const found = new Set(disk.match(/kanarie\d{4}vogel/g));
  t.same(all.filter((word) => found.has(word)), [], `none of ${String(all.length)} on disk`);
  t.same(all.filter((word) => site.log.join('').includes(word)), [], 'none in the log');
  t.notMatch(disk, password);
});
