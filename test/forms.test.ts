import { deepStrictEqual, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import t from 'tap';
import { makeRoute } from '../src/cases/library.ts';
import { projectRoot } from '../src/config.ts';
import type { Answers, Json } from '../src/definitions/bundle.ts';
import type { FormDefinition, RuleCondition } from '../src/definitions/form.types.ts';
import { conditionOf, fitsNothing } from '../src/definitions/layout-rules.ts';
import { readCondition } from '../src/engine/conditions/condition-tree.ts';
import { answersContext, holds } from '../src/engine/conditions/conditions.ts';
import { withoutFields } from '../src/engine/model/asked-form.ts';
import { makeZone } from '../src/engine/time/zone.ts';
import { filledIn } from '../src/definitions/terms.ts';
import { AppError } from '../src/errors.ts';
import { appeared, isWarning } from '../src/forms/appeared.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { controls } from '../src/forms/controls/index.ts';
import { decode } from '../src/forms/decode.ts';
import { encode } from '../src/forms/encode.ts';
import type { CheckedForm, CompiledForm, FormPage, Pairs, Question, ViewNode } from '../src/forms/form-types.ts';
import { formView, type ViewOptions } from '../src/forms/form-view.ts';
import { initialPairs } from '../src/forms/initial-pairs.ts';
import { isConditional } from '../src/forms/is-conditional.ts';
import { keptLocked } from '../src/forms/kept-locked.ts';
import { overlaid } from '../src/forms/overlaid.ts';
import { pointersOn, shownPages } from '../src/forms/pages.ts';
import { printAnswers } from '../src/forms/print-answers.ts';
import { rowAction } from '../src/forms/row-action.ts';
import { makeRenderer } from '../src/web/site/page.ts';
import { startChromium } from './fixtures/chromium.ts';
import { elementsOf, postedBy } from './fixtures/drawn-page.ts';
import { anyAnswers, everyControl, fittingAnswers, references } from './fixtures/every-control.ts';
import { smallRoute } from './fixtures/small-route.ts';
import { samples, texts } from './fixtures/view-samples.ts';

const now = '2026-03-18T13:32:00.000Z';
const today = '2026-03-18';
const { render } = makeRenderer({ t: texts, development: false });
const form = compileForm(everyControl, { t: texts });
const compile = (schema: object, more: object = {}): CompiledForm => compileForm({ id: 'klein', version: '1.0.0', language: 'nl', title: 'Klein', schema: { type: 'object', ...schema }, ...more } as FormDefinition, { t: texts });
const check = (answers: Answers, options: { form?: CompiledForm; only?: string[]; base?: Answers } = {}): CheckedForm => checkAnswers(options.form ?? form, answers, { ...options, today, now, references });
const messages = (changed: Answers): string[] => check({ ...fittingAnswers, ...changed }).problems.map(({ text }) => text);
const without = (name: string): Answers => Object.fromEntries(Object.entries(fittingAnswers).filter(([own]) => own !== name));
const shipped = readdirSync(join(projectRoot, 'forms')).filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, definition: filledIn(JSON.parse(readFileSync(join(projectRoot, 'forms', file), 'utf8')) as Json, { ib: 'intern begeleider' }) as unknown as FormDefinition }));

t.test('a post of answers reads back as the same answers', async (t) => {
  fc.assert(fc.property(anyAnswers, (answers) => { deepStrictEqual(decode(form, encode(form, answers)), answers); }), { numRuns: 300 });
  t.same(decode(form, encode(form, fittingAnswers)), fittingAnswers);
  t.same(decode(form, encode(form, fittingAnswers, { prefix: 'subject' }), { prefix: 'subject' }), fittingAnswers);
});

t.test('answers that fit have no problem, and every kind of control takes part', async (t) => {
  t.same(check(fittingAnswers).problems, []);
  t.same(check(fittingAnswers).answers, fittingAnswers);
  const used = new Set(allQuestions(form.questions).map(({ control }) => control));
  t.same(controls.filter((control) => !used.has(control)), []);
});

t.test('the same answers are checked once a day, unless the hour or who there is decides', async (t) => {
  const hidden = (olderThan: object): CompiledForm => compile({ required: ['waarom'], properties: {
    sinds: { type: 'string', title: 'Sinds?' }, waarom: { type: 'string', title: 'Waarom?', when: { sinds: { olderThan } } }
  } });
  const answers: Answers = { sinds: '2026-03-18T13:00:00.000Z' };
  const at = (moment: string, one: CompiledForm): CheckedForm => checkAnswers(one, answers, { today: moment.slice(0, 10), now: moment, references });
  const [days, hours] = [hidden({ days: 1 }), hidden({ hours: 1 })];
  t.equal(at('2026-03-18T13:32:00.000Z', hours).problems.length, 0);
  t.equal(at('2026-03-18T14:01:00.000Z', hours).problems.length, 1, 'the hour has passed');
  t.equal(at('2026-03-20T13:32:00.000Z', days).problems.length, 1);
  t.equal(at('2026-03-18T13:32:00.000Z', days).problems.length, 0);
  t.equal(check(fittingAnswers, { form: compile({ properties: { kort: { type: 'string' } } }) }) === check(fittingAnswers), false, 'another form checks for itself');
  const past = compile({ properties: { dag: { type: 'string', format: 'date', title: 'Dag', 'x-max': 'today' } } });
  const tomorrow: Answers = { dag: '2026-03-19' };
  const pastAt = (moment: string): CheckedForm => checkAnswers(past, tomorrow, { today: moment.slice(0, 10), now: moment, references });
  t.equal(pastAt('2026-03-18T13:32:00.000Z'), pastAt('2026-03-18T13:33:00.000Z'));
  t.same([pastAt('2026-03-18T13:33:00.000Z').problems.length, pastAt('2026-03-19T09:00:00.000Z').problems.length], [1, 0], 'another day');
});

t.test('an empty form says of each required question what to do, in screen order', async (t) => {
  t.same(check(decode(form, initialPairs(form))).problems, [
    { pointer: '/kort', text: 'Vul de naam in.' },
    { pointer: '/lang', text: 'Vul in wat er is gebeurd.' },
    { pointer: '/dag', text: 'Vul de datum in.' },
    { pointer: '/aantal', text: 'Beantwoord de vraag “Hoe vaak?”.' },
    { pointer: '/keuze', text: 'Kies wat u wilt.' },
    { pointer: '/lijst', text: 'Beantwoord de vraag “Welke groep?”.' },
    { pointer: '/jaNee', text: 'Kies of dat zo is.' },
    { pointer: '/vinkjes', text: 'Kies ten minste één antwoord bij “Wie waren erbij?”.' },
    { pointer: '/akkoord', text: 'Vink aan dat u dit hebt gelezen.' },
    { pointer: '/adres/plaats', text: 'Vul de plaats in.' },
    { pointer: '/wie', text: 'Kies de organisatie.' },
    { pointer: '/rijen', text: 'Voeg bij “Welke afspraken?” ten minste één afspraak toe.' }
  ]);
});

t.test('each wrong answer has one Dutch sentence', async (t) => {
  t.same(messages({ kort: 'S' }), ['Schrijf iets meer bij “Hoe heet het?”: ten minste 2 tekens.']);
  t.same(messages({ kort: '😀'.repeat(21) }), ['Maak uw antwoord korter bij “Hoe heet het?”: het mag 20 tekens hebben, u hebt er 21.']);
  t.same(messages({ dag: '2026-03-19' }), ['De datum bij “Wanneer was dat?” kan niet na vandaag liggen.']);
  t.same(messages({ dag: '2026-02-30' }), ['Vul bij “Wanneer was dat?” een bestaande datum in, bijvoorbeeld 27\u00a03\u00a02026.']);
  t.same(messages({ dag: '0206-02-03' }), ['Controleer het jaar bij “Wanneer was dat?”.']);
  t.same(messages({ tijd: 'straks' }), ['Vul bij “Hoe laat?” een tijd in, bijvoorbeeld 14.30.']);
  t.same(messages({ aantal: 0 }), ['Vul bij “Hoe vaak?” 1 of meer in.']);
  t.same(messages({ aantal: 10 }), ['Vul bij “Hoe vaak?” 9 of minder in.']);
  t.same(messages({ aantal: 1.5 }), ['Vul bij “Hoe vaak?” een heel getal in, bijvoorbeeld 12.']);
  t.same(messages({ gewicht: 'veel' }), ['Vul bij “Hoe zwaar?” een getal in, bijvoorbeeld 12 of 1,5.']);
  t.same(messages({ gewicht: 0 }), ['Vul bij “Hoe zwaar?” meer dan 0 in.']);
  t.same(messages({ gewicht: 0.7 }), ['Vul bij “Hoe zwaar?” een getal in dat u kunt delen door 0,5.']);
  t.same(messages({ code: 'abc' }), ['Controleer hoe u “Welke code?” hebt geschreven.']);
  t.same(messages({ mail: 'a' }), ['Vul bij “Welk e-mailadres?” een e-mailadres in, bijvoorbeeld naam@school.nl.'], 'format before pattern');
  t.same(messages({ keuze: 'c' }), ['Kies een van de antwoorden bij “Wat kiest u?”.'], 'the branches of oneOf say nothing more');
  t.same(messages({ lijst: 'vier' }), ['Kies een van de antwoorden bij “Welke groep?”.']);
  t.same(messages({ vinkjes: ['ib', 'ib'] }), ['Geef bij “Wie waren erbij?” elk antwoord maar één keer.']);
  t.same(messages({ akkoord: false }), ['Vink aan: “Ik heb dit gelezen”.']);
  t.same(messages({ wie: 'x' }), ['Kies een van de antwoorden bij “Bij welke organisatie?”.']);
  t.same(messages({ rijen: [{ soort: 'a' }] }), ['Vul de afspraak in.']);
  t.same(messages({ rijen: Array.from({ length: 5 }, () => ({ wat: 'x' })) }), ['Laat bij “Welke afspraken?” ten hoogste 4 regels staan.']);
  t.same(messages({ onbekend: 1 }), ['Controleer de antwoorden. Er staat iets in wat niet bij dit formulier hoort.']);
});

t.test('a date that is half typed says which half is missing', async (t) => {
  const typed = (day: string, month: string, year: string): string[] =>
    messages(decode(form, [['/dag#dag', day], ['/dag#maand', month], ['/dag#jaar', year]], { only: ['dag'] }));
  t.same(typed('', '3', '2026'), ['Vul ook de dag in bij “Wanneer was dat?”.']);
  t.same(typed('2', '', '2026'), ['Vul ook de maand in bij “Wanneer was dat?”.']);
  t.same(typed('2', '3', ''), ['Vul ook het jaar in bij “Wanneer was dat?”.']);
  t.same(typed('2', '3', '26'), ['Schrijf het jaar bij “Wanneer was dat?” met vier cijfers.']);
  t.same(typed(' 2 ', '03', '2026'), []);
});

t.test('a form may bring its own sentences: on the field, or at the root by pointer', async (t) => {
  const own = compile({
    required: ['a'], 'x-messages': { '/b': { maxLength: 'Te lang.' }, '/c/*/d': { required: 'En d?' } },
    properties: { a: { type: 'string', maxLength: 5, title: 'A?', 'x-messages': { required: 'Wat is a?' } }, b: { type: 'string', maxLength: 1 }, c: { type: 'array', items: { type: 'object', required: ['d'], properties: { d: { type: 'string' }, e: { type: 'string' } } } } }
  });
  t.same(check({ b: 'xx', c: [{ e: 'x' }] }, { form: own }).problems.map(({ text }) => text), ['Wat is a?', 'Te lang.', 'En d?']);
});

t.test('two patterns in one form stay two patterns, and none of them can run for long', async (t) => {
  const patterns = compile({ properties: { a: { type: 'string', pattern: '^(a+)+$' }, b: { type: 'string', pattern: '^b$' } } });
  t.same(check({ a: 'aaa', b: 'b' }, { form: patterns }).problems, []);
  t.same(check({ a: 'b', b: 'a' }, { form: patterns }).problems.map(({ pointer }) => pointer), ['/a', '/b']);
  const began = process.hrtime.bigint();
  check({ a: `${'a'.repeat(5_000)}!` }, { form: patterns });
  t.ok(process.hrtime.bigint() - began < 2_000_000_000n);
});

t.test('hidden is not there', async (t) => {
  const hidden = check({ ...fittingAnswers, jaNee: false });
  t.notOk('meer' in hidden.answers || 'diep' in hidden.answers);
  t.same(hidden.problems, []);
  t.same(hidden.dropped.map(({ pointer, label, lines }) => ({ pointer, label, lines })), [{ pointer: '/meer', label: 'Wat nog meer?', lines: ['ja'] }, { pointer: '/diep', label: 'En dan?', lines: ['nee'] }]);
  const row = check({ ...fittingAnswers, rijen: [{ wat: 'x', soort: 'a', waarom: 'oud' }, { wat: 'y', soort: 'd' }] });
  t.same(row.answers['rijen'], [{ wat: 'x', soort: 'a' }, { wat: 'y', soort: 'd' }], 'each row asks its own questions');
  t.same(row.problems, [{ pointer: '/rijen/1/waarom', text: 'Vul in waarom.' }]);
  t.same(row.dropped.map(({ pointer }) => pointer), ['/rijen/0/waarom']);
});

t.test('no answer of a hidden question is ever kept, and asking twice changes nothing', async () => {
  fc.assert(fc.property(anyAnswers, (answers) => {
    const { answers: kept } = check(answers);
    ok(kept['jaNee'] === true || (kept['meer'] === undefined && kept['diep'] === undefined));
    ok(kept['meer'] !== undefined || kept['diep'] === undefined);
    deepStrictEqual(check(kept).answers, kept);
    deepStrictEqual(check(kept).dropped, []);
  }), { numRuns: 100 });
});

t.test('conditions that go round in circles end', async (t) => {
  const circle = compile({ properties: { a: { type: 'string', when: { b: { answered: false } } }, b: { type: 'string', when: { a: { answered: false } } } } });
  t.same(check({ a: '1', b: '2' }, { form: circle }).answers, {});
});

t.test('numbers are written as the Dutch do', async (t) => {
  const read = (typed: string): unknown => decode(form, [['/gewicht', typed]])['gewicht'];
  t.same(['1,5', '1.5', ' 1 500 ', '-2', '+2', '007'].map(read), [1.5, 1.5, 1500, -2, 2, 7]);
  t.same(['1.500', '1,5,0', '1e3', 'een', '0x10', '٣'].map(read), ['1.500', '1,5,0', '1e3', 'een', '0x10', '٣'], 'what may mean two things stays as typed');
  t.equal(read('   '), undefined);
  t.same(encode(form, { gewicht: 1.5 }), [['/gewicht', '1,5']]);
});

t.test('text keeps its words and loses its edges', async (t) => {
  t.same(decode(form, [['/kort', '  Sem\r\n Bakker '], ['/lang', ' a\r\nb \rc'], ['/tijd', '9.05'], ['/regels', ' een \r\n\r\ntwee ']], {}), { kort: 'Sem Bakker', lang: ' a\nb \nc', tijd: '09:05', regels: ['een', 'twee'], alleen: false, adres: {} });
  t.same(decode(form, [['/lang', ' \r\n ']], { only: ['lang'] }), {}, 'only white space is no answer');
  t.same(decode(form, [['/ooit', '']], { only: ['ooit'] }), {});
  t.same(decode(compile({ required: ['x'], properties: { x: { type: ['string', 'null'] } } }), [['/x', '']]), { x: null }, 'null where the type has it and an answer is required');
  t.same(decode(form, [['/kort', 'een'], ['/kort', 'twee']], { only: ['kort'] }), { kort: 'twee' }, 'the last value wins');
});

t.test('choices come back in the order of the list, and what is no choice is not lost', async (t) => {
  t.same(decode(form, [['/vinkjes', 'ouder'], ['/vinkjes', 'vreemd'], ['/vinkjes', 'ib']], { only: ['vinkjes'] }), { vinkjes: ['ib', 'ouder', 'vreemd'] });
  t.same(decode(form, [['/lijst', '2'], ['/jaNee', 'false']], { only: ['lijst', 'jaNee'] }), { lijst: 2, jaNee: false });
  t.same(decode(form, [], { only: ['jaNee', 'alleen', 'akkoord'] }), { alleen: false }, 'not asked is not no; an empty box is; a declaration is not there');
});

t.test('a picker keeps a snapshot with the name of today', async (t) => {
  const post = (pairs: Pairs, base: Answers = {}): CheckedForm => check({ ...without('wie'), ...decode(form, pairs, { only: ['wie'] }) }, { base });
  t.same(post([['/wie', '{"id":"p1","naam":"Verzonnen","rol":"x"}']]).answers['wie'], { id: 'p1', naam: 'Hulp Noord' });
  t.same(post([['/wie', ''], ['/wie/naam', ' De buurt ']]).answers['wie'], { naam: 'De buurt' });
  t.same(post([['/wie', '{"id":"p3","naam":"Iemand anders"}']]).problems.map(({ text }) => text), ['Kies opnieuw bij “Bij welke organisatie?”: uw keuze staat niet meer in de lijst.'], 'has not this role');
  t.same(post([['/wie', '{"id":"weg","naam":"Oud"}']], { wie: { id: 'weg', naam: 'Oud' } }).problems, [], 'what is stored may stay');
  t.same(post([['/wie', 'rommel']]).problems.map(({ text }) => text), ['Kies een van de antwoorden bij “Bij welke organisatie?”.']);
  t.same(decode(form, [['/collega/naam', 'X']], { only: ['collega'] }), {}, 'a name alone will not do where the id is required');
  const html = draw({ pairs: [['/wie', '{"id":"weg","naam":"Oud"}']], only: ['wie'] });
  t.match(html, /<option value="[^"]*weg[^"]*" selected>Oud \(staat niet meer in de lijst\)/);
  t.notMatch(draw({ pairs: [], only: ['wie'], references: { partners: [], staff: [], partnerRoles: {}, national: [], fromCase: () => ({ from: '', choices: [] }) } }), '<select', 'an empty directory leaves a field to type in');
});

t.test('a post that is too large is refused whole', async (t) => {
  const tooLarge = { code: 'tooLarge' } as unknown as AppError;
  t.throws(() => decode(form, Array.from({ length: 2_001 }, (_, index): [string, string] => [`/x${index}`, ''])), tooLarge);
  t.throws(() => decode(form, [[`/a${'/b'.repeat(13)}`, '']]), tooLarge);
  t.throws(() => decode(form, [['/rijen/10000/wat', 'x']]), tooLarge);
  t.throws(() => decode(form, Array.from({ length: 201 }, (_, index): [string, string] => [`/rijen/${index}/wat`, 'x'])), tooLarge);
  t.throws(() => decode(form, [[`/${'a'.repeat(1_001)}`, '']]), tooLarge);
  t.equal(new AppError('tooLarge').status, 413);
  t.same((decode(form, [['/rijen/9999/wat', 'x'], ['/rijen/3/wat', 'y']], { only: ['rijen'] })['rijen'] as Answers[]).map(({ wat }) => wat), ['y', 'x'], 'gaps close');
});

t.test('a name that no question has cannot come in', async (t) => {
  const hostile: Pairs = [['/__proto__/x', '1'], ['__proto__', '1'], ['/constructor/prototype/x', '1'], ['/toString', 'x'], ['/rijen/__proto__/wat', 'x'], ['/rijen/-1/wat', 'x'], ['/rijen/0/__proto__', '1'], ['/rijen/0/vreemd', 'x'], ['/kort[0]', 'x']];
  t.same(decode(form, hostile, { only: form.questions.map(({ name }) => name) }), { alleen: false, adres: {} });
  t.equal(({} as { x?: unknown }).x, undefined);
  const inherited = compile({ required: ['toString'], properties: { toString: { type: 'string', maxLength: 5 } } });
  t.same(decode(inherited, []), {});
  t.equal(check({}, { form: inherited }).problems.length, 1, 'what every object inherits is no answer');
});

t.test('only: some fields are read, drawn, required and checked', async (t) => {
  t.same(check({ kort: 'x', dag: '2099-01-01' }, { only: ['kort', 'lang'] }).problems.map(({ pointer }) => pointer), ['/kort', '/lang']);
  t.same(decode(form, [['/kort', 'Nieuw'], ['/lang', 'Stiekem']], { only: ['kort'], base: { kort: 'Oud', lang: 'Vast' } }), { kort: 'Nieuw', lang: 'Vast' });
  const html = draw({ pairs: [], only: ['keuze', 'meer'] });
  t.match(html, 'name="/keuze"');
  t.notMatch(html, /name="\/kort"|Lees dit|<h2[^>]*>De rest/, 'a label without a condition speaks of the whole form');
  t.match(html, 'Bel nu.', 'a label whose condition can be read stays');
  t.match(draw({ pairs: [], only: ['meer'], base: { jaNee: true } }), /<fieldset class="sp-when" role="presentation" data-when="[^"]*">/, 'conditions read the stored answers too');
});

t.test('questions that appear are asked once', async (t) => {
  const post = (pairs: Pairs): string[] => appeared(form, pairs, { now });
  t.same(post([['/jaNee', 'true']]), ['/meer']);
  t.same(post([['/jaNee', 'true'], ['_asked', '/meer']]), []);
  t.same(post([['/jaNee', 'true'], ['_asked', '/meer'], ['/meer', 'x']]), ['/diep']);
  t.same(post([['/jaNee', 'true'], ['/meer', '']]), [], 'what was posted was on the page');
  t.same(post([['/jaNee', 'false']]), []);
  t.same(post([['/rijen/4/soort', 'd']]), ['/rijen/4/waarom']);
  t.same(appeared(form, [['subject/jaNee', 'true'], ['_asked', 'subject/meer']], { now, prefix: 'subject' }), []);
  t.same(post([['/keuze', 'b']]).map(isWarning), [true], 'a warning must be read');
  t.ok(isConditional(form));
  t.ok(isConditional(form, ['rijen']));
  t.notOk(isConditional(form, ['kort']));
});

t.test('what a drawn page posts appears nowhere again', async () => {
  fc.assert(fc.property(anyAnswers, (answers) => {
    const pairs = encode(form, answers);
    const posted = postedBy(draw({ pairs }));
    deepStrictEqual(appeared(form, posted, { now }), []);
    deepStrictEqual(check(decode(form, posted)).answers, check(answers).answers);
  }), { numRuns: 40 });
});

t.test('rows come and go without a script, and no answer is lost', async (t) => {
  const pairs: Pairs = [['/kort', 'x'], ['/rijen/2', ''], ['/rijen/2/wat', 'a'], ['_asked', '/rijen/2/waarom'], ['/rijen/5/wat', 'b']];
  t.same(rowAction(form, pairs, 'add:/rijen'), { pairs: [['/kort', 'x'], ['/rijen/0', ''], ['/rijen/0/wat', 'a'], ['_asked', '/rijen/0/waarom'], ['/rijen/1/wat', 'b'], ['/rijen/2', '']], focus: 'v/rijen/2/wat' });
  t.same(rowAction(form, pairs, 'remove:/rijen/2'), { pairs: [['/kort', 'x'], ['/rijen/0/wat', 'b']], focus: 'v/rijen/0/wat' });
  t.same(rowAction(form, [['/rijen/0/wat', 'a']], 'remove:/rijen/0'), { pairs: [], focus: 'v/rijen_meer' });
  t.same(rowAction(form, pairs, 'down:/rijen/2')?.pairs.slice(1), [['/rijen/1', ''], ['/rijen/1/wat', 'a'], ['_asked', '/rijen/1/waarom'], ['/rijen/0/wat', 'b']]);
  t.same(rowAction(form, pairs, 'up:/rijen/5')?.focus, 'v/rijen/0/wat');
  const full: Pairs = [0, 1, 2, 3].map((row) => [`/rijen/${row}/wat`, 'x']);
  t.same(rowAction(form, full, 'add:/rijen')?.pairs, full, 'a full list stays as it is');
  t.same(rowAction(form, [['subject/rijen/0/wat', 'a']], 'add:subject/rijen', { prefix: 'subject' })?.focus, 'vsubject/rijen/1/wat');
  for (const action of ['', 'add:', 'add:/kort', 'add:/rijen/0', 'remove:/rijen/7', 'remove:/vreemd/0', 'boom:/rijen', 'add:subject/rijen', 'remove:/rijen/0/wat']) t.equal(rowAction(form, pairs, action), null, action);
});

t.test('a message stands at the row it is about, also when empty rows stand before it', async (t) => {
  const pairs: Pairs = [['/rijen/0', ''], ['/rijen/0/wat', ''], ['/rijen/3', ''], ['/rijen/3/soort', 'd']];
  const { problems } = check(decode(form, pairs, { only: ['rijen'] }), { only: ['rijen'] });
  t.same(problems.map(({ pointer }) => pointer), ['/rijen/0/wat', '/rijen/0/waarom']);
  const view = formView(form, { pairs, problems, references, now, only: ['rijen'] });
  t.same(view.problems, [{ text: 'Vul de afspraak in.', href: '#v/rijen/3/wat' }, { text: 'Vul in waarom.', href: '#v/rijen/3/waarom' }]);
});

t.test('the markup of every control holds what its contract says', async (t) => {
  const { problems } = check({});
  const view = formView(form, { pairs: encode(form, { jaNee: true, rijen: [{ wat: 'x' }] }), problems, references, now });
  const elements = elementsOf(draw({ pairs: encode(form, { jaNee: true, rijen: [{ wat: 'x' }] }), problems }));
  const ids = elements.flatMap(({ id }) => id ?? []);
  t.same(ids.filter((id, index) => ids.indexOf(id) !== index), [], 'ids are unique');
  t.same(elements.flatMap(({ attributes }) => [attributes['for'] ?? [], (attributes['aria-describedby'] ?? '').split(' ').filter((id) => id !== '')].flat()).filter((id) => !ids.includes(id)), [], 'labels and descriptions point at ids that exist');
  t.same(view.problems.map(({ href }) => href.slice(1)).filter((id) => !ids.includes(id)), [], 'each problem leads to its control');
  t.same(elements.filter(({ attributes }) => 'required' in attributes), [], 'the browser validates nothing');
  const inputs = elements.filter(({ tag, attributes }) => ['input', 'textarea', 'select'].includes(tag) && attributes['type'] !== 'hidden');
  t.same(inputs.filter(({ id }) => !elements.some(({ attributes }) => attributes['for'] === id)), [], 'each control has a label');
  t.same(elements.filter(({ tag }) => tag === 'fieldset').filter(({ attributes, children }) => attributes['role'] !== 'presentation' && children[0] !== 'legend'), [], 'each group has a legend first');
  t.match(draw({ pairs: [], problems }), /<p id="v\/kort-fout" class="govuk-error-message"><span class="govuk-visually-hidden">Fout: <\/span>Vul de naam in\.<\/p>\s*<input class="govuk-input govuk-input--width-10 govuk-input--error" id="v\/kort" name="\/kort" type="text" value="" autocomplete="off" aria-describedby="v\/kort-fout" aria-invalid="true" aria-required="true">/);
});

t.test('what is hidden is drawn, switched off, without a message', async (t) => {
  const html = draw({ pairs: encode(form, { keuze: 'a' }), problems: [{ pointer: '/meer', text: 'Nee.' }] });
  t.match(html, /<fieldset class="sp-when" role="presentation" data-when="[^"]*" hidden disabled>\s*<input type="hidden" name="_asked" value="\/meer">/);
  t.notMatch(html, 'id="v/meer-fout"');
});

t.test('optional questions say so; where nothing is required nothing does', async (t) => {
  t.match(draw({ pairs: [] }), /Hoe laat\? <span class="sp-optional">\(mag leeg\)/);
  t.notMatch(draw({ pairs: [], optional: true }), /mag leeg|aria-required/);
  const free = compile({ properties: { a: { type: 'string', title: 'A?' } } });
  t.notMatch(draw({ form: free, pairs: [] }), 'mag leeg');
});

t.test('whom to call stands in the note, as a number that can be called', async (t) => {
  const html = draw({ pairs: [] });
  t.match(html, 'href="tel:0500000123"');
  t.notMatch(html, 'Hulp Zuid</span> <span>', 'no number, no line');
  t.match(html, 'Op de sociale kaart staat nog geen nummer van: nood. Vraag het uw beheerder.', 'a warning without a number says so');
  t.notMatch(html, 'Landelijk steunpunt', 'the number of the school comes before a national one');
  const calling = (...partners: string[]): string => draw({ pairs: [], form: compile({ properties: {} }, { uischema: { type: 'VerticalLayout', elements: [{ type: 'Label', text: 'Bel.', options: { format: 'warning', partners } }] } }) });
  t.match(calling('nood', 'steun'), /tel:08000000[^]*nog geen nummer van: nood\. Bel dan wie hierboven wel een nummer heeft/);
  t.notMatch(calling('steun', 'hulp'), 'nog geen nummer');
});

t.test('fields that may not be changed are shown as words', async (t) => {
  const html = draw({ pairs: encode(form, fittingAnswers), changeable: ['kort'] });
  t.match(html, 'name="/kort"');
  t.notMatch(html, /name="\/(lang|dag|keuze)"/);
  t.match(html, 'maandag 2 maart 2026');
  const fixed = compile({ properties: { a: { type: 'string', readOnly: true, title: 'A?' } } });
  t.same(decode(fixed, [['/a', 'nieuw']], { base: { a: 'oud' } }), { a: 'oud' });
});

t.test('the control that comes next takes the focus', async (t) => {
  t.match(draw({ pairs: [['/rijen/0', '']], focus: 'v/rijen/0/wat' }), /id="v\/rijen\/0\/wat"[^>]* autofocus>/);
  t.match(draw({ pairs: [], focus: 'v/rijen_meer' }), /id="v\/rijen_meer"[^>]* autofocus>/);
});

t.test('answers are printed in words, in screen order', async (t) => {
  const printed = new Map(printAnswers(form, fittingAnswers, { references, now }).map((answer) => [answer.pointer, answer]));
  t.same([...printed.keys()].slice(0, 4), ['/kort', '/lang', '/dag', '/tijd']);
  t.same(['/lang', '/dag', '/tijd', '/gewicht', '/keuze', '/jaNee', '/vinkjes', '/maand', '/wie', '/alleen'].map((pointer) => printed.get(pointer)?.lines),
    [['Eerst dit.', 'Toen dat.'], ['maandag 2 maart 2026'], ['14.05 uur'], ['1,5'], ['Appel'], ['Ja'], ['ib', 'ouder'], ['november 2025'], ['Hulp Noord'], ['Nee']]);
  t.same(printed.get('/rijen')?.rows?.map((row) => row.map(({ label, lines }) => `${label} ${lines.join()}`)),
    [['Wat? bellen', 'Welke soort? d', 'Voor welke dag? vrijdag 20 maart 2026', 'Zeker Ja', 'Waarom? daarom'], ['Wat? kijken', 'Zeker Nee']]);
  t.same(printed.get('/lang')?.source, 'own');
  t.same(printed.get('/rijen')?.href, '#v/rijen');
  t.same(printAnswers(form, {}, { references, now, only: ['kort', 'meer'], prefix: 'subject' }), [{ pointer: '/kort', label: 'Hoe heet het?', lines: [], rows: null, href: '#vsubject/kort', source: null }]);
});

t.test('defaults are for a new record only', async (t) => {
  const withDefault = compile({ properties: { a: { type: 'boolean', default: true }, b: { type: 'string' } } });
  t.same(initialPairs(withDefault), [['/a', 'true']]);
  t.same(initialPairs(withDefault, { answers: { b: 'x' } }), [['/b', 'x']]);
  t.same(initialPairs(withDefault, { only: ['b'] }), []);
});

t.test('a form that cannot be asked is refused by name', async (t) => {
  t.throws(() => compile({ properties: { a: { type: 'null' } } }), /"klein" has no control for the field "a"/);
  t.throws(() => compile({ properties: { a: { type: 'string', pattern: '(' } } }), /schema of form "klein"/);
  t.throws(() => compile({ properties: { a: { type: 'string' } } }, { uischema: { type: 'Control', scope: '#/properties/b' } }), /"#\/properties\/b", which is no field/);
});

t.test('without a layout the questions come in their order', async (t) => {
  const plain = compile({ properties: { b: { type: 'string', title: 'B?' }, a: { type: 'string', title: 'A?', when: { b: 'x' } } } });
  t.same(formView(plain, { pairs: [], references, now }).nodes.map(({ partial, hidden }) => [partial, hidden]), [['textarea', false], ['when', true]]);
});

const ruled = compile({ properties: {
  soort: { type: 'string', title: 'Soort?', oneOf: [{ const: 'a' }, { const: 'b' }] }, jaren: { type: 'integer', title: 'Hoeveel jaar?' },
  reden: { type: 'string', title: 'Reden?' }, later: { type: 'string', title: 'Later?' }, vast: { type: 'string', title: 'Vast?', default: 'zo' },
  rijen: { type: 'array', title: 'Rijen?', items: { type: 'object', properties: { naam: { type: 'string', title: 'Naam?' }, rol: { type: 'string', title: 'Rol?' } } } }
} }, { uischema: { type: 'VerticalLayout', elements: [
  { type: 'Control', scope: '#/properties/soort' }, { type: 'Control', scope: '#/properties/jaren' },
  { type: 'Control', scope: '#/properties/reden', rule: { effect: 'DISABLE', condition: { scope: '#/properties/soort', schema: { const: 'a' } } } },
  { type: 'Control', scope: '#/properties/later', rule: { effect: 'SHOW', condition: { scope: '#/properties/jaren', schema: { minimum: 3 }, failWhenUndefined: true } } },
  { type: 'Control', scope: '#/properties/vast', options: { readonly: true } },
  { type: 'ListWithDetail', scope: '#/properties/rijen', options: { elementLabelProp: 'naam', detail: { type: 'HorizontalLayout', elements: [
    { type: 'Control', scope: '#/properties/naam' }, { type: 'Control', scope: '#/properties/rol', rule: { effect: 'WRITABLE', condition: { scope: '#/properties/naam', schema: { const: 'An' } } } }
  ] } } }
] } });

t.test('the scripts only do what the server would have done', async (t) => {
  const browser = await startChromium();
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => { errors.push(error.message); });
  await page.route('http://forms.test/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': "script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'" }, body: draw({ pairs: encode(form, { jaNee: false, rijen: [{ wat: 'een' }, { wat: 'twee' }] }) }) });
    if (pathname === '/rules') return route.fulfill({ contentType: 'text/html', body: draw({ form: ruled, pairs: [['/soort', 'b'], ['/rijen/0', ''], ['/rijen/0/naam', 'Bo']] }) });
    if (pathname.endsWith('.js')) return route.fulfill({ contentType: 'text/javascript', path: join(projectRoot, 'dist', pathname) });
    return route.fulfill({ status: 404 });
  });
  await page.goto('http://forms.test/');
  const titles = (): Promise<string[]> => page.locator('[data-row] > legend').allTextContents();
  const isShown = (name: string): Promise<boolean> => page.locator(`[name="${name}"]`).first().isVisible();
  t.same([await isShown('/meer'), await isShown('/diep')], [false, false]);
  await page.check('[name="/jaNee"][value="true"]');
  await page.fill('[name="/meer"]', 'x');
  t.same([await isShown('/meer'), await isShown('/diep')], [true, true]);
  await page.check('[name="/jaNee"][value="false"]');
  t.same([await isShown('/meer'), await isShown('/diep')], [false, false], 'what is hidden is no answer for others');
  await page.click('button[value="add:/rijen"]');
  await page.keyboard.type('drie');
  await page.selectOption('[name="/rijen/2/soort"]', 'd');
  t.same([await isShown('/rijen/2/waarom'), await isShown('/rijen/0/waarom')], [true, false], 'a row asks by its own answers');
  await page.click('button[value="add:/rijen"]');
  t.notOk(await page.isVisible('button[value="add:/rijen"]'), 'a full list');
  await page.click('button[value="remove:/rijen/0"]');
  t.same(await titles(), ['Afspraak 1', 'Afspraak 2', 'Afspraak 3']);
  t.equal(await page.locator(':focus').inputValue(), 'twee');
  t.ok(await page.isVisible('button[value="add:/rijen"]'));
  // The body of the post the browser would make, read in the page; the test has no types of the DOM.
  const posted = await page.evaluate<Pairs>('[...new FormData(document.querySelector("main form"))]');
  t.same((decode(form, posted)['rijen'] as Answers[]).map(({ wat }) => wat), ['twee', 'drie']);
  t.same(appeared(form, posted, { now }), []);
  await page.goto('http://forms.test/rules');
  const isOn = (name: string): Promise<boolean> => page.locator(`[name="${name}"]`).first().isEnabled();
  t.same([await isOn('/reden'), await isOn('/vast'), await isOn('/rijen/0/rol'), await isShown('/later')], [true, false, false, false]);
  await page.check('[name="/soort"][value="a"]');
  await page.fill('[name="/rijen/0/naam"]', 'An');
  await page.fill('[name="/jaren"]', '4');
  t.same([await isOn('/reden'), await isOn('/vast'), await isOn('/rijen/0/rol'), await isShown('/later')], [false, false, true, true], 'rules of JSON Forms as on the server');
  t.same(errors, []);
});

for (const { file, definition } of shipped) {
  void t.test(`forms/${file} compiles, is drawn and asks for what it requires`, async (t) => {
    const own = compileForm(definition, { t: texts });
    const pairs = initialPairs(own);
    const { problems } = check(decode(own, pairs), { form: own });
    const html = draw({ form: own, pairs, problems });
    const view = formView(own, { pairs, problems, references, now });
    const ids = elementsOf(html).flatMap(({ id }) => id ?? []);
    t.notMatch(html, /undefined|\[object Object\]|\{\{|\bforms\./);
    t.same(ids.filter((id, index) => ids.indexOf(id) !== index), []);
    t.same(view.problems.filter(({ href }) => !ids.includes(href.slice(1))), []);
    t.same(problems.filter(({ text }) => !text.endsWith('.') || /must|should|required|undefined/.test(text)), []);
    t.same(appeared(own, postedBy(html), { now }), []);
  });
}

function draw({ form: own = form, ...options }: Partial<ViewOptions> & { form?: CompiledForm }): string {
  const view = formView(own, { pairs: [], references, now, ...options });
  return render('task', { ...samples.task, notices: [], waivers: [], shown: [], problems: view.problems, nodes: view.nodes });
}

/** With those inside groups, rows and conditions. */
function nodesIn(nodes: ViewNode[]): ViewNode[] {
  return nodes.flatMap((node) => [node, ...nodesIn([node['nodes'], ...[node['rows']].flat().map((row) => (row as ViewNode | undefined)?.['nodes'])].flat().filter((inside): inside is ViewNode => inside !== undefined))]);
}

function allQuestions(questions: Question[]): Question[] {
  return questions.flatMap((question) => [question, ...allQuestions(question.parts)]);
}

t.test('a part of a group that nobody may change stays as it was, whatever is posted for it', async (t) => {
  const grouped = compileForm({ id: 'groep', version: '1.0.0', language: 'nl', title: 'Groep', schema: { type: 'object', properties: { plek: { type: 'object', title: 'Plek', properties: { straat: { type: 'string', title: 'Straat' }, wijk: { type: 'string', title: 'Wijk', readOnly: true } } } } } }, { t: texts });
  const before = { plek: { straat: 'Kerkstraat', wijk: 'Noord' } };
  const after = (...posted: Pairs): Answers => decode(grouped, overlaid(grouped, encode(grouped, before), posted, { now, base: before }), { base: before });
  t.same(after(['/plek/straat', 'Dorpsstraat']), { plek: { straat: 'Dorpsstraat', wijk: 'Noord' } });
  t.same(after(['/plek/straat', 'Dorpsstraat'], ['/plek/wijk', 'Zuid']), { plek: { straat: 'Dorpsstraat', wijk: 'Noord' } });
});

t.test('a question that a layout leaves out keeps its answer when the rest is filled in anew: of the form, of a group, and of a row wherever it stands now', async (t) => {
  const text = (title: string, more = {}) => ({ type: 'string', title, ...more });
  const schema = { type: 'object', properties: {
    soort: text('Soort'), los: text('Los'), soms: text('Soms', { when: { soort: 'a' } }),
    plek: { type: 'object', title: 'Plek', properties: { straat: text('Straat'), wijk: text('Wijk') } },
    wie: { type: 'array', title: 'Wie', items: { type: 'object', properties: { naam: text('Naam'), rol: text('Rol') } } },
    wat: { type: 'array', title: 'Wat', items: { type: 'object', properties: { zin: text('Zin'), vast: text('Vast', { readOnly: true }) } } }
  } };
  const control = (name: string, ...inside: string[]) => ({ type: 'Control', scope: `#/properties/${name}`, ...(inside.length === 0 ? {} : { options: { detail: { type: 'VerticalLayout', elements: inside.map((one) => ({ type: 'Control', scope: `#/properties/${one}` })) } } }) });
  const laidOut = (...elements: unknown[]) => compileForm({ id: 'deel', version: '1.0.0', language: 'nl', title: 'Deel', schema, uischema: { type: 'VerticalLayout', elements } } as unknown as FormDefinition, { t: texts });
  const before = { soort: 'a', los: 'Los.', soms: 'Soms.', plek: { straat: 'Kerkstraat', wijk: 'Noord' }, wie: [{ id: '1-1', naam: 'Anna', rol: 'tante' }, { id: '1-2', naam: 'Bas', rol: 'oom' }], wat: [{ id: '1-3', zin: 'Ja.', vast: 'x' }, { id: '1-4', zin: 'Nee.', vast: 'y' }] };
  const form = laidOut(control('soort'), control('plek', 'straat'), control('wie', 'naam'), control('wat', 'zin', 'vast'));
  const after = (...posted: Pairs): Answers => decode(form, overlaid(form, encode(form, before), posted, { now, base: before }), { base: before });
  t.same(after(['/soort', 'a'], ['/plek/straat', 'Dorpsstraat'], ['/wie/0/naam', 'Bas B.'], ['/wie/0/id', '1-2'], ['/wie/1/naam', 'Cor'], ['/wat/0/id', '1-4'], ['/wat/0/zin', 'Nee!']), {
    soort: 'a', los: 'Los.', soms: 'Soms.', plek: { straat: 'Dorpsstraat', wijk: 'Noord' }, wie: [{ id: '1-2', naam: 'Bas B.', rol: 'oom' }, { naam: 'Cor' }], wat: [{ id: '1-4', zin: 'Nee!', vast: 'y' }]
  });
  t.same(after(['/soort', 'b'], ['/los', 'Met de hand.'], ['/wie/0/id', '1-2'], ['/wie/0/naam', '']), { soort: 'b', los: 'Los.', plek: { wijk: 'Noord' } }, 'a condition still takes its question away, and a row that was emptied is gone');
  const apart = laidOut(control('soort'), control('plek/properties/straat'));
  t.same(decode(apart, keptLocked(apart, encode(apart, before), [['/plek/straat', 'Dorpsstraat']], { now, base: before }), { base: before }), { los: 'Los.', plek: { straat: 'Dorpsstraat', wijk: 'Noord' }, wie: before.wie, wat: before.wat });
});

t.test('an answer to a question that was hidden when the page was posted stays in the draft', async (t) => {
  const form = compileForm({
    id: 'proef', version: '1.0.0', language: 'nl', title: 'Proef',
    schema: { type: 'object', properties: { soort: { type: 'string', title: 'Soort?', oneOf: [{ const: 'a' }, { const: 'b' }] }, reden: { type: 'string', title: 'Reden?', when: { soort: 'a' } } } }
  }, { t: texts });
  const former: Pairs = [['/soort', 'a'], ['_asked', '/reden'], ['/reden', 'Lange uitleg.']];
  t.same(overlaid(form, former, [['/soort', 'b']], { now }), [['/reden', 'Lange uitleg.'], ['/soort', 'b']]);
  t.same(overlaid(form, former, [['/soort', 'a'], ['_asked', '/reden'], ['/reden', '']], { now }), [['/soort', 'a'], ['_asked', '/reden'], ['/reden', '']], 'a question on the page is what the page says');
});

t.test('a rule of JSON Forms means what it means there, also for an answer that is not there', async () => {
  const ajv = new Ajv({ strict: false });
  // As JSON Forms reads a condition (packages/core/src/util/runtime.ts).
  const isFulfilled = (data: Answers, { type, conditions = [], scope = '#', expectedValue, schema, failWhenUndefined }: RuleCondition): boolean => {
    if (type === 'AND') return conditions.every((part) => isFulfilled(data, part));
    if (type === 'OR') return conditions.some((part) => isFulfilled(data, part));
    const value = scope === '#' ? data : data[scope.slice('#/properties/'.length)];
    if (type === 'LEAF') return value === expectedValue;
    if (failWhenUndefined === true && value === undefined) return false;
    return ajv.validate(schema ?? {}, value);
  };
  const number = fc.integer({ min: 0, max: 4 });
  const word = fc.constantFrom('a', 'b', 'c');
  const combined = (leaf: fc.Arbitrary<object>): fc.Arbitrary<object> => {
    const list = fc.array(leaf, { minLength: 1, maxLength: 2 });
    return fc.oneof(leaf, leaf.map((not) => ({ not })), fc.record({ allOf: list }), fc.record({ anyOf: list }), fc.record({ oneOf: list }), fc.record({ if: leaf, then: leaf }), fc.record({ if: leaf, then: leaf, else: leaf }));
  };
  const ofNumber = combined(fc.oneof(
    ...(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'const'] as const).map((keyword) => number.map((value) => ({ [keyword]: value }))),
    fc.record({ minimum: number, maximum: number }), fc.array(number, { minLength: 1 }).map((values) => ({ enum: [...new Set(values)] })), fc.constant({ type: 'integer' })));
  const ofWord = combined(fc.oneof(word.map((value) => ({ const: value })), fc.uniqueArray(word, { minLength: 1 }).map((values) => ({ enum: values })), fc.constant({ type: 'string' })));
  const ofList = combined(fc.oneof(word.map((value) => ({ contains: { const: value } })), fc.integer({ min: 1, max: 3 }).map((least) => ({ minItems: least })), number.map((most) => ({ maxItems: most }))));
  const ofAll = combined(fc.oneof(fc.uniqueArray(fc.constantFrom('n', 'w', 'l', 'ja'), { minLength: 1 }).map((required) => ({ required })), fc.record({ n: ofNumber, w: ofWord }, { requiredKeys: [] }).map((properties) => ({ properties }))));
  const failing = fc.option(fc.boolean(), { nil: undefined });
  const leaf = (scope: string, schema: fc.Arbitrary<object>): fc.Arbitrary<object> => fc.record({ scope: fc.constant(scope), schema, failWhenUndefined: failing });
  const single = fc.oneof(leaf('#/properties/n', ofNumber), leaf('#/properties/w', ofWord), leaf('#/properties/l', ofList), leaf('#', ofAll), fc.boolean().map((expectedValue) => ({ type: 'LEAF', scope: '#/properties/ja', expectedValue })));
  const several = fc.record({ type: fc.constantFrom('AND', 'OR'), conditions: fc.array(single, { minLength: 1, maxLength: 3 }) });
  const data = fc.record({ n: number, w: word, l: fc.uniqueArray(word, { minLength: 1 }), ja: fc.boolean() }, { requiredKeys: [] }) as fc.Arbitrary<Answers>;
  const zone = makeZone('Europe/Amsterdam');
  fc.assert(fc.property(fc.oneof(single, several), data, (made, answers) => {
    const condition = made as RuleCondition;
    deepStrictEqual(holds(readCondition(conditionOf(condition)), answersContext(answers, now, zone)), isFulfilled(answers, condition));
    const { scope, schema } = condition;
    if (schema !== undefined && scope !== '#') deepStrictEqual(fitsNothing(schema), ajv.validate(schema, undefined));
  }), { numRuns: 3000 });
});

t.test('what may not be changed is never taken from a post: what was there stays', async (t) => {
  const former: Pairs = [['/soort', 'b'], ['/reden', 'Oud.'], ['/vast', 'zo'], ['/rijen/0', ''], ['/rijen/0/naam', 'Bo'], ['/rijen/0/rol', 'oud']];
  const kept = (...posted: Pairs): Answers => decode(ruled, overlaid(ruled, former, posted, { now }));
  t.same(kept(['/soort', 'a'], ['/reden', 'Nieuw.'], ['/vast', 'anders']), { soort: 'a', reden: 'Oud.', vast: 'zo' });
  t.same(kept(['/soort', 'b'], ['/reden', 'Nieuw.']), { soort: 'b', reden: 'Nieuw.', vast: 'zo' }, 'it may, by the answers of this post');
  t.same(kept(['/rijen/0', ''], ['/rijen/0/naam', 'Bo'], ['/rijen/0/rol', 'nieuw'])['rijen'], [{ naam: 'Bo', rol: 'oud' }]);
  t.same(kept(['/rijen/0', ''], ['/rijen/0/naam', 'An'], ['/rijen/0/rol', 'nieuw'], ['/rijen/1', ''], ['/rijen/1/naam', 'Cas'], ['/rijen/1/rol', 'x'])['rijen'], [{ naam: 'An', rol: 'nieuw' }, { naam: 'Cas' }]);
});

t.test('what may not be changed is on the page, switched off; once it may, it is asked', async (t) => {
  const shut = (pairs: Pairs): string[] => elementsOf(draw({ form: ruled, pairs })).flatMap(({ tag, isOff, attributes }) => ((tag === 'input' || tag === 'textarea') && isOff && attributes['type'] !== 'hidden' ? [attributes['name'] ?? ''] : []));
  const filled: Pairs = [['/reden', 'Oud.'], ['/rijen/0', ''], ['/rijen/0/naam', 'Bo']];
  t.same(shut([['/soort', 'a'], ...filled]), ['/reden', '/later', '/vast', '/rijen/0/rol']);
  t.same(shut([['/soort', 'b'], ...filled]), ['/later', '/vast', '/rijen/0/rol']);
  t.same(shut([['/soort', 'b'], ['/rijen/0', ''], ['/rijen/0/naam', 'An']]), ['/later', '/vast']);
  t.same(appeared(ruled, [['/soort', 'b']], { now }), ['/reden'], 'after a page where it was off');
  t.same(appeared(ruled, [['/soort', 'a']], { now }), []);
  t.ok(isConditional(ruled));
  t.match(draw({ form: ruled, pairs: filled }), /<legend[^>]*><span[^>]*>regel 1<\/span>: Bo<\/legend>/, 'a row is named by its answer');
});

t.test('pages in any order: nothing is checked in between, and the browser decides only about what stands on the page', async (t) => {
  const controls = (...names: string[]): object[] => names.map((name) => ({ type: 'Control', scope: `#/properties/${name}` }));
  const paged = compile({ required: ['a', 'c'], properties: { a: { type: 'boolean', title: 'A?' }, b: { type: 'string', title: 'B?' }, c: { type: 'string', title: 'C?' }, d: { type: 'string', title: 'D?', when: { a: true } }, e: { type: 'string', title: 'E?', when: { c: 'x' } }, f: { type: 'string', title: 'F?' } } }, {
    uischema: { type: 'VerticalLayout', elements: [
      { type: 'Label', text: 'Vooraf.' },
      { type: 'Categorization', elements: [
        { type: 'Category', label: 'Een', elements: controls('a', 'b') },
        { type: 'Categorization', when: { a: true }, elements: [{ type: 'Category', label: 'Twee', elements: controls('c', 'd', 'e') }] }
      ] },
      ...controls('f')
    ] }
  });
  const { pages } = paged;
  t.same(pages?.list.map(({ id, title }) => [id, title]), [['1', 'Een'], ['2', 'Twee']], 'pages in pages are pages');
  t.same(pages?.list.map((page) => pointersOn(page)), [['/a', '/b'], ['/c', '/d', '/e', '/f']], 'what stands around them belongs to the nearest');
  t.equal(pages?.isStepper, false);
  const clock = { now, zone: paged.zone };
  t.same(shownPages(paged, {}, clock).map(({ id }) => id), ['1', '2'], 'the last question is asked, so its page is there');
  const second = { id: '2', hrefOf: (id: string) => `?page=${id}` };
  const view = formView(paged, { pairs: [['/a', 'true']], problems: [{ pointer: '/c', text: 'C.' }, { pointer: '/a', text: 'A.' }], references, now, page: second });
  t.same(view.problems.map(({ href }) => href), ['#v/c', '?page=1#v/a']);
  const html = draw({ form: paged, pairs: [['/a', 'true']], page: second });
  t.match(html, /data-when="\{&quot;all&quot;:\[\]\}"[^>]*>\s*<input type="hidden" name="_asked" value="\/d"/, 'decided by an answer on another page');
  t.match(html, /data-when="\{&quot;name&quot;:&quot;\/c&quot;/);
  const [first] = pages?.list ?? [];
  t.same(overlaid(paged, [['/b', 'oud'], ['_asked', '/d'], ['/d', 'blijft']], [['/a', 'true'], ['/b', 'nieuw'], ['/d', 'vals']], { now, page: first }), [['/d', 'blijft'], ['/a', 'true'], ['/b', 'nieuw'], ['_asked', '/d']]);
});

t.test('a control may ask for one question of a group, in any place of the layout', async (t) => {
  const control = (names: string, more: object = {}): object => ({ type: 'Control', scope: `#/properties/${names.replaceAll('.', '/properties/')}`, ...more });
  const apart = compile({
    required: ['soort', 'persoon'],
    properties: {
      soort: { type: 'string', title: 'Soort?', enum: ['a', 'b'] },
      persoon: {
        type: 'object', title: 'Persoon', required: ['naam'], minProperties: 2,
        properties: {
          naam: { type: 'string', title: 'Naam?', 'x-name': 'de naam' }, leeftijd: { type: 'integer', title: 'Leeftijd?' },
          adres: { type: 'object', title: 'Adres', required: ['plaats'], properties: { straat: { type: 'string', title: 'Straat?' }, plaats: { type: 'string', title: 'Plaats?', 'x-name': 'de plaats' } } }
        }
      },
      rijen: { type: 'array', title: 'Rijen', items: { type: 'object', properties: { wie: { type: 'object', properties: { naam: { type: 'string', title: 'Wie?' }, rol: { type: 'string', title: 'Rol?' } } } } } }
    }
  }, {
    uischema: { type: 'Categorization', elements: [
      { type: 'Category', label: 'Een', elements: [control('soort'), control('persoon.naam'), control('persoon.adres.plaats', { rule: { effect: 'SHOW', condition: { scope: '#/properties/soort', schema: { const: 'a' } } } })] },
      { type: 'Category', label: 'Twee', elements: [
        { type: 'HorizontalLayout', elements: [control('persoon.leeftijd', { label: 'Hoe oud?', rule: { effect: 'ENABLE', condition: { scope: '#/properties/persoon/properties/naam', schema: { const: 'Bo' } } } }), control('persoon.adres.straat', { when: { 'persoon.adres.plaats': { answered: true } } })] },
        control('rijen', { options: { detail: { type: 'VerticalLayout', elements: [control('wie.rol'), control('wie.naam', { when: { 'wie.rol': 'x' } })] } } })
      ] }
    ] }
  });
  const [first, second] = apart.pages?.list ?? [];
  t.same([first, second].map((page) => (page === undefined ? [] : pointersOn(page))), [['/soort', '/persoon/naam', '/persoon/adres/plaats'], ['/persoon/leeftijd', '/persoon/adres/straat', '/rijen']]);
  const all: Answers = { soort: 'a', persoon: { naam: 'Bo', leeftijd: 9, adres: { straat: 'Laan', plaats: 'Urk' } }, rijen: [{ wie: { naam: 'Cas', rol: 'x' } }] };
  t.same(check(all, { form: apart }), { answers: all, problems: [], dropped: [] });
  t.same(decode(apart, encode(apart, all)), all);
  t.same(printAnswers(apart, all, { references, now }).map(({ pointer, label }) => [pointer, label]), [
    ['/soort', 'Soort?'], ['/persoon/naam', 'Naam?'], ['/persoon/adres/plaats', 'Plaats?'], ['/persoon/leeftijd', 'Hoe oud?'], ['/persoon/adres/straat', 'Straat?'], ['/rijen', 'Rijen']
  ]);
  const hidden = check({ ...all, soort: 'b', rijen: [{ wie: { naam: 'Cas', rol: 'y' } }] }, { form: apart });
  t.same(hidden.answers, { soort: 'b', persoon: { naam: 'Bo', leeftijd: 9 }, rijen: [{ wie: { rol: 'y' } }] }, 'what hangs on a hidden question goes with it, and of a group nothing is left empty');
  t.same(hidden.dropped.map(({ pointer, lines }) => [pointer, lines]), [['/persoon/adres/plaats', ['Urk']], ['/rijen/0/wie/naam', ['Cas']], ['/persoon/adres/straat', ['Laan']]]);
  t.same(check({ soort: 'a', persoon: {} }, { form: apart }).problems.map(({ pointer, text }) => [pointer, text]), [['/persoon', 'Controleer uw antwoord bij “Persoon”.'], ['/persoon/naam', 'Vul de naam in.']], 'without an address none of it is asked for');
  const pageTwo = { id: '2', hrefOf: (id: string) => `?page=${id}` };
  t.same(formView(apart, { pairs: [], problems: [{ pointer: '/persoon', text: 'P.' }, { pointer: '/persoon/adres/plaats', text: 'Q.' }], references, now, page: pageTwo }).problems, [{ text: 'P.', href: '#v/persoon/leeftijd' }, { text: 'Q.', href: '?page=1#v/persoon/adres/plaats' }]);
  const html = draw({ form: apart, pairs: encode(apart, all), page: pageTwo });
  t.match(html, /name="\/persoon\/leeftijd"/);
  t.match(html, /data-when="\{&quot;all&quot;:\[\]\}"[^>]*>\s*<input type="hidden" name="_asked" value="\/persoon\/adres\/straat"/, 'decided by an answer on the other page');
  t.notMatch(html, /name="\/persoon\/naam"/);
  t.match(draw({ form: apart, pairs: encode(apart, { ...all, soort: 'b' }), page: { id: '1', hrefOf: () => '' } }), /data-when="[^"]*&quot;\/soort&quot;,&quot;is&quot;:\[&quot;a&quot;\][^"]*" hidden disabled>\s*<input type="hidden" name="_asked" value="\/persoon\/adres\/plaats"/);
  const laid = (page: FormPage | undefined, former: Answers, ...posted: Pairs): Answers => decode(apart, overlaid(apart, encode(apart, former), posted, { now, page }));
  t.same(laid(first, all, ['/soort', 'b'], ['/persoon/naam', 'Bo'], ['/persoon/leeftijd', '3']), { ...all, soort: 'b' }, 'the other page, and what was hidden, stay as they were');
  t.same(laid(second, all, ['_asked', '/persoon/adres/straat'], ['/persoon/leeftijd', '10'], ['/persoon/adres/straat', 'Plein']), { soort: 'a', persoon: { naam: 'Bo', leeftijd: 10, adres: { straat: 'Plein', plaats: 'Urk' } } });
  t.same(laid(second, { ...all, persoon: { naam: 'Al', leeftijd: 9 } }, ['/persoon/leeftijd', '10'])['persoon'], { naam: 'Al', leeftijd: 9 }, 'what may not be changed is not taken from the post');
  t.same(appeared(apart, [['/soort', 'a'], ['/persoon/naam', 'Bo']], { now }), ['/persoon/adres/plaats', '/persoon/leeftijd']);
  t.same(withoutFields(apart.definition, (name) => name !== 'persoon').uischema?.elements?.map(({ elements }) => elements?.map(({ scope }) => scope)), [['#/properties/soort'], ['#/properties/rijen']], 'who may not read a group sees no question of it');
});

t.test('an answer that was taken over says from where, as long as nobody changed it', async (t) => {
  const taken = { kort: { answer: 'Sem', text: 'Overgenomen uit ‘Signaal’.' } };
  const same = draw({ pairs: [['/kort', 'Sem']], taken });
  t.match(same, /<p id="v\/kort-bron"[^>]*>Overgenomen uit ‘Signaal’\.<\/p>/);
  t.match(same, /aria-describedby="[^"]*v\/kort-bron/);
  t.notMatch(draw({ pairs: [['/kort', 'Anders']], taken }), 'Overgenomen');
});

t.test('an empty question is drawn once, and what was drawn before changes nothing in a page', async (t) => {
  const fresh = (): CompiledForm => compileForm(everyControl, { t: texts });
  const seen = fresh();
  const page = (own: CompiledForm, pairs: Pairs, day = now): string => draw({ form: own, pairs, now: day, problems: check(decode(own, pairs), { form: own }).problems });
  for (const answers of [{}, ...fc.sample(anyAnswers, { numRuns: 12, seed: 1 }), {}]) {
    const pairs = encode(seen, answers);
    t.equal(page(seen, pairs), page(fresh(), pairs), 'as a server draws it that has just begun');
  }
  t.equal(page(seen, [], '2026-03-19T13:32:00.000Z'), page(fresh(), [], '2026-03-19T13:32:00.000Z'), 'also on another day');
  const kept = (pairs: Pairs): object[] => nodesIn(formView(seen, { pairs, references, now }).nodes).filter(({ isKept }) => isKept === true);
  const [first, again] = [kept([]), kept([])];
  t.ok(first.length > 10 && first.every((node, index) => node === again[index]), 'the same nodes come again');
  const typed = 'Alleen voor de school';
  t.notMatch(JSON.stringify(kept(seen.questions.flatMap(({ name }): Pairs => [[`/${name}`, typed], [`/${name}#dag`, typed]]))), typed, 'and none with what was typed');
});

t.test('no request compiles a form: all are compiled when their route is read', async (t) => {
  let compiled = 0;
  Reflect.set(Ajv2020.prototype, 'compile', function counted(this: Ajv2020, schema: object) {
    compiled += 1;
    return (Reflect.getPrototypeOf(Ajv2020.prototype) as Ajv2020).compile.call(this, schema);
  });
  t.teardown(() => { Reflect.deleteProperty(Ajv2020.prototype, 'compile'); });
  const { bundle } = smallRoute({ tasks: { een: { form: 'een', title: 'Een' } } }, { een: { a: { type: 'string', title: 'A?' } } });
  const route = makeRoute({ ...bundle, forms: { een: everyControl } }, texts);
  t.equal(compiled, 3, 'once for each form, and for each group in it that can be chosen');
  const asked = { definition: { ...everyControl, title: 'Anders' }, fixedRows: [], hash: 'h', given: {} };
  route.askedForm(asked);
  t.equal(compiled, 6, 'and once for each way a route asks it');
  for (let round = 0; round < 20; round += 1) {
    const own = round % 2 === 0 ? route.form('een') : route.askedForm(asked);
    draw({ form: own, pairs: encode(own, fittingAnswers), problems: check(decode(own, []), { form: own }).problems });
    printAnswers(own, check(fittingAnswers, { form: own }).answers, { references, now });
  }
  t.equal(compiled, 6, 'after that none, whatever is asked');
});
