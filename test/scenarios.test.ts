import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { checkContent } from '../src/documents/check-content.ts';
import { githubLines } from '../src/documents/report-problems.ts';
import { readTexts } from '../src/texts.ts';
import { projectRoot } from '../src/config.ts';
import { afterFile, smallContent } from './fixtures/mistakes.ts';

const translate = readTexts('nl');
const file = 'workflows/klein.scenarios.json';
type Parts = { [key: string]: unknown };

const begun = { title: 'Begin', when: [{ person: 'smit', open: 'melding', subject: { naam: 'Noor' }, answers: { wat: 'Kwam te laat.', soort: 'gewoon' } }], expect: { holds: { 'tasks.gesprek': 'open' } } };
const urgent = {
  title: 'Dringend', given: 'begin',
  when: [
    { day: 1, person: 'smit', submit: 'melding', answers: { wat: 'Kwam niet.', soort: 'dringend', datum: '@1' } },
    { person: 'smit', submit: 'gesprek', answers: { met: 'smit' } }
  ],
  expect: { fired: ['dringend'], holds: { 'facts.isDringend': true } }
};

/** What the check says of the small route with these scenarios; without what no scenario takes. */
function played(scenarios: Parts, around: Parts = {}): string[] {
  return allOf(scenarios, around).filter((line) => !line.includes('Ter info:')).map((line) => line.slice(file.length + 1));
}

function allOf(scenarios: Parts, around: Parts = {}): string[] {
  const all = { $schema: './.schemas/scenarios.json', workflow: 'klein', today: '2026-03-18', people: { smit: ['leraar'], vries: ['ib'] }, ...around, scenarios };
  return afterFile(file, JSON.stringify(all, null, 1));
}

t.test('everything that ships goes as its scenarios expect, and they take every transition, rule and event', async (t) => {
  const { problems, content } = checkContent(projectRoot, translate);
  t.strictSame(problems, []);
  const routes = content?.workflows.map(({ workflow }) => workflow.id) ?? [];
  const tried = routes.filter((id) => (JSON.parse(readFileSync(join(projectRoot, 'workflows', `${id}.scenarios.json`), 'utf8')) as Parts)['workflow'] === id);
  t.strictSame(tried, routes);
});

t.test('what goes as expected says nothing, and what none takes is told at its place in the route', async (t) => {
  t.strictSame(played({ begin: begun, dringend: urgent }), []);
  t.strictSame(allOf({ begin: begun, dringend: urgent }), [
    'workflows/klein.json:30:5: Ter info: In geen scenario houdt de regel "R1" iemand tegen.',
    'workflows/klein.json:37:9: Ter info: Geen scenario neemt de uitgang "verder".',
    'workflows/klein.json:45:9: Ter info: Geen scenario neemt de uitgang "helpen".',
    'workflows/klein.json:46:9: Ter info: Geen scenario neemt de uitgang "stoppen".'
  ]);
  t.strictSame(allOf({ begin: begun }).slice(-1), ['workflows/klein.json:51:5: Ter info: In geen scenario komt de gebeurtenis "dringend" voor.']);
  const problem = { code: 'x', severity: 'info', file: 'a.json', line: 1, column: 2, pointer: '', found: '', text: 'Zo.', sentence: { key: 'x', params: {} }, proposal: null } as const;
  t.strictSame(githubLines([problem], { nl: translate }), ['::notice file=a.json,line=1,col=2,title=x::a.json:1:2: Ter info: Zo.']);
});

t.test('an expectation that fails is told with what was found and what was expected', async (t) => {
  const after = (expect: Parts, more: Parts = {}): string[] => played({ begin: { ...begun, expect, ...more } }).map((line) => line.replace(/^\d+:\d+: /, ''));
  t.strictSame(played({ begin: { ...begun, expect: { holds: { 'tasks.gesprek': 'done' } } } }), ['31:23: Verwacht bij "tasks.gesprek": done. Gevonden: open.']);
  t.strictSame(after({ holds: { 'leerling.naam': 'Sem', melding: { count: 2 }, 'gesprek.met': { answered: true } } }), [
    'Verwacht bij "leerling.naam": Sem. Gevonden: Noor.',
    'Verwacht bij "melding": {"count":2}. Gevonden: [{"wat":"Kwam te laat.","soort":"gewoon"}].',
    'Verwacht bij "gesprek.met": {"answered":true}. Gevonden: -.'
  ]);
  t.strictSame(after({ holds: { any: [{ 'steps.kiezen': 'active' }] } }), ['Wat bij "any" staat, klopt niet aan het eind van dit scenario.']);
  t.strictSame(after({ outcome: 'klaar' }), ['Verwacht als afloop: klaar. Gevonden: -.']);
  t.strictSame(after({ fired: ['dringend'] }), ['Verwacht als gebeurtenis: dringend. Gevonden: -.']);
  t.strictSame(after({ told: ['melding'] }), ['Verwacht als herinnering of waarschuwing: melding. Gevonden: -.']);
  t.strictSame(after({ ways: { verder: 'open', stoppen: 'open' } }), [
    'Verwacht van de uitgang "verder": open. Gevonden: refused (Doe eerst ‘Gesprek’.).', 'Geen stap waarin de zaak nu is, heeft een uitgang "stoppen".'
  ]);
  t.strictSame(after({ due: { gesprek: '@1', melding: '@3' } }), ['Verwacht als uiterste dag van "gesprek": 2026-03-19. Gevonden: -.', 'Verwacht als uiterste dag van "melding": 2026-03-23. Gevonden: -.']);
  t.strictSame(after({ refused: ['gesprek'] }, { given: 'leeg' }).slice(0, 1), ['Het scenario "leeg" is er niet in dit bestand.']);
  const way = { title: 'Te vroeg', given: 'begin', when: [{ person: 'smit', take: 'verder' }] };
  t.strictSame(played({ begin: begun, weg: { ...way, expect: { refused: ['gesprek'], ways: { verder: 'refused' } } } }), []);
  t.strictSame(played({ begin: begun, weg: { ...way, expect: { refused: ['R1'] } } }), ['45:16: Verwacht: geweigerd om R1. Gevonden: gesprek.']);
  t.strictSame(played({ begin: begun, weg: { ...way, expect: { outcome: null } } }), ['39:5: Deze handeling wordt geweigerd (gesprek): Doe eerst ‘Gesprek’.']);
});

t.test('a scenario goes on from another one, with its own clock, and lets time pass', async (t) => {
  const rule = { title: 'R1', given: 'dringend', when: [{ day: 2, person: 'vries', take: 'verder' }], expect: { holds: { 'steps.kiezen': 'active', melding: { count: 3 } } } };
  t.strictSame(played({ gaVerder: rule, dringend: urgent, begin: begun }), [], 'in any order');
  t.strictSame(played({ begin: begun, dringend: urgent, eerder: { ...rule, when: [{ day: 0, person: 'vries', take: 'verder' }] } }), [
    '70:5: Deze handeling komt voor de vorige. Zet de handelingen op volgorde van tijd.'
  ]);
  t.strictSame(played({ begin: begun, later: { title: 'Later', given: 'begin', when: [{ day: 30 }, { time: '17:00' }], expect: { told: [], fired: [], outcome: null } } }), []);
  t.strictSame(played({ begin: { ...begun, given: 'anders' }, anders: { ...begun, given: 'begin' } }), [
    '34:13: Dit scenario gaat verder waar het zelf eindigt, ook langs andere scenario\'s. Begin ergens met handelingen.',
    '56:13: Dit scenario gaat verder waar het zelf eindigt, ook langs andere scenario\'s. Begin ergens met handelingen.'
  ]);
  t.strictSame(played({ begin: { ...begun, expect: { outcome: 'klaar' } }, dringend: urgent }).length, 1, 'what goes on from a scenario that fails is not played');
});

t.test('a scenario names only what its route has, and an act what the case has then', async (t) => {
  const wrong = (act: Parts): string[] => played({ begin: begun, x: { title: 'X', given: 'begin', when: [act], expect: { outcome: null } } }).map((line) => line.replace(/^\d+:\d+: /, ''));
  t.strictSame(wrong({ person: 'smid', submit: 'gesprek' }), ['De persoon "smid" staat niet bij "people" in dit bestand. Bedoelde u "smit"?']);
  t.strictSame(wrong({ person: 'smit', submit: 'gesprk' }), ['De taak "gesprk" is er niet in deze route. Bedoelde u "gesprek"?']);
  t.strictSame(wrong({ person: 'smit', submit: 'gesprek', answers: { feitn: 'x' } }), ['Het veld "feitn" is er niet in dit formulier. Bedoelde u "feiten"?']);
  t.strictSame(wrong({ submit: 'gesprek' }), ['Het sleutelwoord "person" ontbreekt.']);
  t.strictSame(wrong({ person: 'smit' }), ['Zeg bij elke handeling precies een ding: open, submit, update, take, waive, confirm, reopen.']);
  t.strictSame(wrong({ person: 'smit', take: 'stoppen' }), ['Geen stap waarin de zaak nu is, heeft een uitgang "stoppen".']);
  t.strictSame(wrong({ person: 'smit', update: 'gesprek', answers: {} }), ['Van de taak "gesprek" is er op dit moment geen vastlegging.']);
  t.strictSame(wrong({ person: 'smit', open: 'melding', answers: {} }), ['Deze zaak is al geopend. Alleen de eerste handeling heeft "open".']);
  t.strictSame(wrong({ person: 'vries', reopen: 'heropenen' }), ['"heropenen" staat niet bij "reopen" van deze route.']);
  t.strictSame(played({ begin: { ...begun, given: [{ day: 1 }], when: [{ person: 'smit', submit: 'gesprek' }] } }).map((line) => line.replace(/^\d+:\d+: /, '')), ['Een zaak begint met "open".']);
  const expecting = (expect: Parts, more: Parts = {}): string[] => played({ begin: { ...begun, expect, ...more } }).map((line) => line.replace(/^\d+:\d+: /, ''));
  t.strictSame(expecting({ holds: { 'tasks.gesprk': 'open' } }), ['De taak "gesprk" is er niet in deze route. Bedoelde u "gesprek"?']);
  t.strictSame(expecting({ outcome: 'klar', refused: ['R2'], ways: { verdr: 'open' }, fired: ['dringen'], told: ['kijkn'], due: { gesprek: 'morgen' } }), [
    'De afloop "klar" staat niet bij "outcomes" van deze route. Bedoelde u "klaar"?',
    '"R2" is geen regel, geen taak en geen andere reden om te weigeren. Bedoelde u "R1"?',
    'De uitgang "verdr" is er niet in deze route. Bedoelde u "verder"?',
    'De gebeurtenis "dringen" is er niet in deze route. Bedoelde u "dringend"?',
    'De taak "kijkn" is er niet in deze route. Bedoelde u "kijken"?',
    'De datum "morgen" bestaat niet of hoort eruit te zien als 2026-03-27.'
  ]);
  t.strictSame(expecting({ outcome: null }, { settings: { bellen: true } }), ['De instelling "bellen" staat niet bij "settings" van deze route.']);
  t.strictSame(played({ begin: begun }, { workflow: 'klen' }), ['3:14: De route "klen" is er niet in de map workflows. Bedoelde u "klein"?']);
});

t.test('the small content folder has no scenarios of its own, so nothing is said of what none takes', async (t) => {
  t.strictSame(checkContent(smallContent, translate).problems, []);
});
