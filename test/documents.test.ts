import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import type { DocumentContext } from '../src/documents/document-data.ts';
import { readDocument, UnfitMarkup } from '../src/documents/document-tree.ts';
import { caseContext } from '../src/engine/model/case-context.ts';
import { caseDocuments } from '../src/engine/reading/case-documents.ts';
import type { CaseState } from '../src/engine/state/case-state.ts';
import { playCommands } from '../src/engine/scenarios/play.ts';
import { prepare } from '../src/engine/model/prepare.ts';
import type { Answers } from '../src/definitions/bundle.ts';
import { checkTemplate, compileTemplate } from '../src/documents/gate.ts';
import { blockHelpers, helperNames } from '../src/documents/helpers.ts';
import { printHtml } from '../src/documents/print-html.ts';
import { checkDocument, renderDocument, type RenderedDocument } from '../src/documents/render-document.ts';
import { takeOut } from '../src/documents/disclosure-words.ts';
import { TemplateError } from '../src/documents/template-error.ts';
import { readTexts } from '../src/texts.ts';
import { makeDocumentMaker } from '../src/web/site/document-maker.ts';
import { makeBundle, makeState } from './fixtures/documents/bundle.ts';
import { cast, content, found, model, names, stateOf, today } from './fixtures/practice-school.ts';

const translate = readTexts('nl');
const context: DocumentContext = {
  school: { name: 'Basisschool De Proef', board: null }, number: '2026-014', madeOn: '2026-03-18T14:04:00.000Z', madeBy: 'A. de Vries',
  people: { smit: 'J. Smit' }, t: translate
};
const talk = { datum: '2026-03-18', tijd: '14:00', feiten: 'Eerste regel.\nTweede <script>alert(1)</script>', uitkomst: 'zorg', vormen: ['a', 'b'], getekend: false, deelnemers: [{ naam: 'M. Bakker' }] };

const codesOf = (source: string, partials: { [name: string]: string } = {}): string[] =>
  checkTemplate('documents/proef.hbs', source, partials, translate).map(({ code }) => code);
const render = (template: string, partials: { [name: string]: string } = {}, talks = [talk]): string =>
  renderDocument({ bundle: makeBundle(template, partials), state: makeState(talks), document: 'verslag', context }).html;
const errorOf = (action: () => unknown): TemplateError => {
  try {
    action();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
};

t.test('the gate refuses what could break out of a document', async (t) => {
  t.strictSame(codesOf('<p>{{{naam}}}</p>'), ['raw']);
  t.strictSame(codesOf('<p>{{&naam}}</p>'), ['raw']);
  t.strictSame(codesOf('<p>{{lookup this "naam"}}</p>'), ['unknownHelper']);
  t.strictSame(codesOf('<p>{{log naam}}</p>'), ['unknownHelper']);
  t.strictSame(codesOf('<p>{{log}}</p>'), ['helperAlone']);
  t.strictSame(codesOf('{{* inline naam}}'), ['decorator']);
  t.strictSame(codesOf('{{#*inline "deel"}}<p>x</p>{{/inline}}'), ['decorator']);
  t.strictSame(codesOf('{{> (lookup . "naam")}}'), ['dynamicPartial']);
  t.strictSame(codesOf('{{#> kop}}<p>x</p>{{/kop}}', { kop: '<p>x</p>' }), ['partialBlock']);
  t.strictSame(codesOf('<p>{{__proto__.naam}} {{constructor}} {{a.[constructor]}} {{toString}}</p>'), Array(4).fill('forbiddenName'));
  t.strictSame(codesOf('<p>{{@partial-block}}</p>'), ['unknownData']);
  t.strictSame(codesOf('{{#naam}}<p>x</p>{{/naam}}'), ['unknownBlock']);
  t.strictSame(codesOf('{{^naam}}<p>x</p>{{/naam}}'), ['unknownBlock']);
  t.strictSame(codesOf('<p>{{"naam"}}</p>'), []);
  t.throws(() => compileTemplate('proef', { type: 'Program', body: [] } as unknown as string, {}, translate), TypeError);
});

t.test('the gate refuses elements, attributes and places a document does not have', async (t) => {
  t.strictSame(codesOf('<script>alert(1)</script>'), ['unknownTag']);
  t.strictSame(codesOf('<h4>Over {{naam}} <strong>nu</strong>{{#if naam}} en later{{/if}}</h4><p>x</p>'), ['unknownTag'], 'one mistake, one finding');
  t.strictSame(codesOf('<h4>x<p>y</p>'), ['unknownTag', 'textPlace']);
  t.strictSame(codesOf('<p><a href="javascript:alert(1)">x</a></p>'), ['unknownTag']);
  t.strictSame(codesOf('<p onclick="x()">x</p>'), ['unknownAttribute']);
  t.strictSame(codesOf('<p style="color: red">x</p>'), ['unknownAttribute']);
  t.strictSame(codesOf('<p class="groot">x</p>'), ['badClass']);
  t.strictSame(codesOf('<p class="{{naam}}">x</p>'), ['badClass']);
  t.strictSame(codesOf('<p class=meta>x</p>'), ['brokenTag']);
  t.strictSame(codesOf('<figure><img src="{{naam}}" alt="x"></figure>'), ['badAttribute']);
  t.strictSame(codesOf('<figure><img src="javascript:alert(1)" alt="x"></figure>'), ['badAttribute']);
  t.strictSame(codesOf('<figure><img src="//elders.example/x.png" alt="x"></figure>'), ['badAttribute']);
  for (const src of ['/logo.png', 'partials/logo.png', '../logo.png', 'logo.svg', 'data:image/png;base64,x']) t.strictSame(codesOf(`<figure><img src="${src}" alt="Logo"></figure>`), ['badAttribute'], src);
  t.strictSame(codesOf('<figure><img src="logo.png" alt="Logo van {{naam}}"></figure>'), []);
  t.strictSame(codesOf('<p><img src="logo.png" alt="Logo"></p>'), ['tagPlace']);
  for (const alt of ['', ' alt=""', ' alt=" "']) t.strictSame(codesOf(`<figure><img src="logo.png"${alt}></figure>`), ['noAlt'], alt);
  t.match(checkTemplate('documents/proef.hbs', '<p>x</p>\n<figure><img src="lgo.png" alt="Logo"></figure>', {}, translate, ['logo.png']), [{ code: 'unknownPicture', file: 'documents/proef.hbs', line: 2, column: 9, proposal: 'logo.png' }]);
  t.strictSame(codesOf('<!-- x --><p>x</p>'), ['comment']);
  t.strictSame(codesOf('<p>{{#if naam}}</p><p>{{/if}}</p>'), ['closedElsewhere', 'tagPlace', 'notClosed']);
  t.strictSame(codesOf('<p>x'), ['notClosed']);
  t.strictSame(codesOf('los'), ['textPlace']);
  t.strictSame(codesOf('{{naam}}'), ['valuePlace']);
  t.strictSame(codesOf('<table><tr><td>x</td></tr></table>'), ['tagPlace']);
  t.strictSame(codesOf('<table><tbody>{{#each taken}}<tr><td colspan="2" class="sign">{{naam}}</td></tr>{{/each}}</tbody></table>'), []);
  t.strictSame(codesOf('<p>1 < 2 & 3 &amp; 4</p>'), ['looseSign', 'ampersand']);
});

t.test('the gate refuses what is too large, too deep or endless', async (t) => {
  t.strictSame(codesOf('<p>x</p>'.repeat(10_000)), ['tooLarge']);
  t.strictSame(codesOf('{{#if a}}'.repeat(3000) + '{{/if}}'.repeat(3000)), ['tooManyNodes']);
  t.strictSame(codesOf('{{#if a}}'.repeat(21) + '{{/if}}'.repeat(21)), ['tooDeep']);
  t.strictSame(codesOf('<p>{{is a b c d e f g h i j k l m n o p q r s t u v w x y z}}</p>'.repeat(90)), ['tooManyNodes']);
  t.strictSame(codesOf('{{> kop}}', { kop: '{{> voet}}', voet: '{{> kop}}' }), ['partialCircle']);
  const loops = '{{#each taken.gesprek}}'.concat('{{#each antwoorden.deelnemers.rijen}}{{#each @root.taken.gesprek}}{{#each antwoorden.deelnemers.rijen}}<p>x</p>{{/each}}{{/each}}{{/each}}{{/each}}');
  const many = { ...talk, deelnemers: Array.from({ length: 40 }, () => ({ naam: 'x' })) };
  t.match(errorOf(() => render(loops, {}, Array.from({ length: 40 }, () => many))).message, /te lang/);
});

t.test('a problem names file, line, column and what was probably meant', async (t) => {
  const [problem] = checkTemplate('documents/proef.hbs', '<h1>Verslag</h1>\n<p>{{naam}}</p>\n  <sectie></sectie>\n', {}, translate);
  t.match(problem, { file: 'documents/proef.hbs', line: 3, column: 3, found: '<sectie></sectie>', proposal: 'section', text: /<sectie>/ });
  t.match(checkTemplate('documents/proef.hbs', '<p>x</p>\n{{#if a}}\n<p>x</p>\n', {}, translate), [{ code: 'blockOpen', line: 2, column: 1 }]);
});

t.test('a heading that is not closed is told once, and not of all that follows; one in another place is told there', async (t) => {
  t.match(checkTemplate('documents/proef.hbs', '<h1>Verslag</h1>\n<h2>Feiten\n<p>x</p>\n<h2>Slot</h2>\n<p>x</p>\n', {}, translate).map(({ code, line }) => [code, line]), [['notClosed', 2]]);
  t.match(checkTemplate('documents/proef.hbs', '<p><h2>Feiten</h2></p>\n<p>x</p>\n', {}, translate).map(({ code }) => code), ['tagPlace']);
});

t.test('a field that does not exist is named with file, line and proposal, also in loops and partials', async (t) => {
  const error = errorOf(() => render('<h1>Verslag</h1>\n{{#each taken.gesprek}}\n<p>{{antwoord antwoorden.fieten}}</p>\n{{/each}}'));
  t.match(error, { file: 'documents/verslag.hbs', line: 3 });
  t.match(error.message, 'antwoorden.fieten');
  t.match(checkDocument(makeBundle('{{> kop}}', { kop: '<p>\n{{school.plaats}}</p>' }), 'verslag', translate), [{ file: 'documents/partials/kop.hbs', line: 2, code: 'missingField' }]);
  t.match(checkDocument(makeBundle('{{#each taken.gesprekken}}<p>x</p>{{/each}}'), 'verslag', translate), [{ code: 'missingField', proposal: 'gesprek' }]);
  t.match(checkDocument(makeBundle('{{#each onderwerp.naam}}<p>x</p>{{/each}}<p>{{onderwerp.naam}} {{taken}} {{../x}}</p>'), 'verslag', translate).map(({ code }) => code), ['notList', 'printedField', 'notText', 'tooFarUp']);
  t.strictSame(checkDocument(makeBundle('{{#each taken.gesprek as |g|}}{{#each g.antwoorden.deelnemers.rijen}}<p>{{antwoord naam}} {{../titel}} {{@root.zaak.nummer}} {{datum g.datum}}</p>{{/each}}{{/each}}'), 'verslag', translate), []);
});

t.test('a missing field that the check did not see stops the document at run time', async (t) => {
  const compiled = compileTemplate('proef', '<p>{{a.b}}</p>', {}, translate);
  t.equal(compiled({ a: { b: 'ja' } }), '<p>ja</p>');
  t.match(errorOf(() => compiled({ a: {} })), { file: 'documents/proef.hbs', line: 1, message: /"b" bestaat niet/ });
  t.match(errorOf(() => compileTemplate('proef', '<p>\n{{antwoord a.b}}</p>', {}, translate)({ a: {} })).message, /bestaat niet/);
  t.match(errorOf(() => compileTemplate('proef', '{{> kop}}', { kop: '<p>\n{{x}}</p>' }, translate)({})), { file: 'documents/partials/kop.hbs', line: 2 });
  t.match(errorOf(() => compileTemplate('proef', '<p>{{a}}</p>', {}, translate)({ a: 'x'.repeat(3_000_000) })).message, /te lang/);
});

t.test('a template reads printed answers, raw values, rows, waivers and steps', async (t) => {
  const html = render([
    '<h1>{{zaak.route}} {{zaak.versie}}</h1><p>{{antwoord onderwerp.naam}}, {{datum onderwerp.geboren}}</p>',
    '{{#each taken.gesprek}}<p>{{datum datum}} {{tijd antwoorden.tijd}} {{ja-nee antwoorden.getekend}} {{door}}</p>',
    '<p>{{antwoord antwoorden.feiten}}</p><p>{{antwoord antwoorden.vormen}}</p>',
    '{{#if (is antwoorden.uitkomst "zorg")}}<p>{{antwoord antwoorden.uitkomst}}</p>{{/if}}{{#if (is antwoorden.vormen "b")}}<p>ook school</p>{{/if}}',
    '{{#each antwoorden.deelnemers.rijen}}<p>{{antwoord naam}}: {{antwoord rol}}/{{antwoord rol leeg="-"}}</p>{{/each}}{{/each}}',
    '{{#each afgezien}}<p>{{regel}} {{reden}} {{door}}</p>{{/each}}{{#each stappen}}<p>{{nummer}} {{statusTekst}} {{datum op}}</p>{{/each}}',
    '{{#each overgangen}}<p>{{titel}}: {{#each vragen}}{{vraag}} {{antwoord this}}{{/each}}</p>{{/each}}<p>{{datum gemaakt.op}} {{tijd gemaakt.op}} {{zaak.kenmerk}}</p>'
  ].join('\n'));
  t.equal(html, [
    '<h1>Proefroute 1.0.0</h1>', '<p>Sem &lt;b&gt;Bakker&lt;/b&gt;, dinsdag 2 mei 2017</p>',
    '<p>woensdag 18 maart 2026 14.00 uur nee J. Smit</p>',
    '<p>Eerste regel.<br>Tweede &lt;script&gt;alert(1)&lt;/script&gt;</p>', '<p>Thuis<br>School</p>', '<p>Er zijn zorgen</p>', '<p>ook school</p>',
    '<p>M. Bakker: niet ingevuld/-</p>',
    '<p>Praat eerst met …. Het kind was ziek. J. Smit</p>', '<p>1 klaar dinsdag 10 maart 2026</p>', '<p>2 loopt dinsdag 10 maart 2026</p>',
    '<p>Verder: Waarom? Spoed.</p>', '<p>woensdag 18 maart 2026 15.04 uur 01234567</p>'
  ].join('\n'));
});

t.test('a case without answers prints without an error', async (t) => {
  const state = { ...makeState([{}]), records: makeState([{}]).records.slice(1, 2) };
  const template = '<p>{{antwoord onderwerp.naam}} {{datum onderwerp.geboren}}</p>{{#each taken.gesprek}}<p>{{tijd antwoorden.tijd}} {{ja-nee antwoorden.getekend}}</p>{{#each antwoorden.deelnemers.rijen}}<p>x</p>{{else}}<p>niemand</p>{{/each}}{{/each}}';
  const { html } = renderDocument({ bundle: makeBundle(template), state, document: 'verslag', context });
  t.equal(html, '<p>niet ingevuld niet ingevuld</p>\n<p>niet ingevuld niet ingevuld</p>\n<p>niemand</p>');
});

t.test('a document about one record leaves the others of its task out', async (t) => {
  const template = '{{#each taken.gesprek}}<p>{{datum datum}}</p>{{/each}}';
  const state = makeState([talk, { ...talk, datum: '2026-03-20' }]);
  t.equal(renderDocument({ bundle: makeBundle(template), state, document: 'verslag', record: 3, context }).html, '<p>vrijdag 20 maart 2026</p>');
  t.equal(renderDocument({ bundle: makeBundle(template), state, document: 'verslag', context }).html.split('\n').length, 2);
});

t.test('the tree refuses everything that is no part of a document', async (t) => {
  const refused = ['<script>x</script>', '<p><a href="javascript:x">x</a></p>', '<p onclick="x">x</p>', '<p class="x">x</p>', 'los', '<!-- x -->',
    '<figure><img src="data:image/png;base64,x" alt=""></figure>', '<figure><img src="javascript:x" alt=""></figure>', '<svg></svg>', '<table>x</table>', '<td>x</td>'];
  for (const html of refused) t.throws(() => readDocument(html), UnfitMarkup, html);
  const html = '<section class="note pagebreak"><p>a &lt;b&gt; <strong>c</strong><br>d</p></section>\n<table><thead><tr><th scope="col" colspan="2">e &amp; f</th></tr></thead></table>';
  t.equal(printHtml(readDocument(html)), html);
});

const school = { name: 'Basisschool De Wilgen', board: 'Stichting De Vier Windstreken' };
const shipped = (title: string, document: string): string => renderDocument({ bundle: model.bundle, state: stateOf(title), document, context: { ...context, school, people: names } }).html;
/** Each document of this kind of a practice case, as it is offered. */
const each = (state: CaseState, document: string, own = model): RenderedDocument[] => caseDocuments(caseContext(own, state, context.madeOn, { id: 'x', roles: [] }))
  .filter(({ id, isReady }) => id === document && isReady).map((about) => renderDocument({ bundle: own.bundle, state, document, about, context: { ...context, school, people: names } }));
const textOf = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

t.test('the templates that ship pass the gate and name only what is there, also in an empty case', async (t) => {
  const problems = content.workflows.flatMap((bundle) => Object.keys(bundle.workflow.documents ?? {}).flatMap((document) => checkDocument(bundle, document, translate)));
  t.strictSame(problems, []);
  const empty = { ...stateOf('Een nieuw signaal'), records: [], visits: [] };
  // A document for each of something is not made of nothing.
  for (const document of Object.entries(model.workflow.documents ?? {}).flatMap(([id, one]) => (one.for === undefined ? [id] : []))) {
    t.doesNotThrow(() => renderDocument({ bundle: model.bundle, state: empty, document, context }), document);
  }
});

/** A practice case with one more record, entered by the coordinator. */
const withRecord = (state: CaseState, task: string, form: string, answers: Answers, source: string | null = null): CaseState => {
  const id = state.lastRecord + 1;
  return { ...state, lastRecord: id, records: [...state.records, { ...found(state.records.at(-1)), id, task, form, source, by: 'id of devries', answers }] };
};

t.test('the report of a talk about an anonymous pupil has nothing of whom it is about (S080), and names the words that give it away', async (t) => {
  const own = withRecord(stateOf('Stap 5a'), 'zorgteam', 'zorgteam', { datum: '2026-03-18', wijze: 'anoniem', aanpak: 'Rust in de klas.' });
  const anonymous = found(each(own, 'zorgteamverslag').at(-1));
  t.match(textOf(anonymous.html), /Rust in de klas\./);
  t.same(anonymous.names, []);
  for (const { html } of [anonymous, ...each(own, 'adviesverslag'), ...each(stateOf('Stap 2'), 'consultatieverslag')]) {
    t.match(textOf(html), /anoniem besproken\. Daarom staat hier niet over wie het gaat/);
    t.notMatch(textOf(html), /Yara|Demir|Sem|Kramer|Geboren|weggelaten|groep \d/);
  }
  const typed = withRecord(own, 'bespreking', 'consultatie', { datum: '2026-03-18', wijze: 'anoniem', met: 'jeugdarts', vraag: 'Wat nu met Yara?', uitkomst: 'Bel mevrouw Demir.' });
  t.same(found(each(typed, 'consultatieverslag').at(-1)).names, ['Yara', 'Demir'], 'the pupil and a parent');
});

t.test('a declaration of consent is for one parent and one purpose, says that it can be taken back, and when it was', async (t) => {
  const [given] = each(stateOf('Stap 5a'), 'toestemmingsverklaring');
  t.match(textOf(found(given).html), /S\. Demir .* Waarvoor Open bespreken in het zorgteam Met wie Zorgteam De Wilgen .* U mag uw toestemming altijd intrekken.* Ja\. De ouder gaf toestemming op /);
  const asked = { ouder: 'R. Demir', gevraagdOp: '2026-03-17', voor: 'ret', gegevens: 'De signalen.' };
  const open = found(each(withRecord(stateOf('Stap 5a'), 'toestemming', 'toestemming', { ...asked, status: 'gevraagd' }), 'toestemmingsverklaring').at(-1)).html;
  t.match(open, /<td>Ja, ik geef toestemming\.<\/td><td><\/td>/);
  t.notMatch(open, /Zorgteam De Wilgen/);
  const back = found(each(withRecord(stateOf('Stap 5a'), 'toestemming', 'toestemming', { ...asked, status: 'ingetrokken', getekendOp: '2026-03-17', ingetrokkenOp: '2026-03-18' }), 'toestemmingsverklaring').at(-1)).html;
  t.match(textOf(back), /Deze toestemming geldt niet meer\. De ouder trok haar in op woensdag 18 maart 2026\./);
  t.notMatch(back, /class="sign"/);
});

t.test('a plan is a paper of its own, with its own results, to sign by each parent with authority (S157)', async (t) => {
  const plan = found(stateOf('Stap 5a').records.find(({ task }) => task === 'handelingsplan'));
  const second = withRecord(stateOf('Stap 5a'), 'handelingsplan', 'handelingsplan', { ...plan.answers, datum: '2026-03-18', doelen: 'Een tweede doel.' });
  const both = withRecord(second, 'planTussentijds', 'plan-resultaten', { datum: '2026-03-18', moment: 'tussentijds', resultaten: 'Het tweede plan helpt.' }, String(second.lastRecord));
  const plans = each(both, 'handelingsplan').map(({ html }) => textOf(html));
  t.equal(plans.length, 2);
  t.match(plans[0], /Yara kruipt niet meer weg.*Ondertekening.*S\. Demir Moeder/);
  t.notMatch(plans[0], /tweede/);
  t.match(plans[1], /Een tweede doel.*Het tweede plan helpt\./);
});

t.test('a letter of referral is for one person; for a parent it does not name the pupil (S039)', async (t) => {
  const parent = textOf(found(each(stateOf('Stap 5a'), 'verwijsbrief')[0]).html);
  t.match(parent, /Aan Wijkteam Noord .* Voor S\. Demir, ouder of verzorger van een leerling van onze school .* De ouder stemde op .* in met deze verwijzing/);
  t.notMatch(parent, /Yara|Geboren op/);
  const pupil = withRecord(stateOf('Stap 5a'), 'verwijzing', 'verwijzing', { verwezenOp: '2026-03-18', voorWie: 'leerling', soort: 'ggz', hulp: 'Gesprekken.', feiten: 'Slaapt slecht.', schoolDoet: 'Een vaste plek.', terugkoppeling: 'A. de Vries, tot 16 uur.' });
  t.match(textOf(found(each(pupil, 'verwijsbrief').at(-1)).html), /Aan GGZ .* Leerling Yara .* Wat de school zelf doet Een vaste plek\. .* U bereikt ons zo: A\. de Vries, tot 16 uur\./);
});

t.test('the paper of the weighing gives what it rests on, who refused consent, the decision and who disagreed', async (t) => {
  const refused = withRecord(stateOf('Stap 5a'), 'toestemming', 'toestemming', { ouder: 'R. Demir', gevraagdOp: '2026-03-17', voor: 'ret', gegevens: 'De signalen.', status: 'geweigerd', redenWeigering: 'Hij wil dit niet.' });
  t.match(textOf(found(each(refused, 'weging')[0]).html), /De ouder weigert\. Open bespreken met het RET, gevraagd aan R\. Demir .* Reden: Hij wil dit niet\..* Weging van .* Risico .* Aard .* Ernst .* 3\. Besluit .* Besloten door: /);
});

const support = prepare(found(content.workflows.find(({ workflow }) => workflow.id === 'zorgroute')), translate);
const moved = found(playCommands(support, found(content.demos.find(({ workflow }) => workflow === 'zorgroute')).data.cases.at(-1)?.commands ?? [], cast, today).state);

t.test('the summary for the next school is about the pupil alone: nothing of the family, of research or of a suspicion, and it says whether the parents have it (WPO 42)', async (t) => {
  const family = { ...moved, records: moved.records.map((record) => (record.task === 'leerling' ? { ...record, answers: { ...record.answers, gezin: 'Zusje Roos, 4 jaar.' } } : record.task === 'signaal' ? { ...record, answers: { ...record.answers, wat: 'Moeder drinkt.' } } : record)) };
  const full = withRecord(family, 'deskundigAdvies', 'deskundig-advies', { gevraagdOp: '2026-03-01', soort: 'psychologisch', vraag: 'Wat speelt er?', ontvangenOp: '2026-03-10', advies: 'Vermoeden van dyscalculie.' });
  const text = textOf(found(each(full, 'overdracht', support)[0]).html);
  t.match(text, /Naar SBO De Brug .* Bouwen, tekenen .* De ouders kregen deze samenvatting op .* Rekenen met geld en tijd\. .* Speciaal basisonderwijs\. Afgegeven\. .* Psychologisch onderzoek, gevraagd op zondag 1 maart 2026/);
  t.notMatch(text, /Roos|drinkt|dyscalculie|050-|Zij zijn blij/);
  const unseen = { ...moved, records: moved.records.map((record) => (record.task === 'overdracht' ? { ...record, answers: { school: 'SBO De Brug' } } : record)) };
  t.match(textOf(found(each(unseen, 'overdracht', support)[0]).html), /Hun mening is nog niet opgeschreven\..*De ouders hebben deze samenvatting nog niet\./);
});

t.test('the request for a statement of admission gives what the school did, what experts advise and what parents and pupil think (Z13)', async (t) => {
  const text = textOf(found(each(moved, 'aanvraag-tlv', support)[0]).html);
  t.match(text, /Aan Samenwerkingsverband De Vier Windstreken .* Voor Speciaal basisonderwijs .* Moeder E\. Mulder, gezag: Ja .* Zij willen een school met kleine groepen\. .* S\. Bos, orthopedagoog Een kleine groep .* Ondersteuningsteam, .* Praktijkonderwijs of vmbo basis .* M\. Hofman School/);
  t.notMatch(text, /OEFEN|faalangst|050-/, 'what was decided later is no part of the request');
});

const veiligThuis = prepare(found(content.workflows.find(({ workflow }) => workflow.id === 'meldcode-2019')), translate);
const reported = found(playCommands(veiligThuis, found(content.demos.find(({ workflow }) => workflow === 'meldcode-2019')).data.cases[0]?.commands ?? [], cast, today).state);

t.test('a hidden reporter stands on a page of its own, and nowhere else in the report', async (t) => {
  const hidden = { ...reported, records: reported.records.map((record) => (record.task === 'melding' ? { ...record, answers: { ...record.answers, bronVerborgen: true, bronGrond: 'veiligheid-school', bronMotivering: 'Er is gedreigd.' } } : record)) };
  const { html } = found(each(hidden, 'melding', veiligThuis)[0]);
  const [seen = '', apart = ''] = textOf(html).split('Niet ter inzage: wie heeft gemeld');
  t.notMatch(seen, /Vries|Elke schooldag tot 16 uur|gedreigd/);
  t.match(seen, /Een medewerker van Basisschool De Wilgen\. De naam staat op een aparte bladzijde/);
  t.match(apart, /Gemeld door A\. de Vries.*Er is gedreigd\./);
  t.match(textOf(found(each(reported, 'melding', veiligThuis)[0]).html), /Gemeld door A\. de Vries/);
});

t.test('what the board is told of somebody on the staff is a paper for the board alone', async (t) => {
  const { html } = found(each(stateOf('Een medewerker'), 'bestuursmelding')[0]);
  t.match(textOf(html), /Alleen voor het schoolbestuur\. De directeur en de intern begeleider krijgen hiervan geen kopie\. .* Gemeld door F\. Yildiz .* Aan wie K\. van Dijk, bestuurslid .* P\. Kok - De leerling vertelde het zelf Ties zei: .* Er is overlegd met de vertrouwensinspecteur\./);
});

t.test('every document says whose it is, that it is confidential, and which version of the protocol made it', async (t) => {
  for (const [title, document] of [['Stap 3', 'signalenoverzicht'], ['Stap 5a', 'gespreksverslag'], ['Stap 5b', 'melding'], ['Stap 5a', 'verwijsbrief'], ['Stap 5a', 'handelingsplan'], ['Stap 5a', 'toestemmingsverklaring'], ['Stap 5a', 'weging']] as const) {
    const text = textOf(found(each(stateOf(title), document)[0]).html);
    t.match(text, /^ Basisschool De Wilgen Vertrouwelijk /, document);
    t.match(text, new RegExp(`Stichting De Vier Windstreken\\. Versie ${model.workflow.version}, kenmerk ${model.bundle.hash.slice(0, 8)}\\. Gemaakt op woensdag 18 maart 2026 om 15\\.04 uur door A\\. de Vries\\. $`), document);
  }
});

t.test('the overview of signals keeps own observation, what others told and judgement in columns of their own', async (t) => {
  const html = shipped('Stap 3', 'signalenoverzicht');
  t.match(html, /<td>Sem kwam zonder ontbijt [^<]+<\/td>\s*<td>-<\/td>\s*<td>-<\/td>/);
  t.match(html, /<td>-<\/td>\s*<td>\s*<p><strong>Iemand anders: De moeder van een klasgenoot<\/strong><br>Een moeder op het plein [^<]+<\/p>\s*<\/td>\s*<td>Misschien is er [^<]+<\/td>/);
  t.match(textOf(html), 'donderdag 5 maart 2026, J. Smit');
});

t.test('the overview of signals tells what was said to the board when somebody on the staff is suspected', async (t) => {
  t.match(textOf(shipped('Een medewerker', 'signalenoverzicht')), /Gaat over iemand die op school werkt: P\. Kok\. .* Melding bij het schoolbestuur .* F\. Yildiz, aan K\. van Dijk, bestuurslid/);
});

t.test('each talk is a report of its own, to sign by those who were there, without steps, rules and suspicions', async (t) => {
  const talks = each(stateOf('Stap 5a'), 'gespreksverslag').map(({ html }) => html);
  t.equal(talks.length, 3);
  const all = talks.join('\n');
  t.match(talks[0], /<td>S\. Demir<\/td><td>Ouder of verzorger<\/td><td><\/td><td><\/td>/);
  t.match(talks[0], /<td>N\. Aksoy<\/td><td>tolk<\/td><td><\/td><td><\/td>/);
  t.match(all, /<td>N\. Aksoy<\/td><td>tolk<\/td><td>Niet gevraagd: Was alleen tolk\.<\/td>/);
  t.notMatch(all, /Stap \d|verminking|Afgezien/);
});

t.test('the report keeps facts and hearsay apart, and says which steps were skipped and why nothing was announced', async (t) => {
  const html = shipped('Stap 5b', 'melding');
  t.match(html, /<td>Striemen op de rug [^<]+<\/td><td>-<\/td>/);
  t.match(html, /<td>-<\/td><td><strong>Noah zelf<\/strong><br>/);
  const text = textOf(html);
  t.equal(text.match(/overgeslagen\. Reden: noodsituatie dinsdag 3 maart 2026, A\. de Vries/g)?.length, 5);
  t.match(text, /Melding niet vooraf besproken \(noodsituatie\)\. De veiligheid van de leerling.* Wachten kon niet\./);
  t.match(text, /Gemeld bij Veilig Thuis, Mevrouw Hendriks Kenmerk: VT-4471/);
});

t.test('a rule that was passed stands in the papers of the school with its reason, and not in what the parent signs', async (t) => {
  const passed = /Afgezien van een regel .* Bespreek het plan eerst met de ouder\. Daarna kan het beginnen\. Moeder is deze week niet bereikbaar, .* woensdag 28 januari 2026, A\. de Vries/;
  t.match(textOf(shipped('Stap 5a', 'signalenoverzicht')), passed);
  const { html } = renderDocument({ bundle: model.bundle, state: stateOf('Stap 5a'), document: 'melding', context: { ...context, people: names } });
  t.match(textOf(html), passed);
  for (const document of ['gespreksverslag', 'toestemmingsverklaring', 'handelingsplan', 'verwijsbrief']) t.notMatch(each(stateOf('Stap 5a'), document).map(({ html }) => textOf(html)).join(), /niet bereikbaar/, document);
});

t.test('a chosen partner or colleague is printed by name', async (t) => {
  t.match(textOf(shipped('Stap 5b', 'melding')), 'Jeugdgezondheidszorg: Onderzoek door de jeugdarts');
  t.match(textOf(shipped('Stap 2', 'signalenoverzicht')), 'donderdag 19 februari 2026, M. Hofman');
});

t.test('a document is made in a thread, which reads a route once, and gives what the template says is wrong', async (t) => {
  const maker = makeDocumentMaker();
  t.teardown(() => maker.close());
  const state = stateOf('Stap 5a');
  const request = { bundle: model.bundle, state, document: 'signalenoverzicht', context: { ...context, people: names } };
  t.strictSame(await maker.make(request), renderDocument(request));
  t.strictSame(await maker.make({ ...request, document: 'weging' }), renderDocument({ ...request, document: 'weging' }));
  const wrong = { ...request, bundle: makeBundle('<h1>Verslag</h1>\n<p>{{zaak.plaats}}</p>'), state: makeState([talk]), document: 'verslag' };
  await t.rejects(maker.make(wrong), { name: 'TemplateError', file: 'documents/verslag.hbs', line: 2, message: /"zaak\.plaats" bestaat niet/ });
  await t.rejects(maker.make({ ...request, document: 'geen' }), /No document "geen"/);
});

t.test('a template that takes too much time or memory ends its thread and nothing else', async (t) => {
  const rows = Array.from({ length: 130 }, () => ({ naam: 'x'.repeat(100) }));
  const loops = '{{#each taken.gesprek}}{{#each antwoorden.deelnemers.rijen}}{{#each ../antwoorden.deelnemers.rijen}}<p>{{antwoord naam}}</p>{{/each}}{{/each}}{{/each}}';
  const heavy = { bundle: makeBundle(loops), state: makeState([{ ...talk, deelnemers: rows }]), document: 'verslag', context };
  for (const options of [{ timeLimitMs: 1 }, { memoryMb: 8 }]) {
    const maker = makeDocumentMaker(options);
    await t.rejects(maker.make(heavy), { name: 'TemplateError', file: 'documents/verslag.hbs', message: /kost te veel tijd of geheugen/ }, JSON.stringify(options));
    await maker.close();
  }
  const one = makeDocumentMaker({ mostDocuments: 1, mostWaiting: 2 });
  t.teardown(() => one.close());
  const light = { ...heavy, bundle: makeBundle('<p>{{zaak.nummer}}</p>') };
  const results = await Promise.allSettled([one.make(light), one.make(light), one.make(light)]);
  t.strictSame(results.map(({ status }) => status), ['fulfilled', 'fulfilled', 'rejected'], 'the thread is replaced, and no queue grows without end');
});

t.test('words are taken out as they are written, whatever signs are in them', async (t) => {
  t.equal(takeOut('Gebeld met K. (Kim) [x] over 3,50*.', ['K. (Kim) [x]', '3,50*'], '…'), 'Gebeld met … over ….');
  t.equal(takeOut('Kim belde, en KIMS moeder ook.', ['K.m', '.*', 'Kim|moeder'], '…'), 'Kim belde, en KIMS moeder ook.', 'a sign is no pattern');
  t.equal(takeOut('a'.repeat(50_000), ['(a+)+$'], '…').length, 50_000, 'nor takes it long');
});

t.test('the handbook has an example of every helper, and each gives what it says', async (t) => {
  const handbook = readFileSync(join(projectRoot, 'docs', 'handboek', 'documenten-aanpassen.md'), 'utf8');
  const examples = [...handbook.matchAll(/^\| `([a-z-]+)` \| `(\{\{.+\}\})` \| (.+) \|$/gm)].map(([, helper = '', example = '', given = '']) => ({ helper, example, given }));
  t.strictSame(examples.map(({ helper }) => helper).sort(), [...helperNames, ...blockHelpers].sort());
  for (const { helper, example, given } of examples) t.equal(render(`{{#each taken.gesprek}}<p>${example}</p>{{/each}}`), `<p>${given}</p>`, helper);
});
