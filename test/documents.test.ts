import t from 'tap';
import type { DocumentContext } from '../src/documents/document-data.ts';
import { readDocument, UnfitMarkup } from '../src/documents/document-tree.ts';
import { caseContext } from '../src/engine/case-context.ts';
import { caseDocuments } from '../src/engine/case-documents.ts';
import { checkTemplate, compileTemplate } from '../src/documents/gate.ts';
import { printHtml } from '../src/documents/print-html.ts';
import { checkDocument, renderDocument } from '../src/documents/render-document.ts';
import { TemplateError } from '../src/documents/template-error.ts';
import { readTexts } from '../src/texts.ts';
import { makeBundle, makeState } from './fixtures/documents/bundle.ts';
import { content, found, model, names, stateOf } from './fixtures/practice-school.ts';

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
  t.strictSame(codesOf('<script>alert(1)</script>'), ['unknownTag', 'textPlace']);
  t.strictSame(codesOf('<p><a href="javascript:alert(1)">x</a></p>'), ['unknownTag']);
  t.strictSame(codesOf('<p onclick="x()">x</p>'), ['unknownAttribute']);
  t.strictSame(codesOf('<p style="color: red">x</p>'), ['unknownAttribute']);
  t.strictSame(codesOf('<p class="groot">x</p>'), ['badClass']);
  t.strictSame(codesOf('<p class="{{naam}}">x</p>'), ['badClass']);
  t.strictSame(codesOf('<p class=meta>x</p>'), ['brokenTag']);
  t.strictSame(codesOf('<figure><img src="{{naam}}" alt="x"></figure>'), ['badAttribute']);
  t.strictSame(codesOf('<figure><img src="javascript:alert(1)" alt="x"></figure>'), ['badAttribute']);
  t.strictSame(codesOf('<figure><img src="//elders.example/x.png" alt="x"></figure>'), ['badAttribute']);
  t.strictSame(codesOf('<figure><img src="/logo.png" alt="Logo van {{naam}}"></figure>'), []);
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
  t.match(checkTemplate('documents/proef.hbs', '<p>x</p>\n{{#if a}}\n<p>x</p>\n', {}, translate), [{ code: 'syntax' }]);
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

const shipped = (title: string, document: string, record: number | null = null): string => {
  const school = { name: 'Basisschool De Wilgen', board: 'Stichting De Vier Windstreken' };
  return renderDocument({ bundle: model.bundle, state: stateOf(title), document, record, context: { ...context, school, people: names } }).html;
};
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

t.test('the report of the care team leaves out whom it is about when the pupil was discussed anonymously (S080)', async (t) => {
  const state = stateOf('Stap 5a');
  const own = { ...state, records: [...state.records, { ...found(state.records.at(-1)), id: 900, task: 'zorgteam', form: 'zorgteam', source: null, answers: { datum: '2026-03-18', wijze: 'anoniem', aanpak: 'Rust in de klas.' } }] };
  const [anonymous] = caseDocuments(caseContext(model, own, '2026-03-18T14:04:00.000Z', { id: 'x', roles: [] })).filter(({ source }) => source?.record?.id === 900);
  const { html, names: left } = renderDocument({ bundle: model.bundle, state: own, document: 'zorgteamverslag', about: found(anonymous), context: { ...context, people: names } });
  t.match(textOf(html), /Rust in de klas\./);
  t.notMatch(textOf(html), /Yara/);
  t.same(left, []);
});

t.test('every document says whose it is, that it is confidential, and which version of the protocol made it', async (t) => {
  for (const [title, document] of [['Stap 3', 'signalenoverzicht'], ['Stap 5a', 'gespreksverslag'], ['Stap 5b', 'melding']] as const) {
    const text = textOf(shipped(title, document));
    t.match(text, /^ Basisschool De Wilgen Vertrouwelijk /, document);
    t.match(text, new RegExp(`Stichting De Vier Windstreken\\. Versie ${model.workflow.version}, kenmerk ${model.bundle.hash.slice(0, 8)}\\. Gemaakt op woensdag 18 maart 2026 om 15\\.04 uur door A\\. de Vries\\. $`), document);
  }
});

t.test('the overview of signals keeps own observation, what others told and judgement in columns of their own', async (t) => {
  const html = shipped('Stap 3', 'signalenoverzicht');
  t.match(html, /<td>Sem kwam zonder ontbijt [^<]+<\/td>\s*<td>-<\/td>\s*<td>-<\/td>/);
  t.match(html, /<td>-<\/td>\s*<td><strong>Iemand anders: De moeder van een klasgenoot<\/strong><br>Een moeder op het plein [^<]+<\/td>\s*<td>Misschien is er [^<]+<\/td>/);
  t.match(textOf(html), 'donderdag 5 maart 2026, J. Smit');
});

t.test('the overview of signals tells what was said to the board when somebody on the staff is suspected', async (t) => {
  t.match(textOf(shipped('Een medewerker', 'signalenoverzicht')), /Gaat over iemand die op school werkt: P\. Kok\. .* Melding bij het schoolbestuur .* F\. Yildiz, aan K\. van Dijk, bestuurslid/);
});

t.test('each talk is a report of its own, to sign by those who were there, without steps, rules and suspicions', async (t) => {
  const all = shipped('Stap 5a', 'gespreksverslag');
  t.equal(all.match(/<section class="pagebreak">/g)?.length, 3);
  const talks = stateOf('Stap 5a').records.filter(({ form }) => form === 'gesprek-met-de-ouder');
  const one = shipped('Stap 5a', 'gespreksverslag', found(talks[0]).id);
  t.equal(one.match(/<section class="pagebreak">/g)?.length, 1);
  t.match(one, /<td>S\. Demir<\/td><td>Ouder of verzorger<\/td><td><\/td><td><\/td>/);
  t.match(one, /<td>N\. Aksoy<\/td><td>tolk<\/td><td><\/td><td><\/td>/);
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
  t.notMatch(textOf(shipped('Stap 5a', 'gespreksverslag')), /niet bereikbaar/);
});

t.test('a chosen partner or colleague is printed by name', async (t) => {
  t.match(textOf(shipped('Stap 5b', 'melding')), 'Jeugdgezondheidszorg: Onderzoek door de jeugdarts');
  t.match(textOf(shipped('Stap 2', 'signalenoverzicht')), 'donderdag 19 februari 2026, M. Hofman');
});
