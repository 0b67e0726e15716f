import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';

/** Where a sealed text stands. A text moved to another place does not open. `row` also names the version where a row is written again. */
export type SealedPlace = { table: string; row: string; column: string };

/** Seals texts with one key (AES-256-GCM). The result reads v1.<key id>.<nonce>.<ciphertext and tag>, each base64url. */
export type Sealer = {
  /** Tells keys apart without giving anything away of them. */
  keyId: string;
  seal(place: SealedPlace, text: string): string;
  /** Throws when the text was changed, moved, or sealed with another key. */
  open(place: SealedPlace, sealed: string): string;
  /** The same for content that is no text. */
  sealBytes(place: SealedPlace, content: Buffer): string;
  openBytes(place: SealedPlace, sealed: string): Buffer;
};

/** Random bytes, as from node:crypto. */
export type RandomBytes = (size: number) => Buffer;

/** Makes a sealer of a key of 32 bytes. */
export function makeSealer({ key, random }: { key: Buffer; random: RandomBytes }): Sealer {
  if (key.length !== 32) throw new Error(`A key has 32 bytes, not ${key.length}.`);
  const keyId = Buffer.from(hkdfSync('sha256', key, '', 'stappenplan key id', 6)).toString('base64url');
  const sealBytes = (place: SealedPlace, content: Buffer): string => {
    const nonce = random(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(place));
    const sealed = Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    return `v1.${keyId}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
  };
  const openBytes = (place: SealedPlace, sealed: string): Buffer => {
    const [version, sealedBy, nonce = '', content = ''] = sealed.split('.');
    if (version !== 'v1') throw new SealBroken(place, 'has an unknown format');
    if (sealedBy !== keyId) throw new SealBroken(place, 'was sealed with another key');
    return decipher(key, place, Buffer.from(nonce, 'base64url'), Buffer.from(content, 'base64url'));
  };
  return {
    keyId, sealBytes, openBytes,
    seal: (place, text) => sealBytes(place, Buffer.from(text, 'utf8')),
    open: (place, sealed) => openBytes(place, sealed).toString('utf8')
  };
}

/** A new key for one case or one purpose, wrapped by another sealer: kept beside what it seals. */
export function wrapNewKey(by: Sealer, place: SealedPlace, random: RandomBytes): { wrapped: string; sealer: Sealer } {
  const key = random(32);
  return { wrapped: by.seal(place, key.toString('base64url')), sealer: makeSealer({ key, random }) };
}

/** Opens a wrapped key again. Throws as `open` does. */
export function unwrapKey(by: Sealer, place: SealedPlace, wrapped: string): Buffer {
  return Buffer.from(by.open(place, wrapped), 'base64url');
}

/** A stored text is not what was stored there. Names the place, never the text. */
export class SealBroken extends Error {
  constructor({ table, row, column }: SealedPlace, what: string, options?: ErrorOptions) {
    super(`${table}.${column} of ${row} ${what}.`, options);
    this.name = 'SealBroken';
  }
}

function decipher(key: Buffer, place: SealedPlace, nonce: Buffer, content: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(boundTo(place));
    decipher.setAuthTag(content.subarray(-16));
    return Buffer.concat([decipher.update(content.subarray(0, -16)), decipher.final()]);
  } catch (error) {
    throw new SealBroken(place, 'was changed or moved', { cause: error });
  }
}

function boundTo({ table, row, column }: SealedPlace): Buffer {
  return createHash('sha256').update(JSON.stringify([table, row, column])).digest();
}
