import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { overlayFiles, printEffective, startOverlay } from '../src/cli/overlay-files.ts';
import { projectRoot } from '../src/config.ts';
import { checkSources } from '../src/definitions/checks/sources.ts';
import type { Answers, Json } from '../src/definitions/bundle.ts';
import type { Field, FormDefinition } from '../src/definitions/form.types.ts';
import { inLanguage } from '../src/definitions/in-language.ts';
import { readSchema } from '../src/definitions/schema-findings.ts';
import { textsOf } from '../src/definitions/texts-of.ts';
import { checkContent } from '../src/documents/check-content.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { StartProblem } from '../src/errors.ts';
import { documentData } from '../src/documents/document-data.ts';
import { checkDocument } from '../src/documents/render-document.ts';
import { type AskedForm, askedForm } from '../src/engine/model/asked-form.ts';
import type { Actor, CaseRecord, CaseState, Command } from '../src/engine/state/case-state.ts';
import { approvalOf, contentStamp } from '../src/engine/commands/document-approval.ts';
import { type LoggedEvent, rebuild } from '../src/engine/commands/rebuild.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { caseChoices } from '../src/engine/model/case-choices.ts';
import { caseContext } from '../src/engine/model/case-context.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { type Kept, retentionOf } from '../src/engine/reading/retention.ts';
import { retentionText } from '../src/web/words/keeping-text.ts';
import { withSettings } from '../src/engine/model/with-settings.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { decode } from '../src/forms/decode.ts';
import type { CheckedForm, CompiledForm, Pairs } from '../src/forms/form-types.ts';
import { formView } from '../src/forms/form-view.ts';
import { withGivenRows } from '../src/forms/given-rows.ts';
import { initialPairs } from '../src/forms/initial-pairs.ts';
import { rowAction } from '../src/forms/row-action.ts';
import { afterMistake as after, copyOfContent } from './fixtures/mistakes.ts';
import type { Page } from './fixtures/browser.ts';
import { startSite } from './fixtures/site.ts';
import { startCase, storyOf } from './fixtures/story.ts';
import { act, begin, choice, coordinator, director, eventsOf, everything, noon, type Played, refused, smallRoute, submit, succeeded, take, teacher, translate } from './fixtures/small-route.ts';

// The parts of the language that came after the first meldcode: rows with an id, and what is done for each of them.
const text: Field = { type: 'string', title: 'Tekst' };
const rows = (fields: { [name: string]: Field }): Field => ({ type: 'array', title: 'Lijst', items: { type: 'object', properties: fields } });
const people = rows({ naam: { type: 'string', title: 'Naam' }, gezag: { type: 'boolean', title: 'Gezag?' } });
const none = { partners: [], staff: [], partnerRoles: {}, national: [], fromCase: () => ({ from: '', choices: [] }) };

t.test('for over rows: one instance for each row of a record, which survives a correction that reorders the rows', async (t) => {
  const model = smallRoute({
    subject: 'leerling',
    tasks: { vertel: { form: 'vertel', title: 'Vertel het', for: 'leerling.ouders', when: { 'for.gezag': { not: false } }, required: true } }
  }, { leerling: { naam: text, ouders: people } });
  const played = begin(model, {}, { subject: { naam: 'Noor', ouders: [{ naam: 'Anna', gezag: true }, { naam: 'Bert', gezag: false }, { naam: 'Cees' }] } });
  t.same(played.state.records[0]?.answers['ouders'], [{ id: '1-1', naam: 'Anna', gezag: true }, { id: '1-2', naam: 'Bert', gezag: false }, { id: '1-3', naam: 'Cees' }]);
  const asked = (): [string | null, string, string][] => overview(model, played.state, everything(coordinator), noon).tasks.filter(({ id }) => id === 'vertel').map(({ source, title, status }) => [source, title, status]);
  t.same(asked(), [['1.1-1', 'Vertel het: Anna', 'todo'], ['1.1-3', 'Vertel het: Cees', 'todo']]);
  act(played, { type: 'submit', task: 'vertel', source: '1.1-3', answers: {} });
  act(played, { type: 'update', record: 1, answers: { ouders: [{ id: '1-3', naam: 'Cees' }, { naam: 'Dirk' }, { id: '1-1', naam: 'Anna', gezag: true }, { id: '1-1', naam: 'Eva' }, { id: '9-9', naam: 'Fien' }] } });
  t.same(asked(), [['1.1-3', 'Vertel het: Cees', 'done'], ['1.2-1', 'Vertel het: Dirk', 'todo'], ['1.1-1', 'Vertel het: Anna', 'todo'], ['1.2-2', 'Vertel het: Eva', 'todo'], ['1.2-3', 'Vertel het: Fien', 'todo']], 'an id that is not of this record, or comes twice, is not taken from a post');
  act(played, { type: 'update', record: 1, answers: { ouders: [{ id: '1-1', naam: 'Anna', gezag: true }] } });
  t.same(asked().map(([source, , status]) => [source, status]), [['1.1-1', 'todo'], ['1.1-3', 'done']], 'what was done for a row that is gone stays');
  take(played, 'een', 'verder');
  t.same(refused(played, { type: 'take', step: 'twee', transition: 'klaar', answers: null }).texts, ['Doe eerst ‘Vertel het: Anna’.']);
  act(played, { type: 'submit', task: 'vertel', source: '1.1-1', answers: {} });
  t.equal(take(played, 'twee', 'klaar').state.status, 'closed');
});

t.test('for over rows: a row of a record that is handed in several times, and rules and events for each of them', async (t) => {
  const model = smallRoute({
    tasks: { vraag: { form: 'vraag', title: 'Vraag', repeat: true, later: ['wie'] }, bel: { form: 'bel', title: 'Bel', for: 'vraag.wie' } },
    rules: { ja: { for: 'vraag.wie', must: { 'for.ja': true }, message: 'Nog geen ja van {for.naam}.', waivable: ['ib'] } },
    events: { nee: { for: 'vraag.wie', on: { 'for.ja': false }, write: { start: { wat: 'Nee van {for.naam}.' } } } }
  }, { start: { wat: text }, vraag: { wie: rows({ naam: text, ja: { type: 'boolean', title: 'Ja?' } }) } });
  const played = submit(submit(begin(model), 'vraag', { wie: [{ naam: 'Anna', ja: true }, { naam: 'Bert' }] }), 'vraag', { wie: [{ naam: 'Cees' }] });
  const onward = { type: 'take' as const, step: 'een', transition: 'verder', answers: null };
  t.same(refused(played, onward).texts, ['Nog geen ja van Bert.', 'Nog geen ja van Cees.']);
  act(played, { type: 'update', record: 2, answers: { wie: [{ id: '1-2', naam: 'Bert', ja: false }, { id: '1-1', naam: 'Anna', ja: true }] } });
  t.same(played.state.fired, ['nee:2.1-2']);
  act(played, { type: 'correct', record: 2, answers: { wie: [{ id: '1-1', naam: 'Anna', ja: true }, { id: '1-2', naam: 'Bert', ja: false }] }, reason: 'De volgorde klopte niet.' });
  t.same(played.state.fired, ['nee:2.1-2'], 'a row that moved is no new row');
  t.same(played.state.records.map(({ answers }) => answers['wat']), [undefined, undefined, undefined, 'Nee van Bert.']);
  act(played, { type: 'waive', rule: 'ja', source: '2.1-2', step: null, reason: 'Hij wil het niet horen.' });
  t.equal(refused(played, onward).texts.length, 1, 'waived for that row only');
});

t.test('the id of a row goes along with its form, and stays with it when rows are moved or removed', async (t) => {
  const form = compileForm({ id: 'lijst', version: '1.0.0', language: 'nl', title: 'Lijst', schema: { type: 'object', additionalProperties: false, properties: { wie: { ...people, items: { ...people.items, additionalProperties: false } } } } }, { t: translate });
  const answers = { wie: [{ id: '1-1', naam: 'Anna' }, { id: '1-2', naam: 'Bert' }, { naam: 'Cees' }] };
  const pairs = initialPairs(form, { answers });
  t.same(decode(form, pairs), answers);
  const moved = rowAction(form, rowAction(form, pairs, 'up:/wie/1')?.pairs ?? [], 'remove:/wie/1')?.pairs ?? [];
  t.same(decode(form, moved), { wie: [{ id: '1-2', naam: 'Bert' }, { naam: 'Cees' }] });
  const checked = checkAnswers(form, decode(form, moved), { today: '2026-03-18', now: noon, references: none });
  t.same(checked, { answers: { wie: [{ id: '1-2', naam: 'Bert' }, { naam: 'Cees' }] }, problems: [], dropped: [] }, 'it is no answer, and no field that does not exist');
});

t.test('a question chooses from the rows and records of the case: kept by id, shown with the words of now, and only what its reader may read', async (t) => {
  const parents: Field = { type: 'array', uniqueItems: true, title: 'Wie waren erbij?', items: { type: 'string', 'x-options': { source: 'rows', of: 'leerling.ouders' } } };
  const model = smallRoute({ subject: 'leerling', tasks: { gesprek: { form: 'gesprek', title: 'Gesprek', repeat: true } } }, {
    leerling: { naam: text, ouders: people }, gesprek: { bewijs: { type: 'object', format: 'file', title: 'Welk bewijs?' }, met: parents, over: { type: 'string', title: 'Over welk gesprek?', 'x-options': { source: 'records', of: 'gesprek' } } }
  });
  const played = begin(model, {}, { subject: { naam: 'Noor', ouders: [{ naam: 'Anna' }, { naam: 'Bert' }] } });
  const offered = (of: string, maySee?: (record: CaseRecord) => boolean): unknown => caseChoices(caseContext(model, played.state, noon, coordinator), of, maySee);
  t.same(offered('leerling.ouders'), { from: 'Formulier leerling, Lijst', choices: [{ id: '1.1-1', name: 'Anna', hint: null }, { id: '1.1-2', name: 'Bert', hint: null }] });
  t.same(offered('gesprek'), { from: 'Gesprek', choices: [] });
  submit(played, 'gesprek', { met: ['1.1-1', '1.1-2'] });
  submit(played, 'gesprek', { over: '3', bewijs: { id: 'b1', naam: 'brief.pdf', type: 'application/pdf', bytes: 12_288, sha256: 'ab'.repeat(32) } });
  t.same(offered('gesprek'), { from: 'Gesprek', choices: [{ id: '3', name: 'Formulier gesprek van 18 maart', hint: null }, { id: '4', name: 'Formulier gesprek van 18 maart (2)', hint: null }] });
  t.same(offered('leerling.ouders', ({ by }) => by === 'iemand-anders'), { from: 'Formulier leerling, Lijst', choices: [] }, 'who may not read the record is offered nothing of it');
  act(played, { type: 'update', record: 1, answers: { ouders: [{ id: '1-1', naam: 'Anna de Wit' }] } });
  const context = { school: { name: '', board: null }, number: '1', madeOn: noon, madeBy: '', people: {}, t: translate };
  const printed = (withheld: 'identity'[]): unknown => documentData(model, played.state, context, { withheld }).taken['gesprek']?.map(({ antwoorden: { met, over } }) => [met?.regels, met?.weggelaten, over?.regels]);
  t.same(printed([]), [[['Anna de Wit', 'een keuze die er niet meer is'], false, []], [[], false, ['Formulier gesprek van 18 maart']]]);
  t.same(documentData(model, played.state, context).taken['gesprek']?.[1]?.antwoorden['bewijs']?.regels, ['brief.pdf (PDF, 12 kB)'], 'a file by its name, kind and size');
  t.same(printed(['identity']), [[[], true, []], [[], true, ['Formulier gesprek van 18 maart']]], 'who is chosen from the subject is left out where the subject is');
});

const consent: Field = { type: 'array', title: 'Per ouder', minItems: 1, items: { type: 'object', required: ['status'], properties: { naam: { type: 'string', title: 'Naam' }, status: { ...choice('gevraagd', 'gegeven'), title: 'Antwoord' } } } };

/** What a page does with the form of a task: what is asked now, drawn and checked. */
function asked(played: Played, id: string, typed: (form: CompiledForm, given: Answers) => Pairs, stored: Answers | null = null): { asked: AskedForm; form: CompiledForm; checked: CheckedForm } {
  const { model, state, now } = played;
  const task = model.tasks.get(id);
  const wanted = task === undefined ? null : askedForm(caseContext(model, state, now, coordinator), task, stored);
  if (wanted === null) throw new Error(`No task ${id}.`);
  const form = compileForm(wanted.definition, { t: translate, fixedRows: wanted.fixedRows });
  const base = { ...stored, ...wanted.given };
  const pairs = withGivenRows(form, typed(form, base), base);
  return { asked: wanted, form, checked: checkAnswers(form, decode(form, pairs, { base }), { today: '2026-03-18', now, references: none, base }) };
}

t.test('fields: when, set and options are worked into the form; a record is checked against it and keeps its hash', async (t) => {
  const model = smallRoute({
    settings: { team: { type: 'boolean', title: 'Is er een team?', default: false } },
    facts: { ernstig: { start: { some: { soort: 'ernstig' } } } },
    tasks: {
      gesprek: {
        form: 'gesprek', title: 'Gesprek', repeat: true,
        fields: { letsel: { when: { 'facts.ernstig': true } }, soort: { set: { field: 'advies.soort' } }, waar: { options: { team: { 'settings.team': true } } }, wie: { set: 'De leerling' } }
      },
      advies: { form: 'advies', title: 'Advies' }
    }
  }, {
    start: { soort: choice('licht', 'ernstig') }, advies: { soort: choice('licht', 'ernstig') },
    gesprek: { letsel: text, soort: choice('licht', 'ernstig'), waar: choice('thuis', 'team'), wie: text }
  });
  const played = begin(model, { soort: 'licht' });
  const light = asked(played, 'gesprek', () => [['/letsel', 'een buil'], ['/waar', 'team'], ['/wie', 'iemand anders']]);
  t.same(Object.keys(light.asked.definition.schema.properties), ['soort', 'waar', 'wie'], 'what is not asked is not in the form');
  t.same(light.checked.problems.map(({ text: words }) => words), ['Kies een van de antwoorden bij “Keuze”.'], 'an answer that is not offered cannot be given');
  t.equal(light.checked.answers['wie'], 'De leerling', 'a fixed answer is never taken from a post');
  act(played, { type: 'submit', task: 'gesprek', answers: { letsel: 'x', waar: 'thuis' }, formHash: light.asked.hash });
  t.match(played.state.records[1], { answers: { waar: 'thuis', wie: 'De leerling' }, formHash: light.asked.hash });
  t.notOk('letsel' in (played.state.records[1]?.answers ?? {}));
  submit(submit(played, 'start', { soort: 'ernstig' }), 'advies', { soort: 'ernstig' });
  t.same(refused(played, { type: 'submit', task: 'gesprek', answers: {}, formHash: light.asked.hash }).texts, ['De vragen van dit formulier zijn veranderd terwijl u schreef. Kijk uw antwoorden na.']);
  const grave = asked(played, 'gesprek', () => [['/letsel', 'een buil'], ['/waar', 'thuis'], ['/soort', 'licht']]);
  t.same(grave.checked, { answers: { letsel: 'een buil', soort: 'ernstig', waar: 'thuis', wie: 'De leerling' }, problems: [], dropped: [] });
  t.not(grave.asked.hash, light.asked.hash);
  act(played, { type: 'submit', task: 'gesprek', answers: grave.checked.answers, formHash: grave.asked.hash });
  act(played, { type: 'correct', record: 3, answers: { soort: 'licht' }, reason: 'Het was toch niet ernstig.' });
  const stored = played.state.records[4]?.answers ?? {};
  t.same(asked(played, 'gesprek', (form, base) => initialPairs(form, { answers: base }), stored).checked, { answers: stored, problems: [], dropped: [] }, 'what stands in a record stays, whatever is asked by now');
  const withTeam = { ...played, model: withSettings(model, { team: true }) };
  t.same(asked(withTeam, 'gesprek', () => [['/waar', 'team']]).checked.problems, []);
});

t.test('fields: rows makes one row for each row of the source, known by its id, and only the rest is asked', async (t) => {
  const model = smallRoute({
    subject: 'leerling',
    tasks: { vraag: { form: 'vraag', title: 'Vraag toestemming', repeat: true, fields: { ouders: { rows: 'leerling.ouders' } }, later: ['ouders'], done: { 'this.ouders': { every: { status: 'gegeven' } } } }, bel: { form: 'bel', title: 'Bel', for: 'vraag.ouders', when: { 'for.status': 'gegeven' } } }
  }, { leerling: { ouders: people }, vraag: { ouders: consent } });
  const played = begin(model, {}, { subject: {} });
  t.same(asked(played, 'vraag', () => []).checked.problems, [], 'a list that need not be there may stay empty');
  act(played, { type: 'update', record: 1, answers: { ouders: [{ naam: 'Anna' }, { naam: 'Bert' }] } });
  const empty = asked(played, 'vraag', (form, given) => initialPairs(form, { answers: given }));
  t.same(empty.checked.problems.map(({ pointer }) => pointer), ['/ouders/0/status', '/ouders/1/status']);
  const typed = asked(played, 'vraag', () => [['/ouders/4', ''], ['/ouders/4/id', '1-2-2'], ['/ouders/4/naam', 'Iemand anders'], ['/ouders/4/status', 'gevraagd'], ['/ouders/5', ''], ['/ouders/5/id', '1-2-1'], ['/ouders/5/status', 'gegeven'], ['/ouders/6', ''], ['/ouders/6/id', '7'], ['/ouders/6/status', 'gegeven']]);
  t.same(typed.checked, { answers: { ouders: [{ id: '1-2-1', naam: 'Anna', status: 'gegeven' }, { id: '1-2-2', naam: 'Bert', status: 'gevraagd' }] }, problems: [], dropped: [] });
  const drawn = formView(typed.form, { pairs: withGivenRows(typed.form, [], typed.asked.given), references: none, now: noon }).nodes[0];
  t.match(drawn, { fixed: true, addAction: null, rows: [{ removeAction: null, nodes: [{ partial: 'shown', lines: ['Anna'] }, { partial: 'radios' }] }, { nodes: [{ lines: ['Bert'] }, {}] }] });
  act(played, { type: 'submit', task: 'vraag', answers: typed.checked.answers, formHash: typed.asked.hash });
  t.same(played.state.records[2]?.answers['ouders'], typed.checked.answers['ouders']);
  const calls = (): (string | null)[] => overview(model, played.state, everything(coordinator), noon).tasks.filter(({ id }) => id === 'bel').map(({ source }) => source);
  t.same(calls(), ['3.1-2-1']);
  act(played, { type: 'update', record: 1, answers: { ouders: [{ naam: 'Cees' }, { id: '2-2', naam: 'Bart' }] } });
  const stored = played.state.records[2]?.answers ?? {};
  const later = asked(played, 'vraag', (form, base) => initialPairs(form, { answers: base }), stored);
  t.same(later.asked.given['ouders'], [{ id: '1-3-1', naam: 'Cees' }, { id: '1-2-2', naam: 'Bart' }, { id: '1-2-1', naam: 'Anna', status: 'gegeven' }], 'a new row comes along, one that is gone stays with what was said');
  act(played, { type: 'update', record: 3, answers: { ouders: [{ id: '1-3-1', status: 'gegeven' }, { id: '1-2-2', status: 'gegeven' }, { id: '1-2-1', status: 'gegeven' }] } });
  t.same(calls(), ['3.1-3-1', '3.1-2-2', '3.1-2-1']);
  t.equal(overview(model, played.state, everything(coordinator), noon).tasks.find(({ id }) => id === 'vraag')?.status, 'done');
});

t.test('fields: what a question may answer where a setting takes an answer away, the gap checker knows', async (t) => {
  const gaps = (options: string): string[] => after('workflows/klein.json', '"besluit": { "form": "besluit", "required": true }', `"besluit": { "form": "besluit", "required": true, "fields": { "hulp": ${options} } }`).map((line) => line.replace(/^\S+ /, ''));
  t.strictSame(gaps('{ "options": { "misschien": { "facts.isDringend": true } } }'), []);
  t.match(gaps('{ "when": { "facts.isDringend": true } }')[0], /geen uitgang uit de stap "kiezen"/);
});

t.test('fields on the page: only what is wanted is asked, rows and fixed answers are shown, and a task for each row has a line of its own', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'schoolreis'), now: '2026-03-18T10:30:00.000Z' });
  t.teardown(() => site.stop());
  const hofman = await site.signIn('hofman');
  const { story } = await startCase(site, hofman, 'aanvraag', { doel: 'Samen de zee zien.', dag: '2026-06-10', water: false }, { naam: 'Texel' });
  const path = `/cases/${story.number}/tasks/afspraken`;
  const before = await hofman.get(path);
  t.match(before.text, /Er is nog niets om hier in te vullen/);
  t.notMatch(before.text, /zwemdiploma|Met de bus/);
  t.match((await before.submit({ '/vervoer': 'fiets', '/datum#dag': '18', '/datum#maand': '3', '/datum#jaar': '2026' })).text, /Bij “Wie doet wat\?” is nog niets in te vullen/);
  t.match((await hofman.get(`/cases/${story.number}/documents`)).text, /Nog niet te maken: 3 documenten Brief aan de bestuurder Dit komt er na ‘Schoolreis’\./);
  await story.complete(hofman, 'reis', { naam: 'Texel', begeleiders: [{ naam: 'Anna', rijdt: true }, { naam: 'Bert' }] });
  const page = await hofman.get(path);
  t.match(page.text, /Hebt u nog een opmerking\? Samen de zee zien\./);
  t.same(page.fields().filter((name) => /^\/begeleiders\/\d\/(taak|naam)|opmerking/.test(name)), ['/begeleiders/0/taak', '/begeleiders/1/taak']);
  t.notMatch(page.html, /add:\/begeleiders|remove:\/begeleiders/);
  const filled = { '/vervoer': 'bus', '/datum#dag': '18', '/datum#maand': '3', '/datum#jaar': '2026', '/begeleiders/0/taak': 'rijden', '/begeleiders/1/taak': 'koken' };
  const wrong = await page.submit(filled);
  t.equal(wrong.status, 422);
  t.match(wrong.text, /Naam Anna.*Naam Bert/, 'what is taken over is there again');
  const check = await wrong.submit({ '/vervoer': 'fiets' });
  t.match(check.text, /Naam: Anna Wat doet deze begeleider\? rijden Naam: Bert.*koken.*Samen de zee zien/);
  t.equal((await check.submit()).path, `/cases/${story.number}?done=saved`);
  const record = (await story.look(hofman)).links.find(({ href }) => /records\/3$/.test(href));
  t.match((await hofman.get(record?.href ?? '')).text, /Anna.*rijden.*Bert.*koken/);
  await site.database.read('records').where('record', 3).first('form_hash').then((row) => { t.match(row, { form_hash: /^[0-9a-f]{64}$/ }); });
  t.match((await story.look(hofman)).text, /Bekijk het rijbewijs: Anna/);
  await story.handIn(hofman, 'verklaring', { gezien: true });

  const list = await hofman.get(`/cases/${story.number}/documents`);
  t.match(list.text, /Brief aan de bestuurder: Anna Openen en vastleggen : Brief aan de bestuurder: Anna Verslag van de afspraken van 18 maart Zonder de gegevens over wie de zaak gaat\./);
  t.notMatch(list.text, /Bert/, 'of whom `when` leaves out there is none');
  t.match(list.text, /Concept: zo is het document met wat nu in de zaak staat\..* Beste Anna, u rijdt mee naar Texel\./, 'the first stands beside the list');
  const beside = await list.follow('Verslag van de afspraken van 18 maart');
  t.match(beside.text, /Afspraken van woensdag 18 maart 2026 Naar: weggelaten\./);
  t.notMatch(beside.text, /Beste Anna/);
  const report = await beside.follow('Openen en vastleggen');
  t.match(report.text, /Afspraken van woensdag 18 maart 2026 Naar: weggelaten\. Samen de zee zien\./);
  t.notMatch(report.text, /Voor de reis naar|In dit document staat nog/);
  await story.complete(hofman, 'reis', { naam: 'De zee' });
  const told = await hofman.get(`/cases/${story.number}/documents?show=verslag:3`);
  t.match(told.text, /In dit document staat nog: zee\./);
  t.strictSame(told.links.filter(({ href }) => /\/(pdf|word)$|print/.test(href)), [], 'nothing to take along');
  t.match((await hofman.get(`/cases/${story.number}/documents/verslag:3`)).text, /In dit document staat nog: zee\. .*Verbeter eerst die vastlegging/, 'what somebody typed is not taken out, but told');
  for (const end of ['?print=1', '/pdf', '/word', '/text']) {
    const stopped = await hofman.get(`/cases/${story.number}/documents/verslag:3${end}`);
    t.equal(stopped.status, 422, end);
    t.match(stopped.text, /kan nu niet worden .*In dit document staat nog: zee\./, end);
  }
  t.equal((await hofman.get(`/cases/${story.number}/documents/brief:1.9-9`)).status, 404);
  t.match((await hofman.get(`/cases/${story.number}/records/3/correction`)).text, /Naam Anna.*Samen de zee zien/);

  t.match((await story.look(hofman)).text, /Maak de begroting Te doen vóór donderdag 26 maart/, 'five days on which the school is open: on Friday the staff study');
  site.clock.now = '2026-05-06T10:30:00.000Z';
  const again = await site.signIn('hofman');
  const late = await startCase(site, again, 'aanvraag', { doel: 'De zee zien.', dag: '2026-06-10', water: false }, { naam: 'Ameland' });
  t.match((await late.story.look(again)).text, /Maak de begroting Te doen termijn onbekend/);
  await late.story.complete(again, 'reis', { naam: 'Ameland', begeleiders: [{ naam: 'Anna' }] });
  await (await (await again.get(`/cases/${late.story.number}/tasks/afspraken`)).submit({ ...filled, '/vervoer': 'fiets', '/datum#dag': '6', '/datum#maand': '5' })).submit();
  t.match((await again.get('/cases')).text, /Maak de begroting , \S+ Schoolreis, stap 1 termijn onbekend/);
});

t.test('for, when and withhold on documents: what they name is there, and a template reads what it is about', async (t) => {
  const made = (keywords: string): string[] => after('workflows/klein.json', '"title": "Verslag" }', `"title": "Verslag", ${keywords} }`).map((line) => line.replace(/^\S+ /, ''));
  t.strictSame([...made('"for": "melding", "when": { "for.soort": "dringend" }, "withhold": { "identity": { "for.wat": { "answered": true } } }'), ...made('"for": "gesprek.deelnemers"')], []);
  t.strictSame(made('"for": "meldin"'), ['De taak "meldin" is er niet in deze route. Bedoelde u "melding"?']);
  t.strictSame(made('"for": "melding", "when": { "for.sort": "dringend" }'), ['Het veld "sort" is er niet in dit formulier. Bedoelde u "soort"?']);
  t.strictSame(made('"for": "gesprek.feiten"'), ['"gesprek.feiten" heeft geen vastleggingen of regels. Noem een taak, of een lijst in een formulier.']);
  t.strictSame(made('"withhold": { "idenity": { "facts.isDringend": true } }'), ['Het sleutelwoord "idenity" is hier niet bekend. Bedoelde u "identity"?']);
  const { workflow, bundle: { forms } } = smallRoute({ documents: { brief: { template: 'brief', withhold: { identity: { 'case.status': 'open' } } } } });
  t.match(checkSources(workflow, forms), [{ code: 'withholdNobody', path: ['documents', 'brief', 'withhold'] }]);
  const bundle = { ...smallRoute({ tasks: { vraag: { form: 'vraag', repeat: true } }, documents: { brief: { template: 'brief', for: 'vraag.wie' }, lijst: { template: 'lijst' } } }, { vraag: { wie: people } }).bundle, documents: { brief: '<p>{{antwoord voor.naam}} {{antwoord voor.nam}}</p>', lijst: '<p>{{antwoord voor.naam}}</p>' } };
  t.match(checkDocument(bundle, 'brief', translate), [{ code: 'missingField', proposal: 'naam' }]);
  t.equal(checkDocument(bundle, 'brief', translate).length, 1);
  t.match(checkDocument(bundle, 'lijst', translate), [{ code: 'missingField' }], 'without `for` there is nothing it is about');
});

t.test('fourEyes: a second person confirms before the record counts; until then conditions, events, documents and what is required do not know it', async (t) => {
  const model = smallRoute({
    tasks: { besluit: { form: 'besluit', title: 'Besluit', repeat: true, fourEyes: true, required: true, later: ['naam'], performers: ['ib', 'directie'] }, na: { form: 'na', title: 'Na', for: 'besluit' } },
    events: { tel: { for: 'besluit', on: { 'for.ja': true }, notify: ['ib'] } },
    steps: { een: { title: 'Stap 1', transitions: { verder: { title: 'Verder', to: 'twee', when: { besluit: { some: { ja: true } } } } } }, twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } }
  }, { besluit: { ja: { type: 'boolean', title: 'Ja?' }, naam: text } });
  const played = submit(begin(model), 'besluit', { ja: true });
  const confirm = (version = 1, verdict: 'confirmed' | 'returned' = 'confirmed', reason = ''): Command & { type: 'review' } => ({ type: 'review', record: 2, version, verdict, reason });
  const seen = (person: Actor): unknown => overview(model, played.state, everything(person), noon).tasks.filter(({ id }) => id === 'besluit').map(({ status, records }) => [status, ...records.map(({ open, review, mayReview }) => [open, review, mayReview])])[0];
  t.same([seen(coordinator), seen(director)], [['waiting', [true, 'waits', false]], ['todo', [true, 'waits', true]]], 'who wrote it waits for another');
  t.same(played.state.fired, []);
  t.same(overview(model, played.state, everything(coordinator), noon).tasks.find(({ id }) => id === 'na')?.status, 'notYet');
  t.equal(refused(played, { type: 'take', step: 'een', transition: 'verder', answers: null }).code, 'notOffered');
  t.same(refused(played, confirm()).texts, ['U hebt dit zelf geschreven. Iemand anders moet het bevestigen.']);
  t.equal(refused({ ...played, by: teacher }, confirm()).code, 'notPerformer');
  played.by = director;
  t.same(refused(played, confirm(1, 'returned', 'Nee.')).code, 'rules', 'why it is given back is written down');
  act(played, confirm(1, 'returned', 'Het bedrag klopt niet.'));
  t.match(overview(model, played.state, everything(coordinator), noon).now, { type: 'task', task: { id: 'besluit', status: 'todo' }, record: 2 }, 'its author corrects it');
  played.by = coordinator;
  act(played, { type: 'correct', record: 2, answers: { ja: true, naam: 'Beter' }, reason: 'Het bedrag is verbeterd.' });
  played.by = director;
  t.same(refused(played, confirm(1)).texts, ['Iemand heeft deze vastlegging veranderd terwijl u las. Lees haar opnieuw.']);
  act(played, confirm(2));
  t.same(played.state.fired, ['tel:2']);
  t.equal(refused(played, confirm(2)).code, 'unknown', 'once');
  t.same([seen(coordinator), seen(director)], [['done', [false, null, false]], ['done', [false, null, false]]]);
  played.by = coordinator;
  act(played, { type: 'update', record: 2, answers: { naam: 'Later' } });
  t.same(seen(coordinator), ['done', [false, null, false]], 'what may be filled in later needs nobody else');
  const logged = played.events.map((event) => ({ event }));
  t.equal(logged.filter(({ event }) => event.type === 'recordReviewed').length, 2);
  act(played, { type: 'correct', record: 2, answers: { ja: true, naam: 'Anders' }, reason: 'De naam was verkeerd.' });
  t.same([seen(coordinator), seen(director)], [['waiting', [true, 'waits', false]], ['todo', [true, 'waits', true]]], 'a correction waits anew, for somebody else than who corrected it');
  t.equal(refused(played, confirm(4)).code, 'notPerformer');
});

t.test('fourEyes: what was said of a record is rebuilt from the log, and written data cannot ask for what nobody can do', async (t) => {
  const model = smallRoute({ tasks: { besluit: { form: 'besluit', fourEyes: true } }, documents: { brief: { template: 'brief', fourEyes: true } } }, { besluit: { naam: text } });
  const log: LoggedEvent[] = [];
  const versions: CaseRecord[] = [];
  let state: CaseState | null = null;
  const play = (command: Command, actor: Actor, at: string): void => {
    const result = succeeded(apply(model, state, command, actor, at));
    log.push(...result.events.map((event) => ({ at, person: actor.id, event })));
    versions.push(...result.state.records.filter((record) => !versions.some(({ id, version }) => id === record.id && version === record.version)));
    state = result.state;
  };
  play({ type: 'open', task: 'start', answers: {}, subject: null }, coordinator, '2026-03-18T10:00:00.000Z');
  play({ type: 'approve', document: 'brief', seen: '1.1.0', verdict: 'asked', reason: '' }, coordinator, '2026-03-18T10:05:00.000Z');
  play({ type: 'submit', task: 'besluit', answers: { naam: 'Een' } }, coordinator, '2026-03-18T10:01:00.000Z');
  play({ type: 'review', record: 2, version: 1, verdict: 'confirmed', reason: '' }, director, '2026-03-18T10:02:00.000Z');
  t.match(rebuild(log, versions), { ok: true, state, unused: [] });
  play({ type: 'correct', record: 2, answers: { naam: 'Twee' }, reason: 'Het was een ander.' }, coordinator, '2026-03-18T10:03:00.000Z');
  t.match(rebuild(log, versions), { ok: true, state, unused: [] });
  const once = '"gesprek": { "form": "gesprek", "required": true }';
  const asked = (keywords: string): string[] => after('workflows/klein.json', once, `"gesprek": { "form": "gesprek", "fourEyes": true${keywords} }`).map((line) => line.replace(/^\S+ /, ''));
  t.strictSame(asked(', "performers": ["author", "ib"]'), []);
  t.strictSame(asked(', "opensCase": true'), ['"fourEyes" en "opensCase" gaan niet samen: deze vastlegging kan niet op een tweede persoon wachten.']);
  t.strictSame(asked(', "performers": ["author"]'), ['Alleen wie de zaak begon, mag deze taak doen. Dan is er geen tweede persoon die bevestigt. Noem ook een rol onder "performers".']);
});

t.test('fourEyes on the page: the second person finds it on the work list, reads the record, gives it back or confirms it', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'schoolreis'), now: '2026-03-18T10:30:00.000Z' });
  t.teardown(() => site.stop());
  const [hofman, vries] = [await site.signIn('hofman'), await site.signIn('vries')];
  await site.services.people.add({ name: 'T. Tweede', email: 'tweede@school.example', roles: ['directie'], admin: false, school: site.school, passwordHash: null });
  const { story } = await startCase(site, vries, 'aanvraag', { doel: 'De zee zien.', dag: '2026-06-10', water: false }, { naam: 'Texel' });
  await story.handIn(vries, 'begroting', { bedrag: 900 });
  t.match((await story.look(vries)).text, /Maak de begroting Wacht.{0,40} een tweede persoon bevestigt dit/);
  t.match((await story.look(hofman)).text, /Maak de begroting Bevestigen/);
  const page = await (await story.look(hofman)).follow('Maak de begroting');
  t.match(page.text, /Dit wacht op een tweede persoon.*900.*Klopt deze vastlegging/);
  t.equal((await page.submit({})).status, 422);
  t.match((await page.submit({ verdict: 'returned', reason: 'Te' })).text, /ten minste 10 tekens|Schrijf/);
  const back = await page.submit({ verdict: 'returned', reason: 'De bus kost meer dan dit.' });
  t.equal(back.path, `/cases/${story.number}?done=returned`);
  t.match((await story.look(vries)).text, /Teruggegeven: Maak de begroting De bus kost meer dan dit\./, 'on the timeline');
  const record = `/cases/${story.number}/records/3`;
  t.match((await vries.get(record)).text, /Teruggegeven door M\. Hofman.*De bus kost meer dan dit/);
  const stale = await hofman.get(record);
  const correction = await vries.get(`${record}/correction`);
  await (await correction.submit({ '/bedrag': '1200', reason: 'De bus is erbij gekomen.' })).submit();
  t.equal((await stale.submit({ verdict: 'confirmed' })).status, 422, 'the page of before the correction');
  const confirmed = await (await hofman.get(record)).submit({ verdict: 'confirmed' });
  t.equal(confirmed.path, `/cases/${story.number}?done=confirmed`);
  t.match((await vries.get(record)).text, /Bevestigd door M\. Hofman/);
});

t.test('semantics 19: a link offers a sister case, copies only what is named and ticked, once, and shows nothing of a restricted one', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'schoolreis'), now: '2026-03-18T10:30:00.000Z' });
  t.teardown(() => site.stop());
  const [hofman, vries] = [await site.signIn('hofman'), await site.signIn('vries')];
  const { story } = await startCase(site, hofman, 'aanvraag', { doel: 'De zee zien.', dag: '2026-06-10', water: true }, { naam: 'Texel' });
  await story.complete(hofman, 'reis', { naam: 'Texel', begeleiders: [{ naam: 'Anna', rijdt: true }] });
  const address = `/cases/new?from=${story.number}&link=vervoer`;
  t.equal((await hofman.get(address)).status, 404, 'not before the way that offers it');
  t.notMatch((await hofman.get('/cases/new')).text, /Vervoer afzeggen/, 'a route without an offer is only reached by a link');
  await story.take(hofman, 'voorbereiden', 'afgelast');
  const closed = await story.look(hofman);
  t.match(closed.text, /Deze zaak wordt bewaard tot en met (?:donderdag )?18 maart 2027, volgens een besluit van de school\. Zij blijft langer bewaard, omdat dit geldt: /);
  t.match(closed.text, /Vervoer afzeggen kan worden gestart\. Dit wordt een nieuwe zaak/);
  t.equal((await vries.get(address)).status, 404, 'only who sees the whole case');
  const page = await closed.follow('Start deze zaak');
  t.match(page.html, /value="Texel"/);
  t.match(page.text, /Wat neemt u nog meer mee uit de andere zaak\?.*Begeleiders Anna/);
  t.match(page.text, /Wat is het doel van de reis|Waar ging de rit over\? De zee zien\./);
  t.notMatch(page.text, /zwemdiploma|het water op/);
  const started = await page.submit({ _copy: ['reis/begeleiders'] });
  const number = /^\/cases\/(\d{4}-[A-Z0-9]{4})/.exec(started.path)?.[1] ?? '';
  t.match(started.text, /Gekoppelde zaak: Schoolreis, De reis gaat niet door\. Zaak /);
  const records = started.links.filter(({ href }) => href.includes('/records/'));
  t.match((await hofman.get(records.find(({ href }) => href.endsWith('/1'))?.href ?? `/cases/${number}/records/1`)).text, /Texel.*Anna/);
  t.notMatch((await hofman.get(`/cases/${number}/records/2`)).text, /De zee zien/, 'what was not ticked stays behind');
  t.match((await story.look(hofman)).text, /Gekoppelde zaak: Vervoer afzeggen, loopt\./);
  t.notMatch((await story.look(hofman)).text, /kan worden gestart/, 'once');
  await storyOf(site, number).look(hofman);
  const rit = await hofman.get(`/cases/${number}/records/2`);
  await rit.submit({ '/gevoelig': 'true' });
  t.match((await hofman.get(`/cases/${number}`)).text, /afgeschermd/i);
  const after = await story.look(hofman);
  t.notMatch(after.text, /Gekoppelde zaak/);
  t.notMatch(after.html, new RegExp(number));
});

t.test('fourEyes on a document: who did not ask for it approves it or gives it back, for what stands in the case now', async (t) => {
  const played = begin(smallRoute({ documents: { brief: { template: 'brief', title: 'Brief', fourEyes: true }, los: { template: 'los', title: 'Los' } } }));
  const say = (by: Actor, verdict: 'asked' | 'approved' | 'returned', more: { reason?: string; seen?: string; document?: string } = {}): Command & { type: 'approve' } => {
    played.by = by;
    return { type: 'approve', document: 'brief', seen: contentStamp(played.state), verdict, reason: '', ...more };
  };
  t.equal(refused(played, say(coordinator, 'asked', { document: 'los' })).code, 'unknown', 'one that asks nobody');
  t.equal(refused(played, say(director, 'approved')).code, 'notOpen', 'nobody asked for it');
  act(played, say(coordinator, 'asked'));
  t.same(refused(played, say(coordinator, 'approved')).texts, ['U hebt zelf om goedkeuring gevraagd. Een ander leest het document en keurt het goed.']);
  t.match(refused(played, say(director, 'returned', { reason: 'Nee.' })).texts, [/ten minste 10 tekens/]);
  act(played, say(director, 'returned', { reason: 'De datum klopt niet.' }));
  t.match(approvalOf(played.state, 'brief', null), { verdict: 'returned', by: director.id, askedBy: coordinator.id });
  act(played, say(coordinator, 'asked'));
  const stale = say(director, 'approved');
  submit(played, 'start');
  played.by = director;
  t.same(refused(played, stale).texts, ['De zaak is intussen veranderd, en daarmee het document. Lees het opnieuw.']);
  t.equal(approvalOf(played.state, 'brief', null), null, 'what was asked was another text');
  act(played, say(coordinator, 'asked'));
  act(played, say(director, 'approved'));
  t.match(approvalOf(played.state, 'brief', null), { verdict: 'approved', by: director.id });
  t.equal(approvalOf({ ...played.state, waivers: [{ rule: 'x', visit: null, source: null, by: director.id, at: noon, reason: 'Nodig.' }] }, 'brief', null), null, 'a rule that was passed since counts as well');
  t.equal(refused(played, say(coordinator, 'asked')).code, 'notOpen');
  t.same(eventsOf(played, 'documentReviewed').map(({ verdict }) => verdict), ['asked', 'returned', 'asked', 'asked', 'approved']);
});

t.test('fourEyes on a document on its page: nothing of it leaves the case before a second person approved it', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'schoolreis'), now: '2026-03-18T10:30:00.000Z' });
  t.teardown(() => site.stop());
  const hofman = await site.signIn('hofman');
  await site.services.people.setRoles(site.people['beheer']?.id ?? '', site.school, { roles: ['directie'], admin: true });
  const { story } = await startCase(site, hofman, 'aanvraag', { doel: 'De zee zien.', dag: '2026-06-10', water: false }, { naam: 'Texel' });
  await story.complete(hofman, 'reis', { naam: 'Texel', begeleiders: [{ naam: 'Anna' }] });
  await (await (await hofman.get(`/cases/${story.number}/tasks/afspraken`)).submit({ '/vervoer': 'fiets', '/datum#dag': '18', '/datum#maand': '3', '/datum#jaar': '2026', '/begeleiders/0/taak': 'rijden' })).submit();
  const list = await hofman.get(`/cases/${story.number}/documents`);
  t.match(list.text, /Verslag voor het bestuur van 18 maart Concept: vraag om goedkeuring/);
  const draft = await (await list.follow('Verslag voor het bestuur van 18 maart')).follow('Openen en vastleggen');
  t.match(draft.text, /Dit is een concept/);
  t.notMatch(draft.text, /Pdf|Word\b/);
  t.notMatch(draft.text, /Vastleggen als versie/, 'only what a second person approved is kept');
  const freeze = (page: Page): Promise<Page> => hofman.post(`${draft.path}/versions`, new URLSearchParams({ _csrf: /name="_csrf" value="([^"]*)"/.exec(page.html)?.[1] ?? '', _seen: /name="_seen" value="([^"]*)"/.exec(page.html)?.[1] ?? '', _key: 'nu-vastleggen' }));
  t.equal((await freeze(draft)).status, 422);
  const path = draft.path;
  for (const address of [`${path}/pdf`, `${path}/text`, `${path}?print=1`]) t.equal((await hofman.get(address)).status, 422, address);
  const asked = await draft.submit({});
  t.match(asked.text, /Dit wacht op een tweede persoon/);
  t.notMatch(asked.text, /Klopt dit document/, 'not for who asked');
  const other = await site.signIn('beheer');
  t.match((await other.get('/cases')).text, /Een document wacht op uw goedkeuring: Verslag voor het bestuur/);
  const read = await (await story.look(other)).follow('Lees het document');
  t.equal((await read.submit({})).status, 422);
  t.match((await read.submit({ verdict: 'returned', reason: 'Te kort' })).text, /ten minste 10 tekens/);
  await read.submit({ verdict: 'returned', reason: 'De dag van de reis staat er niet in.' });
  const back = await hofman.get(path);
  t.match(back.text, /Teruggegeven door .*De dag van de reis staat er niet in\./);
  await back.submit({});
  const approved = await (await other.get(path)).submit({ verdict: 'approved' });
  t.match(approved.text, /Goedgekeurd door/);
  t.equal((await hofman.get(`${path}/text`)).status, 200);
  t.match((await (await hofman.get(path)).submit({}, { form: '/versions' })).text, /Versie 1, vastgelegd/);
  t.match((await story.look(hofman)).text, /Goedgekeurd: Verslag voor het bestuur/, 'on the timeline');
  await story.complete(hofman, 'reis', { naam: 'Terschelling' });
  t.match((await hofman.get(path)).text, /Dit is een concept/, 'the case changed, and so did the document');
  t.equal((await hofman.get(`${path}/text`)).status, 422);
});

t.test('start: automatic begins a sister case by itself, once, with what copy names; where that cannot be it is offered', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'schoolreis'), now: '2026-03-18T10:30:00.000Z' });
  t.teardown(() => site.stop());
  const hofman = await site.signIn('hofman');
  const trip = { doel: 'De zee zien.', dag: '2026-06-10', water: false };
  const { story } = await startCase(site, hofman, 'aanvraag', trip, { naam: 'Texel' });
  t.match((await hofman.get(`/cases/${story.number}/exits/voorbereiden/klaar`)).text, /Er begint vanzelf een zaak: Vervoer afzeggen\./);
  await story.take(hofman, 'voorbereiden', 'klaar');
  const source = await story.look(hofman);
  t.match(source.text, /Gekoppelde zaak: Vervoer afzeggen, loopt\./);
  t.notMatch(source.text, /kan worden gestart/, 'it is there already');
  t.equal((await site.database.read('cases')).length, 2, 'one, once');
  const number = /Zaak (\d{4}-[A-Z0-9]{4})/.exec(source.links.find(({ text }) => text.startsWith('Zaak 2026'))?.text ?? source.text.slice(source.text.indexOf('Gekoppelde zaak')))?.[1] ?? '';
  t.match((await hofman.get(`/cases/${number}/records/1`)).text, /Texel/);
  t.match((await hofman.get(`/cases/${number}/records/2`)).text, /10 juni 2026.*De zee zien/, 'with everything that copy names');
  t.match((await site.database.read('access_log').where({ action: 'start' })).map(({ person_id: person }) => person !== null), [true, false], 'in the name of nobody');

  const other = await startCase(site, hofman, 'aanvraag', trip, { naam: 'Ameland' });
  await site.services.schools.setRoutesOff(site.school, ['vervoer'], site.people['hofman']?.id ?? '');
  await other.story.take(hofman, 'voorbereiden', 'klaar');
  t.notMatch((await other.story.look(hofman)).text, /Gekoppelde zaak|kan worden gestart/, 'a route that is off is neither begun nor offered');
  await site.services.schools.setRoutesOff(site.school, [], site.people['hofman']?.id ?? '');
  t.match((await other.story.look(hofman)).text, /Vervoer afzeggen kan worden gestart/, 'what did not begin is offered');

  // Both are in one transaction: while the second cannot be written, the first did not happen, and trying again does both.
  const third = await startCase(site, hofman, 'aanvraag', trip, { naam: 'Vlieland' });
  await site.database.write((connection) => connection.raw("create trigger no_sister before insert on cases when new.workflow = 'vervoer' begin select raise(abort, 'no room'); end"));
  t.equal((await third.story.take(hofman, 'voorbereiden', 'klaar')).status, 503);
  t.match((await third.story.look(hofman)).text, /Route: stap 1 .*‘De reis kan doorgaan’ kan nu/, 'it stands where it stood');
  await site.database.write((connection) => connection.raw('drop trigger no_sister'));
  await third.story.take(hofman, 'voorbereiden', 'klaar');
  t.match((await third.story.look(hofman)).text, /Gekoppelde zaak: Vervoer afzeggen, loopt\./);
});

t.test('semantics 19: a link names a route, what it begins with, and questions that both have', async (t) => {
  const link = (copy: string, more = ''): string[] => after('workflows/klein.json', '"outcomes": {', `"links": { "ander": { "workflow": "klein", "copy": ${copy}${more} } },\n  "outcomes": {`).map((line) => line.replace(/^\S+ /, '')).filter((line) => !line.startsWith('Let op: Geen uitgang'));
  t.strictSame(link('{ "leerling": "leerling", "melding": { "from": "melding", "ask": ["wat"] } }'), []);
  t.match(after('workflows/klein.json', '"outcomes": {', '"links": { "ander": { "workflow": "klein" } },\n  "outcomes": {'), [/Let op: Geen uitgang of gebeurtenis biedt de koppeling "ander" aan/]);
  t.strictSame(link('{ "gesprek": "gesprek" }'), ['"gesprek" is in de route klein niet waarmee een zaak begint. Neem het onderwerp of een taak met "opensCase".']);
  t.strictSame(link('{ "leerling": "leerlin" }'), ['De taak "leerlin" is er niet in deze route. Bedoelde u "leerling"?']);
  t.strictSame(link('{ "leerling": "gesprek" }'), ['De formulieren van "gesprek" en "leerling" hebben geen vraag met dezelfde naam. Er is dus niets om mee te nemen.']);
  t.strictSame(link('{ "melding": { "from": "melding", "ask": ["wa"] } }'), ['De vraag "wa" staat niet in beide formulieren. Bedoelde u "wat"?']);
  t.strictSame(link('{}', ', "start": "automatic"'), ['De eerste pagina van de route "klein" vraagt wat niet meegaat: melding.wat, melding.soort, leerling.naam. Neem het op in "copy", of schrijf "start": "offer".']);
  t.strictSame(link('{ "leerling": "leerling", "melding": "melding" }', ', "start": "automatic"'), []);
  t.match(after('workflows/klein.json', '"title": "Naar het besluit", "to": "kiezen"', '"title": "Naar het besluit", "to": "kiezen", "link": "ander"'), [/De koppeling "ander" staat niet bij "links"/]);
});

t.test('retention counts from a day, keeps while that is not known, and keeps longer while something holds', async (t) => {
  const model = smallRoute({
    subject: 'leerling', facts: { klacht: { start: { some: { klacht: true } } } },
    retention: { from: 'leerling.vertrokkenOp', keep: { years: 2 }, longer: { 'facts.klacht': true }, basis: 'richtlijn', destroyWithin: { weeks: 8 } }
  }, { leerling: { vertrokkenOp: { type: 'string', format: 'date', title: 'Wanneer ging de leerling weg?' } }, start: { klacht: { type: 'boolean', title: 'Is er een klacht?' } } });
  const played = begin(model, {}, { subject: {} });
  const kept = (): Kept | null => retentionOf(caseContext(model, played.state, noon, coordinator));
  t.match(kept(), { until: null, from: 'Wanneer ging de leerling weg?', longer: null, goneBy: null, basis: 'richtlijn', then: 'review' });
  act(played, { type: 'update', record: 1, answers: { vertrokkenOp: '2026-01-31' } });
  t.match(kept(), { until: '2028-01-31', goneBy: '2028-03-27', longer: null });
  submit(played, 'start', { klacht: true });
  t.match(kept(), { until: '2028-01-31', longer: /klacht/ });
  t.equal(retentionOf(caseContext(smallRoute({}), begin(smallRoute({})).state, noon, coordinator)), null);
  t.match(retentionText({ until: null, from: null, longer: null, goneBy: null, basis: 'wet', then: 'review' }, translate), 'Deze zaak wordt bewaard, volgens de wet. De termijn gaat lopen als de zaak is afgesloten.');
  const written = (block: string): string[] => after('workflows/klein.json', '{ "from": "case.closedAt", "keep": { "years": 2 }, "basis": "schoolbesluit" }', block).map((line) => line.replace(/^\S+ /, ''));
  t.strictSame(written('{ "from": "case.closedAt", "keep": { "years": 2 }, "basis": "wet" }'), []);
  t.strictSame(written('{ "from": "leerling.naam", "keep": { "years": 2 }, "basis": "wet" }'), ['"leerling.naam" is geen datum.']);
  t.strictSame(written('{ "from": "case.closedAt", "keep": { "hours": 2 }, "basis": "wet" }'), ['Een bewaartermijn telt in dagen of langer, niet in minuten of uren. Pas "keep" aan.']);
  t.strictSame(written('{ "from": "case.closedAt", "keep": { "years": 2 }, "longer": { "facts.isDringnd": true }, "basis": "wet" }'), ['Het feit "isDringnd" staat niet bij "facts" van deze route. Bedoelde u "isDringend"?']);
});

t.test('a list without ids, of lines of free text, is nothing to do a task for', async (t) => {
  const each = (path: string): string[] => after('workflows/klein.json', '"gesprek": { "form": "gesprek", "required": true }', `"gesprek": { "form": "gesprek", "required": true }, "na": { "form": "melding", "for": "${path}" }`);
  t.strictSame([...each('gesprek.deelnemers'), ...each('gesprek.zorgen')], []);
  const lines: Field = { type: 'array', title: 'Namen', items: { type: 'string', title: 'Naam' } };
  const { workflow, bundle: { forms } } = smallRoute({ tasks: { bel: { form: 'bel', for: 'start.namen' } } }, { start: { namen: lines } });
  t.match(checkSources(workflow, forms), [{ code: 'forFreeText', path: ['tasks', 'bel', 'for'], params: { path: 'start.namen' } }]);
});

const inEnglish = { $schema: './.schemas/translation.json', of: 'forms/melding.json', language: 'en', texts: {
  '/title': { from: 'Melding', text: 'Report' },
  '/schema/properties/wat/title': { from: 'Wat zag u?', text: 'What did you see?' },
  '/schema/properties/datum/title': { from: 'Wanneer?', text: 'When?' }
} };

t.test('text is in one language; other languages are side files keyed by the same ids, and an old translation is not used', async (t) => {
  const folder = copyOfContent(t);
  const before = loadContent(folder, translate).workflows;
  writeFileSync(join(folder, 'forms/melding.en.json'), JSON.stringify(inEnglish));
  const { problems } = checkContent(folder, translate);
  t.same(problems.map(({ code, severity, pointer }) => [code, severity, pointer]).sort(), [['translationMissing', 'warning', '/texts'], ['translationStale', 'warning', '/texts/~1schema~1properties~1datum~1title/from']]);
  t.same(loadContent(folder, translate).workflows, before, 'what is published is the same with and without it');
  const form = JSON.parse(readFileSync(join(folder, 'forms/melding.json'), 'utf8')) as FormDefinition;
  const other = inLanguage(form as unknown as Json, inEnglish) as unknown as FormDefinition;
  t.same([other.language, other.title, other.schema.properties['wat']?.title, other.schema.properties['datum']?.title], ['en', 'Report', 'What did you see?', 'Wanneer was dat?']);
  t.same({ ...other, language: form.language, title: form.title, schema: { ...other.schema, properties: { ...other.schema.properties, wat: form.schema.properties['wat'] } } }, form, 'all else is as it was');
});

t.test('a translation is of the text as it works: with an overlay and the words of the school', async (t) => {
  const folder = copyOfContent(t);
  writeFileSync(join(folder, 'workflows/terms.json'), JSON.stringify({ $schema: './.schemas/terms.json', terms: { melding: 'zorg' } }));
  startOverlay(folder, overlayFiles(folder, 'forms/melding.json'));
  const overlay = join(folder, 'forms/melding.overlay.json');
  writeFileSync(overlay, JSON.stringify({ ...JSON.parse(readFileSync(overlay, 'utf8')) as object, title: "{{term 'melding'}}" }));
  const stale = (): string[] => checkContent(folder, translate).problems.filter(({ code }) => code === 'translationStale').map(({ pointer }) => pointer);
  writeFileSync(join(folder, 'forms/melding.en.json'), JSON.stringify({ ...inEnglish, texts: { '/title': { from: 'Melding', text: 'Report' } } }));
  t.same(stale(), ['/texts/~1title/from']);
  writeFileSync(join(folder, 'forms/melding.en.json'), JSON.stringify({ ...inEnglish, texts: { '/title': { from: 'Zorg', text: 'Concern' } } }));
  t.same(stale(), []);
  const lines = printEffective(folder, overlayFiles(folder, 'forms/melding.json'), 'en');
  t.same(lines.filter((line) => /Concern|"language"|Wat zag u/.test(line)).map((line) => line.replace(/ +/g, ' ').slice(0, 45)), ['melding.en.json:1 | "language": "en",', 'melding.en.json:1 | "title": "Concern",', 'melding.json:13 | "title": "Wat zag u?",']);
  const refusal = (language: string): unknown => {
    try {
      return printEffective(folder, overlayFiles(folder, 'forms/melding.json'), language);
    } catch (error) {
      return error instanceof StartProblem ? [error.key, error.params] : error;
    }
  };
  t.same(refusal('de'), ['upkeep.noTranslation', { file: 'forms/melding.de.json' }]);
  writeFileSync(join(folder, 'forms/melding.en.json'), '{ "texts": 3 }');
  t.same(refusal('en'), ['upkeep.noJson', { file: 'forms/melding.en.json' }]);
});

t.test('every text of the delivered routes and forms can be translated, and no answer, id or condition', async (t) => {
  const { workflows } = loadContent(projectRoot, translate);
  const texts = (keyword: string, value: Json): string[] => typeof value === 'string' ? (/^[^{]*\p{L} \p{L}/u.test(value) && !['feit', 'pattern', 'default', 'url'].includes(keyword) ? [value] : [])
    : Array.isArray(value) ? value.flatMap((item) => texts(keyword, item)) : value !== null && typeof value === 'object' ? Object.entries(value).flatMap(([key, item]) => texts(key, item)) : [];
  for (const { workflow, forms } of workflows) {
    for (const [kind, definition] of [['workflow', workflow], ...Object.values(forms).map((form) => ['form', form])] as ['workflow' | 'form', { id: string } & { [key: string]: Json }][]) {
      const found = textsOf(readSchema(kind), definition);
      t.same(texts('', definition).filter((text) => ![...found.values()].includes(text)), [], definition.id);
      t.same([...found.keys()].filter((pointer) => /\/(when|unless|must|write|const|enum|default|prefill|set)\//.test(pointer)), [], definition.id);
    }
  }
});
