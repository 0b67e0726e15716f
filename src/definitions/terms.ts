import type { Json } from './bundle.ts';
import { own } from './json-values.ts';
import { nearest } from './nearest.ts';
import { finding, type Finding, type Path } from './problem.ts';

/** How a school calls things, by name, as the words stand in the middle of a sentence (workflows/terms.json). */
export type Terms = { [name: string]: string };

/** {{term 'ib'}} or {{term "ib"}}. */
const named = /(?<!\{)\{\{ ?term (["'])([A-Za-z][A-Za-z0-9-]*)\1 ?\}\}(?!\})/g;

/** Before it a text or sentence begins. */
const beginning = /(?:^|[.?!]\s+)$/;

/** Puts the words of the school where a text names them, with a capital at the start of a text or sentence. A name that is no term stays as it was written. */
export function withTerms(text: string, terms: Terms): string {
  return text.replace(named, (whole: string, _quote: string, name: string, at: number) => {
    const word = own(terms, name);
    if (word === undefined) return whole;
    return beginning.test(text.slice(0, at)) ? word.charAt(0).toLocaleUpperCase('nl') + word.slice(1) : word;
  });
}

/** The same for every text in a file; keys are no texts. */
export function filledIn(value: Json, terms: Terms): Json {
  return textsOf(value).length === 0 ? value : filled(value, terms);
}

function filled(value: Json, terms: Terms): Json {
  if (typeof value === 'string') return value.includes('{{') ? withTerms(value, terms) : value;
  if (Array.isArray(value)) return value.map((item) => filled(item, terms));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, terms)]));
}

/** Gives the names of the terms in a text, with where each stands in it. */
export function termsIn(text: string): { name: string; at: number }[] {
  return [...text.matchAll(named)].map(({ 2: name = '', index }) => ({ name, at: index }));
}

/** Gives the names of all terms in the texts of a file. */
export function termsOf(value: Json): string[] {
  return textsOf(value).flatMap(({ text }) => termsIn(text).map(({ name }) => name));
}

/** Checks that every term a file names is there, and that nothing else stands between double braces. */
export function checkTermsNamed(value: Json, terms: Terms): Finding[] {
  return textsOf(value).flatMap(({ text, path }) => {
    const unknown = termsIn(text).filter(({ name }) => own(terms, name) === undefined).map(({ name }) => unknownTerm(path, name, terms));
    return text.replace(named, '').includes('{{') ? [...unknown, finding('badTerm', path)] : unknown;
  });
}

/** Says that there is no term of this name. */
export function unknownTerm(path: Path, name: string, terms: Terms): Finding {
  return finding('unknownTerm', path, { name }, { proposal: nearest(name, Object.keys(terms)) });
}

/** Gives the texts with double braces. Few files have any: a path is made for those alone. */
function textsOf(value: Json): { text: string; path: Path }[] {
  if (typeof value === 'string') return value.includes('{{') ? [{ text: value, path: [] }] : [];
  if (value === null || typeof value !== 'object') return [];
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return parts.flatMap(([key, item]) => (typeof item === 'string' && !item.includes('{{') ? [] : textsOf(item).map(({ text, path }) => ({ text, path: [key, ...path] }))));
}
