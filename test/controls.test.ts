import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import ts from 'typescript';
import { projectRoot } from '../src/config.ts';
import type { Answers } from '../src/definitions/bundle.ts';
import type { FormDefinition } from '../src/definitions/form.types.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { bodyShapes } from '../src/forms/controls/body-shapes.ts';
import { controls } from '../src/forms/controls/index.ts';
import { decode } from '../src/forms/decode.ts';
import { encode } from '../src/forms/encode.ts';
import type { CompiledForm, FieldProblem, Pairs, PrintedAnswer, Question } from '../src/forms/form-types.ts';
import { formView } from '../src/forms/form-view.ts';
import { messageOf, worstOf } from '../src/forms/messages.ts';
import { idOf } from '../src/forms/names.ts';
import { printAnswers } from '../src/forms/print-answers.ts';
import { makeRenderer } from '../src/web/site/page.ts';
import { readTexts } from '../src/texts.ts';
import { accessibilityTree, sideways, typeAll } from './fixtures/by-keyboard.ts';
import { startChromium } from './fixtures/chromium.ts';
import { controlSamples, formOf, sampleForm, type ControlSample } from './fixtures/control-samples.ts';
import { elementsOf, postedBy, type Element } from './fixtures/drawn-page.ts';
import { htmlFaults } from './fixtures/html-faults.ts';
import { references } from './fixtures/every-control.ts';
import { fixturesOf, notTaken, structureOf, taken, unsayable } from './fixtures/govuk.ts';
import { samples as pages, texts } from './fixtures/view-samples.ts';

const now = '2026-03-18T13:32:00.000Z';
const today = '2026-03-18';
const languages = { nl: texts, en: readTexts('en') };
const { render } = makeRenderer({ t: texts, development: false });
const all = compileForm(sampleForm, { t: texts });
const compile = (form: FormDefinition): CompiledForm => compileForm(form, { t: texts });
const problemsOf = (form: CompiledForm, answers: Answers): FieldProblem[] => checkAnswers(form, answers, { today, now, references }).problems;

t.test('every control has a sample, by itself and in a row', async (t) => {
  const sampled = new Set(all.questions.filter(({ name }) => name !== 'rij').map(({ control }) => control));
  t.same(controls.filter((control) => !sampled.has(control)).map(({ name }) => name), []);
  const inRow = new Set(all.questions.find(({ name }) => name === 'rij')?.parts.map(({ name }) => name));
  t.same(all.questions.filter(({ name, control }) => control.holds !== 'rows' && !inRow.has(name)).map(({ name }) => name), []);
});

for (const [name, sample] of Object.entries(controlSamples)) {
  const holder = sample.field.items?.properties === undefined ? ['', '/rij/0'] : [''];
  for (const at of holder) {
    void t.test(`${name}${at === '' ? '' : ', in a row,'} keeps the contract of a control`, async (t) => {
      keepsContract(t, name, sample, at);
    });
  }
}

function keepsContract(t: Test, name: string, sample: ControlSample, at: string): void {
  const { field, value, printed, wrong } = sample;
  const one = { [name]: sample };
  const [id, title] = [idOf(`${at}/${name}`), field.title ?? ''];
  const within = (answers: Answers): Answers => (at === '' ? answers : { rij: [answers] });
  const inside = (answers: Answers): Answers => (at === '' ? answers : ((answers['rij'] as Answers[] | undefined)?.[0] ?? {}));

  const form = compile(formOf(one, (own) => ({ ...own, description: 'Uitleg bij deze vraag.' })));
  const filled = encode(form, within({ [name]: value }));
  t.same(inside(decode(form, filled))[name], value, 'decode reads what encode wrote');
  t.same(problemsOf(form, within({ [name]: value })), [], 'the sample fits');
  const empty = inside(decode(form, at === '' ? [] : [['/rij/0', '']]))[name];
  t.ok(empty === undefined || empty === false, 'nothing posted is no answer');
  const answer = printAnswers(form, within({ [name]: value }), { references, now }).at(at === '' ? 0 : -1);
  const lines = at === '' ? answer : answer?.rows?.[0]?.find(({ label }) => label === title);
  t.same([lines?.label, lines?.rows?.flat().map((row) => `${row.label}: ${row.lines.join()}`) ?? lines?.lines], [title, printed], 'printed in words');

  const calm = draw(form, filled);
  t.match(labelsOf(calm, id), title, 'a label or legend with the question');
  t.equal(wordsOf(calm, `${id}-uitleg`), 'Uitleg bij deze vraag.', 'the hint');
  t.ok(describedBy(calm, id).includes(`${id}-uitleg`), 'the hint describes it');
  t.same(calm.filter(({ attributes }) => 'aria-invalid' in attributes), [], 'nothing is wrong yet');
  t.same(inside(decode(form, postedBy(html(form, filled))))[name], value, 'what was filled in stands in it');

  const problem = { pointer: `${at}/${name}`, text: 'Doe dit.' };
  const page = formView(form, { pairs: filled, problems: [problem], references, now });
  const faulty = draw(form, filled, [problem]);
  t.same(page.problems, [{ text: 'Doe dit.', href: `#${id}` }], 'the summary leads to it');
  t.ok(faulty.some((element) => element.id === id), 'and that place exists');
  t.equal(wordsOf(faulty, `${id}-fout`), 'Fout: Doe dit.', 'the message starts with a word');
  t.ok(describedBy(faulty, id).includes(`${id}-fout`), 'the message describes it');
  t.ok(questionIn(form, name, at).control.holds !== 'value' || faulty.some(({ attributes }) => attributes['aria-invalid'] === 'true'), 'it says that it is wrong');

  const required = compile(formOf(one, undefined, [name]));
  const { control } = questionIn(required, name, at);
  t.notMatch(labelsOf(draw(required, filled), id), '(mag leeg)');
  // A group of boxes, rows or parts has no such attribute: nothing reads it there. What must be done stands in the sentence.
  t.ok(control.holds !== 'value' || control.asks === 'several' || draw(required, filled).some(({ attributes }) => attributes['aria-required'] === 'true'), 'it says that it must be filled in');
  t.same(draw(required, filled).filter(({ attributes }) => 'required' in attributes), [], 'and leaves the judging to the server');
  t.match(problemsOf(required, inEmpty(at)).map(({ text }) => text).join(), /“|Vul|Kies|Voeg|Vink/);

  const hidden = compile(formOf(one, (own) => ({ ...own, when: { bestaatNiet: 'x' } })));
  const drawn = draw(hidden, filled, [problem]);
  t.ok(drawn.filter(({ attributes }) => (attributes['name'] ?? '').startsWith(`${at}/${name}`)).every(({ isOff }) => isOff), 'what is hidden is switched off');
  t.notOk(drawn.some((element) => element.id === `${id}-fout`), 'and has no message');
  t.notOk(name in inside(checkAnswers(hidden, within({ [name]: value }), { today, now, references }).answers), 'and is no answer');

  const fixed = compile(formOf(one, (own) => ({ ...own, readOnly: true })));
  const shown = draw(fixed, filled, [], within({ [name]: value }));
  t.same(shown.filter(({ attributes }) => (attributes['name'] ?? '').startsWith(`${at}/${name}`)).map(({ tag, attributes }) => [tag, attributes['type']]).filter(([tag, type]) => tag !== 'input' || type !== 'hidden'), [], 'what is only shown cannot be changed');
  t.ok(shown[0]?.words.includes(printed[0]?.split(': ').at(-1) ?? '?'), 'and is printed');

  for (const language of ['nl', 'en'] as const) {
    const told = compileForm(formOf(one), { t: languages[language] });
    const pairs = wrong.posted.map(([part, text]): [string, string] => [`${at}/${name}${part}`, text]);
    const said = wrong.posted.length === 0 ? [messageOf(questionIn(told, name, at), { pointer: problem.pointer, keyword: 'const', limit: null }, { value: false, pointer: problem.pointer, t: languages[language], messages: {} })] : problemsOf(told, decode(told, pairs)).map(({ text }) => text);
    t.same(said, [wrong[language]], `what is wrong, in ${language}`);
  }
}

const vocabulary = [...Object.keys(new Ajv2020().RULES.all), ...Object.keys((JSON.parse(readFileSync(join(projectRoot, 'src/definitions/form.schema.json'), 'utf8')) as { definitions: { field: { properties: object } } }).definitions.field.properties), 'false schema', 'toString', ''];
const machine = { nl: /\b(the|must|should|be|is not|and|or|at|your|answer|value|field|string|number|integer|boolean|array|object|null|undefined|NaN|true|false|schema|pattern|property|keyword|required|items?|fill|choose|check)\b/i, en: /\b(de|het|een|vul|kies|bij|uw|ten|minste|must match|string|integer|boolean|array|object|null|undefined|NaN|true|false|schema|pattern|property|keyword|required)\b/i };

for (const language of ['nl', 'en'] as const) {
  void t.test(`no keyword of a schema, at no control, ends in a word of the machine (${language})`, async (t) => {
    const form = compileForm(sampleForm, { t: languages[language] });
    const sentences = form.questions.flatMap((question) => vocabulary.flatMap((keyword) => limitsOf(keyword).map((limit) => {
      const pointer = `/${question.name}/1`;
      const text = messageOf(question, { pointer, keyword, limit }, { value: 'x', pointer, t: languages[language], messages: {} });
      return { keyword, name: question.name, text, own: text.replaceAll(question.label, '').replaceAll(String(question.field.description), '') };
    })));
    t.ok(sentences.length > 1_500);
    t.same(sentences.filter(({ name, text }) => !text.includes(sampleForm.schema.properties[name]?.title ?? '')), [], 'the question is in it');
    t.same(sentences.filter(({ own }) => machine[language].test(own) || /[{}<>_]|veld[A-Z]/.test(own)), [], 'in the language of the page');
    t.same(sentences.filter(({ keyword, own }) => keyword.length > 4 && own.toLowerCase().includes(keyword.toLowerCase())), []);
    t.same(sentences.filter(({ text }) => !/^\p{Lu}.*\.$/su.test(text) || text.length > 160), [], 'a short sentence with a full stop');
  });
}

t.test('both languages have the same sentences with the same gaps', async (t) => {
  const read = (language: string): [string, string][] => Object.entries(JSON.parse(readFileSync(join(projectRoot, 'src/texts', language, 'forms.json'), 'utf8')) as { [key: string]: string });
  const gaps = (language: string): { [key: string]: string[] } => Object.fromEntries(read(language).map(([key, text]) => [key, [...new Set(text.match(/\{\w+\}/g))].sort()]));
  t.same(gaps('en'), gaps('nl'));
});

t.test('of several faults the first to mend is said: missing, kind, form, choice, limits, pattern', async (t) => {
  const faults = ['pattern', 'maximum', 'minLength', 'oneOf', 'enum', 'format', 'type', 'required'].map((keyword) => ({ pointer: '/x', keyword, limit: null }));
  t.same(faults.map((_, index) => worstOf(faults.slice(0, index + 1)).keyword), faults.map(({ keyword }) => keyword), 'each of these comes before the ones before it');
  t.equal(worstOf([{ pointer: '', keyword: 'minProperties', limit: null }, ...faults.slice(0, 1)]).keyword, 'pattern', 'what is not listed comes last');
});

t.test('what is wrong inside an answer is never kept silently', async (t) => {
  const form = compile({ id: 'p', version: '1.0.0', language: 'nl', title: 'P', schema: { type: 'object', properties: {
    keuzes: { type: 'array', uniqueItems: true, title: 'Wat kiest u?', items: { enum: ['a', 'b'] } },
    regels: { type: 'array', title: 'Welke woorden?', items: { type: 'string', maxLength: 3 } },
    partner: { type: 'object', title: 'Wie?', 'x-options': { source: 'partners' }, properties: { id: { type: 'string' }, naam: { type: 'string', maxLength: 3 } } },
    rijen: { type: 'array', title: 'Afspraken', items: { type: 'object', additionalProperties: false, properties: { wat: { type: 'string', title: 'Wat?' } } } }
  } } } as unknown as FormDefinition);
  t.same(problemsOf(form, { keuzes: ['a', 'z'], regels: ['lang'], partner: { naam: 'lang' }, rijen: [{ wat: 'x', vreemd: 1 }] }), [
    { pointer: '/keuzes', text: 'Kies een van de antwoorden bij “Wat kiest u?”.' },
    { pointer: '/regels', text: 'Maak regel 1 korter bij “Welke woorden?”: zij heeft 4 tekens en mag er 3 hebben.' },
    { pointer: '/partner', text: 'Maak uw antwoord korter bij “Wie?”: het mag 3 tekens hebben, u hebt er 4.' },
    { pointer: '/rijen', text: 'Controleer uw antwoord bij “Afspraken”.' }
  ]);
});

t.test('own sentences stand above ours for every keyword, also those about today and about who is listed', async (t) => {
  const form = compile({ id: 'p', version: '1.0.0', language: 'nl', title: 'P', schema: { type: 'object', 'x-messages': { '/wie': { 'x-options': 'Kies iemand van nu.' }, '/rijen/*/dag': { 'x-max': 'Nog niet.' }, '/woorden/*': { maxLength: 'Korter.' } }, properties: {
    dag: { type: 'string', format: 'date', 'x-max': 'today', 'x-messages': { 'x-max': 'Niet in de toekomst.', format: 'Geen dag.' } },
    wie: { type: 'object', 'x-options': { source: 'staff' }, properties: { id: { type: 'string' }, naam: { type: 'string' } } },
    rijen: { type: 'array', items: { type: 'object', properties: { dag: { type: 'string', format: 'date', 'x-max': 'today' } } } },
    woorden: { type: 'array', items: { type: 'string', maxLength: 2 } }
  } } } as unknown as FormDefinition);
  t.same(problemsOf(form, { dag: '2099-01-01', wie: { id: 'weg', naam: 'Weg' }, rijen: [{ dag: '2099-01-01' }], woorden: ['een'] }).map(({ text }) => text), ['Niet in de toekomst.', 'Kies iemand van nu.', 'Nog niet.', 'Korter.']);
  t.same(problemsOf(form, { dag: '2026-02-30' }).map(({ text }) => text), ['Geen dag.']);
});

t.test('a question without a title is called by the words of its name', async (t) => {
  const form = compile({ id: 'p', version: '1.0.0', language: 'nl', title: 'P', schema: { type: 'object', required: ['andereOorzaak'], properties: { andereOorzaak: { type: 'string' } } } } as unknown as FormDefinition);
  t.same(problemsOf(form, {}).map(({ text }) => text), ['Vul iets in bij “Andere oorzaak”.']);
});

t.test('a date may be pasted whole, and of a partial date the day or the month may stay empty', async (t) => {
  const form = compile({ id: 'p', version: '1.0.0', language: 'nl', title: 'P', schema: { type: 'object', properties: { dag: { type: 'string', format: 'date' }, sinds: { type: 'string', format: 'partial-date', title: 'Sinds wanneer?', 'x-max': 'today' } } } } as unknown as FormDefinition);
  const read = (name: string, day: string, month = '', year = ''): unknown => decode(form, [[`/${name}#dag`, day], [`/${name}#maand`, month], [`/${name}#jaar`, year]])[name];
  t.same(['18-3-2026', '18/03/2026', '18 3 2026', '2026-03-18', ' 18.3.2026 '].map((typed) => read('dag', typed)), Array(5).fill('2026-03-18'));
  t.same([read('sinds', '', '', '2024'), read('sinds', '', '9', '2024'), read('sinds', '2', '9', '2024'), read('sinds', '18-3-2026')], ['2024', '2024-09', '2024-09-02', '2026-03-18']);
  t.match(draw(form, [['/dag#dag', '18-3-2026']]).filter(({ attributes }) => attributes['name']?.startsWith('/dag#')).map(({ attributes }) => attributes['value']), ['18', '3', '2026'], 'and comes back in three parts');
  const said = (...parts: [string, string, string]): string[] => problemsOf(form, { sinds: read('sinds', ...parts) as string }).map(({ text }) => text);
  t.same([said('2', '', '2024'), said('', '13', '2024'), said('31', '2', '2024'), said('', '', '2027'), said('', '4', '2026'), said('', '', '26'), said('', '', '1850')].flat(), [
    'Vul ook de maand in bij “Sinds wanneer?”.', 'Vul bij “Sinds wanneer?” een bestaande datum, maand of jaar in.', 'Vul bij “Sinds wanneer?” een bestaande datum, maand of jaar in.',
    'De datum bij “Sinds wanneer?” kan niet na vandaag liggen.', 'De datum bij “Sinds wanneer?” kan niet na vandaag liggen.', 'Schrijf het jaar bij “Sinds wanneer?” met vier cijfers.', 'Controleer het jaar bij “Sinds wanneer?”.'
  ]);
  t.same([said('', '', '2026'), said('', '3', '2026')], [[], []], 'the year and the month of today are not after today');
});

t.test('every control has a partial, every partial is drawn by a control or by a layout, and none draws a component that is not taken over', async (t) => {
  const folder = join(projectRoot, 'src/web/views/controls');
  const files = readdirSync(folder).filter((name) => name.endsWith('.hbs'));
  const source = join(projectRoot, 'src/forms');
  const layout = readdirSync(source).filter((name) => name.endsWith('.ts')).flatMap((name) => [...readFileSync(join(source, name), 'utf8').matchAll(/partial: '([a-z-]+)'/g)].map(([, partial = '']) => partial));
  t.same(files.map((name) => name.slice(0, -4)).sort(), [...new Set([...controls.map(({ name }) => name), ...layout])].sort());
  t.same(files.filter((name) => Object.keys(notTaken).some((component) => readFileSync(join(folder, name), 'utf8').includes(`govuk-${component}`))), []);
});

for (const [component, own] of Object.entries(taken)) {
  void t.test(`our ${component} has the markup of govuk-frontend`, async (t) => {
    const fixtures = fixturesOf(component);
    const sayable = fixtures.filter((fixture) => unsayable(fixture, own, component).length === 0);
    t.ok(sayable.length > 1);
    // A partial is no view of its own, but it is drawn in the same way.
    const draw = render as unknown as (partial: string, node: object) => string;
    for (const { name, options, html: theirs } of sayable) t.equal(structureOf(draw(own.partial, own.node(options)), own.part), structureOf(theirs), name);
    t.same(Object.keys(own.cannot).filter((parameter) => !fixtures.some((fixture) => unsayable(fixture, own, component).includes(parameter))), [], 'what a partial cannot say is something a fixture asks');
  });
}

t.test('every control works by keyboard alone, reads as what it is, and stays in its place on a phone, in the dark and in large text', async (t) => {
  const browser = await startChromium();
  t.teardown(() => browser.close());
  const names = Object.keys(controlSamples);
  const form = compile(formOf(controlSamples, (field) => ({ ...field, description: 'Uitleg bij deze vraag.' }), names));
  // A file is chosen in a window of the browser itself.
  const wanted: Answers = Object.fromEntries(Object.entries(controlSamples).filter(([name]) => questionIn(form, name, '').control.takesFiles !== true).map(([name, { value }]) => [name, value]));
  const problems = names.flatMap((name) => [{ pointer: `/${name}`, text: `Doe iets aan ${name}.` }, { pointer: `/rij/0/${name}`, text: 'Doe dit.' }]);
  const page = html(form, [['/rij/0', ''], ['/rij/0/veldTekst', 'x'], ['/veldAfspraken/0', '']], problems);
  t.same(htmlFaults(page), [], 'html-validate finds nothing');
  const open = async (look: BrowserContextOptions, body = page): Promise<Page> => {
    const opened = await (await browser.newContext(look)).newPage();
    await opened.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.endsWith('.css')) return route.fulfill({ contentType: 'text/css', path: join(projectRoot, 'src/web/assets/stappenplan.css') });
      return pathname === '/' ? route.fulfill({ contentType: 'text/html', body }) : route.fulfill({ status: 404 });
    });
    await opened.goto('http://forms.test/');
    return opened;
  };

  for (const colorScheme of ['light', 'dark'] as const) {
    const phone = await open({ viewport: { width: 390, height: 844 }, colorScheme });
    const { violations } = await new AxeBuilder({ page: phone }).analyze();
    t.same(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node).join(' ').slice(0, 300)}`), [], `axe finds nothing (${colorScheme})`);
    t.equal(await sideways(phone), 0, `390 px, ${colorScheme}`);
    await phone.context().close();
  }
  const small = await open({ viewport: { width: 320, height: 640 } });
  t.equal(await sideways(small), 0, '320 px');
  await small.context().close();
  const large = await open({ viewport: { width: 1280, height: 900 } });
  await large.addStyleTag({ content: 'html { font-size: 200% }' });
  t.equal(await sideways(large), 0, 'text of 200 %');
  await large.context().close();

  const every = compile(JSON.parse(readFileSync(join(projectRoot, 'test/fixtures/keywords/forms/alles.json'), 'utf8')) as FormDefinition);
  const nested = html(every, encode(every, { bereik: { weg: 'post', straat: 'Kade 1', namen: [{ naam: 'A' }] }, mensen: [{ naam: 'B' }] }));
  const narrow = await open({ viewport: { width: 390, height: 844 } }, nested);
  t.same(await closeQuestions(narrow), [], 'each question keeps its distance from what stands above it, also in a chosen group');
  await narrow.setViewportSize({ width: 1280, height: 900 });
  const rows = await narrow.evaluate<number[][]>(`[...document.querySelectorAll('.sp-row__questions')].map((row) => [...row.querySelectorAll('.govuk-label')].map((label) => label.getBoundingClientRect().top))`);
  t.same(rows.filter((tops) => new Set(tops).size > 1), [], 'short questions of a row stand on one line');
  t.equal(rows.filter((tops) => tops.length > 1).length, 2);
  await narrow.context().close();

  const desk = await open({ viewport: { width: 1280, height: 900 } });
  const tree = await accessibilityTree(desk);
  for (const [name, { field, role }] of Object.entries(controlSamples)) {
    const found = tree.filter((node) => node.role === role && node.name === field.title);
    const own = found.find(({ description }) => description.includes(`Doe iets aan ${name}.`));
    const counted = questionIn(form, name, '').control.name === 'textarea' && field.maxLength !== undefined ? ` U kunt maximaal ${String(field.maxLength)} tekens typen.` : '';
    t.equal(own?.description, `Uitleg bij deze vraag. Fout: Doe iets aan ${name}.${counted}`, `${name} is a ${role} with its hint and its message`);
    t.equal(found.length, questionIn(form, name, '').control.holds === 'rows' ? 1 : 2, `${name}, and once more in the row`);
  }
  t.same(tree.filter(({ role, name }) => ['textbox', 'combobox', 'checkbox', 'radio', 'button', 'link', 'radiogroup'].includes(role) && name === ''), [], 'nothing one can use is without a name');

  const unseen = await typeAll(desk, encode(form, wanted));
  t.same(unseen, [], 'one sees where one is');
  const typed = await desk.evaluate<Pairs>('[...new FormData(document.querySelector("main form"))].filter(([, value]) => typeof value === "string")');
  // Without scripts the questions of a choice come with the next page.
  t.same({ ...decode(form, typed), rij: undefined, veldBereik: undefined }, { ...wanted, rij: undefined, veldBereik: undefined }, 'all was filled in without a mouse');
  await desk.context().close();
});

t.test('the browser and the server decide the same about random conditions and answers', async (t) => {
  const test = fc.letrec<{ test: unknown }>((tie) => ({
    test: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      fc.record({ kies: fc.oneof(fc.constantFrom('a', 'b'), fc.constant(['a', 'c']), fc.record({ not: fc.constantFrom('a', 'c') })) }),
      fc.record({ aantal: fc.oneof(fc.integer({ min: -3, max: 12 }), fc.record({ atLeast: fc.integer({ min: -3, max: 12 }) }), fc.record({ atMost: fc.double({ min: -3, max: 12, noNaN: true }) })) }),
      fc.record({ zeker: fc.oneof(fc.boolean(), fc.record({ not: fc.boolean() })) }),
      fc.dictionary(fc.constantFrom('kies', 'aantal', 'zeker', 'tekst', 'verhaal', 'meer'), fc.record({ answered: fc.boolean() }), { minKeys: 1, maxKeys: 2 }),
      fc.dictionary(fc.constantFrom('tekst', 'verhaal'), fc.constantFrom('x', 'ja', '3'), { minKeys: 1 }),
      fc.tuple(fc.constantFrom('all', 'any', 'none'), fc.array(tie('test'), { minLength: 1, maxLength: 3 })).map(([word, parts]) => ({ [word]: parts }))
    )
  })).test;
  const conditions = fc.sample(test, { numRuns: 150, seed: 7 });
  const answers = fc.sample(fc.record<Answers>({
    kies: fc.constantFrom('a', 'b', 'c'), aantal: fc.integer({ min: -3, max: 12 }), zeker: fc.boolean(), tekst: fc.constantFrom('x', 'ja', ' 3 ', ' '), verhaal: fc.constantFrom('x', ' ja', '3\n', ' \n'), meer: fc.subarray(['p', 'q'])
  }, { requiredKeys: [] }), { numRuns: 12, seed: 7 });
  const [kies, meer] = [['a', 'b', 'c'], ['p', 'q']].map((values) => values.map((value) => ({ const: value, title: value })));
  const form = compile({
    id: 'proef', version: '1.0.0', language: 'nl', title: 'Proef',
    schema: { type: 'object', additionalProperties: false, properties: {
      kies: { type: 'string', title: 'Kies?', oneOf: kies }, aantal: { type: 'integer', title: 'Aantal?' }, zeker: { type: 'boolean', title: 'Zeker?' }, tekst: { type: 'string', maxLength: 40, title: 'Tekst?' }, verhaal: { type: 'string', title: 'Verhaal?' },
      meer: { type: 'array', title: 'Meer?', items: { type: 'string', oneOf: meer } },
      ...Object.fromEntries(conditions.map((when, index) => [`vraag${String(index)}`, { type: 'boolean', title: 'Vraag?', when }]))
    } }
  } as FormDefinition);
  const { outputText } = ts.transpileModule(readFileSync(join(projectRoot, 'src/web/assets/conditions.ts'), 'utf8').replaceAll('export function', 'function'), { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const browser = await startChromium();
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  const seen = new Set<string>();
  for (const one of answers) {
    await page.setContent(html(form, encode(form, one)));
    // Everything is put the other way round first, so that the browser has to decide about each.
    const decided = await page.evaluate<[string, boolean, boolean][]>(`(() => {
      ${outputText}
      const all = [...document.querySelectorAll('.sp-when[data-when]')];
      const server = all.map(({ hidden }) => hidden);
      for (const one of all) one.hidden = one.disabled = !one.hidden;
      updateConditions(document.querySelector('main form'));
      return all.map((one, index) => [one.dataset.when, server[index], one.hidden]);
    })()`);
    t.equal(decided.length, conditions.length, 'the browser decides about every one of them');
    t.same(decided.filter(([, server, own]) => server !== own), []);
    for (const [when, server] of decided) seen.add(`${when} ${String(server)}`);
  }
  t.ok(seen.size > new Set([...seen].map((line) => line.replace(/ \w+$/, ''))).size * 1.5, 'most conditions hold for some answers and not for others');
});

t.test('a press on a part of the drawing ticks its box, also without JavaScript; each part is in the list of the shipped form', async (t) => {
  const shipped = JSON.parse(readFileSync(join(projectRoot, 'forms/signaal.json'), 'utf8')) as FormDefinition;
  const listed = (shipped.schema.properties['letselPlek']?.items?.oneOf ?? []).map((option) => (typeof option.const === 'string' ? option.const : ''));
  t.same(listed.filter((part) => !Object.hasOwn(bodyShapes, part)), ['elders']);
  t.same(Object.keys(bodyShapes).filter((part) => !listed.includes(part)), []);
  const printedAs = (letselPlek: string[]): PrintedAnswer | undefined => printAnswers(compile(shipped), { letsel: 'Blauw.', letselPlek }, { references, now }).find(({ pointer }) => pointer === '/letselPlek');
  const printed = printedAs(['buik', 'elders']);
  t.same(printed?.lines, ['Buik', 'Ergens anders'], 'printed it is a list');
  t.same(printed?.figure?.filter(({ isChosen }) => isChosen), [{ ...bodyShapes['buik'], isChosen: true }], 'and beside it the drawing');
  t.same(printedAs(['elders'])?.figure, undefined, 'a drawing in which nothing is chosen says nothing');
  const browser = await startChromium();
  t.teardown(() => browser.close());
  const page = await (await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } })).newPage();
  const form = compile(shipped);
  await page.setContent(`<style>${readFileSync(join(projectRoot, 'src/web/assets/stappenplan.css'), 'utf8')}</style>${html(form, encode(form, { letsel: 'Blauw.', letselPlek: ['buik'] }))}`);
  const shape = (part: string): Locator => page.locator(`label:has(svg):text-is("${part}") path`);
  t.ok(await page.getByLabel('Buik', { exact: true }).isChecked());
  const fill = (part: string): Promise<string> => shape(part).evaluate((path) => String((path as unknown as { computedStyleMap(): Map<string, unknown> }).computedStyleMap().get('fill')));
  const plain = await fill('Gezicht');
  t.not(await fill('Buik'), plain, 'what is ticked is seen in the drawing');
  await shape('Linkeroor').click({ force: true });
  await shape('Buik').click({ force: true });
  await page.mouse.move(0, 0);
  t.same([await page.getByLabel('Linkeroor', { exact: true }).isChecked(), await page.getByLabel('Buik', { exact: true }).isChecked()], [true, false]);
  const [left, right] = [await shape('Linkerhand, palm').boundingBox(), await shape('Rechterhand, palm').boundingBox()];
  t.ok((left?.x ?? 0) > (right?.x ?? 0), 'the left hand of a child one looks at is on the right');
});

/** Gives the questions that stand less than 12 px under an answer or button. */
async function closeQuestions(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    [...document.querySelectorAll('main form :is(.govuk-label--m, .govuk-fieldset__legend--m, .govuk-input, .govuk-textarea, .govuk-radios__item, button)')]
      .filter((one) => one.checkVisibility())
      .flatMap((one, index, all) => index > 0 && one.matches('label, legend') && !all[index - 1].matches('label, legend')
        && one.getBoundingClientRect().top - all[index - 1].getBoundingClientRect().bottom < 12 ? [one.textContent] : [])`);
}

function html(form: CompiledForm, pairs: Pairs, problems: FieldProblem[] = [], base: Answers = {}): string {
  const view = formView(form, { pairs, problems, references, now, base });
  return render('task', { ...pages.task, notices: [], waivers: [], shown: [], problems: view.problems, nodes: view.nodes });
}

function draw(form: CompiledForm, pairs: Pairs, problems: FieldProblem[] = [], base: Answers = {}): Element[] {
  return elementsOf(html(form, pairs, problems, base));
}

/** What a fault of this keyword carries: ajv gives a number, the name of a format or type, or nothing. */
function limitsOf(keyword: string): (number | string | null)[] {
  if (/^(min|max|exclusive|multiple)/.test(keyword)) return [0.001, 1, 3];
  return keyword === 'format' || keyword === 'type' ? ['email', 'string', null] : [null];
}

function questionIn(form: CompiledForm, name: string, at: string): Question {
  const questions = at === '' ? form.questions : (form.questions.find((question) => question.name === 'rij')?.parts ?? []);
  const found = questions.find((question) => question.name === name);
  if (found === undefined) throw new Error(`No question "${name}".`);
  return found;
}

function inEmpty(at: string): Answers {
  return at === '' ? {} : { rij: [{}] };
}

/** What names the control with this id: its label, and the legend of the group it is or starts. */
function labelsOf(elements: Element[], id: string): string {
  const group = groupOf(elements, id);
  return elements.filter(({ tag, attributes, around }) => attributes['for'] === id || (tag === 'legend' && around.at(-1) === group)).map(({ words }) => words).join(' ');
}

/** The ids that describe the control with this id: its own, and those of the group it is or starts. */
function describedBy(elements: Element[], id: string): string[] {
  return [elements.find((one) => one.id === id), groupOf(elements, id)].flatMap((one) => (one?.attributes['aria-describedby'] ?? '').split(' '));
}

function groupOf(elements: Element[], id: string): Element | undefined {
  const own = elements.find((one) => one.id === id);
  return [...(own?.around ?? []), ...(own === undefined ? [] : [own])].filter(({ tag, attributes }) => tag === 'fieldset' && attributes['role'] !== 'presentation').at(-1);
}

function wordsOf(elements: Element[], id: string): string {
  return elements.find((one) => one.id === id)?.words ?? '';
}
