import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { textOnly } from '../../no-text.ts';
import { mostPairs } from './http.ts';

/** A file of a post, under the name of its field. `name`: what the sender calls it, which is only ever shown. */
export type Upload = { field: string; name: string; content: Buffer };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** This route takes a form with files. */
    takesFiles?: boolean;
  }
  interface FastifyRequest {
    /** The files of a form; fields in which none was chosen are not there. */
    files: Upload[];
  }
}

/**
 * What a post with files may have in all. More than one file may have, so that one that is too large comes back as a message with
 * everything that was typed, and so that a few pictures go together.
 */
export const mostUploadBytes = 25 * 1_048_576;
/** Of somebody who is not signed in. */
const mostBytesOfAnybody = 1_048_576;

/** Reads forms with files, where a route asks for them: fields become pairs as in any form. */
export function readUploads(app: FastifyInstance): void {
  app.decorateRequest('files');
  app.addHook('onRequest', (request, _reply, done) => {
    request.files = [];
    done();
  });
  // Before anything is read into memory.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const isTooMuch = request.visitor === null && request.headers['content-type']?.startsWith('multipart/') === true && !(Number(request.headers['content-length']) <= mostBytesOfAnybody);
    done(isTooMuch ? new AppError('notSignedIn') : null, payload);
  });
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const read = request.routeOptions.config.takesFiles === true ? await readMultipart(body, request.headers['content-type'] ?? '') : null;
    if (read === null) throw new AppError('badRequest');
    request.files = read.files;
    return read.pairs;
  });
}

/** Takes a multipart body apart; the whole of it is in memory, so its size was limited before. Null: it is no such body. Throws tooLarge above 2,000 parts. */
export async function readMultipart(body: Buffer, contentType: string): Promise<{ pairs: Pairs; files: Upload[] } | null> {
  // The types advise against it for servers since it holds everything in memory; here that is so already, and limited.
  const whole: { formData(): Promise<FormData> } = new Response(body, { headers: { 'content-type': contentType } });
  const form = await whole.formData().catch(() => null);
  if (form === null) return null;
  const parts = [...form];
  if (parts.length > mostPairs) throw new AppError('tooLarge');
  // A field in which nothing was chosen comes as a file without a name.
  const chosen = parts.flatMap(([field, part]) => (typeof part === 'string' || (part.name === '' && part.size === 0) ? [] : [{ field, part }]));
  return {
    pairs: parts.flatMap(([field, part]): Pairs => (typeof part === 'string' ? [[textOnly(field), textOnly(part)]] : [])),
    files: await Promise.all(chosen.map(async ({ field, part }) => ({ field, name: textOnly(part.name), content: Buffer.from(await part.arrayBuffer()) })))
  };
}

/** Gives the content of the file in a field; undefined when none was chosen. */
export function uploadIn({ files }: FastifyRequest, field: string): Buffer | undefined {
  const content = files.findLast((file) => file.field === field)?.content;
  return content?.length === 0 ? undefined : content;
}
