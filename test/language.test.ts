import t from 'tap';
import { checkSources } from '../src/definitions/checks/sources.ts';
import type { Field } from '../src/definitions/form.types.ts';
import { overview } from '../src/engine/overview.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { decode } from '../src/forms/decode.ts';
import { initialPairs } from '../src/forms/initial-pairs.ts';
import { rowAction } from '../src/forms/row-action.ts';
import { afterMistake as after } from './fixtures/mistakes.ts';
import { act, begin, coordinator, everything, noon, refused, smallRoute, submit, take, translate } from './fixtures/small-route.ts';

// The parts of the language that came after the first meldcode: rows with an id, and what is done for each of them.
const text: Field = { type: 'string', title: 'Tekst' };
const rows = (fields: { [name: string]: Field }): Field => ({ type: 'array', title: 'Lijst', items: { type: 'object', properties: fields } });
const people = rows({ naam: { type: 'string', title: 'Naam' }, gezag: { type: 'boolean', title: 'Gezag?' } });
const none = { partners: [], staff: [], partnerRoles: {}, national: [] };

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
  t.same(refused(played, { type: 'take', step: 'twee', transition: 'klaar', answers: null }).texts, ['Doe eerst: Vertel het: Anna.']);
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

t.test('a list without ids, of lines of free text, is nothing to do a task for', async (t) => {
  const each = (path: string): string[] => after('workflows/klein.json', '"gesprek": { "form": "gesprek", "required": true }', `"gesprek": { "form": "gesprek", "required": true }, "na": { "form": "melding", "for": "${path}" }`);
  t.strictSame([...each('gesprek.deelnemers'), ...each('gesprek.zorgen')], []);
  const lines: Field = { type: 'array', title: 'Namen', items: { type: 'string', title: 'Naam' } };
  const { workflow, bundle: { forms } } = smallRoute({ tasks: { bel: { form: 'bel', for: 'start.namen' } } }, { start: { namen: lines } });
  t.match(checkSources(workflow, forms), [{ code: 'forFreeText', path: ['tasks', 'bel', 'for'], params: { path: 'start.namen' } }]);
});
