import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './config.ts';

export type TextParams = { [name: string]: string | number };

/**
 * Gives the sentence of a key, with {names} filled in.
 * With a param `n`, key_one is taken for 1 and key_other for the rest, where these exist.
 * Throws when the key does not exist, so that a missing sentence is found by a test and never a blank on a page.
 */
export type Translate = (key: string, params?: TextParams) => string;

/** Reads src/texts/<language>/*.json; the key of a sentence is <file>.<key>. */
export function readTexts(language: string): Translate {
  const folder = join(projectRoot, 'src', 'texts', language);
  const sentences = new Map<string, Sentence>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
    const entries = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { [key: string]: string };
    for (const [key, sentence] of Object.entries(entries)) sentences.set(`${file.slice(0, -5)}.${key}`, takenApart(sentence));
  }
  const plural = new Intl.PluralRules(language);
  return (key, params) => {
    const form = typeof params?.['n'] === 'number' ? sentences.get(`${key}_${plural.select(params['n'])}`) : undefined;
    const sentence = form ?? sentences.get(key);
    if (sentence === undefined) throw new Error(`No sentence "${key}" in texts/${language}.`);
    const { whole, parts } = sentence;
    return params === undefined || parts.length === 1 ? whole : parts.map((part, index) => (index % 2 === 0 ? part : String(params[part] ?? `{${part}}`))).join('');
  };
}

/** A sentence, and the same as text and name in turn: text stands at 0, 2 and so on, the name of what is filled in between. */
type Sentence = { whole: string; parts: string[] };

function takenApart(whole: string): Sentence {
  return { whole, parts: whole.split(/\{(\w+)\}/) };
}
