import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import type { Answers, Json } from '../src/definitions/bundle.ts';
import type { Field, FormDefinition } from '../src/definitions/form.types.ts';
import { checkForm } from '../src/definitions/checks/form.ts';
import { keywordsIn } from '../src/definitions/checks/form-keywords.ts';
import { fieldsOf } from '../src/definitions/lookup.ts';
import { makeShapeCheck, readSchema } from '../src/definitions/schema-findings.ts';
import { conditionOfSchema } from '../src/definitions/schema-condition.ts';
import { readCondition } from '../src/engine/conditions/condition-tree.ts';
import { answersContext, holds } from '../src/engine/conditions/conditions.ts';
import { makeZone } from '../src/engine/time/zone.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { decode } from '../src/forms/decode.ts';
import { encode } from '../src/forms/encode.ts';
import type { CheckedForm, CompiledForm } from '../src/forms/form-types.ts';
import { formView } from '../src/forms/form-view.ts';
import { makeValidator } from '../src/forms/make-validator.ts';
import { printAnswers } from '../src/forms/print-answers.ts';
import { references } from './fixtures/every-control.ts';
import { startSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';
import { texts } from './fixtures/view-samples.ts';

// What JSON Schema says, against ajv, and what a form makes of it.
const now = '2026-03-18T13:32:00.000Z';
const today = '2026-03-18';
const zone = makeZone('Europe/Amsterdam');
const define = (schema: object, more: object = {}): FormDefinition => ({ id: 'klein', version: '1.0.0', language: 'nl', title: 'Klein', schema: { type: 'object', ...schema }, ...more }) as FormDefinition;
const compile = (schema: object, more: object = {}): CompiledForm => compileForm(define(schema, more), { t: texts });
const check = (form: CompiledForm, answers: Answers): CheckedForm => checkAnswers(form, answers, { today, now, references });
const problems = (form: CompiledForm, answers: Answers): string[] => check(form, answers).problems.map(({ pointer, text }) => `${pointer} ${text}`);
const text = (title: string, more: object = {}): object => ({ type: 'string', maxLength: 100, title, ...more });

const scalar = fc.constantFrom<string | number | boolean>('x', 'y', 1, 2, true, false);
const answersOfThree = fc.record({ a: scalar, b: scalar, c: fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 3 }), d: fc.record({ a: scalar }, { requiredKeys: [], noNullPrototype: true }) }, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Answers>;
const { whole } = fc.letrec<{ whole: Field; value: Field }>((tie) => ({
  value: fc.oneof(
    scalar.map((value) => ({ const: value })), fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
    tie('value').map((not) => ({ not })), fc.array(tie('value'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })), fc.array(tie('value'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf }))
  ),
  whole: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      required: fc.subarray(['a', 'b', 'c', 'd']),
      properties: fc.record({ a: tie('value'), b: tie('value'), c: fc.oneof(scalar.map((value) => ({ contains: { const: value } })), fc.nat(3).map((minItems) => ({ minItems })), fc.nat(3).map((maxItems) => ({ maxItems }))), d: fc.record({ properties: fc.record({ a: tie('value') }) }) }, { requiredKeys: [], noNullPrototype: true })
    }, { requiredKeys: [], noNullPrototype: true }),
    tie('whole').map((not) => ({ not })), fc.array(tie('whole'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
    fc.array(tie('whole'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })), fc.array(tie('whole'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
    fc.record({ if: tie('whole'), then: tie('whole'), else: tie('whole') }, { requiredKeys: ['if'], noNullPrototype: true })
  )
}));

t.test('a schema read as a condition holds exactly when ajv says that the answers fit', async () => {
  const ajv = new Ajv2020({ strict: false });
  fc.assert(fc.property(whole, fc.array(answersOfThree, { minLength: 1, maxLength: 8 }), (schema, records) => {
    const { condition, lost } = conditionOfSchema(schema);
    deepStrictEqual(lost, []);
    const tree = readCondition(condition);
    const fits = ajv.compile(schema);
    for (const answers of records) deepStrictEqual(holds(tree, answersContext(answers, now, zone)), fits(answers), JSON.stringify({ schema, answers }));
  }), { numRuns: 300 });
});

t.test('every keyword means what JSON Schema 2020-12 says, also at its edges', async (t) => {
  const cases = JSON.parse(readFileSync(join(projectRoot, 'test/fixtures/schema-cases.json'), 'utf8')) as { [what: string]: { schema: object; fits: Json[]; unfit: Json[] } };
  for (const [what, { schema, fits, unfit }] of Object.entries(cases)) {
    const validate = makeValidator({ id: 'woord', schema: { type: 'object', properties: { antwoord: schema }, $defs: { lijst: { type: 'array', items: { type: 'string' } } } } });
    t.same([...fits, ...unfit].filter((antwoord) => validate({ antwoord }).length === 0), fits, what);
  }
  const { properties } = (JSON.parse(readFileSync(join(projectRoot, 'src/definitions/form.schema.json'), 'utf8')) as { definitions: { field: { properties: object } } }).definitions.field;
  const silent = ['$ref', 'title', 'description', 'examples', 'default', 'readOnly', 'writeOnly', '$comment', '$defs', 'definitions', 'deprecated', 'dependencies', 'then', 'else', 'maxContains'];
  const words = new Set(Object.values(cases).flatMap(({ schema }) => Object.keys(schema)));
  t.same(Object.keys(properties).filter((word) => word !== 'when' && !word.startsWith('x-') && !silent.includes(word) && !words.has(word)), [], 'every keyword that says something of an answer has its cases');
});

t.test('numbers in a condition compare as in the schema', async (t) => {
  const tree = (schema: Field): boolean[] => [1, 2, 3].map((n) => holds(readCondition(conditionOfSchema({ properties: { n: schema } }).condition), answersContext({ n }, now, zone)));
  t.strictSame(tree({ minimum: 2 }), [false, true, true]);
  t.strictSame(tree({ maximum: 2 }), [true, true, false]);
  t.strictSame(tree({ exclusiveMinimum: 2 }), [false, false, true]);
  t.strictSame(tree({ exclusiveMaximum: 2 }), [true, false, false]);
  t.strictSame(conditionOfSchema({ properties: { n: { pattern: 'x' } } }).lost, [['properties', 'n', 'pattern']], 'what no condition can say is named');
});

t.test('if, then and else ask their questions while they hold, and require what they require', async (t) => {
  const form = compile({
    properties: { soort: { type: 'string', title: 'Welke soort?', enum: ['ziek', 'anders'] }, uitleg: text('Waarom?') },
    if: { properties: { soort: { const: 'anders' } }, required: ['soort'] },
    then: { required: ['welke', 'uitleg'], properties: { welke: text('Welke dan?', { 'x-name': 'welke' }), uitleg: { minLength: 3 } } },
    else: { properties: { sinds: { type: 'string', format: 'date', title: 'Sinds wanneer?' } } }
  });
  t.strictSame(problems(form, { soort: 'anders' }), ['/uitleg Beantwoord de vraag “Waarom?”.', '/welke Vul in welke.']);
  t.strictSame(problems(form, { soort: 'anders', welke: 'x', uitleg: 'ab' }), ['/uitleg Schrijf iets meer bij “Waarom?”: ten minste 3 tekens.']);
  t.strictSame(problems(form, { soort: 'ziek', sinds: '2026-03-01' }), []);
  t.strictSame(problems(form, {}), [], 'not answered is not anders');
  const other = check(form, { soort: 'anders', welke: 'x', uitleg: 'daarom', sinds: '2026-03-01' });
  t.strictSame([other.answers, other.dropped.map(({ pointer }) => pointer)], [{ soort: 'anders', welke: 'x', uitleg: 'daarom' }, ['/sinds']]);
  const drawn = (soort: string): unknown[] => formView(form, { pairs: [['/soort', soort]], references, now }).nodes.map((node) => [node.hidden, node['label'] ?? (node['nodes'] as { label: string }[])[0]?.label, node['required'] ?? null]);
  t.strictSame(drawn('ziek'), [[false, 'Welke soort?', false], [false, 'Waarom?', false], [true, 'Welke dan?', null], [false, 'Sinds wanneer?', null]]);
  t.strictSame(drawn('anders')[1], [false, 'Waarom?', true], 'what must be answered only now is not marked as optional');
});

t.test('a schema and a layout written for JSON Forms work unchanged, and what is not drawn here is refused with a reason', async (t) => {
  const [checkShape, keywords] = [makeShapeCheck(), keywordsIn(readSchema('form'))];
  const codes = (form: FormDefinition): string[] => {
    const shape = checkShape('form', { ...form, $schema: './.schemas/form.json' });
    return [...new Set((shape.length > 0 ? shape : checkForm(form, keywords)).filter(({ severity }) => severity === 'error').map(({ code, params }) => `${code} ${String(Object.values(params)[0] ?? '')}`.trim()))];
  };
  const [word, yes, number] = [{ type: 'string' }, { type: 'boolean' }, { type: 'integer' }];
  const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });
  const list = (items: object): object => ({ type: 'array', items });
  const control = (path: string, more: object = {}): object => ({ type: 'Control', scope: `#/properties/${path.replaceAll('/', '/properties/')}`, ...more });
  const column = (...elements: object[]): object => ({ type: 'VerticalLayout', elements });
  const row = (...elements: object[]): object => ({ type: 'HorizontalLayout', elements });
  const rule = (effect: string, path: string, schema: object): object => ({ rule: { effect, condition: { scope: `#/properties/${path.replaceAll('/', '/properties/')}`, schema } } });
  const house = object({ street: word, city: { type: 'string', minLength: 3 }, zip: { type: 'string', maxLength: 6 } }, { required: ['city'] });
  const page = (label: string, ...elements: object[]): object => ({ type: 'Category', label, elements });
  // As in the examples of JSON Forms: names for titles, answers that fit, and the pointers of what is wrong.
  const works: [string, object, object | undefined, Answers, string[]][] = [
    ['a person', object({ name: { type: 'string', minLength: 3, description: 'Your name' }, born: { type: 'string', format: 'date' }, more: object({ age: number, height: { type: 'number', default: 1.7 } }, { required: ['age'] }) }, { required: ['more'] }), column(row(control('name'), control('more/age'), control('born')), { type: 'Label', text: 'And' }, row(control('more/height'))), { name: 'Bo Bos', more: { age: 9, height: 1.4 } }, []],
    ['what is wrong in a group', object({ address: house }, { required: ['address'] }), column(control('address/zip'), control('address/city')), { address: { city: 'Ee', zip: '9131 KB' } }, ['/address/zip', '/address/city']],
    ['categories with rules', object({ name: word, moves: yes, address: house, food: object({ kind: { type: 'string', enum: ['Tomato', 'Other'] }, other: word }) }), { type: 'Categorization', options: { variant: 'stepper', showNavButtons: true }, elements: [page('Basic', row(control('name'), control('moves'))), { ...page('Address', row(control('address/street'), control('address/city')), control('address/zip')), ...rule('SHOW', 'moves', { const: true }) }, page('Food', control('food/kind'), control('food/other', rule('SHOW', 'food/kind', { const: 'Other' })))] }, { name: 'Bo', moves: true, address: { city: 'Urk' }, food: { kind: 'Other', other: 'Kale' } }, []],
    ['a group with its own layout', object({ user: object({ name: word, mail: { type: 'string', format: 'email' } }), state: word }), column(control('state'), control('user', { ...rule('HIDE', 'state', { enum: ['DC', 'NY'] }), options: { detail: { type: 'Group', label: 'User', elements: [control('mail'), control('name')] } } })), { state: 'MD', user: { name: 'Bo', mail: 'bo@example.org' } }, []],
    ['rows with a layout', object({ comments: list(object({ message: word, author: object({ name: word }), enabled: yes })) }), column(control('comments', { options: { detail: column(control('author/name', rule('ENABLE', 'enabled', { const: true })), control('message'), control('enabled', { options: { toggle: true } })), elementLabelProp: 'message', restrict: true } })), { comments: [{ message: 'Hi', author: { name: 'Bo' }, enabled: true }] }, []],
    ['rows in rows without a layout', object({ groups: list(object({ name: word, choices: list(word) })) }), undefined, { groups: [{ name: 'A', choices: ['x', 'y'] }] }, []],
    ['one of several groups', object({ contact: { oneOf: [object({ phone: word }, { title: 'Phone', required: ['phone'] }), object({ street: word, city: word }, { title: 'Post', required: ['city'] })] } }), column(control('contact')), { contact: { city: 'Urk' } }, []],
    ['parts by name', { ...object({ home: { $ref: '#/definitions/house' }, tags: { type: 'array', uniqueItems: true, items: { type: 'string', enum: ['a', 'b'] } } }), definitions: { house } }, column({ type: 'Group', label: 'Home', elements: [control('home/city')] }, control('tags'), control('home/street'), control('home/zip')), { home: { city: 'Urk' }, tags: ['b'] }, []],
    ['options that change nothing here', object({ long: word, short: { type: 'string', maxLength: 5 } }, { required: ['short'] }), column(control('long', { options: { multi: true, showUnfocusedDescription: true } }), control('short', { label: { text: 'Short', show: true }, options: { restrict: true, hideRequiredAsterisk: true } })), { long: 'a', short: 'b' }, []],
    ['if and then', { ...object({ dead: yes, kind: { type: 'string', enum: ['ghost', 'ghoul'] } }), if: { properties: { dead: { const: true } }, required: ['dead'] }, then: { required: ['kind'] } }, column({ type: 'Group', elements: [control('dead'), control('kind')] }), { dead: true }, ['/kind']]
  ];
  for (const [name, schema, uischema, answers, wrong] of works) {
    const definition = define(schema, uischema === undefined ? {} : { uischema });
    t.strictSame(codes(definition), [], name);
    const form = compileForm(definition, { t: texts });
    const found = check(form, answers);
    t.strictSame([found.answers, found.problems.map(({ pointer }) => pointer)], [answers, wrong], name);
    t.strictSame(decode(form, encode(form, answers)), answers, name);
  }
  const one = object({ a: number, address: house, rows: list(object({ name: word })) });
  const refused: [object, string][] = [
    [control('a', { options: { slider: true } }), 'otherLook slider'], [control('a', { i18n: 'a' }), 'otherLook i18n'], [control('a', { options: { sldier: true } }), 'unknownKeyword sldier'],
    [control('rows/items'), 'noGroup #/properties/rows/properties/items'], [control('address/state'), 'unknownScope #/properties/address/properties/state'], [{ type: 'Control', scope: '#' }, 'noScope #'],
    [control('a', { rule: { effect: 'SHOW', condition: { scope: '#' } } }), 'missingKeyword schema'], [control('a', rule('SHOW', 'address/city', { pattern: '^U' })), 'unfitInRule pattern'], [{ type: 'Button', label: 'Send' }, 'notOneOf Button']
  ];
  for (const [element, code] of refused) t.has(codes(define(one, { uischema: column(element, control('a'), control('address'), control('rows')) })), [code], code);
});

t.test('what depends on an answer is asked and required once it is there', async (t) => {
  const form = compile({
    properties: { naam: text('Naam?'), plaats: text('Plaats?'), kaart: text('Kaart?') },
    dependentRequired: { naam: ['plaats'] }, dependentSchemas: { plaats: { properties: { straat: text('Straat?') }, required: ['straat'] } },
    dependencies: { kaart: ['naam'], straat: { properties: { nummer: text('Nummer?') } } }
  });
  t.strictSame(problems(form, {}), []);
  t.strictSame(problems(form, { naam: 'x' }), ['/plaats Beantwoord de vraag “Plaats?”.']);
  t.strictSame(problems(form, { kaart: 'x' }), ['/naam Beantwoord de vraag “Naam?”.']);
  t.strictSame(problems(form, { plaats: 'x' }), ['/straat Beantwoord de vraag “Straat?”.']);
  t.strictSame(check(form, { straat: 'x', nummer: '1' }).answers, {}, 'hidden because hidden');
  t.strictSame(check(form, { plaats: 'p', straat: 'x', nummer: '1' }).answers, { plaats: 'p', straat: 'x', nummer: '1' });
});

t.test('allOf, definitions and a choice with null are one question', async (t) => {
  const form = define({
    definitions: { kort: { type: 'string', maxLength: 9 }, mens: { type: 'object', required: ['naam'], properties: { naam: text('Naam?') } } },
    properties: {
      a: { title: 'A?', allOf: [{ $ref: '#/definitions/kort' }, { minLength: 2, maxLength: 20 }] },
      b: { title: 'B?', anyOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] },
      c: { title: 'C?', allOf: [{ $ref: '#/definitions/mens' }, { properties: { leeftijd: { type: 'integer', title: 'Leeftijd?' } } }] },
      d: { title: 'D?', anyOf: [{ const: 'x', title: 'Iks' }, { const: 'y', title: 'Grieks' }] },
      e: { title: 'E?', enum: ['p', 'q'] }
    },
    allOf: [{ properties: { f: text('F?') } }, { if: { properties: { e: { const: 'p' } }, required: ['e'] }, then: { properties: { g: text('G?') } } }]
  });
  t.match(fieldsOf(form), { a: { type: 'string', minLength: 2, maxLength: 9 }, b: { type: ['string', 'null'], maxLength: 5 }, d: { type: 'string' }, e: { type: 'string' }, f: {}, g: { when: { e: 'p' } } });
  const compiled = compileForm(form, { t: texts });
  t.strictSame(problems(compiled, { a: 'x', b: null, c: {}, d: 'y', e: 'p', g: 'x' }), ['/a Schrijf iets meer bij “A?”: ten minste 2 tekens.', '/c/naam Beantwoord de vraag “Naam?”.']);
  t.strictSame(problems(compiled, { d: 'z', b: 'te lang' }), ['/b Controleer uw antwoord bij “B?”.', '/d Kies een van de antwoorden bij “D?”.']);
  t.strictSame(check(compiled, { e: 'q', g: 'x' }).answers, { e: 'q' });
});

t.test('answers that must go together are told once, and their branches say nothing of their own', async (t) => {
  const form = compile({
    properties: { tel: text('Telefoon?'), mail: text('E-mail?'), a: { type: 'integer', title: 'A?', not: { const: 3 } }, lijst: { type: 'array', title: 'Lijst?', contains: { const: 'x' }, minContains: 1, maxContains: 1, items: { type: 'string' } } },
    anyOf: [{ required: ['tel'] }, { required: ['mail'] }], minProperties: 1, maxProperties: 3
  });
  t.strictSame(problems(form, { a: 1 }), [' Controleer uw antwoorden. Ze passen zo niet bij elkaar.']);
  t.strictSame(problems(form, { tel: '1', a: 3 }), ['/a Controleer uw antwoord bij “A?”.']);
  t.strictSame(problems(form, { tel: '1', lijst: ['y'] }), ['/lijst Controleer uw antwoord bij “Lijst?”.']);
  t.strictSame(problems(form, { tel: '1', mail: 'x', lijst: ['x'] }), []);
  t.strictSame(problems(form, { tel: '1', mail: 'x', a: 1, lijst: ['x'] }), [' Controleer uw antwoorden. Ze passen zo niet bij elkaar.']);
  const own = compile({ properties: { tel: text('Telefoon?') }, minProperties: 1, 'x-messages': { '': { minProperties: 'Vul ten minste één vraag in.' } } });
  t.strictSame(problems(own, {}), [' Vul ten minste één vraag in.']);
  t.equal(formView(own, { pairs: [], problems: check(own, {}).problems, references, now }).problems[0]?.href, '#v/tel');
});

t.test('parts that name each other many times are worked out in little time', async () => {
  const parts = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`p${String(index)}`, { allOf: [{ $ref: `#/$defs/p${String(index + 1)}` }, { $ref: `#/$defs/p${String(index + 1)}` }] }]));
  const form = define({ $defs: { ...parts, p30: { type: 'string', maxLength: 5 } }, properties: { a: { $ref: '#/$defs/p0', title: 'A?' } } });
  const began = process.hrtime.bigint();
  deepStrictEqual(fieldsOf(form)['a']?.maxLength, 5);
  ok(process.hrtime.bigint() - began < 1_000_000_000n);
});

/** A field with the answers it can be given, as they are kept. */
type Made = { field: object; value: fc.Arbitrary<Json> };

const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((typed) => typed.replace(/\s+/g, ' ').trim()).filter((typed) => typed !== '');
const day = fc.date({ min: new Date('1950-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const leaves: Made[] = [
  { field: text('Tekst?'), value: line },
  { field: { type: ['string', 'null'], maxLength: 20, title: 'Of niets?' }, value: line },
  { field: { type: 'string', title: 'Lang?' }, value: fc.tuple(line, line).map((lines) => lines.join('\n')) },
  { field: { type: 'number', title: 'Getal?' }, value: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)) },
  { field: { type: 'integer', title: 'Hoe vaak?' }, value: fc.integer() },
  { field: { type: 'boolean', title: 'Klopt het?' }, value: fc.boolean() },
  { field: { type: 'string', format: 'date', title: 'Welke dag?' }, value: day },
  { field: { type: 'string', format: 'date-time', title: 'Welk moment?' }, value: day.map((one) => `${one}T10:45:00.000Z`) },
  { field: { type: 'string', format: 'time', title: 'Hoe laat?' }, value: fc.constantFrom('00:05', '14:30') },
  { field: { title: 'Welke?', enum: ['x', 3, true, { deel: 1 }], type: 'string' }, value: fc.constant('x') },
  { field: { title: 'Wat?', anyOf: [{ const: 1, title: 'Een' }, { const: 2, title: 'Twee' }] }, value: fc.constantFrom(1, 2) },
  { field: { type: 'array', uniqueItems: true, title: 'Welke allemaal?', items: { enum: ['p', 'q', 'r'] } }, value: fc.subarray(['p', 'q', 'r'], { minLength: 1 }) },
  { field: { type: 'array', title: 'Welke woorden?', items: { type: 'string' } }, value: fc.array(line, { minLength: 1, maxLength: 3 }) }
];
const { holder } = fc.letrec<{ made: Made; holder: Made }>((tie) => {
  const list = (item: Made): Made => ({ field: { type: 'array', title: 'Lijst?', items: item.field }, value: fc.array(item.value, { minLength: 1, maxLength: 3 }) });
  const choice = (one: Made, other: Made): Made => ({
    field: { title: 'Welke van de twee?', oneOf: [one, other].map(({ field }, index) => ({ title: `Keuze ${String(index)}`, required: ['k'], properties: { k: { const: `k${String(index)}` }, v: field } })) },
    value: fc.oneof(...[one, other].map(({ value }, index) => value.map((v): Json => ({ k: `k${String(index)}`, v }))))
  });
  return {
    made: fc.oneof({ maxDepth: 3 }, fc.constantFrom(...leaves), tie('made').filter(({ field }) => !('enum' in field) && !('anyOf' in field)).map(list), tie('holder'), fc.tuple(tie('made'), tie('made')).map(([one, other]) => choice(one, other))),
    holder: fc.tuple(tie('made'), tie('made'), tie('made')).map(([a, b, c]): Made => ({
      // What c asks is only asked while s is x.
      field: { type: 'object', title: 'Samen?', properties: { s: { title: 'S?', enum: ['x', 'y'] }, a: a.field, b: b.field }, if: { properties: { s: { const: 'x' } }, required: ['s'] }, then: { properties: { c: c.field } } },
      value: (fc.record({ s: fc.constantFrom('x', 'y'), a: a.value, b: b.value, c: c.value }, { requiredKeys: ['s'], noNullPrototype: true }))
    }))
  };
});

t.test('whatever the schema: a post reads back as what was kept, hidden answers are never kept, and JSON gives the same', async () => {
  fc.assert(fc.property(holder.chain(({ field, value }) => value.map((answers) => ({ field, answers: answers as Answers }))), ({ field, answers }) => {
    const form = compile(field);
    const sent = check(form, answers);
    const posted = decode(form, encode(form, answers));
    const { answers: kept, problems: told } = check(form, posted);
    deepStrictEqual([kept, told], [sent.answers, sent.problems]);
    deepStrictEqual(decode(form, encode(form, sent.answers)), sent.answers);
    deepStrictEqual(hiddenIn(sent.answers), []);
    deepStrictEqual(sent.problems, []);
    ok(printAnswers(form, sent.answers, { references, now }).every(({ label }) => label !== ''));
  }), { numRuns: 150 });
});

/** The answers to a question that is only asked while s is x, where it is not. */
function hiddenIn(value: Json): Json[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(hiddenIn);
  const own = value['s'] !== undefined && value['s'] !== 'x' && value['c'] !== undefined ? [value['c']] : [];
  return [...own, ...Object.values(value).flatMap(hiddenIn)];
}

t.test('every keyword works in the browser without JavaScript, and is printed', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'keywords') });
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  const { story } = await startCase(site, smit, 'melding', { naam: 'Proef' }, { naam: 'Proef' });
  const empty = await story.fillIn(smit, 'alles', {});
  t.equal(empty.status, 422);
  for (const said of ['Kies waarover het gaat.', 'Vul de dag en de tijd in.', 'Voeg bij “Welke bedragen zijn betaald?” ten minste één bedrag toe.', 'Vink aan: “Ik heb alles gelezen”.', 'Vul in hoeveel het kost, of hoe zeker het is.']) t.ok(empty.text.includes(said), said);
  t.match(empty.text, /Stand nieuw/, 'what is read only is shown');
  t.match(empty.html, /value="hallo"/, 'a new record starts with the default');
  const right: Answers = {
    soort: 'anders', welke: 'Een bezoek', plaats: 'Delfzijl', vervoer: 'bus', moment: '2026-03-18T13:30:00.000Z', sinds: '2025', bedrag: 12.5, wel: 2, bijnaam: 'Del',
    bereik: { weg: 'post', straat: 'Kerkstraat 1', namen: [{ naam: 'Oma', leeftijd: 70 }] }, contact: { naam: 'Jan', mail: 'jan@proef.example' },
    mensen: [{ naam: 'Piet', leeftijd: 40 }, { naam: 'Sem', leeftijd: 8 }], getallen: [2.5, 10], dagen: ['2026-03-18', '2026-03-19'], keuzes: ['dan', 'eerst', 'dan'],
    groepen: [['Ali', 'Bo'], ['Cas']], vakken: ['taal'], regels: ['Op tijd', 'Samen'], code: 'geheim-7', begin: 'dag', akkoord: true
  };
  const wrong = await story.fillIn(smit, 'alles', {
    ...right, plaats: 'Nergens', bedrag: 0.07, bereik: { weg: 'tel', nummer: '12' }, contact: { mail: 'jan@proef.example' }, mensen: [{ naam: 'Sem', leeftijd: 8 }], getallen: [3, 3], akkoord: false
  });
  t.equal(wrong.status, 422);
  for (const said of [
    'Controleer uw antwoord bij “Welke plaats?”.', 'Vul bij “Hoeveel kost het?”', 'Controleer hoe u “Welk nummer?” hebt geschreven. Tien cijfers.', 'Zet er ten minste één volwassene bij.', 'Vink aan: “Ik heb alles gelezen”.'
  ]) t.ok(wrong.text.includes(said), said);
  t.match(wrong.html, /value="0,07"/, 'a decimal has a comma, and what is wrong stays');
  const checked = await story.fillIn(smit, 'alles', right);
  t.ok(checked.path.endsWith('/check'), checked.text.slice(0, 1500));
  const shown = ['Een bezoek', 'bus', 'woensdag 18 maart 2026 om 14.30 uur', '2025', '12,5', 'Misschien', 'Per post', 'Kerkstraat 1', 'Oma', '70', 'Piet', '2,5', 'donderdag 19 maart 2026', 'Ali', 'Cas', 'taal', 'Op tijd', 'Ingevuld; dit antwoord wordt niet getoond.'];
  t.strictSame(shown.filter((one) => !checked.text.includes(one)), [], 'on the page that checks');
  t.notMatch(checked.html, /geheim-7/);
  const after = await story.handIn(smit, 'alles', right);
  const record = after.links.find(({ href }) => href.includes('/records/') && href.endsWith('/2'))?.href ?? '';
  const page = await smit.get(record);
  t.strictSame(shown.filter((one) => !page.text.includes(one)), [], 'on the page of the record');
  t.notMatch(page.html, /geheim-7/);
  const paper = await smit.get(`/cases/${story.number}/documents/verslag`);
  t.strictSame(['Een bezoek', 'Misschien', 'Kerkstraat 1', 'Telefoon: niet ingevuld', 'Piet (40)', '12,5', 'Ali', 'Op tijd'].filter((one) => !paper.text.includes(one)), [], 'in a document');
  t.notMatch(paper.html, /geheim-7/);
});

t.test('a post that is too large or too deep is refused with a sentence', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'keywords') });
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  const { story } = await startCase(site, smit, 'melding', { naam: 'Proef' }, { naam: 'Proef' });
  const page = await smit.get(`/cases/${story.number}/tasks/alles`);
  for (const names of [Array.from({ length: 2_001 }, (_, index) => `/x${String(index)}`), [`/a${'/b'.repeat(13)}`], ['/mensen/10000/naam'], Array.from({ length: 201 }, (_, index) => `/mensen/${String(index)}/naam`)]) {
    const refused = await page.submit(Object.fromEntries(names.map((name) => [name, 'x'])));
    t.strictSame([refused.status, refused.text.includes('Dit is te veel tegelijk')], [413, true]);
  }
});
