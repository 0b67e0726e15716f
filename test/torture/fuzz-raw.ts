import { connect } from 'node:net';
import type { TestSite } from '../fixtures/site.ts';
import type { Session } from './fuzz-crawl.ts';
import { canary, oneHostile } from './hostile.ts';

type Dice = (below: number) => number;

/** So many connections at once. */
const atOnce = 8;

/** Sends what is nearly a request, over the wire: none is answered with a 5xx, and the server goes on. Gives how many were sent. */
export async function sendBroken(site: TestSite, { dice, session, requests, faults }: { dice: Dice; session: Session; requests: number; faults: Set<string> }): Promise<number> {
  const { hostname, port } = new URL(site.address);
  const waiting = Array.from({ length: requests }, () => brokenRequest(`${hostname}:${port}`, session, dice));
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let bytes = waiting.pop(); bytes !== undefined; bytes = waiting.pop()) {
      const answer = await answerTo(hostname, Number(port), bytes);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? '';
      const first = JSON.stringify(bytes.toString('latin1').slice(0, 120));
      if (status.startsWith('5')) faults.add(`${status} for ${first}`);
      if (answer === 'silence') faults.add(`no answer and no end for ${first}`);
      if (new RegExp(`^x-${canary}:`, 'mi').test(answer.split('\r\n\r\n')[0] ?? '')) faults.add(`a header of the sender for ${first}`);
    }
  }));
  const after = await fetch(`${site.address}/readyz`).then(({ status }) => status, () => 0);
  if (after !== 200) faults.add(`afterwards the server says ${String(after)}`);
  return requests;
}

/** A request of a browser with one to three things wrong. */
function brokenRequest(host: string, { cookie, csrf }: Session, dice: Dice): Buffer {
  const of = <One>(list: One[]): One => list[dice(list.length)] as One;
  const evil = (): string => oneHostile(dice, 400);
  const posted = of([`_csrf=${csrf}&reason=x`, `_csrf=${csrf}&=&&%=%00&${encodeURIComponent(evil())}=${encodeURIComponent(evil())}`, evil(), `--x\r\ncontent-disposition: form-data; name="_csrf"\r\n\r\n${csrf}\r\n--x\r\ncontent-disposition: ${evil()}\r\n\r\n${evil()}\r\n--x--`, '{"a":1}', '\u0000'.repeat(50)]);
  const isPost = dice(2) === 0;
  const request = {
    method: isPost ? 'POST' : 'GET', path: of(['/cases', '/cases/new', '/cases/2026-ABCD', '/sign-in', '/account', '/partners', '/emergency-note', '/people', '/healthz', '/assets/app.css']), version: 'HTTP/1.1',
    head: [`host: ${host}`, `cookie: ${cookie}`, `origin: http://${host}`, ...(isPost ? [`content-type: ${of(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'multipart/form-data', 'application/json', 'text/plain', evil()])}`, `content-length: ${String(Buffer.byteLength(posted))}`] : [])],
    body: isPost ? posted : ''
  };
  let whole = (): Buffer => Buffer.from([`${request.method} ${request.path} ${request.version}`, ...request.head, '', request.body].join('\r\n'));
  for (let left = 1 + dice(3); left > 0; left -= 1) {
    switch (dice(12)) {
      case 0: request.method = of(['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'HEAD', 'get', 'PROPFIND', 'QUERY', evil().replace(/\s/g, '')]); break;
      case 1: request.path = `/${encodeURIComponent(evil())}`; break;
      case 2: request.path = of([`${request.path}?${evil()}`, `${request.path}?a[b]=1&a=2&__proto__[x]=1`, '//kanarie.example/', '/..%2f..%2fetc/passwd', '/assets/../../package.json', '/assets/%2e%2e/%2e%2e/keys/main.key', 'http://kanarie.example/cases', '*', '', '/%', '/%c0%ae', `/${'a/'.repeat(900)}`, `/cases/${'x'.repeat(300)}`, '/cases/2026-ABCD/tasks/%00']); break;
      case 3: request.version = of(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', '', evil()]); break;
      case 4: request.head.push(of([`host: ${evil()}`, `x-forwarded-host: ${evil()}`, `x-forwarded-for: ${evil()}`, `if-none-match: ${evil()}`, `range: bytes=${evil()}`, `accept-encoding: ${evil()}`, `expect: ${of(['100-continue', evil()])}`, `upgrade: ${of(['h2c', 'websocket'])}`, `connection: ${of(['upgrade', 'close', evil()])}`, `content-length: ${of(['0', '-1', '1e3', '99999999999999999999', '+5', '5, 6'])}`])); break;
      case 5: request.head.push(of(['transfer-encoding: chunked', 'transfer-encoding: identity', 'transfer-encoding: gzip, chunked', 'transfer-encoding : chunked', 'Transfer-Encoding: xchunked'])); break;
      case 6: request.head = request.head.map((line) => (line.startsWith('cookie') ? `cookie: ${of([`stappenplan=${evil()}`, `${cookie}; ${cookie}`, 'stappenplan=', '='.repeat(3_000), `${evil()}=${evil()}`, 'stappenplan=%', `stappenplan=${'x'.repeat(7_000)}`])}` : line)); break;
      case 7: request.head = request.head.filter(() => dice(3) > 0); break;
      case 8: request.head = request.head.map((line) => (line.startsWith('origin') ? `origin: ${of(['null', 'http://kanarie.example', evil(), ''])}` : line)); break;
      case 9: request.head.push(of([' : x', 'x y: z', `x-a\u0000: b`, `x-b: \u0007`, ` folded`, `x-c: ${'v'.repeat(9_000)}`, ': leeg', `x-d:${evil()}`])); break;
      case 10: request.body = request.body.slice(0, dice(Math.max(1, request.body.length))); break;
      default: {
        const before = whole;
        whole = () => withOtherBytes(before(), dice);
      }
    }
  }
  return whole();
}

function withOtherBytes(bytes: Buffer, dice: Dice): Buffer {
  const changed = Buffer.from(bytes);
  for (let left = 1 + dice(6); left > 0; left -= 1) changed[dice(changed.length)] = dice(256);
  return dice(4) === 0 ? changed.subarray(0, dice(changed.length)) : changed;
}

/** All that came back until the connection ended; `silence` when nothing did. */
function answerTo(host: string, port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, host);
    const done = (): void => {
      resolve(said);
      socket.destroy();
    };
    socket.setTimeout(10_000, () => {
      if (said === '') said = 'silence';
      done();
    });
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (said.includes('\r\n\r\n')) done();
    });
    socket.on('error', () => undefined);
    socket.on('close', done);
    // Nothing more comes, so that what is promised and does not come is not waited for.
    socket.end(bytes);
  });
}
