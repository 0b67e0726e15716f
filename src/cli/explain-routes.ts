import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../definitions/content.ts';
import { nearest } from '../definitions/nearest.ts';
import { parseJson } from '../definitions/parse-json.ts';
import { loadContent } from '../documents/load-content.ts';
import { explainConditions } from '../engine/condition-words.ts';
import { StartProblem } from '../errors.ts';
import type { Translate } from '../texts.ts';

/**
 * Says every condition of a route in words, each at its place: file:line:column: path: sentence. `route` '': of all routes that check.
 * Throws a StartProblem for a route that is not there; not ok when it has an error.
 */
export function explainRoutes(root: string, route: string, t: Translate): { lines: string[]; ok: boolean } {
  const content = loadContent(root, t);
  if (route !== '' && !content.names.includes(route)) throw new StartProblem('definitions.noRoute', { name: route, proposal: nearest(route, content.names) ?? content.names.join(', ') });
  const chosen = content.workflows.filter(({ workflow }) => route === '' || workflow.id === route);
  if (chosen.length === 0) return { lines: [t('definitions.explainFirst', { name: route })], ok: false };
  return { lines: chosen.flatMap((bundle) => linesOf(root, bundle, t)), ok: true };
}

function linesOf(root: string, { workflow, forms }: Content['workflows'][number], t: Translate): string[] {
  const file = `workflows/${workflow.id}.json`;
  const parsed = parseJson(readFileSync(join(root, file), 'utf8'));
  return explainConditions(workflow, forms, t)
    .map(({ path, text }) => ({ ...parsed.position(parsed.offsetOf(path, 'key')), said: `${path.join('.')}: ${text}` }))
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .map(({ line, column, said }) => `${file}:${String(line)}:${String(column)}: ${said}`);
}
