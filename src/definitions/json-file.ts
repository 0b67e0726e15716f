import type { Json } from './bundle.ts';
import type { ContentFile } from './content-files.ts';
import { nearest } from './nearest.ts';
import { parseJson, type ParsedJson } from './parse-json.ts';
import { finding, type Finding, type Located, type Path, placeProblem, type Problem } from './problem.ts';
import type { CheckShape, FileKind } from './schema-findings.ts';
import type { Translate } from '../texts.ts';

/** A finding with its offset, or null when its path says where it is. */
export type MaybePlaced = { finding: Finding; offset: number | null };

/**
 * One JSON file as read. `value` is undefined when it does not fit its schema; `kind` null when it says none we know.
 * With an overlay laid over it (with-overlays.ts), `overlay` is that file and `origin` says which of the two a path comes from.
 */
export type JsonFile = {
  file: string; name: string; kind: FileKind | null; value: Json | undefined; parsed: ParsedJson; findings: MaybePlaced[];
  overlay?: string; origin?: (path: Path) => Located;
};

/** What a file is, or a finding that says why we do not know. */
export type KindOf = (value: Json) => FileKind | Finding;

const kinds: FileKind[] = ['workflow', 'overlay', 'demo', 'partner-map', 'scenarios', 'legal-sources', 'legal-requirements', 'calendar', 'terms', 'translation'];

/** Says what a file in workflows/ is by its `$schema`, such as ./.schemas/workflow.json. */
export const declaredKind: KindOf = (value) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return finding('wrongType', [], { expected: 'object' });
  const schema = value['$schema'];
  if (schema === undefined) return finding('noSchemaName', [], { allowed: allowedSchemas.join(', ') });
  const name = typeof schema === 'string' ? /^\.\.?\/\.schemas\/([a-z-]+)\.json$/.exec(schema)?.[1] : undefined;
  const kind = kinds.find((one) => one === name);
  if (kind !== undefined) return kind;
  if (name === 'form') return finding('wrongFolder', ['$schema'], { folder: 'forms' });
  return finding('unknownSchemaName', ['$schema'], { allowed: allowedSchemas.join(', ') }, { proposal: typeof schema === 'string' ? nearest(schema, allowedSchemas) : null });
};

const allowedSchemas = kinds.map((kind) => (kind === 'calendar' ? '../.schemas/calendar.json' : `./.schemas/${kind}.json`));

/** Says what a file in forms/ is: a form, or by its name an overlay or the texts in another language. */
export const formKind = (name: string): FileKind => (name.endsWith('.overlay') ? 'overlay' : /\.[a-z]{2}$/.test(name) ? 'translation' : 'form');

/** The same for what was read: a route or another file of workflows/ is told as such, and not as a form without its keywords. */
export const formKindOf = (name: string): KindOf => (value) => {
  const kind = formKind(name);
  const declared = kind === 'form' ? declaredKind(value) : kind;
  return typeof declared === 'string' && declared !== kind ? finding('wrongFolder', ['$schema'], { folder: 'workflows' }) : kind;
};

/** Puts a finding in words, at its place: in the overlay when that is where the value comes from. */
export function placeFinding(file: JsonFile, one: MaybePlaced, translate: Translate): Problem {
  return placeProblem(one.offset === null ? file.origin?.(one.finding.path) ?? file : file, one, translate);
}

/** Parses one file, finds out what it is, and checks its name and its shape. */
export function readJsonFile({ file, name, text }: ContentFile, kindOf: KindOf, checkShape: CheckShape): JsonFile {
  const parsed = parseJson(text);
  const { value, problems } = parsed;
  if (value === undefined) return { file, name, kind: file.startsWith('forms/') ? formKind(name) : null, value, parsed, findings: problems };
  const kind = kindOf(value);
  if (typeof kind === 'object') return { file, name, kind: null, value: undefined, parsed, findings: [...problems, { finding: kind, offset: null }] };
  const shape = checkShape(kind, value);
  const names = nameFindings(kind, name, value);
  const findings = [...problems, ...[...names, ...shape].map((one) => ({ finding: one, offset: null }))];
  return { file, name, kind, value: shape.length === 0 ? value : undefined, parsed, findings };
}

/** The finding about the name of a file: that it looks like a copy as Windows and macOS make one, or which name would do. */
export function badFileName(name: string): Finding {
  const of = /^([a-z][a-z0-9.-]*?)(?:(?: - | )(?:kopie|copy))?(?: ?\(?\d+\)?)?$/i.exec(name)?.[1];
  if (of !== undefined && of !== name && name.startsWith(`${of} `)) return finding('copiedFile', [], { of });
  const better = name.toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '');
  return finding('badFileName', [], { name }, { proposal: better === '' ? null : better });
}

/** Routes and forms are found by their id, so that it must be the name of the file. */
function nameFindings(kind: FileKind, name: string, value: Json): Finding[] {
  const hasId = kind === 'workflow' || kind === 'form';
  const pattern = hasId ? /^[a-z][a-z0-9-]{0,63}$/ : /^[a-z][a-z0-9-]{0,63}(\.[a-z]{1,20})?$/;
  if (!pattern.test(name)) return [badFileName(name)];
  const id = value !== null && typeof value === 'object' && !Array.isArray(value) ? value['id'] : undefined;
  return hasId && typeof id === 'string' && id !== name ? [finding('otherFileName', ['id'], { id, name })] : [];
}
