import type { LightMyRequestResponse } from 'fastify';
import { parse } from 'parse5';
import type { TestSite } from '../fixtures/site.ts';
import { canary, type Element, elementsIn, oneHostile, unescapedIn } from './hostile.ts';

type Dice = (below: number) => number;
export type Session = { cookie: string; csrf: string };
/** `taken`: posts that led to another page; `refused`: that came back. */
export type Crawled = { pages: number; posts: number; taken: number; refused: number; slowestMs: number; faults: Set<string> };
type Crawling = { dice: Dice; total: Crawled; signIn: () => Promise<Session> };
/** `typed`: what a person would miss if it were gone. `file`: its name, for a form that takes one. */
type Post = { action: string; pairs: [string, string][]; typed: [string, string][]; file: { field: string; name: string } | null };

const begin = ['/cases', '/cases/new', '/people', '/people/new', '/school', '/partners', '/partners/new', '/account', '/access-log', '/retention', '/emergency-note', '/emergency-access', '/sign-in'];
/** Would end what is tried. */
const avoided = /^\/(?:sign-out|cover|school\/practice)/;
const mostOfOneShape = 3;
/** Of the processor, whatever else runs beside it. Files are made in a thread with a limit of its own. */
const slowestMs = 1_000;
const madeApart = /\/(?:pdf|word|export)$/;
const boundary = '----WebKitFormBoundaryAbCdEf012345';

/** Makes somebody who walks from page to page, and posts every form of each with hostile text; when all has been seen, from the start again. */
export function makeCrawler({ app }: TestSite, { dice, total, signIn }: Crawling): { walk(pages: number): Promise<void> } {
  let session: Session = { cookie: '', csrf: '' };
  let seen = new Map<string, number>();
  let waiting: string[] = [];
  let visited = new Set<string>();
  const ask = async (method: 'GET' | 'POST', url: string, body: Post | null = null): Promise<LightMyRequestResponse> => {
    const before = process.cpuUsage();
    const answer = await app.inject({ method, url, headers: { cookie: session.cookie, ...(body === null ? {} : { 'content-type': body.file === null ? 'application/x-www-form-urlencoded' : `multipart/form-data; boundary=${boundary}` }) }, ...(body === null ? {} : { payload: bodyOf(body) }) });
    const { user, system } = process.cpuUsage(before);
    const tookMs = Math.round((user + system) / 1_000);
    total.slowestMs = Math.max(total.slowestMs, tookMs);
    const where = `${method} ${shapeOf(url).slice(0, 120)}`;
    if (tookMs > slowestMs && !madeApart.test(where)) total.faults.add(`${where} takes ${String(tookMs)} ms`);
    for (const fault of faultsIn(answer)) total.faults.add(`${where}: ${fault}`);
    if (answer.headers.location?.toString().startsWith('/sign-in') === true) session = await signIn();
    return answer;
  };
  const walk = async (pages: number): Promise<void> => {
    session = await signIn();
    for (let count = 0; count < pages; count += 1) {
      if (waiting.length === 0) {
        waiting = [...begin];
        seen = new Map();
        visited = new Set();
      }
      await visit();
    }
  };
  const visit = async (): Promise<void> => {
    const [path = ''] = waiting.splice(dice(waiting.length), 1);
    visited.add(path);
    const page = await ask('GET', path);
    total.pages += 1;
    if (dice(2) === 0) await ask('GET', withHostilePart(path, dice));
    if (!isPage(page)) return;
    const elements = elementsIn(parse(page.payload));
    for (const form of elements.filter(({ tagName }) => tagName === 'form')) {
      const post = filled(form, path, { dice, session });
      if (attribute(form, 'method') !== 'post') {
        await ask('GET', `${post.action.split('?')[0] ?? ''}?${String(new URLSearchParams(post.pairs))}`);
        continue;
      }
      if (avoided.test(post.action)) continue;
      const answer = await ask('POST', post.action, post);
      total.posts += 1;
      total[answer.statusCode === 303 ? 'taken' : 'refused'] += 1;
      const lost = isPage(answer) ? lostIn(answer.payload, post.typed) : null;
      if (lost !== null) total.faults.add(`POST ${shapeOf(post.action)} (${String(answer.statusCode)}) loses ${JSON.stringify(lost)}`);
      const { location } = answer.headers;
      if (answer.statusCode === 303 && typeof location === 'string' && !visited.has(location)) waiting.push(location);
    }
    for (const href of elements.filter(({ tagName }) => tagName === 'a').map((link) => (attribute(link, 'href') ?? '').split('#')[0] ?? '')) {
      const times = seen.get(shapeOf(href)) ?? 0;
      if (!href.startsWith('/') || href.startsWith('/assets/') || visited.has(href) || times >= mostOfOneShape) continue;
      seen.set(shapeOf(href), times + 1);
      visited.add(href);
      waiting.push(href);
    }
  };
  return { walk };
}

/** What fills a form: all of it hostile, some of it, or a single field, so that some posts are taken. */
function filled(form: Element, path: string, { dice, session }: { dice: Dice; session: Session }): Post {
  const one = [1, 3, 9][dice(3)] ?? 1;
  const isHostile = (): boolean => dice(one) === 0;
  const evil = (): string => oneHostile(dice);
  const pairs: [string, string][] = [];
  const typed: [string, string][] = [];
  let file: Post['file'] = null;
  let isForged = false;
  const radios = new Map<string, string[]>();
  const buttons: [string, string][] = [];
  for (const element of fieldsIn(form)) {
    const name = attribute(element, 'name') ?? '';
    const value = attribute(element, 'value') ?? '';
    const type = element.tagName === 'input' ? attribute(element, 'type') ?? 'text' : element.tagName;
    if (name === '') continue;
    if (name === '_csrf') pairs.push([name, session.csrf]);
    else if (type === 'hidden') {
      const changed = dice(12) === 0 && isHostile() ? evil() : value;
      isForged ||= changed !== value;
      pairs.push([name, changed]);
    }
    else if (type === 'radio') radios.set(name, [...(radios.get(name) ?? []), value]);
    else if (type === 'checkbox') {
      if (dice(2) === 0) pairs.push([name, dice(6) === 0 && isHostile() ? evil() : value]);
    } else if (type === 'select') {
      const choices = elementsIn(element).filter(({ tagName }) => tagName === 'option').map((option) => attribute(option, 'value') ?? '');
      pairs.push([name, dice(4) === 0 && isHostile() ? evil() : choices[dice(choices.length)] ?? '']);
    } else if (type === 'file') {
      if (attribute(form, 'enctype') === 'multipart/form-data') file = { field: name, name: evil().replace(/[\r\n"]/g, ' ').slice(0, 200) };
    } else if (type === 'button') buttons.push([name, value]);
    else if (['textarea', 'text', 'search', 'email', 'tel', 'url', 'password', 'date', 'time', 'number'].includes(type)) {
      const text = isHostile() ? evil() : ({ date: '2026-03-02', time: '10:30', number: '3', email: 'a@proef.example' })[type] ?? 'Gewone tekst.';
      pairs.push([name, text]);
      if (type !== 'password' && !name.startsWith('_')) typed.push([name, text]);
    }
  }
  for (const [name, values] of radios) if (dice(8) > 0) pairs.push([name, dice(6) === 0 && isHostile() ? evil() : values[dice(values.length)] ?? '']);
  const button = buttons[dice(buttons.length)];
  // A row that is taken out is gone on purpose; and no page says what it did not say: nobody typed that.
  const isNobodys = isForged || button?.[1].startsWith('remove:') === true;
  return { action: attribute(form, 'action') ?? path, pairs: button === undefined ? pairs : [...pairs, button], typed: isNobodys ? [] : typed, file };
}

/** What a browser posts of a form: nothing that is switched off, alone or with all around it. */
function fieldsIn(form: Element): Element[] {
  return form.childNodes.flatMap((node) => (!('tagName' in node) || attribute(node, 'disabled') !== undefined ? [] : [node, ...fieldsIn(node)]));
}

function bodyOf({ pairs, file }: Post): string {
  if (file === null) return String(new URLSearchParams(pairs));
  const part = (head: string, text: string): string => `--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const quoted = (name: string): string => name.replaceAll('"', '%22').replace(/[\r\n]/g, ' ');
  return [...pairs.map(([name, value]) => part(`name="${quoted(name)}"`, value)), part(`name="${quoted(file.field)}"; filename="${file.name}"`, `<${canary}>`), `--${boundary}--\r\n`].join('');
}

/** What is wrong with any answer, whatever was asked. */
function faultsIn(answer: LightMyRequestResponse): string[] {
  const { statusCode, headers, payload } = answer;
  const faults: string[] = [];
  if (statusCode >= 500) faults.push(String(statusCode));
  if (headers.location !== undefined && !/^\/(?![/\\])/.test(headers.location)) faults.push(`leads to ${headers.location.slice(0, 60)}`);
  if (Object.keys(headers).some((name) => name.includes(canary))) faults.push('a header of the sender');
  if (/\n\s+at .*\.(?:ts|js):\d+/.test(payload)) faults.push('a stack');
  const unescaped = isPage(answer) ? unescapedIn(payload) : null;
  if (unescaped !== null) faults.push(`unescaped ${unescaped}`);
  return faults;
}

/** The first text that is nowhere on a page, neither to read nor in a field; null: all is there. */
function lostIn(html: string, typed: [string, string][]): string | null {
  const all: string[] = [];
  const collect = (node: { childNodes?: unknown }): void => {
    if ('value' in node) all.push(String(node.value));
    if ('attrs' in node) for (const { value } of node.attrs as { value: string }[]) all.push(value);
    for (const child of (node.childNodes ?? []) as { childNodes?: unknown }[]) collect(child);
  };
  collect(parse(html));
  const page = solid(all.join('\n'));
  const lost = typed.find(([, text]) => !page.includes(solid(text)));
  return lost === undefined ? null : `${lost[0]}: ${lost[1].slice(0, 30)}`;
}

/** Without what no browser sends or keeps as it is: white space and signs that control. */
function solid(text: string): string {
  return text.normalize('NFC').replace(/[\s\p{Cc}\p{Cf}\uFFFD\uFFFE\uFFFF]/gu, '');
}

function isPage({ headers }: LightMyRequestResponse): boolean {
  return headers['content-type']?.toString().startsWith('text/html') === true;
}

/** An address without what differs from case to case. */
function shapeOf(url: string): string {
  const [path = '', search = ''] = url.split('?');
  return `${path.replace(/\d{4}-[A-Z0-9]{4}(?=\/|$)/g, 'N').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'I').replace(/\/\d+(?=\/|$)/g, '/1')}${search === '' ? '' : `?${[...new URLSearchParams(search).keys()].join('&')}`}`;
}

/** The same address with one part or value of it hostile. */
function withHostilePart(url: string, dice: Dice): string {
  const [path = '', search = ''] = url.split('?');
  const evil = encodeURIComponent(oneHostile(dice, 300));
  const names = [...new URLSearchParams(search).keys(), 'done', 'zoek', 'next', 'page', 'from'];
  if (dice(2) === 0) return `${path}?${names[dice(names.length)] ?? ''}=${evil}`;
  const parts = path.split('/');
  parts[1 + dice(Math.max(1, parts.length - 1))] = evil;
  return parts.join('/');
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((one) => one.name === name)?.value;
}
