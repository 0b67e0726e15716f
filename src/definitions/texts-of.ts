import type { Json } from './bundle.ts';
import { isObject, own } from './json-values.ts';
import { pointerOf } from './problem.ts';

/** Keywords whose value people read. */
const textKeywords = ['title', 'shortTitle', 'introduction', 'notice', 'guidance', 'text', 'message', 'label', 'description', 'summary', 'x-name', 'addLabel', 'help', 'helpTitle'];

type Schema = { [keyword: string]: unknown };

/**
 * Gives the texts for people in a route or form, by JSON Pointer, in file order. What is text, the JSON Schema of its kind says: a keyword of the
 * language, and never the same word inside an answer or a condition. A text without two letters in a row, such as "5a", is none.
 */
export function textsOf(schema: Schema, definition: Json): Map<string, string> {
  const definitions = schema['definitions'] as { [name: string]: Schema };
  const texts = new Map<string, string>();
  const walk = (value: Json, part: unknown, pointer: string, isText: boolean): void => {
    if (!isObject(part)) return;
    const { $ref, anyOf, items, properties, additionalProperties } = part;
    if (typeof $ref === 'string') walk(value, definitions[$ref.replace('#/definitions/', '')], pointer, isText);
    if (Array.isArray(anyOf)) for (const one of anyOf) walk(value, one, pointer, isText);
    if (typeof value === 'string') {
      if (isText && /\p{L}{2}/u.test(value)) texts.set(pointer, value);
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => { walk(item, items, `${pointer}/${String(index)}`, false); });
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries<Json>(value)) {
        const named = isObject(properties) ? own(properties, key) : undefined;
        walk(item, named ?? additionalProperties, `${pointer}${pointerOf([key])}`, named === undefined ? isText : key === 'x-messages' || (textKeywords.includes(key) && typeof item === 'string'));
      }
    }
  };
  walk(definition, schema, '', false);
  return texts;
}
