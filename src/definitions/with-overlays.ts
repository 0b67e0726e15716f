import { checkLocks } from './checks/overlay-locks.ts';
import { checkOverlay } from './checks/overlay.ts';
import type { Json } from './bundle.ts';
import type { ContentFile } from './content-files.ts';
import type { JsonFile } from './json-file.ts';
import { isObject } from './json-values.ts';
import { nearest } from './nearest.ts';
import { isFromPatch, type Patch, patchOf, valueAt, withPatch } from './overlay.ts';
import { parseJson } from './parse-json.ts';
import { finding, type Finding, type Located, type Path } from './problem.ts';
import type { CheckShape } from './schema-findings.ts';

/**
 * Lays each overlay (workflows/x.overlay.json, forms/x.overlay.json) over the file beside it. Gives the same files, where a changed one
 * has the merged value and knows where each part of it stands; findings about the overlay itself stay with the overlay.
 * `bases`: the copies in workflows/bases/ and forms/bases/, each the file as it was when its overlay was made.
 */
export function withOverlays(read: JsonFile[], bases: ContentFile[], checkShape: CheckShape): JsonFile[] {
  const files = read.map((file) => (file.value === undefined ? file : withFindings(file, checkLocks(file.value))));
  // By name: of a file that is no JSON nobody knows the kind, and its base must not go on without it.
  const overlays = files.filter(({ kind, file }) => kind === 'overlay' || isOverlay(file));
  const changed = new Map<string, JsonFile>();
  for (const overlay of overlays) {
    const baseName = overlay.file.replace(/\.overlay\.json$/, '.json');
    const base = files.find(({ file }) => file === baseName && file !== overlay.file);
    const wrong = wrongName(overlay, base, files);
    if (wrong.length > 0 || base?.value === undefined || overlay.value === undefined) {
      changed.set(overlay.file, withFindings(overlay, wrong));
      if (base !== undefined) changed.set(base.file, { ...base, overlay: overlay.file });
      continue;
    }
    const oldFile = oldFileOf(base.file);
    const old = bases.find(({ file }) => file === oldFile);
    const found = checkOverlay(overlay.value, { file: base.file, value: base.value, old: old === undefined ? undefined : parseJson(old.text).value, oldFile });
    changed.set(overlay.file, withFindings(overlay, found));
    changed.set(base.file, laidOver(base, overlay, patchOf(overlay.value), checkShape));
  }
  return files.map((file) => changed.get(file.file) ?? file);
}

/** Is this the name of an overlay, such as forms/signaal.overlay.json? */
function isOverlay(file: string): boolean {
  return file.endsWith('.overlay.json');
}

/** The path of the copy that an overlay is compared with when its base changes: workflows/bases/x.json. */
export function oldFileOf(file: string): string {
  return file.replace('/', '/bases/');
}

function wrongName(overlay: JsonFile, base: JsonFile | undefined, files: JsonFile[]): Finding[] {
  if (overlay.value === undefined) return [];
  const id = valueAt(overlay.value, ['extends', 'id']) as string;
  const folder = overlay.file.split('/')[0] ?? '';
  if (overlay.name !== `${id}.overlay`) return [finding('overlayName', ['extends', 'id'], { id, name: overlay.name })];
  if (base !== undefined) return [];
  const known = files.filter(({ file, name, kind }) => file === `${folder}/${name}.json` && (kind === 'form' || kind === 'workflow')).map(({ name }) => name);
  return [finding('noBase', ['extends', 'id'], { id, folder }, { proposal: nearest(id, known) })];
}

function laidOver(base: JsonFile, overlay: JsonFile, patch: Patch, checkShape: CheckShape): JsonFile {
  const was = base.value as Json;
  const value = withPatch(was, patch);
  const origin = (path: Path): Located => (isFromPatch(was, patch, path) ? overlay : base);
  const shape = checkShape(base.kind ?? 'workflow', value).map((one) => aboutNewName(one, was, patch));
  return { ...base, origin, overlay: overlay.file, value: shape.length === 0 ? value : undefined, findings: [...base.findings, ...shape.map((one) => ({ finding: one, offset: null }))] };
}

/** Whoever misspells the name of a part seems to add one that lacks everything: say so, and what was meant. */
function aboutNewName(found: Finding, base: Json, patch: Patch): Finding {
  const { code, path, params } = found;
  if (code !== 'missingKeyword') return found;
  const at = [...path, String(params['key'])];
  if (valueAt(base, path) !== undefined || !isFromPatch(base, patch, path)) return isFromPatch(base, patch, at) ? { ...found, path: at } : found;
  const siblings = valueAt(base, path.slice(0, -1));
  const key = String(path.at(-1));
  const proposal = nearest(key, isObject(siblings) ? Object.keys(siblings) : []);
  return finding('notInBase', path, { key, missing: String(params['key']) }, { at: 'key', proposal });
}

function withFindings(file: JsonFile, found: Finding[]): JsonFile {
  return found.length === 0 ? file : { ...file, findings: [...file.findings, ...found.map((one) => ({ finding: one, offset: null }))] };
}
