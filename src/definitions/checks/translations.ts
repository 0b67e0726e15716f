import { type JsonFile } from '../json-file.ts';
import type { Translation } from '../in-language.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding } from '../problem.ts';
import { readSchema } from '../schema-findings.ts';
import { textsOf } from '../texts-of.ts';

/**
 * Compares the texts in another language with the route or form they are of: entries for no text, of a text that is another one by now,
 * with other {paths}, and texts without one. `files`: all files as they work, with overlays and the words of the school.
 */
export function checkTranslation(file: string, { of, language, texts }: Translation, files: JsonFile[]): Finding[] {
  const known = files.filter((one) => one.kind === 'workflow' || one.kind === 'form');
  const source = known.find((one) => one.file === of);
  if (source === undefined) return [finding('translatesNothing', ['of'], { of }, { proposal: nearest(of, known.map((one) => one.file)) })];
  const expected = of.replace(/\.json$/, `.${language}.json`);
  if (file !== expected) return [finding('translationName', ['language'], { expected })];
  if (source.value === undefined) return [];
  const there = textsOf(readSchema(source.kind === 'form' ? 'form' : 'workflow'), source.value);
  const entries = Object.entries(texts).flatMap(([pointer, { from, text }]): Finding[] => {
    const now = there.get(pointer);
    const path = ['texts', pointer];
    if (now === undefined) return [finding('noSuchText', path, { pointer, of }, { at: 'key', proposal: nearest(pointer, there.keys()) })];
    if (now !== from) return [finding('translationStale', [...path, 'from'], { now: shortened(now) }, { severity: 'warning' })];
    const [asked, given] = [pathsIn(from), pathsIn(text)];
    return asked === given ? [] : [finding('translationPaths', [...path, 'text'], { asked: asked || '-', given: given || '-' })];
  });
  const missing = [...there.keys()].filter((pointer) => !Object.hasOwn(texts, pointer));
  if (missing.length === 0) return entries;
  const some = missing.slice(0, 3).join(', ');
  return [...entries, finding('translationMissing', ['texts'], { n: missing.length, some }, { at: 'key', severity: 'warning' })];
}

/** The {paths} that are filled in, each once and sorted. */
function pathsIn(text: string): string {
  return [...new Set(text.match(/\{[^{}]+\}/g))].sort().join(', ');
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
