import type { Json } from './bundle.ts';
import { isObject, own } from './json-values.ts';
import { type Path, pointerOf } from './problem.ts';

/** The texts of one route or form in another language (translation.schema.json). `of`: its path from the content folder. */
export type Translation = { of: string; language: string; texts: TranslatedTexts };

/** By JSON Pointer: the text it was translated from, and the translation. */
export type TranslatedTexts = { [pointer: string]: { from: string; text: string } };

/**
 * Gives a route or form in another language. A text without a translation, or of which the translation was made from another text, stays
 * as it was: an old translation could say something that no longer holds. Ids, answers and conditions are the same in every language.
 */
export function inLanguage(definition: Json, { language, texts }: Pick<Translation, 'language' | 'texts'>): Json {
  const translated = translatedAt(definition, [], texts);
  return isObject(translated) && Object.hasOwn(translated, 'language') ? { ...translated, language } : translated;
}

/** Gives the translation of the text at a path; null when there is none, or none of this text. */
export function translationOf(texts: TranslatedTexts, path: Path, value: Json | undefined): string | null {
  const entry = own(texts, pointerOf(path));
  return entry !== undefined && entry.from === value ? entry.text : null;
}

function translatedAt(value: Json, path: Path, texts: TranslatedTexts): Json {
  if (typeof value === 'string') return translationOf(texts, path, value) ?? value;
  if (Array.isArray(value)) return value.map((item, index) => translatedAt(item, [...path, index], texts));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, translatedAt(item, [...path, key], texts)]));
}
