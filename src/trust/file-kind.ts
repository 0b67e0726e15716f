import { fileTypeFromBuffer } from 'file-type';
import { fileKinds, mostFileBytes } from '../forms/file-kinds.ts';

/** `name`: as it may be shown and saved, with an ending that fits what is in it. */
export type KnownFile = { name: string; type: string };

/** Why a file is not taken. */
export type FileRefusal = 'empty' | 'large' | 'unknown' | 'macros' | 'otherKind';

/**
 * Says what a file is, by its content alone; its name must agree, so that nobody opens it as something else. What is in it is not read
 * further than its kind needs, and never drawn.
 */
export async function readFileKind(given: string, content: Buffer): Promise<KnownFile | { refused: FileRefusal; name: string }> {
  const name = plainFileName(given);
  if (content.length === 0) return { refused: 'empty', name };
  if (content.length > mostFileBytes) return { refused: 'large', name };
  const found = await fileTypeFromBuffer(content).catch(() => undefined);
  const type = found?.mime === 'image/heif' ? 'image/heic' : found?.mime;
  const kind = fileKinds.find((one) => one.type === type);
  if (found?.mime.endsWith('macroenabled.12') === true || (kind !== undefined && hasMacros(content))) return { refused: 'macros', name };
  if (kind === undefined) return { refused: 'unknown', name };
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase();
  if (ending !== undefined && !(kind.endings as readonly string[]).includes(ending)) return { refused: 'otherKind', name };
  return { name: ending === undefined ? `${name}.${kind.endings[0]}` : name, type: kind.type };
}

/** Names in a ZIP are not compressed: Word keeps its macros in a part of this name, LibreOffice its own in a folder with this list. */
function hasMacros(content: Buffer): boolean {
  return isZip(content) && ['vbaProject', 'vbaData', 'Basic/script-lc.xml', 'Scripts/'].some((part) => content.includes(part));
}

function isZip(content: Buffer): boolean {
  return content.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'));
}

/** The last part of a path, without signs that a page cannot show, that turn the direction of reading or that mean something to a file system. */
function plainFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.normalize('NFC').replace(/[\p{C}\p{Zl}\p{Zp}<>:"|?*]/gu, '').replace(/\s+/g, ' ').trim().replace(/^\.+/, '');
  const [, stem = '', ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,5})?$/su.exec(plain) ?? [];
  return `${(/^.{0,100}/su.exec(stem)?.[0] ?? '').trim() || 'bestand'}${ending}`;
}
