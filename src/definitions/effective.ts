import type { Json } from './bundle.ts';
import type { ContentFile } from './content-files.ts';
import { inLanguage, type Translation, translationOf } from './in-language.ts';
import { isObject } from './json-values.ts';
import { isFromPatch, patchOf, valueAt, withPatch } from './overlay.ts';
import { parseJson, type ParsedJson } from './parse-json.ts';
import { type Path, pointerOf } from './problem.ts';
import { filledIn, type Terms } from './terms.ts';

/**
 * Prints a route or form as it works, with its overlay laid over it and the words of the school filled in: one line of JSON after the file and line it comes from, such as
 * `x.overlay.json:12 |   "required": true`. With a translation (a file that fits its schema) its texts come from x.en.json, and what it lacks stays as it is.
 * Null when one of the files is no JSON: the checker says what is wrong there.
 */
export function effectiveLines(base: ContentFile, overlay: ContentFile | null, terms: Terms = {}, translation: ContentFile | null = null): string[] | null {
  const own = parseJson(base.text);
  const over = overlay === null ? null : parseJson(overlay.text);
  const other = translation === null ? null : parseJson(translation.text);
  if (own.value === undefined || (over !== null && over.value === undefined) || (other !== null && other.value === undefined)) return null;
  const value = own.value;
  const patch = over?.value === undefined ? {} : patchOf(over.value);
  const effective = filledIn(withPatch(value, patch), terms);
  const translated = other?.value === undefined ? null : filledIn(other.value, terms) as unknown as Translation;
  const lines = linesOf(translated === null ? effective : inLanguage(effective, translated), [], '', '').map(({ path, text }) => {
    if (translation !== null && other !== null && translated !== null) {
      if (translationOf(translated.texts, path, valueAt(effective, path)) !== null) return { origin: `${translation.name}.json:${lineOf(other, ['texts', pointerOf(path)])}`, text };
      if (pointerOf(path) === '/language') return { origin: `${translation.name}.json:${lineOf(other, ['language'])}`, text };
    }
    const isOverlaid = overlay !== null && over !== null && isFromPatch(value, patch, path);
    return { origin: isOverlaid ? `${overlay.name}.json:${lineOf(over, path)}` : `${base.name}.json:${lineOf(own, path)}`, text };
  });
  const width = Math.max(...lines.map(({ origin }) => origin.length));
  return lines.map(({ origin, text }) => `${origin.padEnd(width)} | ${text}`);
}

type Line = { path: Path; text: string };

/** As JSON.stringify with two blanks; a value without objects inside stays on one line. */
function linesOf(value: Json, path: Path, before: string, after: string): Line[] {
  const indent = '  '.repeat(path.length);
  const members = isObject(value) ? Object.entries(value) : [];
  const items = Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null) ? value : [];
  if (members.length === 0 && items.length === 0) return [{ path, text: `${indent}${before}${JSON.stringify(value)}${after}` }];
  const [open, close] = items.length > 0 ? ['[', ']'] : ['{', '}'];
  return [
    { path, text: `${indent}${before}${open}` },
    ...members.flatMap(([key, inside], index) => linesOf(inside, [...path, key], `${JSON.stringify(key)}: `, index < members.length - 1 ? ',' : '')),
    ...items.flatMap((inside, index) => linesOf(inside, [...path, index], '', index < items.length - 1 ? ',' : '')),
    { path, text: `${indent}${close}${after}` }
  ];
}

function lineOf({ position, offsetOf }: ParsedJson, path: Path): string {
  return String(position(offsetOf(path, 'key')).line);
}
