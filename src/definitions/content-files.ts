import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { finding, type Finding } from './problem.ts';

/** One file of a content folder. `file` is its path from that folder, with forward slashes; `name` is without extension. */
export type ContentFile = { file: string; name: string; text: string };

/** A file that was refused unread. */
export type RefusedFile = { file: string; finding: Finding };

const greatestBytes = 256 * 1024;

/**
 * Reads the files of one sub-folder with an extension, sorted by name; a folder that does not exist is empty.
 * Refused unread: symbolic links, files outside the content folder, files over 256 kB, text that is not UTF-8.
 * Hidden files and files with another extension are skipped.
 */
export function readFolder(root: string, folder: string, extension: string): { files: ContentFile[]; refused: RefusedFile[] } {
  const files: ContentFile[] = [];
  const refused: RefusedFile[] = [];
  const entries = namesIn(join(root, folder)).filter((name) => name.endsWith(extension) && !name.startsWith('.'));
  // By name without extension, so that x.json stands before x-2.json.
  for (const entry of entries.map((name) => name.slice(0, -extension.length)).sort().map((name) => name + extension)) {
    const file = folder === '' ? entry : `${folder}/${entry}`;
    const read = readOne(root, join(root, folder, entry));
    if (typeof read === 'string') files.push({ file, name: entry.slice(0, -extension.length), text: read });
    else if (read !== null) refused.push({ file, finding: read });
  }
  return { files, refused };
}

/** Folders inside those of the content that are read as well, or kept by the program. */
const knownFolders = ['workflows/calendars', 'workflows/sociale-kaart', 'workflows/bases', 'forms/bases', 'documents/partials'];

/** What stands in a sub-folder and is never read, as people leave it there: another extension, or a folder of their own. Hidden files, notes (.md) and pictures are left alone. */
export function unreadIn(root: string, folder: string, extension: string): string[] {
  return namesIn(join(root, folder))
    .filter((name) => !name.startsWith('.') && !/\.(md|png|jpe?g)$/i.test(name) && !name.endsWith(extension) && !knownFolders.includes(`${folder}/${name}`))
    .sort().map((name) => `${folder}/${name}`);
}

/**
 * Reads the pictures of one sub-folder (.png, .jpg, .jpeg), as base64 by file name. What is no such picture inside, is a symbolic link,
 * lies outside the content folder or has more than 256 kB is left out: the template that names it then says so.
 */
export function readPictures(root: string, folder: string): { [file: string]: string } {
  const found = namesIn(join(root, folder)).filter((name) => /^[A-Za-z0-9][\w-]*\.(png|jpe?g)$/.test(name)).sort().flatMap((name): [string, string][] => {
    const path = join(root, folder, name);
    const { isLink, isFile, size } = kindOf(path);
    if (isLink || !isFile || size > greatestBytes || !realpathSync(path).startsWith(realpathSync(root) + sep)) return [];
    const data = readFileSync(path);
    return isPicture(data.toString('hex')) ? [[name, data.toString('base64')]] : [];
  });
  return Object.fromEntries(found);
}

/** A whole PNG or JPEG by how it begins and ends. */
function isPicture(hex: string): boolean {
  return (hex.startsWith('89504e470d0a1a0a0000000d49484452') && hex.endsWith('49454e44ae426082')) || (hex.startsWith('ffd8ff') && hex.endsWith('ffd9'));
}

/** Is there such a sub-folder at all? */
export function hasFolder(root: string, folder: string): boolean {
  return existsSync(join(root, folder));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readOne(root: string, path: string): string | Finding | null {
  const { isLink, isFile, size } = kindOf(path);
  if (isLink) return finding('symbolicLink', []);
  if (!isFile) return null;
  if (!realpathSync(path).startsWith(realpathSync(root) + sep)) return finding('outsideFolder', []);
  if (size > greatestBytes) return finding('largeFile', [], { size: Math.ceil(size / 1024), greatest: greatestBytes / 1024 });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError) return finding('notUtf8', []);
    throw error;
  }
}

function kindOf(path: string): { isLink: boolean; isFile: boolean; size: number } {
  const status = lstatSync(path);
  return { isLink: status.isSymbolicLink(), isFile: status.isFile(), size: status.size };
}
