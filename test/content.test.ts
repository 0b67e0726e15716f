import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import type { Answers, Json } from '../src/definitions/bundle.ts';
import { checkLegal } from '../src/definitions/checks/legal.ts';
import { type LegalLists, type LegalSources, schoolDayFrom, withDates } from '../src/definitions/content.ts';
import { type Terms, withTerms } from '../src/definitions/terms.ts';
import { rulesOf } from '../src/definitions/lookup.ts';
import type { CaseState, Command, EngineResult } from '../src/engine/state/case-state.ts';
import { playCommands, type PlayedStep } from '../src/engine/scenarios/play.ts';
import { type Model, prepare } from '../src/engine/model/prepare.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { cast, content, demo, found, model, play, references, stateOf, today } from './fixtures/practice-school.ts';

t.test('the practice school has a person for every role, an administrator, and a partner for every partner role', async (t) => {
  const roles = new Set(Object.values(demo.people).flatMap((person) => person.roles));
  t.strictSame(Object.keys(model.workflow.roles).filter((role) => !roles.has(role)), []);
  t.equal(Object.values(demo.people).filter(({ admin }) => admin === true).length, 1);
  t.strictSame(rolesWithoutPartner(demo.partners ?? []), []);
  // Nobody must be able to call a stranger from the practice school.
  const phones = (demo.partners ?? []).flatMap(({ phone }) => (phone === undefined ? [] : [phone]));
  t.strictSame(phones.filter((phone) => !/^(050-000 |112$|0800-|0900-)/.test(phone)), []);
});

t.test('of a task with one record the coordinator may always make theirs a correction, whoever was first', async (t) => {
  for (const bundle of content.workflows.filter(({ workflow }) => workflow.roles['ib'] !== undefined && workflow.id !== 'zorgwijzer')) {
    const single = [...prepare(bundle, model.t).tasks.values()].filter(({ isSubject, repeat, emergency, performers }) => !isSubject && !repeat && !emergency && performers?.includes('ib') === true);
    t.ok(single.length > 2, bundle.workflow.id);
    t.strictSame(single.filter(({ definition }) => definition.correct?.includes('ib') !== true).map(({ id }) => id), [], bundle.workflow.id);
  }
});

t.test('every act of the practice cases is valid and comes after the one before', async (t) => {
  for (const { title, commands } of demo.cases) {
    const { steps } = play(title);
    t.equal(steps.length, commands.length, title);
    t.strictSame(steps.flatMap(({ result }, index) => (result.ok ? [] : [{ index, ...result }])), [], title);
    t.strictSame(steps.map(({ now }) => now).sort(), steps.map(({ now }) => now), title);
    t.ok(steps.every(({ now }) => now < `${today}T00:00`), `${title}: nothing happens later than yesterday`);
  }
});

t.test('every answer of the practice cases is one its form would have taken', async (t) => {
  const problems = demo.cases.flatMap(({ title }) => play(title).steps.flatMap((step, index) => formProblems(model, step).map((problem) => ({ title, index, ...problem }))));
  t.strictSame(problems, []);
});

t.test('the practice cases of the other routes are played, with answers their forms would have taken', async (t) => {
  for (const { workflow, data } of content.demos.filter(({ workflow: id }) => id !== 'meldcode')) {
    const own = prepare(found(content.workflows.find((bundle) => bundle.workflow.id === workflow)), model.t);
    for (const { title, commands } of data.cases) {
      const { steps } = playCommands(own, commands, cast, today);
      t.strictSame(steps.flatMap(({ result }, index) => (result.ok ? [] : [{ index, ...result }])), [], title);
      t.strictSame(steps.flatMap((step, index) => formProblems(own, step).map((problem) => ({ index, ...problem }))), [], title);
    }
  }
  for (const { people } of content.demos.map(({ data }) => data)) t.match(demo.people, people, 'they work at one school');
});

t.test('the practice cases stand in different states', async (t) => {
  const states = demo.cases.map(({ title }) => found(play(title).state));
  t.strictSame(states.map((state) => [activeSteps(state), state.outcome]), [
    [['gesprek'], null], [['consultatie'], null], [['signalen'], null], [['hulp'], null], [['melden'], null], [[], 'andere-oorzaak'], [['signalen'], null]
  ]);
  const [talk, advice, fresh, , report, , staff] = states.map(found);
  t.equal(recordsOf(talk, 'ouderGesprek').length, 0, 'the talk with the parent is still to be done');
  t.notOk('advies' in found(recordsOf(advice, 'advies')[0]), 'the advice has not come');
  t.ok(recordsOf(advice, 'signaal').some(({ bron }) => bron === 'ouder'), 'a refused consent became a signal');
  t.equal(fresh?.records.length, 2);
  t.strictSame(Object.values(report?.skipped ?? {}).map(({ reason }) => reason), Array(5).fill('noodsituatie'));
  t.match(staff?.restriction, { to: ['author', 'bestuur'], never: ['id of kok'] });
  t.ok(states.slice(0, -1).every(({ restriction }) => restriction === null));
});

t.test('a practice school knows no weekend', async (t) => {
  t.equal(schoolDayFrom('2026-03-18', 0), '2026-03-18');
  t.equal(schoolDayFrom('2026-03-18', -3), '2026-03-13');
  t.equal(schoolDayFrom('2026-03-21', 0), '2026-03-20', 'on a Saturday today is Friday');
  t.equal(schoolDayFrom('2026-03-22', -1), '2026-03-19');
  t.equal(schoolDayFrom('2026-03-20', 1), '2026-03-23');
  t.equal(schoolDayFrom('2026-03-02', -300), '2025-01-06');
  t.strictSame(withDates({ a: ['@-1', { b: '@2' }], c: 'op @-1' }, '2026-03-18'), { a: ['2026-03-17', { b: '2026-03-20' }], c: 'op @-1' });
});

t.test('the partner maps name only roles of the routes, and hold the numbers everybody needs', async (t) => {
  const roles = new Set(content.workflows.flatMap(({ workflow }) => Object.keys(workflow.partnerRoles ?? {})));
  for (const { file, partners } of content.partnerMaps) {
    t.strictSame(partners.flatMap((partner) => partner.roles).filter((role) => !roles.has(role)), [], file);
    t.ok(partners.some(({ phone, emergency }) => phone === '112' && emergency === true), file);
    t.ok(partners.every(({ verifiedOn }) => verifiedOn === null), `${file}: nobody of this school checked them yet`);
  }
  const starter = found(content.partnerMaps.find(({ file }) => file.endsWith('/starter.json')));
  const filled = new Set(starter.partners.flatMap((partner) => partner.roles));
  t.strictSame([...roles].filter((role) => !filled.has(role)), [], 'the starter map has a place for every partner of every route');
});

t.test('the meldcode of today names all that the law asks; without any one part it has an error, and the one of 2013 claims nothing', async (t) => {
  const { lists } = JSON.parse(readFileSync(join(projectRoot, 'workflows/legal-requirements.json'), 'utf8')) as { lists: LegalLists };
  const claiming = content.readable.routes.filter(({ legalBasis }) => legalBasis?.requirements != null);
  t.strictSame(claiming.map(({ id }) => id), ['meldcode-2019']);
  for (const route of claiming) {
    const claim = found(route.legalBasis?.requirements);
    const parts = found(claim.parts);
    t.strictSame(checkLegal(route, lists), []);
    for (const part of Object.keys(parts)) {
      const { [part]: _, ...rest } = parts;
      const without = { ...route, legalBasis: { requirements: { ...claim, parts: rest } } };
      t.match(checkLegal(without, lists), [{ code: 'requirementMissing', severity: 'error', params: { name: part } }], part);
    }
    t.strictSame(checkLegal({ ...route, steps: { ...route.steps, hulp: { title: 'Hulp', transitions: {} } } }, lists).map(({ code }) => code), ['requirementNoPerformers']);
  }
});

t.test('every line of the checklist has its place in the shipped files', async (t) => {
  const lines = readFixture('checklist.tsv').trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
  const places = JSON.parse(readFixture('checklist-places.json')) as { [id: string]: Entry };
  t.equal(lines.length, 193);
  t.strictSame(Object.keys(places), lines.map(([id]) => id));
  const missing = lines.flatMap(([id = '', , , quote = '']) => placesOf(found(places[id])).filter((place) => !stands(place, quote)).map((place) => ({ id, quote, ...place })));
  t.strictSame(missing, []);
});

t.test('every route that ships names the law it follows, with an address and a day on which somebody looks again', async (t) => {
  const { sources } = JSON.parse(readFileSync(join(projectRoot, 'workflows', 'legal-sources.json'), 'utf8')) as LegalSources;
  const named = content.workflows.flatMap(({ workflow }) => workflow.legalBasis?.sources ?? []);
  t.strictSame(content.workflows.filter(({ workflow }) => !(workflow.legalBasis?.sources ?? []).some((id) => sources[id]?.kind === 'wet')).map(({ workflow }) => workflow.id), []);
  t.strictSame(Object.keys(sources).filter((id) => !named.includes(id)), [], 'and none stands there for nothing');
  t.strictSame(Object.entries(sources).filter(([, { kind, article }]) => kind === 'wet' && article === undefined), []);
});

t.test('a line that says how strong a rule is keeps it: what must be done nobody passes, the rest with a reason', async (t) => {
  const rules = rulesOf(model.workflow).filter(({ rule }) => rule.hint !== true);
  const hard = ['S065', 'S074', 'S079', 'S084', 'S107', 'S128', 'S146', 'S173'];
  t.strictSame([...new Set(rules.filter(({ rule }) => rule.waivable === undefined).map(({ id }) => id.slice(0, 4)))].filter((id) => !hard.includes(id)), ['S139', 'S138']);
  t.strictSame(rules.filter(({ id, rule }) => hard.includes(id) && rule.waivable !== undefined), []);
  // S159: only "ja" gives 5a.
  t.strictSame(Object.values(found(found(model.workflow.steps['besluiten']).transitions)).map(({ to, when }) => [to, when]), [
    ['hulp', { 'besluit.kanBeschermen': 'ja' }], ['melden', { 'besluit.kanBeschermen': ['nee', 'twijfel'] }]
  ]);
});

t.test('advice is always free when anonymous or from the centre, and open to others only with signed consent (S074, S131)', async (t) => {
  const advice = { datum: '2026-03-18', over: 'vervolgstappen', vraag: 'Wat nu?' };
  const ask = (bij: string, anoniem: boolean): string[] => reasonsOf(act(stateOf('Stap 2'), { type: 'submit', task: 'advies', answers: { ...advice, bij, anoniem } }));
  t.strictSame(['meldpunt', 'steunpunt', 'vertrouwensinspecteur'].flatMap((bij) => ask(bij, false)), []);
  t.strictSame(['zorgkantoor', 'ret', 'jeugdgezondheidszorg', 'cjg', 'anders'].flatMap((bij) => ask(bij, true)), []);
  for (const bij of ['zorgkantoor', 'ret', 'jeugdgezondheidszorg', 'cjg', 'anders']) t.match(ask(bij, false), [/geen schriftelijke toestemming/], bij);
  const consent = { ouder: 'I. Kramer', gevraagdOp: '2026-03-16', voor: 'ret', gegevens: 'De signalen.', status: 'gegeven', getekendOp: '2026-03-17' };
  const agreed = stateAfter(act(stateOf('Stap 2'), { type: 'submit', task: 'toestemming', answers: consent }));
  t.ok(act(agreed, { type: 'submit', task: 'advies', answers: { ...advice, bij: 'ret', anoniem: false } }).ok);
});

t.test('a plan begins only after it was discussed with the parent, also when that is filled in later (S122)', async (t) => {
  const plan = { datum: '2026-03-17', soort: 'handelingsplan', behoeften: 'Rust.', afsprakenKlas: 'Vaste plek.', doelen: 'Rust.', wie: 'J. Smit', van: '2026-03-18', tot: '2026-04-30', status: 'concept' };
  const made = stateAfter(act(stateOf('Stap 3'), { type: 'submit', task: 'handelingsplan', answers: plan }));
  const record = made.lastRecord;
  t.match(reasonsOf(act(made, { type: 'update', record, answers: { status: 'loopt' } })), [/Bespreek het plan eerst/]);
  t.ok(act(made, { type: 'update', record, answers: { status: 'loopt', besprokenOp: '2026-03-17' } }).ok);
});

t.test('help that does not stop the violence leads to a report; only the head or the board may decide otherwise (S144)', async (t) => {
  const relapse = { datum: '2026-03-18', waarnemingen: 'Nieuwe ruzie met duwen.', resultaat: 'opnieuw-begonnen', toelichting: 'Yara vertelde het zelf.' };
  const seen = stateAfter(act(stateOf('Stap 5a'), { type: 'submit', task: 'effect', answers: relapse }));
  t.notOk(act(seen, { type: 'take', step: 'hulp', transition: 'afsluiten', answers: { conclusie: 'Klaar.' } }).ok);
  const back = stateAfter(act(seen, { type: 'take', step: 'hulp', transition: 'opnieuwBesluiten', answers: { motivering: 'Nieuw geweld.', beslotenDoor: 'A. de Vries' } }));
  const decided = (kanBeschermen: string): CaseState => stateAfter(act(back, { type: 'submit', task: 'besluit', answers: { beslotenOp: '2026-03-18', kanBeschermen, motivering: 'Zo.', beslissers: [{ naam: 'A. de Vries', functie: 'intern begeleider' }] } }));
  t.match(reasonsOf(act(decided('ja'), { type: 'take', step: 'besluiten', transition: 'hulp', answers: null })), [/Doe dan alsnog een melding/]);
  t.ok(act(decided('nee'), { type: 'take', step: 'besluiten', transition: 'melden', answers: null }).ok);
});

/** `quoted`: the words of the source stand there. Templates and styles have no pointer. */
type Place = { file: string; pointer?: string; quoted?: true };
type Entry = Place | { places: Place[] };

function placesOf(entry: Entry): Place[] {
  return 'places' in entry ? entry.places : [entry];
}

/** Gives what the form says of the answers of an act: problems, and answers to questions that would not have been asked. */
function formProblems(model: Model, { command, now, result }: PlayedStep): { pointer: string; text: string }[] {
  if (!result.ok) return [];
  const check = (form: string, answers: Answers, only?: string[]): { pointer: string; text: string }[] => {
    const compiled = compileForm(found(model.bundle.forms[form]), { t: model.t });
    const { problems, dropped } = checkAnswers(compiled, answers, { now, today: model.zone.dayOf(now), references, ...(only === undefined ? {} : { only }) });
    return [...problems, ...dropped.map(({ pointer }) => ({ pointer, text: 'not asked' }))];
  };
  if (command.type === 'open') {
    const asked = found(model.tasks.get(command.task)?.definition.intake).filter((field) => field !== 'subject');
    return [...check(formOf(model, command.task), command.answers, asked), ...check(found(model.workflow.subject), command.subject ?? {})];
  }
  if (command.type === 'submit') {
    // With what the task gives by itself.
    const entered = result.events.find((event) => event.type === 'recordEntered');
    return check(formOf(model, command.task), found(result.state.records.find(({ id }) => id === entered?.record)).answers);
  }
  if (command.type === 'update') {
    const record = found(result.state.records.find(({ id }) => id === command.record));
    return check(record.form, record.answers, Object.keys(command.answers));
  }
  if (command.type === 'take' && command.answers !== null) return check(found(result.state.records.at(-1)).form, command.answers);
  return [];
}

function formOf(model: Model, task: string): string {
  return found(model.tasks.get(task)?.form).id;
}

/** The care coordinator does something on the day after the practice cases. */
function act(state: CaseState, command: Command): EngineResult {
  const { name: _, ...actor } = found(cast.people['devries']);
  return apply(model, state, command, actor, `${today}T14:00:00.000Z`);
}

function stateAfter(result: EngineResult): CaseState {
  if (!result.ok) throw new Error(reasonsOf(result).join(' '));
  return result.state;
}

function reasonsOf(result: EngineResult): string[] {
  return result.ok ? [] : result.reasons.map(({ text }) => text);
}

const { terms } = JSON.parse(readFileSync(join(projectRoot, 'workflows', 'terms.json'), 'utf8')) as { terms: Terms };

function stands({ file, pointer, quoted }: Place, quote: string): boolean {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  const value = pointer === undefined ? text : valueAt(JSON.parse(text) as Json, pointer);
  if (value === undefined) return false;
  return quoted !== true || folded(withTerms(typeof value === 'string' ? value : JSON.stringify(value), terms)).includes(folded(quote));
}

function valueAt(root: Json, pointer: string): Json | undefined {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).reduce<Json | undefined>(
    (value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as { [key: string]: Json })[key] : undefined), root
  );
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function readFixture(name: string): string {
  return readFileSync(join(projectRoot, 'test', 'fixtures', name), 'utf8');
}

function activeSteps({ visits }: CaseState): string[] {
  return visits.filter(({ status }) => status === 'active').map(({ step }) => step);
}

function recordsOf(state: CaseState | undefined, task: string): { [field: string]: Json }[] {
  return found(state).records.filter((record) => record.task === task).map(({ answers }) => answers);
}

function rolesWithoutPartner(partners: { roles: string[] }[]): string[] {
  const roles = new Set(partners.flatMap((partner) => partner.roles));
  return Object.keys(model.workflow.partnerRoles ?? {}).filter((role) => !roles.has(role));
}
