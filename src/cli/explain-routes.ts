import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../definitions/nearest.ts';
import { isFromPatch, patchOf } from '../definitions/overlay.ts';
import { parseJson, type ParsedJson } from '../definitions/parse-json.ts';
import type { Path } from '../definitions/problem.ts';
import { loadContent } from '../documents/load-content.ts';
import { explainConditions, type Explained, feelOfConditions } from '../engine/reading/condition-words.ts';
import { StartProblem } from '../errors.ts';
import type { Translate } from '../texts.ts';

/**
 * Says every condition of a route in words, each at its place: file:line:column: path: sentence. `route` '': of all routes that check. `feel`: as FEEL expressions for other tools instead.
 * Throws a StartProblem for a route that is not there; not ok when it has an error.
 */
export function explainRoutes(root: string, { route, feel }: { route: string; feel: boolean }, t: Translate): { lines: string[]; ok: boolean } {
  const content = loadContent(root, t);
  if (route !== '' && !content.names.includes(route)) throw new StartProblem('definitions.noRoute', { name: route, proposal: nearest(route, content.names) ?? content.names.join(', ') });
  const chosen = content.workflows.filter(({ workflow }) => route === '' || workflow.id === route);
  if (chosen.length === 0) return { lines: [t('definitions.explainFirst', { name: route })], ok: false };
  return { lines: chosen.flatMap((bundle) => linesOf(root, bundle.workflow.id, feel ? feelOfConditions(bundle.workflow) : explainConditions(bundle.workflow, bundle.forms, t))), ok: true };
}

function linesOf(root: string, route: string, conditions: Explained[]): string[] {
  const placeOf = placesIn(root, `workflows/${route}.json`);
  return conditions
    .map(({ path, text }) => ({ ...placeOf(path), said: `${path.join('.')}: ${text}` }))
    .sort((one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : one.line - other.line || one.column - other.column))
    .map(({ file, line, column, said }) => `${file}:${String(line)}:${String(column)}: ${said}`);
}

/** Where a part of a route stands: in its file, or in the overlay of a school. */
function placesIn(root: string, file: string): (path: Path) => { file: string; line: number; column: number } {
  const read = (name: string): ParsedJson => parseJson(readFileSync(join(root, name), 'utf8'));
  const base = read(file);
  const overlay = file.replace(/\.json$/, '.overlay.json');
  const own = existsSync(join(root, overlay)) ? read(overlay) : null;
  const patch = own?.value === undefined ? {} : patchOf(own.value);
  return (path) => {
    const isOwn = own !== null && isFromPatch(base.value, patch, path);
    const parsed = isOwn ? own : base;
    return { file: isOwn ? overlay : file, ...parsed.position(parsed.offsetOf(path, 'key')) };
  };
}
