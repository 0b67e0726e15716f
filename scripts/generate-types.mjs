// Writes src/definitions/*.types.ts from the JSON Schemas. Run: npm run types
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

for (const name of ['workflow', 'form']) {
  const schema = JSON.parse(readFileSync(`src/definitions/${name}.schema.json`, 'utf8'), withoutWordsBesideRef);
  const text = await compile(schema, name, {
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    bannerComment: `// Generated from ${name}.schema.json by "npm run types". Do not edit.`,
    style: { printWidth: 120, singleQuote: true }
  });
  writeFileSync(`src/definitions/${name}.types.ts`, text);
}

/** A description beside a $ref would make a second type of the same shape, so it stays out of the types. */
function withoutWordsBesideRef(_key, value) {
  return typeof value?.$ref === 'string' ? { $ref: value.$ref } : value;
}
