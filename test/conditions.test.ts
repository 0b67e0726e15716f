import fc from 'fast-check';
import t from 'tap';
import type { Answers, Json } from '../src/definitions/bundle.ts';
import { caseContext } from '../src/engine/model/case-context.ts';
import { conditionText } from '../src/engine/reading/condition-text.ts';
import { readCondition } from '../src/engine/conditions/condition-tree.ts';
import { answersContext, areMissing, holds, unmetLeaves } from '../src/engine/conditions/conditions.ts';
import { conditionReasons } from '../src/engine/reading/reasons.ts';
import { makeZone } from '../src/engine/time/zone.ts';
import { begin, choice, coordinator, director, noon, smallRoute, submit } from './fixtures/small-route.ts';

const zone = makeZone('Europe/Amsterdam');
const isTrue = (condition: unknown, answers: Answers, now = noon): boolean => holds(readCondition(condition), answersContext(answers, now, zone));

const model = smallRoute({
  subject: 'kind',
  facts: { zorg: { gesprek: { some: { uitkomst: 'zorg' } } }, rond: { 'facts.rond': true } },
  tasks: { gesprek: { form: 'gesprek', title: 'Praat met de ouder', repeat: true }, samenvatting: { form: 'samenvatting', title: 'Vat samen' } }
}, {
  kind: { naam: { type: 'string', title: 'Hoe heet het kind?', 'x-name': 'de naam van het kind' } },
  gesprek: { datum: { type: 'string', format: 'date', title: 'Wanneer?', 'x-date': true }, uitkomst: choice('zorg', 'goed'), wie: { type: 'string', title: 'Wie waren erbij?' } },
  samenvatting: { ernst: choice('laag', 'hoog'), zeker: { type: 'boolean', title: 'Is het zeker?' } }
});
const sentence = (condition: unknown): string => conditionText(model, readCondition(condition));
const reasonsIn = (played: ReturnType<typeof begin>, condition: unknown): string[] =>
  conditionReasons(caseContext(model, played.state, noon, coordinator), readCondition(condition)).map(({ text }) => text);

t.test('semantics 11: a missing answer makes equality false and not true', async (t) => {
  t.notOk(isTrue({ a: 'ja' }, {}));
  t.notOk(isTrue({ a: ['ja', 'nee'] }, {}));
  t.ok(isTrue({ a: { not: 'ja' } }, {}));
  t.ok(isTrue({ ingetrokkenOp: { not: { onOrBefore: '2026-03-18' } } }, {}));
  t.notOk(isTrue({ a: { field: 'b' } }, {}), 'two missing answers are not the same answer');
  for (const test of [{ atLeast: 0 }, { atMost: 9 }, { onOrAfter: '2000-01-01' }, { onOrBefore: '2100-01-01' }, { olderThan: { days: 0 } }, { weekday: [1, 2, 3, 4, 5, 6, 7] }, { age: { atLeast: 0 } }]) {
    t.notOk(isTrue({ a: test }, {}), JSON.stringify(test));
  }
});

t.test('semantics 11: false is an answer, an empty list and an empty text are not', async (t) => {
  t.ok(isTrue({ a: { answered: true } }, { a: false }));
  t.ok(isTrue({ a: { answered: true } }, { a: 0 }));
  t.notOk(isTrue({ a: { answered: true } }, { a: [] }));
  t.notOk(isTrue({ a: { answered: true } }, { a: '' }));
  t.ok(isTrue({ a: { answered: false } }, {}));
});

t.test('semantics 11: every over nothing is false, none over nothing is true, count of missing is 0', async (t) => {
  for (const answers of [{}, { rij: [] }]) {
    t.notOk(isTrue({ rij: { every: { naam: { answered: true } } } }, answers));
    t.notOk(isTrue({ rij: { some: { naam: { not: 'x' } } } }, answers));
    t.notOk(isTrue({ rij: { last: { naam: { not: 'x' } } } }, answers));
    t.ok(isTrue({ rij: { none: { naam: 'x' } } }, answers));
    t.ok(isTrue({ rij: { count: 0 } }, answers));
    t.ok(isTrue({ rij: { count: { atMost: 0 } } }, answers));
  }
  t.ok(isTrue({ rij: { count: { atLeast: 2 } } }, { rij: [{}, {}] }));
  t.ok(isTrue({ rij: { every: { naam: ['a', 'b'] } } }, { rij: [{ naam: 'a' }, { naam: 'b' }] }));
  t.ok(isTrue({ rij: { some: 'b' } }, { rij: ['a', 'b'] }));
});

t.test('semantics 11: last is by the date of the form, then by the order of entering', async (t) => {
  const played = submit(submit(submit(begin(model), 'gesprek', { datum: '2026-03-10', uitkomst: 'zorg' }), 'gesprek', { datum: '2026-03-17', uitkomst: 'goed' }), 'gesprek', { datum: '2026-03-12', uitkomst: 'zorg' });
  const last = (uitkomst: string): string[] => reasonsIn(played, { gesprek: { last: { uitkomst } } });
  t.same(last('goed'), []);
  t.same(last('zorg').length, 1);
  submit(played, 'gesprek', { datum: '2026-03-17', uitkomst: 'zorg' });
  t.same(last('zorg'), [], 'of two on the same day the one entered last');
});

t.test('semantics 11: a day against a moment compares calendar days at the school', async (t) => {
  const lateEvening = '2026-03-17T23:30:00.000Z';
  t.ok(isTrue({ op: '2026-03-18' }, { op: lateEvening }), 'half past midnight in Amsterdam');
  t.ok(isTrue({ op: { onOrAfter: '2026-03-18' } }, { op: lateEvening }));
  t.ok(isTrue({ op: { onOrBefore: { field: 'ander' } } }, { op: '2026-03-18', ander: lateEvening }));
  t.notOk(isTrue({ op: { onOrBefore: '2026-03-17' } }, { op: lateEvening }));
  t.ok(isTrue({ op: { onOrBefore: '2026-03-17T23:30:00.000Z' } }, { op: '2026-03-17T23:29:59.000Z' }), 'two moments compare as moments');
});

t.test('semantics 11: answers with numbers compare as text, a list against a value never holds', async (t) => {
  t.ok(isTrue({ a: 3 }, { a: '3' }));
  t.ok(isTrue({ a: ['2', '3'] }, { a: 3 }));
  t.notOk(isTrue({ a: true }, { a: 'true' }));
  t.notOk(isTrue({ a: 'x' }, { a: ['x'] }), 'use some');
  t.ok(isTrue({ a: { atLeast: 3 } }, { a: '3' }));
});

t.test('tests of dates read terms, days of the week and ages', async (t) => {
  t.ok(isTrue({ a: { olderThan: { days: 7 } } }, { a: '2026-03-10' }));
  t.notOk(isTrue({ a: { olderThan: { days: 8 } } }, { a: '2026-03-10' }), 'a term lasts to the end of its day');
  t.ok(isTrue({ a: { weekday: ['wednesday'] } }, { a: '2026-03-18' }));
  t.notOk(isTrue({ a: { weekday: [6, 7] } }, { a: '2026-03-18' }));
  t.ok(isTrue({ geboren: { age: { atLeast: 12, on: 'datum' } } }, { geboren: '2014-03-18', datum: '2026-03-18' }));
  t.notOk(isTrue({ geboren: { age: { atLeast: 12, on: 'datum' } } }, { geboren: '2014-03-19', datum: '2026-03-18' }));
  t.ok(isTrue({ geboren: { age: { atMost: 11 } } }, { geboren: '2014-03-19' }), 'today when no other day is named');
});

t.test('inside a row a bare name is a field of the row, reserved words and tasks stay those of the case', async (t) => {
  const rows = { rij: [{ op: '2026-03-01' }, { op: '2026-03-20' }], grens: '2026-03-10' };
  t.notOk(isTrue({ rij: { every: { op: { onOrBefore: { field: 'grens' } } } } }, rows), 'an operand names a field of the row too');
  const played = submit(begin(model), 'gesprek', { datum: '2026-03-10', uitkomst: 'zorg', wie: 'hoog' });
  submit(played, 'samenvatting', { ernst: 'hoog' });
  t.same(reasonsIn(played, { gesprek: { some: { wie: { field: 'samenvatting.ernst' } } } }), []);
  t.same(reasonsIn(played, { gesprek: { some: { 'facts.zorg': true } } }), []);
});

t.test('evaluating is total: random conditions on random answers give true or false, and explain exactly when false', async (t) => {
  const word = fc.constantFrom('a', 'b', 'rij', 'this', 'for', 'facts', 'facts.rond', 'steps.een', 'tasks.gesprek', 'not', 'some', 'every', 'count', 'age', 'olderThan', 'field', 'all', 'any', 'none', '__proto__', 'constructor');
  const value = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Json>(null, true, false, '', 'x', '2026-02-30', '2026-03-18', '2026-03-18T10:30:00Z', '9999-12-31', 0, -1, 1e308),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(word, tie('json'), { maxKeys: 3 })
    )
  })).json;
  const context = caseContext(model, begin(model).state, noon, coordinator);
  t.doesNotThrow(() => { fc.assert(fc.property(value, fc.dictionary(word, value, { maxKeys: 4 }), (condition, answers) => {
    const tree = readCondition(condition);
    const local = answersContext(answers, noon, zone);
    const inCase = context.reading(answers, answers);
    return [local, inCase].every((one) => holds(tree, one) === (unmetLeaves(tree, one).length === 0))
      && conditionText(model, tree).endsWith('.')
      && conditionReasons(inCase, tree).every(({ text }) => text.endsWith('.'));
  }), { numRuns: 2000, seed: 18 }); });
});

t.test('a fact that names itself ends, and holds for nobody', async (t) => {
  t.same(reasonsIn(begin(model), { 'facts.rond': true }).length, 1);
});

t.test('conditions deeper than any school writes never hold and never overflow', async (t) => {
  let deep: Json = { a: 'x' };
  for (let level = 0; level < 5000; level += 1) deep = { none: [deep] };
  t.equal(typeof isTrue(deep, {}), 'boolean');
});

t.test('a condition has a sentence in Dutch, with the titles of questions and answers', async (t) => {
  t.equal(sentence({ 'samenvatting.ernst': 'hoog' }), '‘Keuze’ bij ‘Vat samen’ is ‘Antwoord hoog’.');
  t.equal(sentence({ 'samenvatting.ernst': ['laag', 'hoog'] }), '‘Keuze’ bij ‘Vat samen’ is ‘Antwoord laag’ of ‘Antwoord hoog’.');
  t.equal(sentence({ 'samenvatting.zeker': { not: true } }), '‘Is het zeker?’ bij ‘Vat samen’ is niet ‘ja’.');
  t.equal(sentence({ 'facts.zorg': true }), 'Bij ‘Praat met de ouder’ staat minstens één keer: ‘Keuze’ is ‘Antwoord zorg’.');
  t.equal(sentence({ any: [{ 'steps.twee': 'reached' }, { 'tasks.samenvatting': 'settled' }] }), '‘Stap 2’ is begonnen of ‘Vat samen’ is afgehandeld.');
  t.equal(sentence({ gesprek: { count: { atLeast: 2 } }, samenvatting: { answered: true } }), 'Het aantal bij ‘Praat met de ouder’ is ten minste ‘2’ en ‘Vat samen’ is vastgelegd.');
});

t.test('every part that does not hold is explained, in file order and each once', async (t) => {
  const played = begin(model);
  t.same(reasonsIn(played, { 'samenvatting.ernst': 'hoog', 'samenvatting.zeker': true, gesprek: { some: { uitkomst: 'zorg' } } }), ['Doe eerst ‘Vat samen’.', 'Doe eerst ‘Praat met de ouder’.']);
  submit(played, 'samenvatting', { ernst: 'laag' });
  t.same(reasonsIn(played, { 'samenvatting.ernst': 'hoog', 'samenvatting.zeker': true }), [
    'Dit kan alleen als dit geldt: ‘Keuze’ bij ‘Vat samen’ is ‘Antwoord hoog’.',
    'Bij ‘Vat samen’ is de vraag ‘Is het zeker?’ nog niet beantwoord.'
  ]);
  t.same(reasonsIn(played, { 'kind.naam': { answered: true } }), ['Doe eerst ‘Formulier kind’.'], 'without a record of the subject, that first');
  t.same(reasonsIn(played, { none: [{ 'samenvatting.ernst': 'laag' }] }), ['Dit kan niet, want ‘Keuze’ bij ‘Vat samen’ is ‘Antwoord laag’.']);
  t.same(reasonsIn(played, { 'steps.twee': 'reached' }), ['Dit kan pas vanaf ‘Stap 2’.']);
});

t.test('of several ways the reason names them together, and never an answer in free text', async (t) => {
  const played = begin(model);
  t.same(reasonsIn(played, { any: [{ gesprek: { answered: true } }, { 'samenvatting.ernst': 'hoog' }] }), ['Doe eerst ‘Praat met de ouder’ of ‘Vat samen’.']);
  submit(played, 'samenvatting', { ernst: 'laag' });
  submit(played, 'gesprek', { uitkomst: 'goed', wie: 'Geheim Persoon' });
  const reasons = reasonsIn(played, { any: [{ gesprek: { some: { wie: 'niemand' } } }, { 'samenvatting.ernst': 'hoog' }] });
  t.same(reasons, ['Dit kan alleen als dit geldt: bij ‘Praat met de ouder’ staat minstens één keer: ‘Wie waren erbij?’ is ‘niemand’ of ‘Keuze’ bij ‘Vat samen’ is ‘Antwoord hoog’.']);
  t.notMatch(reasons.join(' '), /Geheim/);
});

t.test('what is missing may still come, what was answered otherwise is ruled out', async (t) => {
  const played = begin(model);
  const context = (): ReturnType<typeof caseContext> => caseContext(model, played.state, noon, coordinator);
  const tree = readCondition({ 'samenvatting.ernst': 'hoog' });
  t.ok(areMissing(unmetLeaves(tree, context())));
  submit(played, 'samenvatting', { ernst: 'laag' });
  t.notOk(areMissing(unmetLeaves(tree, context())));
});

t.test('inside a row another question of the record at hand is named by its title, not by its id', async (t) => {
  const form = model.tasks.get('samenvatting')?.form ?? null;
  const said = conditionText(model, readCondition({ gesprek: { some: { wie: { field: 'this.ernst' }, uitkomst: { field: 'samenvatting.ernst' } } } }), { form, row: null });
  t.equal(said, 'Bij ‘Praat met de ouder’ staat minstens één keer: ‘Wie waren erbij?’ is ‘Keuze’ en ‘Keuze’ is ‘Keuze’ bij ‘Vat samen’.');
});

t.test('what is kept with the records of a case is only what neither time nor who asks nor the rest of the case can change', async (t) => {
  const route = smallRoute({
    settings: { streng: { type: 'boolean', default: false, title: 'Streng?' } },
    facts: {
      zorg: { gesprek: { some: { uitkomst: 'zorg' } } }, geen: { gesprek: { count: { atMost: 0 } } },
      oud: { gesprek: { some: { datum: { olderThan: { days: 7 } } } } }, jong: { gesprek: { some: { datum: { age: { atMost: 0 } } } } },
      eigen: { gesprek: { some: { wie: { field: 'person.id' } } } }, voorNu: { gesprek: { some: { datum: { onOrBefore: { field: 'now' } } } } },
      gelijk: { gesprek: { some: { uitkomst: { field: 'samenvatting.ernst' } } } }, streng: { 'settings.streng': true }, open: { 'case.status': 'open' },
      gedaan: { 'tasks.samenvatting': 'done' }, stap: { 'steps.een': 'reached' }, ook: { 'facts.zorg': true }, in: { gesprek: { some: { 'steps.een': 'reached' } } }
    },
    tasks: { gesprek: { form: 'gesprek', title: 'Praat', repeat: true }, samenvatting: { form: 'samenvatting', title: 'Vat samen' } }
  }, { gesprek: { datum: { type: 'string', format: 'date', title: 'Wanneer?' }, uitkomst: choice('zorg', 'goed'), wie: { type: 'string', title: 'Wie?' } }, samenvatting: { ernst: choice('zorg', 'goed') } });
  t.same([...route.steadyFacts], ['zorg', 'geen']);
  const played = begin(route);
  // Of a few records nothing is kept.
  for (let count = 0; count < 15; count += 1) submit(played, 'gesprek', { datum: '2026-03-17', uitkomst: 'zorg', wie: coordinator.id });
  const holding = (now: string, person = coordinator, state = played.state, asked = route): string[] => {
    const context = caseContext(asked, state, now, person);
    return [...route.facts.keys()].filter((fact) => holds(readCondition({ [`facts.${fact}`]: true }), context));
  };
  t.same(holding(noon), ['zorg', 'jong', 'eigen', 'voorNu', 'open', 'stap', 'ook', 'in']);
  t.same(holding('2028-03-18T10:30:00.000Z', director, played.state, { ...route, settings: { streng: true } }), ['zorg', 'oud', 'voorNu', 'streng', 'open', 'stap', 'ook', 'in'], 'of the same state');
  const { state } = submit({ ...played }, 'samenvatting', { ernst: 'zorg' });
  t.same(holding(noon, coordinator, state), ['zorg', 'jong', 'eigen', 'voorNu', 'gelijk', 'open', 'gedaan', 'stap', 'ook', 'in']);
  t.same(holding(noon, coordinator, begin(route).state).filter((fact) => route.steadyFacts.has(fact)), ['geen']);
});
