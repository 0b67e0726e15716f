import { createHash } from 'node:crypto';
import { unzipSync, zipSync } from 'fflate';
import t, { type Test } from 'tap';
import { checkZip } from '../src/cases/stores/case-file-zip.ts';
import type { Answers, Bundle, Json } from '../src/definitions/bundle.ts';
import type { Field, FormDefinition } from '../src/definitions/form.types.ts';
import { rowFieldsOf } from '../src/definitions/lookup.ts';
import { resolveField } from '../src/definitions/resolve-field.ts';
import { makeBundle as makeRoute } from '../src/definitions/make-bundle.ts';
import type { DocumentContext } from '../src/documents/document-data.ts';
import { paperOf, type Paper } from '../src/documents/paper.ts';
import { readDocument } from '../src/documents/document-tree.ts';
import { pdfData } from '../src/documents/pdf-data.ts';
import { plainText } from '../src/documents/plain-text.ts';
import { printHtml } from '../src/documents/print-html.ts';
import { renderDocument, type RenderedDocument } from '../src/documents/render-document.ts';
import { sampleState } from '../src/documents/sample-state.ts';
import { wordFile } from '../src/documents/word-file.ts';
import { caseContext } from '../src/engine/model/case-context.ts';
import { caseDocuments } from '../src/engine/reading/case-documents.ts';
import { playCommands } from '../src/engine/scenarios/play.ts';
import { prepare } from '../src/engine/model/prepare.ts';
import { makePdfMaker, type PdfAnswer, type PdfJob } from '../src/pdf-maker.ts';
import { readTexts } from '../src/texts.ts';
import { makeBundle, makeState } from './fixtures/documents/bundle.ts';
import { readHtml, readPdf, type ReadPdf, readWord, signsOf } from './fixtures/paper-files.ts';
import { startSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';
import { toConversation } from './fixtures/conversation.ts';
import type { Browser, Page } from './fixtures/browser.ts';
import { samples } from './fixtures/sample-files.ts';
import { verify } from '../src/cases/verify.ts';
import { cast, content, found, names, today } from './fixtures/practice-school.ts';

const translate = readTexts('nl');
const context: DocumentContext = {
  school: { name: 'Basisschool De Wilgen', board: 'Stichting De Vier Windstreken' }, number: '2026-014', madeOn: '2026-03-18T14:04:00.000Z', madeBy: 'A. de Vries', people: names, t: translate
};
const pdfs = makePdfMaker();
t.teardown(() => pdfs.close());

const make = (data: Paper, standard: PdfJob['standard'] = 'a-2a'): Promise<PdfAnswer> => pdfs.make({ data: pdfData(data), logo: null, standard, madeOn: context.madeOn });
const pdfOf = async (data: Paper, standard: PdfJob['standard'] = 'a-2a'): Promise<Uint8Array> => {
  const answer = await make(data, standard);
  if ('problem' in answer) throw new Error(`No PDF: ${answer.problem} ${answer.signs.join(' ')}`);
  return answer.pdf;
};

/** Every document of every shipped route, each as the practice case makes it that has most to say. */
const stories = content.demos.flatMap(({ workflow, data }) => {
  const model = prepare(found(content.workflows.find((bundle) => bundle.workflow.id === workflow)), translate);
  const made = data.cases.flatMap(({ commands }) => {
    const state = found(playCommands(model, commands, cast, today).state);
    return caseDocuments(caseContext(model, state, context.madeOn, { id: 'x', roles: [] })).filter(({ isReady }) => isReady).map((about) => ({
      name: `${workflow} ${about.id}`, id: about.id, ...renderDocument({ bundle: model.bundle, state, document: about.id, about, context })
    }));
  });
  t.strictSame(made.flatMap(({ name, names: left }) => left.map((word) => `${name}: ${word}`)), [], 'no practice case names whom it leaves out');
  return Object.keys(model.workflow.documents ?? {}).map((id) => found(made.filter((one) => one.id === id).sort((one, other) => other.html.length - one.html.length)[0]));
});

t.test('every document of every shipped route is a tagged PDF with a title, in Dutch, with its fonts inside, and says what print, Word and text say', async (t) => {
  t.equal(stories.length, content.workflows.flatMap(({ workflow }) => Object.keys(workflow.documents ?? {})).length);
  for (const { name, id, html, tree } of stories) {
    const data = paperOf({ tree, fallback: 'Document', colour: '#0b5563', logo: null, context });
    const pdf = readPdf(await pdfOf(data));
    const word = readWord(await wordFile(data, null));
    t.match(pdf, { language: 'nl-NL', standard: '2A/', title: data.title }, name);
    t.ok(pdf.fonts.length > 0 && pdf.fonts.every(({ embedded }) => embedded), name);
    t.strictSame([...new Set(pdf.fonts.map((font) => font.name.split('-')[0]))], ['LibertinusSerif'], name);
    const tags = { H1: 'h1', H2: 'h2', H3: 'h3', Table: 'table', TR: 'tr', TH: 'thead', TD: 'td', L: 'dl', P: 'p' };
    t.strictSame(['Document', ...Object.entries(tags).flatMap(([tag, own]) => (html.includes(`<${own}`) ? [tag] : []))].filter((tag) => !pdf.tags.includes(tag)), [], name);
    const most = id === 'verwijsbrief' ? 1 : ['signalenoverzicht', 'melding', 'afweging', 'weging', 'groeidocument'].includes(id) ? 5 : 2;
    t.ok(pdf.pages >= 1 && pdf.pages <= most, `${name}: ${String(pdf.pages)} pages`);
    for (let page = 1; page <= pdf.pages; page += 1) t.match(signsOf(pdf.artifacts), signsOf(`Bladzijde ${String(page)} van ${String(pdf.pages)}`), name);
    const wanted = signsOf(readHtml(html));
    t.equal(signsOf(pdf.text), wanted, `${name}: pdf`);
    t.equal(signsOf(word.text), wanted, `${name}: word`);
  }
});

t.test('every document of every shipped route passes PDF/UA-1, the standard for people who read with help', async (t) => {
  for (const { name, tree } of stories) t.match(readPdf(await pdfOf(paperOf({ tree, fallback: 'Document', colour: '#0b5563', logo: null, context }), 'ua-1')), { standard: '/1', language: 'nl-NL' }, name);
});

const template = '<h1>Verslag</h1>{{#each taken.gesprek}}<p>{{antwoord antwoorden.feiten}}</p><table class="sign"><thead><tr><th scope="col">Naam</th><th scope="col">Handtekening</th></tr></thead><tbody>{{#each antwoorden.deelnemers.rijen}}<tr><td>{{antwoord naam}}</td><td></td></tr>{{/each}}</tbody></table>{{/each}}';
const talked = (feiten: string, people: string[]): { html: string; data: Paper } => {
  const { html, tree } = renderDocument({ bundle: makeBundle(template), state: makeState([{ datum: '2026-03-18', feiten, deelnemers: people.map((naam) => ({ naam })) }]), document: 'verslag', context });
  return { html, data: paperOf({ tree, fallback: 'Verslag', colour: '#0b5563', logo: null, context }) };
};
/** The same signs in print, PDF, Word and text. */
const sameEverywhere = async (t: Test, feiten: string, people: string[]): Promise<ReadPdf> => {
  const { html, data } = talked(feiten, people);
  const pdf = readPdf(await pdfOf(data));
  const wanted = signsOf(readHtml(html));
  t.ok(signsOf(pdf.text) === wanted, 'pdf');
  t.ok(signsOf(readWord(await wordFile(data, null)).text) === wanted, 'word');
  t.ok(signsOf(plainText(data.blocks)).replaceAll('|', '') === wanted.replaceAll('|', ''), 'text');
  return pdf;
};

t.test('whatever people type comes out as plain text', async (t) => {
  const payloads = ['{{naam}} {{{naam}}} {{#each x}}', '#panic("x") $m$ @ref <label> *a* _b_ `c` // d /* e */ = f', '<script>alert(1)</script> & &lt; "\' ]]>', '=cmd|\' /C calc\'!A0', '\\begin{x} \\u{41} \\', '%PDF-1.7 endobj stream'];
  await sameEverywhere(t, payloads.join('\n'), payloads);
});

/** Each document of a route, of a case in which every task was handed in once, with `typed` in every line of text. */
const everyDocument = (bundle: Bundle, typed: (() => string) | null): (RenderedDocument & { name: string })[] => {
  const fill = (form: FormDefinition | undefined, fields: { [name: string]: Field }): Answers => (form === undefined || typed === null ? {} : Object.fromEntries(Object.entries(fields).flatMap(([field, given]): [string, Json][] => {
    const own = resolveField(form, given);
    const rows = rowFieldsOf(form, own);
    if (rows !== null && own['x-options'] === undefined) return [[field, Array.from({ length: 3 }, () => fill(form, rows))]];
    return own.type === 'string' && own.format === undefined && own.oneOf === undefined && own.enum === undefined ? [[field, typed()]] : [];
  })));
  const sample = sampleState(bundle);
  const state = { ...sample, records: sample.records.map((record) => ({ ...record, answers: fill(bundle.forms[record.form], bundle.forms[record.form]?.schema.properties ?? {}) })) };
  const hostile = { ...context, ...(typed === null ? {} : { school: { name: typed(), board: typed() }, madeBy: typed(), people: { sample: typed() } }) };
  return Object.entries(bundle.workflow.documents ?? {}).flatMap(([document, { for: paths }]) => (paths === undefined ? [null] : [paths].flat()).map((task) => {
    const record = state.records.find((one) => one.task === task);
    const about = task === null ? {} : { source: { key: String(record?.id), value: record?.answers, path: [task], record: record ?? null } };
    return { name: `${bundle.workflow.id} ${document} ${task ?? ''}`, ...renderDocument({ bundle, state, document, about, context: hostile }) };
  }));
};

t.test('every document of every route stays text whatever was typed in every question, and comes out of empty records too', async (t) => {
  const payloads = ['{{naam}} {{{naam}}} {{#each x}}', '#panic("x") $m$ @ref <label> *a* _b_', '<script>alert(1)</script> & &lt; "\' ]]>', '=cmd|\' /C calc\'!A0', '\\begin{x} \\u{41}', 'Ayşe Yıldız-Gündoğdu, René, Łukasz, Ĳke', '<w:p/> <!-- x --> %PDF-1.7 endobj'];
  const made = content.workflows.flatMap((bundle) => {
    let count = 0;
    return [...everyDocument(bundle, null), ...everyDocument(bundle, () => found(payloads[(count += 1) % payloads.length]))];
  });
  t.ok(made.length > 60, `${String(made.length)} documents`);
  t.strictSame(made.filter(({ html }) => /<script|<w:p|<label|<!--/.test(html)).map(({ name }) => name), []);
  t.ok(made.filter(({ html }) => html.includes('{{#each x}}')).length > 20);
  // Each kind of paper once, with what was typed.
  const papers = [...new Map(made.map((one) => [one.name.split(' ')[1], one])).values()];
  for (const { name, html, tree } of papers) {
    const data = paperOf({ tree, fallback: 'Document', colour: '#0b5563', logo: null, context });
    const wanted = signsOf(readHtml(html));
    t.equal(signsOf(readPdf(await pdfOf(data)).text), wanted, `${name}: pdf`);
    t.equal(signsOf(readWord(await wordFile(data, null)).text), wanted, `${name}: word`);
  }
});

t.test('a thousand names, with every sign a name has here, stand in a table of which each page repeats the head', async (t) => {
  const [first, last] = [['René', 'Daniëlle', 'Tuğba', 'Ayşe', 'Matthijs', 'IJsbrand', 'Zoë', 'Özgür', 'Çağla', 'Łukasz', 'Ñuño', 'Øystein', 'Ĳke', 'Şükrü', 'İpek', 'Ilıca', 'Ștefan', 'Jiří', 'Đorđe', 'Þóra'], ['van ’t Hoff', 'Yıldız', 'Gündoğdu', 'Dijkstra', 'd’Ancona', 'Müller', 'Šimić', 'Nguyễn', 'O’Neill', 'Żak']];
  const people = Array.from({ length: 1000 }, (_, index) => `${found(first[index % 20])} ${found(last[Math.floor(index / 20) % 10])} ${String(index)}`);
  const pdf = await sameEverywhere(t, 'Wie er waren.', people);
  t.ok(pdf.pages > 20, `${String(pdf.pages)} pages`);
  t.ok(pdf.artifacts.split('Handtekening').length > 20, 'the head is repeated, and read out once');
});

t.test('text of any length, in any direction, and no text at all come out', async (t) => {
  await sameEverywhere(t, 'x'.repeat(65_536), []);
  await sameEverywhere(t, `${'Een zin van gewone woorden. '.repeat(2340)}.`, ['W'.repeat(300)]);
  t.ok(readPdf(await pdfOf(talked('', []).data)).pages === 1, 'an empty record');
  const right = talked('Moeder heet محمد علي سعيد, vader שלום, oom Олександр. \u202etxet\u202c', []);
  const pdf = readPdf(await pdfOf(right.data));
  for (const word of ['Олександр', 'Moeder']) t.match(pdf.text, word);
  for (const sign of 'محدعليسשלום') t.ok(pdf.text.includes(sign), `U+${(sign.codePointAt(0) ?? 0).toString(16)}`);
  t.ok(pdf.fonts.every(({ embedded }) => embedded));
});

t.test('signs that no font has are named, and signs that are no text are left out', async (t) => {
  t.strictSame(await make(talked('Zij zei ሰላም.', []).data), { problem: 'signs', signs: ['ሰ', 'ላ', 'ም'] });
  const odd = talked('a\u0000b\u0007c\u009dd\ufffee\ud800f', ['\u001b[0m']);
  t.match(signsOf(readPdf(await pdfOf(odd.data)).text), 'VerslagabcdefNaamHandtekening[0m');
  t.match(signsOf(readWord(await wordFile(odd.data, null)).text), 'VerslagabcdefNaamHandtekening[0m');
  t.match(odd.html, '<p>abcdef</p>');
});

t.test('the layout keeps what belongs together, and starts a page where the document says so', async (t) => {
  const people = Array.from({ length: 4 }, (_, index) => `Persoon ${String(index)}`);
  for (const lines of [32, 34, 36, 38, 40]) {
    const { texts } = await sameEverywhere(t, Array.from({ length: lines }, (_, index) => `Regel ${String(index)}.`).join('\n'), people);
    t.ok(texts.some((text) => people.every((person) => text.includes(person))), `signatures on one page after ${String(lines)} lines`);
  }
  const asked = renderDocument({ bundle: makeBundle('<h1>Verslag</h1><dl>{{#each taken.gesprek}}<dt>Vraag {{antwoord antwoorden.feiten}}.</dt><dd>Antwoord {{antwoord antwoorden.feiten}}.</dd>{{/each}}</dl>'), state: makeState(Array.from({ length: 90 }, (_, index) => ({ feiten: String(index) }))), document: 'verslag', context });
  const { texts } = readPdf(await pdfOf(paperOf({ ...asked, fallback: '', colour: '#0b5563', logo: null, context })));
  t.ok(texts.length > 2 && texts.every((text) => (text.match(/Vraag/g)?.length ?? 0) === (text.match(/Antwoord/g)?.length ?? 0)), 'a question and its answer on one page');
  const broken = renderDocument({ bundle: makeBundle('{{#each taken.gesprek}}<section class="pagebreak"><h1>Verslag</h1><table class="sign"><thead><tr><th scope="col">Naam</th><th scope="col">Handtekening</th></tr></thead><tbody><tr><td>{{door}}</td><td></td></tr></tbody></table></section>{{/each}}'), state: makeState([{}, {}, {}]), document: 'verslag', context });
  const three = paperOf({ ...broken, fallback: '', colour: '#0b5563', logo: null, context });
  t.equal(readPdf(await pdfOf(three)).pages, 3);
  const word = readWord(await wordFile(three, null));
  const xml = word.parts['word/document.xml'] ?? '';
  t.equal(xml.match(/<w:pageBreakBefore\/>/g)?.length, 2);
  t.ok([/<w:tblHeader\/>/, /<w:cantSplit\/>/, /<w:pStyle w:val="Heading1"\/>/, /<w:trHeight w:val="760" w:hRule="atLeast"\/>/].every((part) => part.test(xml)));
  t.match(word.parts['word/styles.xml'], '<w:lang w:val="nl-NL"/>');
  t.match(word.footer, 'Basisschool De Wilgen. Zaak 2026-014. Vertrouwelijk.');
  t.match(word.parts['word/footer1.xml'], /Bladzijde .*PAGE.* van .*NUMPAGES/);
});

const job: PdfJob = { data: pdfData(talked('Een gesprek.', []).data), logo: null, standard: 'a-2a', madeOn: context.madeOn };
/** A module in the place of the compiler. */
const compiler = (body: string): string => `data:text/javascript,${encodeURIComponent(body)}`;
const real = JSON.stringify(import.meta.resolve('@myriaddreamin/typst-ts-node-compiler'));

t.test('where the compiler does not run that is the answer, and an older one makes the standard that it knows', async (t) => {
  const missing = makePdfMaker({ compilerModule: 'no-such-compiler' });
  t.strictSame([await missing.make(job), await missing.make(job)], [{ problem: 'missing', signs: [] }, { problem: 'missing', signs: [] }]);
  await missing.close();
  const older = makePdfMaker({ compilerModule: compiler(`import { NodeCompiler as Real } from ${real};
    export const NodeCompiler = { create: (options) => { const real = Real.create(options); const pdf = real.pdf.bind(real);
      real.pdf = (document, chosen) => { if (chosen.pdfStandard === 'a-2a') throw new Error('failed to deserialize PdfStandard for typst: unknown variant'); return pdf(document, chosen); }; return real; } };`) });
  const answer = await older.make(job);
  await older.close();
  t.equal('pdf' in answer ? readPdf(answer.pdf).standard : '', '2B/');
});

t.test('the thread is replaced after its number of documents, and given up when one takes too long', async (t) => {
  const slow = makePdfMaker({ mostDocuments: 2, timeLimitMs: 1500, mostWaiting: 1, compilerModule: compiler(`import { threadId } from 'node:worker_threads';
    export const NodeCompiler = { create: () => ({ resetShadow: () => {}, evictCache: () => {},
      pdf: ({ inputs: { document: data } }) => { if (data === 'hang') { const end = Date.now() + 2500; while (Date.now() < end); } if (data === 'fail') throw new Error('x'); return Buffer.from(String(threadId)); } }) };`) });
  const asked = async (data: string): Promise<string> => {
    const answer = await slow.make({ ...job, data });
    return 'pdf' in answer ? Buffer.from(answer.pdf).toString() : answer.problem;
  };
  const [first, second, third] = [await asked('a'), await asked('b'), await asked('fail')];
  t.match(first, /^\d+$/);
  t.equal(second, first);
  t.equal(third, 'failed');
  t.equal(await asked('hang'), 'tooLong');
  const [next, other] = await Promise.all([asked('c'), asked('d')]);
  t.match(next, /^\d+$/, 'the next one does not wait for it');
  t.not(next, first);
  t.equal(other, 'busy', 'no queue without end');
  await slow.close();
});

t.test('a document of a case is taken along as a file, and who took it is recorded', async (t) => {
  const site = await startSite({ pdfs });
  t.teardown(() => site.stop());
  const [smit, vries] = [await site.signIn('smit'), await site.signIn('vries')];
  const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt op school.', bron: 'eigen-waarneming', datum: '2026-03-02' };
  const { story } = await startCase(site, smit, 'signaal', signal, { naam: 'Sem Bakker', groep: '5' });
  const here = `/cases/${story.number}/documents/signalenoverzicht`;
  const file = async (kind: string): Promise<{ response: Response; bytes: Uint8Array }> => {
    const response = await fetch(`${site.address}${here}/${kind}`, { headers: { cookie: vries.cookie() } });
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  const logo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

  const list = await vries.get(`/cases/${story.number}/documents`);
  t.strictSame(list.links.filter(({ href }) => href.startsWith(here)).map(({ href, text }) => [href.slice(here.length), text]), [
    ['', 'Openen en vastleggen : Overzicht van signalen'], ['/pdf', 'PDF'], ['/word', 'Word'], ['?print=1', 'Afdrukken']
  ]);
  const print = signsOf(readHtml(/<article class="sp-paper">([\s\S]*?)<\/article>/.exec((await vries.get(`${here}?print=1`)).html)?.[1] ?? ''));
  const draft = signsOf('Concept, niet vastgelegd');
  // The mark stands above the text, in PDF and Word on every page.
  const read = { pdf: (bytes: Uint8Array) => 'Concept, niet vastgelegd' + readPdf(bytes).text, word: (bytes: Uint8Array) => 'Concept, niet vastgelegd' + readWord(bytes).text, text: (bytes: Uint8Array) => Buffer.from(bytes).toString().replaceAll('|', '') };
  for (const [kind, ending] of [['pdf', 'pdf'], ['word', 'docx'], ['text', 'txt']] as const) {
    const { response, bytes } = await file(kind);
    t.equal(response.headers.get('content-disposition'), `attachment; filename="${story.number}-signalenoverzicht.${ending}"`);
    t.equal(response.headers.get('cache-control'), 'no-store');
    t.equal(response.headers.get('x-content-type-options'), 'nosniff');
    t.equal(signsOf(read[kind](bytes)), print, kind);
  }
  const logged = await site.database.read<{ person_id: string; chain: string }>('access_log').where('action', 'export').select('person_id', 'chain');
  t.equal(logged.filter(({ person_id: person, chain }) => person === site.people['vries']?.id && chain !== 'general').length, 3);

  await site.services.schools.setLogo(site.school, { type: 'image/png', data: logo }, null);
  t.match(Buffer.from((await file('pdf')).bytes).toString('latin1'), '/Subtype /Image', 'with the picture of the school');
  t.ok('word/media' in Object.fromEntries(Object.keys(readWord((await file('word')).bytes).parts).map((name) => [name.split('/').slice(0, 2).join('/'), true])));
  await site.services.schools.setLogo(site.school, { type: 'image/png', data: Buffer.concat([logo.subarray(0, 33), Buffer.alloc(30)]) }, null);
  t.equal(draft + signsOf(readPdf((await file('pdf')).bytes).text), print, 'a damaged picture is left out');
  t.ok(print.startsWith(draft));
  t.match(signsOf(readPdf((await file('pdf')).bytes).artifacts), draft);
  t.match(readWord((await file('word')).bytes).parts['word/header1.xml'], 'Concept, niet vastgelegd');
  t.equal((await smit.get(`${here}/pdf`)).status, 404, 'who sees only their own part takes nothing along');
  t.equal((await vries.get(`${here}/odt`)).status, 404);

  const bare = await startSite({ pdfs: makePdfMaker({ compilerModule: 'no-such-compiler' }) });
  t.teardown(() => bare.stop());
  const ib = await bare.signIn('vries');
  const { story: other } = await startCase(bare, ib, 'signaal', signal, { naam: 'Sem Bakker', groep: '5' });
  const none = await ib.get(`/cases/${other.number}/documents/signalenoverzicht/pdf`);
  t.equal(none.status, 503);
  t.match(none.text, 'Deze server kan geen pdf maken. Afdrukken en Word werken wel');
  t.equal((await none.follow('Terug naar de documenten')).status, 200);
  t.equal((await ib.get(`/cases/${other.number}/documents/signalenoverzicht?print=1`)).status, 200);
  t.notMatch(bare.log.join(''), /Bakker|ontbijt/);
});

t.test('a document that is kept stays as it is to the last byte; what changes makes a next version, which is signed anew', async (t) => {
  const site = await startSite({ pdfs });
  t.teardown(() => site.stop());
  const story = await toConversation(site);
  const [smit, vries, hofman] = [await site.signIn('smit'), await site.signIn('vries'), await site.signIn('hofman')];
  await story.handIn(vries, 'ouderGesprek', { ouder: 'M. Bakker', datum: '2026-03-04', doelUitgelegd: 'Waarom wij ons zorgen maken.', feiten: 'Drie dagen zonder ontbijt.', reactie: 'Hij herkent het.', bijzondereVorm: 'geen', uitkomst: 'bekrachtigd', ondertekend: 'nog-niet', deelnemers: [{ naam: 'R. de Boer', hoedanigheid: 'tolk' }] });
  const talk = await site.database.read<{ record: number }>('records').where('task', 'ouderGesprek').first('record');
  const concept = await (await vries.get(`/cases/${story.number}/records/${String(talk?.record)}`)).follow('afdrukken en laten ondertekenen');
  const here = concept.path;
  const bytes = async (kind: string, version = 1): Promise<Buffer> => {
    const response = await fetch(`${site.address}${here}/versions/${String(version)}/${kind}`, { headers: { cookie: vries.cookie() } });
    return Buffer.from(await response.arrayBuffer());
  };
  t.match(concept.text, /Concept, niet vastgelegd.*Dit document is nog niet vastgelegd/);
  const first = await concept.submit({}, { form: '/versions' });
  t.match(first.text, /Het document is vastgelegd\..*Versie 1, vastgelegd vandaag 16:00 door u\. Kenmerk \w{4} \w{4}\..*0 van 3 getekend.*M\. Bakker \(Ouder of verzorger\).*R\. de Boer \(tolk\).*A\. de Vries \(School\)/);
  const again = (await vries.get(here)).text;
  t.match(again, /Zo is dit document vastgelegd als versie 1\./);
  t.notMatch(again, /Vastleggen als versie/, 'nothing to keep while nothing changed');
  const before = { pdf: await bytes('pdf'), word: await bytes('word'), print: (await vries.get(`${here}/versions/1?print=1`)).text };
  const fingerprint = /Kenmerk \(SHA-256\): (\w{64})/.exec(first.text)?.[1] ?? '';
  t.match(readPdf(before.pdf).artifacts, new RegExp(`Versie 1, kenmerk ${fingerprint.slice(0, 4)} ${fingerprint.slice(4, 8)}`));
  t.notMatch(readPdf(before.pdf).artifacts + (await bytes('text')).toString(), /Concept/);

  const signer = (place: string, how: string, version = 1): Promise<Page> => vries.get(`${here}/versions/${String(version)}/signers/${place}?how=${how}`);
  const wrong = await (await signer('1', 'typed')).submit({ typed: 'Bakker' });
  t.equal(wrong.status, 422);
  t.match(wrong.html, /value="Bakker"/, 'what was typed stays');
  t.match(wrong.text, /Typ de naam zoals die.*Vink aan dat deze versie is gelezen/);
  t.match((await wrong.submit({ typed: 'm.  bakker', agree: 'yes' })).text, /1 van 3 getekend.*getekend: naam getypt, vandaag 16:00, vastgelegd door u/);
  t.equal((await (await signer('2', 'drawn')).submit({ agree: 'yes', path: '', width: '600', height: '200' })).status, 422, 'nothing was drawn');
  t.equal((await (await signer('2', 'drawn')).submit({ agree: 'yes', path: 'M1 1L2 2" onload="alert(1)', width: '600', height: '200' })).status, 422);
  const drawn = await (await signer('2', 'drawn')).submit({ agree: 'yes', path: 'M10 10L90 40L120 15', width: '600', height: '200' });
  t.match(drawn.html, /<path d="M10 10L90 40L120 15"\/>/);
  t.match((await (await signer('3', 'not')).submit({ reason: 'remote', note: 'Ver' })).text, /ten minste 10 tekens/);
  await (await signer('3', 'not')).submit({ reason: 'remote', note: 'Werkt deze week thuis.' });
  t.equal((await (await signer('new', 'scanned')).submit({ name: 'J. Smit' }, { files: { file: [new File(['<svg/>'], 'scan.svg')] } })).status, 422);
  const scanned = await (await signer('new', 'scanned')).submit({ name: 'J. Smit', capacity: 'leerkracht' }, { files: { file: [new File([samples.pdf], 'getekend.pdf')] } });
  t.match(scanned.text, /3 van 4 getekend.*niet getekend: op afstand.*Werkt deze week thuis\..*J\. Smit \(leerkracht\).*getekend op papier/);
  const scan = await scanned.follow('Haal de scan op');
  t.match(scan.headers.get('content-disposition'), /^attachment; filename="getekend\.pdf"/);
  const edited = await scanned.submit({}, { form: '/files', files: { file: [new File([samples.docx], 'verbeterd.docx')] } });
  t.match(edited.text, /Het bestand is toegevoegd\..*verbeterd\.docx vandaag 16:00, door u/);

  const signed = readPdf(await bytes('signed'));
  t.match(signsOf(signed.texts.at(-1) ?? ''), new RegExp(`Ondertekening.*${fingerprint}.*M\\.Bakker.*naamgetypt.*R\\.deBoer.*ophetscherm.*opafstand.*Werktdezeweekthuis\\..*J\\.Smit.*oppapier`));
  t.ok(signed.tags.includes('Figure'), 'with the drawing');
  t.equal(signed.standard, '2A/');
  t.ok((await bytes('signed')).equals(await bytes('signed')), 'each time the same');
  const inWord = readWord(await bytes('signed-word'));
  t.equal(signsOf(inWord.text), signsOf(signed.text), 'the page that says who signed is the same in Word');
  t.ok(Object.keys(inWord.parts).some((name) => /^word\/media\/.*\.png$/.test(name)) && (inWord.parts['word/document.xml'] ?? '').includes('descr="Handtekening van R. de Boer"'), 'with the drawing, and what it is');
  t.match((await story.look(hofman)).text, /Getekend: Gespreksverslag, versie 1 M\. Bakker \(Ouder of verzorger\)/, 'on the timeline');

  await story.complete(vries, 'ouderGesprek', { opmerkingen: 'Wij praten er thuis over.' });
  t.strictSame([await bytes('pdf'), await bytes('word'), (await vries.get(`${here}/versions/1?print=1`)).text], [before.pdf, before.word, before.print]);
  const changed = await vries.get(here);
  t.match(changed.text, /Sinds versie 1 is er iets veranderd\..*een handtekening onder versie 1 geldt hiervoor niet/);
  t.match((await changed.follow('Bekijk wat er sinds versie 1 anders is')).html, /<ins>[^<]*Wij praten er thuis over\.[^<]*<\/ins>/);
  const stale = await signer('1', 'typed');
  const second = await changed.submit({}, { form: '/versions' });
  t.match(second.text, /Versie 2, vastgelegd.*0 van 3 getekend/, 'nobody signed this text');
  t.match((await second.follow('Wat er anders is dan in versie 1')).html, /<ins>[^<]*Wij praten er thuis over/);
  t.match((await vries.get(`${here}/versions/1`)).text, /Er is een nieuwere versie: versie 2.*3 van 4 getekend/);
  t.equal((await stale.submit({ typed: 'M. Bakker', agree: 'yes' })).status, 404, 'an older version is not signed any more');
  const list = await vries.get(`/cases/${story.number}/documents?show=${here.split('/').at(-1) ?? ''}`);
  t.match(list.text, /Gespreksverslag.{0,60}Versie 2, vandaag 16:00\. 0 van 3 getekend M\. Bakker \(Ouder of verzorger\) nog niet getekend .* Versie 2, vastgelegd vandaag 16:00 door u\. Kenmerk .* Wij praten er thuis over\./);
  t.notMatch(list.text, 'Concept, niet vastgelegd');
  t.equal((await smit.get(`${here}/versions/1`)).status, 404, 'not for who sees only their own part');
  t.strictSame((await verify(site.database, site.keys)).findings, []);
  t.notMatch(site.log.join(''), /Bakker|Boer|ontbijt/);
});

t.test('a whole case is taken along for a reason: as a dossier by whom the route names, and as a file that shows by itself whether it was changed', async (t) => {
  const site = await startSite({ pdfs });
  t.teardown(() => site.stop());
  const [smit, vries, hofman] = [await site.signIn('smit'), await site.signIn('vries'), await site.signIn('hofman')];
  const { story } = await startCase(site, smit, 'signaal', { betreftMedewerker: false, feit: 'Kwam zonder ontbijt op school.', bron: 'eigen-waarneming', datum: '2026-03-02', bestanden: [] }, { naam: 'Sem Bakker', groep: '5' });
  await (await vries.get(`/cases/${story.number}/documents/signalenoverzicht`)).submit({}, { form: '/versions' });
  const path = `/cases/${story.number}/export`;
  const asked = await (await vries.get(`/cases/${story.number}/documents`)).follow('Hele zaak ophalen');
  t.match(asked.text, /Het dossier voor de inspectie haalt op wie voor de school toezicht houdt/);
  t.match(asked.html, /value="file"[^>]*checked/, 'the only choice is made already');
  t.match((await asked.submit({ what: 'dossier', reason: 'De inspectie vraagt erom.' })).text, /Kies wat u ophaalt\./, 'not for who does not answer for the school');
  t.match((await asked.submit({ what: 'file', reason: 'Zomaar' })).text, /ten minste 10 tekens/);
  const send = async (browser: Browser, page: Page, what: string): Promise<Buffer> => {
    const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.html)?.[1] ?? '';
    const body = new URLSearchParams({ _csrf: hidden('_csrf'), _key: hidden('_key'), what, reason: 'De inspectie vraagt erom in haar brief.' });
    return Buffer.from(await (await fetch(site.address + path, { method: 'POST', body, headers: { cookie: browser.cookie(), origin: site.address } })).arrayBuffer());
  };
  const zip = await send(vries, asked, 'file');
  const { problems, manifest } = checkZip(zip);
  t.strictSame(problems, []);
  const files = unzipSync(zip);
  t.ok(Object.keys(files).some((name) => /^documenten\/.*signalenoverzicht-versie-1\.pdf$/.test(name)));
  t.match(Buffer.from(files['vastleggingen.json'] ?? []).toString(), 'Kwam zonder ontbijt op school.');
  const [row] = await site.database.read<{ event_head: string; event_count: number }>('cases').select('event_head', 'event_count');
  t.strictSame(manifest?.chains.events, { head: row?.event_head, count: row?.event_count }, 'the end of the chain of that moment');
  const changed = (name: string, change: (text: string) => string): string[] => checkZip(zipSync({ ...files, [name]: Buffer.from(change(Buffer.from(files[name] ?? []).toString())) })).problems.map(({ problem }) => problem);
  t.strictSame(changed('vastleggingen.json', (text) => text.replace('zonder ontbijt', 'met ontbijt')), ['changed']);
  t.strictSame(changed('erbij.txt', () => 'Nog iets.'), ['extra']);
  t.strictSame(checkZip(Buffer.from('geen zip')).problems, [{ problem: 'noZip', path: null }]);
  // Who also makes the manifest anew is still caught by the chain.
  const chains = JSON.parse(Buffer.from(files['ketens.json'] ?? []).toString()) as { events: { at: string }[] };
  const forged = Buffer.from(JSON.stringify({ ...chains, events: chains.events.map((event, index) => (index === 1 ? { ...event, at: '2026-03-01T09:00:00.000Z' } : event)) }));
  const listed = JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()) as { files: { [path: string]: object } };
  const anew = { ...listed, files: { ...listed.files, 'ketens.json': { sha256: createHash('sha256').update(forged).digest('hex'), bytes: forged.length } } };
  t.match(checkZip(zipSync({ ...files, 'ketens.json': forged, 'manifest.json': Buffer.from(JSON.stringify(anew)) })).problems.map(({ problem }) => problem), ['chain', 'otherEvents']);

  const form = await hofman.get(path);
  const dossier = readPdf(await send(hofman, form, 'dossier'));
  t.match(signsOf(dossier.text), /Dossiervanzaak.*SemBakker,groep5.*Watontbreekt,enwaarom.*Tijdlijn.*Dehelezaakisopgehaaldalsopenbestand.*Deinspectievraagterominhaarbrief\..*Vastleggingen.*Kwamzonderontbijtopschool\..*Overzichtvansignalen.*Versie1.*Wiedezaakinzag.*A\.deVries/);
  t.equal(dossier.standard, '2A/');
  t.notMatch(dossier.text, /vandaag/i, 'on paper every date stands in full');
  const print = (await send(hofman, await hofman.get(path), 'print')).toString();
  t.match(print, /<h1>Dossier van zaak/);
  t.match((await story.look(hofman)).text, /Het hele dossier is opgehaald De inspectie vraagt erom in haar brief\./, 'on the timeline');
  t.strictSame((await site.database.read<{ detail: string }>('access_log').where('action', 'export').select('detail')).map(({ detail }) => detail), ['file', 'dossier']);
  t.equal((await smit.get(path)).status, 404);

  // Years later the start of the log is destroyed; what is taken along then still shows by itself whether it was changed.
  site.clock.now = '2031-05-03T09:00:00.000Z';
  await site.services.logTerm.run();
  const years = await site.signIn('vries');
  const later = checkZip(await send(years, await years.get(path), 'file'));
  t.strictSame(later.problems, []);
  t.match(later.manifest?.chains.accessLog, { after: { count: /^[1-9]/, head: /^[0-9a-f]{64}$/ } });
  t.strictSame((await verify(site.database, site.keys)).findings, []);
});

t.test('a template that fails is named with file, line and field, and the tasks of the case go on', async (t) => {
  const own = found(content.workflows.find(({ workflow }) => workflow.id === 'meldcode'));
  const site = await startSite({ pdfs, routes: [] });
  t.teardown(() => site.stop());
  // No check lets this pass; a template of an older version of the program might.
  const broken = makeRoute(own.workflow, { ...own, documents: { ...own.documents, signalenoverzicht: '<h1>Signalen</h1>\n<p>{{zaak.plaats}}</p>' } });
  await site.services.library.publish([broken], ['meldcode'], site.clock.now);
  const vries = await site.signIn('vries');
  const { story } = await startCase(site, vries, 'signaal', { betreftMedewerker: false, feit: 'Kwam zonder ontbijt.', bron: 'eigen-waarneming', datum: '2026-03-02' }, { naam: 'Sem Bakker', groep: '5' });
  for (const end of ['', '/pdf', '/word', '/text']) {
    const page = await vries.get(`/cases/${story.number}/documents/signalenoverzicht${end}`);
    t.equal(page.status, 422, end);
    t.match(page.text, /documents\/signalenoverzicht\.hbs:2: .*"zaak\.plaats" bestaat niet/, end);
    t.equal(page.headers.get('content-disposition'), null);
  }
  const list = await vries.get(`/cases/${story.number}/documents`);
  t.equal(list.status, 200);
  t.match(list.text, /Overzicht van signalen .* Dit document kan nu niet worden gemaakt .*"zaak\.plaats" bestaat niet/, 'the list stays');
  await story.handIn(vries, 'overleg', { metDirectie: false, metIb: false, uitkomst: 'Wij overleggen morgen.' });

  await t.test('a picture beside the templates is in print, PDF and Word, with what it shows for who does not see it', async (t) => {
    const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const shown = makeRoute(own.workflow, { ...own, documents: { ...own.documents, signalenoverzicht: '<h1>Signalen</h1>\n<figure><img src="kaart.png" alt="Een stip"></figure>' }, pictures: { 'kaart.png': data, 'ander.png': data } });
    t.strictSame(Object.keys(shown.pictures ?? {}), ['kaart.png'], 'only what a template shows');
    t.equal(printHtml(readDocument('<figure><img src="kaart.png" alt="Een stip &amp; meer"></figure>')), '<figure>Een stip &amp; meer</figure>', 'where no pictures are, what it shows stands in words');
    t.notOk('pictures' in own, 'a route without pictures stays what it was');
    // Of two publications at one moment neither is the later one.
    site.clock.now = '2026-03-02T09:00:01.000Z';
    await site.services.library.publish([shown], ['meldcode'], site.clock.now);
    const { story: next } = await startCase(site, vries, 'signaal', { betreftMedewerker: false, feit: 'Kwam zonder jas.', bron: 'eigen-waarneming', datum: '2026-03-02' }, { naam: 'Sem Bakker', groep: '5' });
    const here = `/cases/${next.number}/documents/signalenoverzicht`;
    const fetched = async (path: string): Promise<{ type: string | null; bytes: Buffer; status: number }> => {
      const response = await fetch(site.address + path, { headers: { cookie: vries.cookie() } });
      return { status: response.status, type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
    };
    const [, address = ''] = /<figure><img src="([^"]+)" alt="Een stip"><\/figure>/.exec((await vries.get(here)).html) ?? [];
    t.equal(address, `/assets/pictures/${shown.hash}/kaart.png`);
    t.match(await fetched(address), { status: 200, type: 'image/png', bytes: Buffer.from(data, 'base64') });
    for (const wrong of [`/assets/pictures/${shown.hash}/ander.png`, `/assets/pictures/${own.hash}/kaart.png`, `/assets/pictures/${'0'.repeat(64)}/constructor`]) t.equal((await fetched(wrong)).status, 404, wrong);
    const pdf = readPdf((await fetched(`${here}/pdf`)).bytes);
    t.strictSame([pdf.standard, pdf.tags.includes('Figure')], ['2A/', true]);
    const word = readWord((await fetched(`${here}/word`)).bytes);
    t.match(word.parts['word/document.xml'], 'descr="Een stip"');
    t.match((await fetched(`${here}/text`)).bytes.toString(), 'Een stip');
    t.match((await vries.get(`/cases/${next.number}/documents`)).html, address, 'and beside the list');
  });
  t.notMatch(site.log.join(''), /Bakker|ontbijt|jas/);
});
