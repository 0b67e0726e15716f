import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Transform, type TransformCallback } from 'node:stream';
import { makeSealer, type RandomBytes } from './seal.ts';

/**
 * A sealed file is one clear line of JSON, then frames of at most 64 kB, each sealed with AES-256-GCM under a key made of the main key
 * and the salt in that line. A frame is bound to the line, to its place and to being the last: nothing can be changed, swapped or cut off.
 */
export type SealedHead = { format: 'stappenplan-1'; key: string; salt: string; made: string };

/** Is not a sealed file, was damaged, or was sealed with another key. */
export class SealedFileProblem extends Error {
  readonly code: 'notSealed' | 'damaged' | 'otherKey';

  constructor(code: SealedFileProblem['code'], options?: ErrorOptions) {
    super(code, options);
    this.name = 'SealedFileProblem';
    this.code = code;
  }
}

/** Makes the stream that seals what is written to it. */
export function sealingStream({ key, made, random }: { key: Buffer; made: string; random: RandomBytes }): Transform {
  const head: SealedHead = { format: 'stappenplan-1', key: makeSealer({ key, random }).keyId, salt: random(16).toString('base64url'), made };
  const line = `${JSON.stringify(head)}\n`;
  const fileKey = fileKeyOf(key, head);
  let waiting = Buffer.alloc(0);
  let index = 0;
  const frame = (content: Buffer, isLast: boolean): Buffer => {
    const nonce = random(12);
    const cipher = createCipheriv('aes-256-gcm', fileKey, nonce).setAAD(boundTo(line, index, isLast));
    index += 1;
    const sealed = Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(sealed.length);
    return Buffer.concat([length, sealed]);
  };
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      waiting = Buffer.concat([waiting, chunk]);
      for (; waiting.length > frameSize; waiting = waiting.subarray(frameSize)) this.push(frame(waiting.subarray(0, frameSize), false));
      done();
    },
    flush(done: TransformCallback) {
      this.push(frame(waiting, true));
      done();
    }
  });
  stream.push(line);
  return stream;
}

/** Reads what a sealed file holds, frame by frame. Throws a SealedFileProblem. */
export async function* openSealedFile(file: string, key: Buffer): AsyncGenerator<Buffer> {
  const input = createReadStream(file);
  const reader = makeReader(input);
  try {
    await once(input, 'open');
    const line = await reader.line(1_000);
    const fileKey = keyOfHead(line, key);
    for (let index = 0, isLast = false; !isLast; index += 1) {
      const length = (await reader.bytes(4))?.readUInt32BE() ?? 0;
      const sealed = length < 28 || length > frameSize + 28 ? null : await reader.bytes(length);
      if (sealed === null) throw new SealedFileProblem('damaged');
      isLast = await reader.isAtEnd();
      yield unseal(fileKey, sealed, boundTo(line, index, isLast));
    }
  } finally {
    input.destroy();
  }
}

const frameSize = 65_536;

function keyOfHead(line: string, key: Buffer): Buffer {
  const head = readHead(line);
  if (head === null) throw new SealedFileProblem('notSealed');
  if (head.key !== makeSealer({ key, random: noRandom }).keyId) throw new SealedFileProblem('otherKey');
  return fileKeyOf(key, head);
}

function readHead(line: string): SealedHead | null {
  try {
    const head = JSON.parse(line) as Partial<SealedHead> | null;
    return head?.format === 'stappenplan-1' && typeof head.key === 'string' && typeof head.salt === 'string' ? head as SealedHead : null;
  } catch {
    return null;
  }
}

function fileKeyOf(key: Buffer, { salt }: SealedHead): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, 'stappenplan sealed file', 32));
}

function boundTo(line: string, index: number, isLast: boolean): Buffer {
  return createHash('sha256').update(JSON.stringify([line, index, isLast])).digest();
}

function unseal(key: Buffer, sealed: Buffer, bound: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 }).setAAD(bound);
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  } catch (error) {
    throw new SealedFileProblem('damaged', { cause: error });
  }
}

/** Reads exact numbers of bytes from a stream. */
function makeReader(input: AsyncIterable<Buffer>) {
  const chunks = input[Symbol.asyncIterator]();
  let waiting = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { done, value } = await chunks.next() as IteratorResult<Buffer, undefined>;
    if (done !== true) waiting = Buffer.concat([waiting, value]);
    return done !== true;
  };
  const take = (count: number): Buffer => {
    const taken = waiting.subarray(0, count);
    waiting = waiting.subarray(count);
    return taken;
  };
  return {
    /** Null when the stream ends before. */
    bytes: async (count: number): Promise<Buffer | null> => {
      while (waiting.length < count) if (!(await more())) return null;
      return take(count);
    },
    /** With its end; what stands there when no line ends within so many bytes. */
    line: async (longest: number): Promise<string> => {
      while (!waiting.includes(10) && waiting.length < longest) if (!(await more())) break;
      const end = waiting.indexOf(10);
      return take(end === -1 || end >= longest ? longest : end + 1).toString('utf8');
    },
    isAtEnd: async (): Promise<boolean> => waiting.length === 0 && !(await more())
  };
}

function noRandom(): never {
  throw new Error('Opening needs no randomness.');
}
