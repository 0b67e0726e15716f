import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import t from 'tap';
import { escapeHtml, renderMarkdown } from '../src/web/words/markdown.ts';
import { foldTimeline } from '../src/web/cases/fold-timeline.ts';
import { capitalise, dayOf, daysBetween, formatDay, formatDaysLeft, formatLate, formatList, formatMoment, formatShortDay, formatWeekday, formatWhen, labelBefore } from '../src/web/words/format.ts';
import { makeRenderer } from '../src/web/site/page.ts';
import { routePicture } from '../src/web/views/route-picture.ts';
import type { Model, Views } from '../src/web/views/view-models.ts';
import { htmlFaults } from './fixtures/html-faults.ts';
import { otherSamples, sampleFrame, sampleRoute, samples, sampleStep, texts } from './fixtures/view-samples.ts';

const { render } = makeRenderer({ t: texts, development: false });
const views = Object.keys(samples) as (keyof Views)[];
const pages: { name: string; html: string }[] = [
  ...views.map((view) => ({ name: view, html: renderSample(view, samples[view]) })),
  ...views.flatMap((view) => {
    const model = otherSamples[view];
    return model === undefined ? [] : [{ name: `${view} (other face)`, html: renderSample(view, model) }];
  })
];

for (const { name, html } of pages) {
  void t.test(`${name} is a page that a strict policy and a screen reader accept`, async (t) => {
    const elements = elementsOf(html);
    t.match(html, /^<!doctype html>/);
    t.same(htmlFaults(html), [], 'html-validate finds nothing');
    t.same(elements.filter((element) => element.attributes.some(([attribute]) => attribute === 'style' || attribute.startsWith('on'))), [], 'no inline style or handler');
    t.same(elements.filter(({ tag, text, attributes }) => tag === 'style' || (tag === 'script' && (text !== '' || valueOf(attributes, 'src') !== '/assets/main.js'))), [], 'no inline script');
    t.equal(elements.filter(({ tag }) => tag === 'h1').length, 1, 'one h1');
    t.same(skippedHeadings(elements), [], 'headings in order');
    t.same(repeated(elements.flatMap(({ attributes }) => valueOf(attributes, 'id') ?? [])), [], 'ids are unique');
    t.same(danglingReferences(elements), [], 'labels and descriptions point at ids that exist');
    t.equal(elements.filter(({ tag }) => tag === 'main').length, 1, 'one main');
    t.ok(filledButtons(elements) <= 1, 'at most one filled button');
    t.notMatch(html, /\[object Object\]|undefined|\bnull\b/);
  });

  void t.test(`${name} shows no {{ and no key of a sentence`, async (t) => {
    t.notMatch(html, /\{\{|\bweb\.[a-z]/);
    t.notMatch(html, /\{\w+\}/);
  });
}

for (const view of views) {
  void t.test(`${view} escapes every string of its model`, async (t) => {
    const { html: trusted, ...poisoned } = poison(samples[view]) as Model<typeof view> & { html?: string };
    const model = trusted === undefined ? poisoned : { ...poisoned, html: '<h1>x</h1>' };
    const html = renderSample(view, model as Model<typeof view>);
    t.notMatch(html, attack);
    t.match(html, escapeHtml(attack), 'the attack is there, as text');
    t.same(elementsOf(html).filter(({ tag, text }) => tag === 'script' && text !== ''), []);
  });
}

void t.test('a property that a view shows and a model lacks is an error', async (t) => {
  const { heading: _, ...broken } = samples.message;
  t.throws(() => renderSample('message', broken as Model<'message'>), /heading/);
});

void t.test('the frame', async (t) => {
  const signedIn = render('work-list', samples['work-list']);
  const signedOut = render('sign-in', samples['sign-in']);
  const cover = render('cover', samples.cover);
  t.match(signedIn, 'action="/cover"');
  t.match(signedIn, 'name="_csrf" value="f3c0ffee"');
  t.match(signedIn, 'Elke keer dat u een zaak inziet, wordt vastgelegd.');
  t.match(signedIn, 'aria-current="page">Mijn zaken');
  t.match(signedOut, 'href="tel:08002000"', 'the numbers stand on the sign-in page too');
  t.notMatch(signedOut, 'Scherm afdekken');
  t.notMatch(signedOut, 'wordt vastgelegd');
  t.notMatch(cover, /tel:|Veilig Thuis|Stappenplan|Mijn zaken/, 'a covered screen says nothing of the work');
  t.match(render('setup', samples.setup), '<title>Fout: Instellen - Stappenplan</title>');
  t.notMatch(render('case', samples.case), /<title>[^<]*Sem/, 'no name of a child in the title');
  t.match(render('message', { ...samples.message, frame: { ...sampleFrame, demo: true } }), 'Oefenschool');
});

void t.test('a page of development is compiled anew and the same', async (t) => {
  const development = makeRenderer({ t: texts, development: true });
  t.equal(development.render('cover', samples.cover), render('cover', samples.cover));
});

void t.test('the route picture', async (t) => {
  t.same(sampleRoute.map(({ title, status }) => [title, status]), [
    ['Signalen in kaart', 'Klaar 3 maart, J. Smit'],
    ['Collegiale consultatie', 'Klaar 10 maart, u'],
    ['Gesprek met de ouder', 'Nu bezig, 4 van 8 taken open'],
    ['Aard en ernst wegen', 'Na het gesprek'],
    ['Hulp en volgen', 'Als de school genoeg kan beschermen'],
    ['Melden', 'Bij twijfel of gevaar'],
    ['Afsluiten', 'Ook na stap 3, bij een andere oorzaak']
  ]);
  t.same(sampleRoute.map(({ current }) => current), [false, false, true, false, false, false, false]);
  t.equal(sampleRoute[2]?.next, 'Daarna: 4 Aard en ernst wegen, of terug naar 2 Collegiale consultatie, of afsluiten.', 'edges backward are words');
  t.equal(sampleRoute[0]?.drawing.lanes, 3);
  t.same(sampleRoute[3]?.drawing, {
    lanes: 3, width: 75,
    lines: [
      { x: 14, y1: '-1', y2: '1', done: false },
      { x: 14, y1: '27', y2: '100%', done: false },
      { x: 36, y1: '23', y2: '100%', done: false },
      { x: 62, y1: '-1', y2: '100%', done: false }
    ],
    curves: [{ d: 'M27 14H27a9 9 0 0 1 9 9', done: false }],
    node: { x: 14, y: 14, kind: 'ahead', text: '4' }
  }, 'the shortest skip runs inside, the longest outside');
  t.ok(sampleRoute[0]?.drawing.lines.every(({ done }) => done), 'what was walked is drawn as done');
});

void t.test('the route picture in other states', async (t) => {
  const options = { t: texts, today: '2026-03-18', nameOf: () => 'u', hrefOf: () => null, busyOf: () => null, closing: { closed: true, text: 'Gesloten 18 maart' } };
  const rows = routePicture([
    sampleStep('1', 'Een', { status: 'left', at: '2026-03-03T10:20:00.000Z', leadsTo: ['2', '5'], wentTo: ['5'] }),
    sampleStep('2', 'Twee', { status: 'skipped', reason: 'noodsituatie' }),
    sampleStep('3', 'Drie', { status: 'waiting' }),
    sampleStep('4', 'Vier', { status: 'skipped' }),
    sampleStep('5', 'Vijf', { status: 'completed', at: '2025-12-31T23:30:00.000Z', closes: true, closed: true })
  ], options);
  t.same(rows.map(({ status }) => status), [
    'Verlaten op 3 maart', 'Overgeslagen: noodsituatie', 'Wacht tot de andere stappen klaar zijn', 'Overgeslagen', 'Klaar 1 januari', 'Gesloten 18 maart'
  ]);
  t.ok(rows[2]?.drawing.lines.every(({ x, done }) => x === 36 && done), 'a way past skipped steps is drawn as walked');
  t.same(rows[1]?.drawing.lines.filter(({ x }) => x === 14).map(({ done }) => done), [false], 'and one that was not taken is not');
  t.equal(rows.at(-1)?.state, 'closed');
  t.same(routePicture([], options).map(({ title }) => title), ['Afsluiten']);
});

void t.test('dates and distances in words', async (t) => {
  t.equal(labelBefore('Naam'), 'Naam:', 'a label before its value has a colon');
  t.equal(labelBefore('Wie was dat?'), 'Wie was dat?', 'a question has its own mark');
  const today = '2026-03-18';
  t.equal(formatDay(today), 'woensdag 18 maart 2026');
  t.equal(formatWeekday('2026-03-24'), 'dinsdag 24 maart');
  t.equal(formatShortDay('2026-03-03T10:20:00.000Z', today), '3 maart');
  t.equal(formatShortDay('2025-03-03', today), '3 maart 2025');
  t.equal(formatMoment('2026-03-18T13:32:00.000Z', today, texts), '18 maart, 14.32 uur');
  t.equal(formatWhen('2026-03-18T13:32:00.000Z', today, texts), 'vandaag 14:32');
  t.equal(formatWhen('2026-03-16T23:30:00.000Z', today, texts), 'gisteren 00:30');
  t.equal(formatWhen('2026-03-13T14:10:00.000Z', today, texts), '13 maart 15:10');
  t.equal(formatDaysLeft('2026-03-24', today, texts), 'nog 6 dagen');
  t.equal(formatDaysLeft('2026-03-19', today, texts), 'nog 1 dag');
  t.equal(formatDaysLeft(today, today, texts), 'vandaag');
  t.equal(formatLate(2, texts), '2 werkdagen te laat');
  t.equal(formatLate(1, texts), '1 werkdag te laat');
  t.equal(formatLate(0, texts), 'te laat');
  t.equal(dayOf('2026-06-30T22:30:00.000Z'), '2026-07-01');
  t.equal(daysBetween('2026-03-28', '2026-03-30'), 2, 'also over the night the clock changes');
  t.equal(formatList(['u', 'J. Smit', 'M. Hofman']), 'u, J. Smit en M. Hofman');
  t.equal(formatList([]), '');
  t.equal(capitalise('drie mensen'), 'Drie mensen');
});

void t.test('Markdown of definitions', async (t) => {
  t.equal(renderMarkdown('Een **vet** en *schuin* woord.\nZelfde alinea.', 3), '<p>Een <strong>vet</strong> en <em>schuin</em> woord. Zelfde alinea.</p>');
  t.equal(renderMarkdown('# Kop\n- een\n- twee\n  vervolg\n1. eerst\n2. dan', 2).replaceAll('\n', ''), '<h2>Kop</h2><ul><li>een</li><li>twee vervolg</li></ul><ol><li>eerst</li><li>dan</li></ol>');
  t.equal(renderMarkdown('a\n\nb', 3).replaceAll('\n', ''), '<p>a</p><p>b</p>');
  t.equal(renderMarkdown('<img onerror="x"> [l](javascript:x) & 2 * 3 * 4', 3), '<p>&lt;img onerror=&quot;x&quot;&gt; [l](javascript:x) &amp; 2 * 3 * 4</p>');
  t.equal(renderMarkdown('', 3), '');
});

void t.test('runs of system lines fold, single ones stay', async (t) => {
  const system = (id: string): { kind: 'system'; id: string; text: string } => ({ kind: 'system', id, text: `regel ${id}` });
  const decision = { kind: 'decision' as const, id: 'e2', title: 'Besluit', lines: [], meta: '', link: null };
  t.same(foldTimeline([system('e5'), decision, system('e3'), system('e1')], (run) => `${String(run.length)} systeemregels`), [
    system('e5'), decision, { kind: 'run', id: 'reeks-e3', summary: '2 systeemregels', lines: ['regel e3', 'regel e1'] }
  ]);
  t.same(foldTimeline([], () => ''), []);
});

const attack = '<script>alert(1)</script>';

/** The one place where a view and its model are taken together without their tie. */
function renderSample<View extends keyof Views>(view: View, model: Model<View>): string {
  return render(view, model);
}

/** Puts the attack behind every string that is text; words that choose a look, and ids, stay what they are. */
function poison(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return structural.has(key) ? value : `${value}${attack}"'`;
  if (Array.isArray(value)) return value.map((item) => poison(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, name)]));
}

const structural = new Set(['kind', 'status', 'state', 'html', 'partial', 'statusKind', 'type', 'width']);

type Element = { tag: string; attributes: [string, string][]; text: string };

function elementsOf(html: string): Element[] {
  const found: Element[] = [];
  const walk = (node: Tree.ChildNode | Tree.Document): void => {
    if ('tagName' in node) {
      const text = node.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
      found.push({ tag: node.tagName, attributes: node.attrs.map(({ name, value }) => [name, value]), text });
    }
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(html));
  return found;
}

function valueOf(attributes: [string, string][], name: string): string | undefined {
  return attributes.find(([attribute]) => attribute === name)?.[1];
}

function skippedHeadings(elements: Element[]): string[] {
  const levels = elements.flatMap(({ tag }) => (/^h[1-6]$/.test(tag) ? [Number(tag[1])] : []));
  const below = (level: number, index: number): boolean => level > Math.max(1, ...levels.slice(index - 1, index)) + 1;
  // The problem list, the flash and the first fold of the phone may stand before the h1; nothing may go deeper than h2 there.
  return levels.filter((level, index) => index > 0 && below(level, index)).map(String);
}

function repeated(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function danglingReferences(elements: Element[]): string[] {
  const ids = new Set(elements.map(({ attributes }) => valueOf(attributes, 'id')));
  return elements
    .flatMap(({ attributes }) => ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls'].flatMap((name) => valueOf(attributes, name)?.split(' ') ?? []))
    .filter((id) => !ids.has(id));
}

/** A hidden copy of the button, for Enter, does not count; nor do outline buttons. */
function filledButtons(elements: Element[]): number {
  return elements.filter(({ attributes }) => {
    const classes = valueOf(attributes, 'class')?.split(' ') ?? [];
    return classes.includes('sp-button') && !classes.includes('sp-button--outline');
  }).length;
}
