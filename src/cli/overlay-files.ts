import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { effectiveLines } from '../definitions/effective.ts';
import { isObject } from '../definitions/json-values.ts';
import { hashOf } from '../definitions/make-bundle.ts';
import { parseJson } from '../definitions/parse-json.ts';
import { makeShapeCheck } from '../definitions/schema-findings.ts';
import type { Terms } from '../definitions/terms.ts';
import { oldFileOf } from '../definitions/with-overlays.ts';
import { StartProblem } from '../errors.ts';

/** The files of one overlay, as paths from the content folder: workflows/x.json, workflows/x.overlay.json, workflows/bases/x.json. */
export type OverlayFiles = { base: string; overlay: string; copy: string };

/** Reads what a person names: workflows/x.json, workflows/x or, of a route, x. Throws a StartProblem when there is no such file. */
export function overlayFiles(root: string, named: string): OverlayFiles {
  const name = named.replaceAll('\\', '/').replace(/(\.overlay)?\.json$/, '');
  const base = `${name.includes('/') ? name : `workflows/${name}`}.json`;
  if (!/^(workflows|forms)\/[a-z][a-z0-9-]*\.json$/.test(base) || !existsSync(join(root, base))) throw new StartProblem('upkeep.noSuchFile', { file: named, folder: root });
  return { base, overlay: base.replace(/\.json$/, '.overlay.json'), copy: oldFileOf(base) };
}

/** Makes an overlay that changes nothing yet, beside its base, and keeps a copy of the base to compare later versions with. */
export function startOverlay(root: string, { base, overlay, copy }: OverlayFiles): void {
  if (existsSync(join(root, overlay))) throw new StartProblem('upkeep.overlayExists', { file: overlay });
  const { id, version, hash } = versionOf(root, base);
  const made = { $schema: './.schemas/overlay.json', extends: { id, version, hash } };
  writeFileSync(join(root, overlay), `${JSON.stringify(made, null, 2)}\n`);
  keepCopy(root, base, copy);
}

/** Records that an overlay now goes with the base as it is; the rest of the overlay stays as it was written. */
export function acceptBase(root: string, { base, overlay, copy }: OverlayFiles): void {
  if (!existsSync(join(root, overlay))) throw new StartProblem('upkeep.noSuchFile', { file: overlay, folder: root });
  const { id, version, hash } = versionOf(root, base);
  const text = readFileSync(join(root, overlay), 'utf8');
  const edits = modify(text, ['extends'], { id, version, hash }, { formattingOptions: { insertSpaces: true, tabSize: 2 } });
  writeFileSync(join(root, overlay), applyEdits(text, edits));
  keepCopy(root, base, copy);
}

/** Prints a route or form as it works, in its own or another language, each line with where it comes from. Throws a StartProblem when one of its files is no JSON, or the texts in that language are not there. */
export function printEffective(root: string, { base, overlay }: OverlayFiles, language: string | null = null): string[] {
  const read = (file: string): { file: string; name: string; text: string } => ({ file, name: file.replace(/^.*\/|\.json$/g, ''), text: readFileSync(join(root, file), 'utf8') });
  const texts = language === null ? null : base.replace(/\.json$/, `.${language}.json`);
  if (texts !== null && !existsSync(join(root, texts))) throw new StartProblem('upkeep.noTranslation', { file: texts });
  const translation = texts === null ? null : read(texts);
  if (texts !== null && translation !== null && makeShapeCheck()('translation', parseJson(translation.text).value).length > 0) throw new StartProblem('upkeep.noJson', { file: texts });
  const lines = effectiveLines(read(base), existsSync(join(root, overlay)) ? read(overlay) : null, termsIn(root), translation);
  if (lines === null) throw new StartProblem('upkeep.noJson', { file: base });
  return lines;
}

/** The words of the school; none when there is no such file, or the checker says what is wrong in it. */
function termsIn(root: string): Terms {
  const file = join(root, 'workflows', 'terms.json');
  const value = existsSync(file) ? parseJson(readFileSync(file, 'utf8')).value : undefined;
  const terms = isObject(value) && isObject(value['terms']) ? value['terms'] : {};
  return Object.fromEntries(Object.entries(terms).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function versionOf(root: string, file: string): { id: unknown; version: unknown; hash: string } {
  const { value } = parseJson(readFileSync(join(root, file), 'utf8'));
  if (value === undefined || !isObject(value)) throw new StartProblem('upkeep.noJson', { file });
  return { id: value['id'], version: value['version'], hash: hashOf(value) };
}

function keepCopy(root: string, base: string, copy: string): void {
  mkdirSync(dirname(join(root, copy)), { recursive: true });
  copyFileSync(join(root, base), join(root, copy));
}
