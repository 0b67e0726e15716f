import { deepStrictEqual, ok } from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import t from 'tap';
import type { Answers } from '../src/definitions/bundle.ts';
import type { Field, FormDefinition } from '../src/definitions/form.types.ts';
import { fieldsOf } from '../src/definitions/lookup.ts';
import { conditionOfSchema } from '../src/definitions/schema-condition.ts';
import { readCondition } from '../src/engine/condition-tree.ts';
import { answersContext, holds } from '../src/engine/conditions.ts';
import { makeZone } from '../src/engine/zone.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import type { CheckedForm, CompiledForm } from '../src/forms/form-types.ts';
import { formView } from '../src/forms/form-view.ts';
import { references } from './fixtures/every-control.ts';
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
    fc.array(tie('whole'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })), fc.array(tie('whole'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf }))
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
