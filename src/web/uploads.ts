import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors.ts';
import type { Pairs } from '../forms/form-types.ts';
import { mostPairs } from './http.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** This route takes a form with files. */
    takesFiles?: boolean;
  }
  interface FastifyRequest {
    /** The files of a form, by the name of their field; those that were left empty are not there. */
    files: ReadonlyMap<string, Buffer>;
  }
}

/** Reads forms with files, where a route asks for them: fields become pairs as in any form. */
export function readUploads(app: FastifyInstance): void {
  app.decorateRequest('files');
  app.addHook('onRequest', async (request) => { request.files = new Map(); });
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, done) => {
    const read = request.routeOptions.config.takesFiles === true && Buffer.isBuffer(body) ? readMultipart(body, request.headers['content-type'] ?? '') : null;
    if (read === null) { done(new AppError('badRequest')); return; }
    request.files = read.files;
    done(null, read.pairs);
  });
}

/** Takes a multipart body apart (RFC 7578); the whole of it is in memory, so its size was limited before. Null: it is no such body, or has too many parts. */
export function readMultipart(body: Buffer, contentType: string): { pairs: Pairs; files: Map<string, Buffer> } | null {
  const [, quoted, bare] = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return null;
  const parts = partsOf(Buffer.concat([lineBreak, body]), Buffer.from(`\r\n--${boundary}`));
  if (parts === null) return null;
  const pairs: Pairs = [];
  const files = new Map<string, Buffer>();
  for (const part of parts) {
    const end = part.indexOf('\r\n\r\n');
    const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(part.toString('utf8', 0, Math.max(end, 0)))?.[1];
    const name = /(?:^|;)\s*name="([^"]*)"/i.exec(disposition ?? '')?.[1];
    if (disposition === undefined || name === undefined) return null;
    const content = part.subarray(end + 4);
    if (!/;\s*filename\*?=/i.test(disposition)) pairs.push([plainName(name), content.toString('utf8')]);
    else if (content.length > 0) files.set(plainName(name), content);
  }
  return { pairs, files };
}

const lineBreak = Buffer.from('\r\n');

/** What stands between the boundaries; null when the last one is missing. */
function partsOf(body: Buffer, delimiter: Buffer): Buffer[] | null {
  const parts: Buffer[] = [];
  for (let at = nextDelimiter(body, delimiter, 0); at >= 0 && parts.length <= mostPairs;) {
    const start = at + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
    const next = nextDelimiter(body, delimiter, start);
    if (next < 0) return null;
    parts.push(body.subarray(start + lineBreak.length, next));
    at = next;
  }
  return null;
}

/** A line that only begins like the boundary is content. */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  let at = body.indexOf(delimiter, from);
  while (at >= 0 && !['\r\n', '--'].includes(body.toString('latin1', at + delimiter.length, at + delimiter.length + 2))) at = body.indexOf(delimiter, at + 1);
  return at;
}

/** Browsers write quotes and line breaks in a name this way. */
function plainName(name: string): string {
  return name.replace(/%22/g, '"').replace(/%0D%0A/gi, '\n');
}
