/** Strict templates put the object in their error text, so it needs a toString; nothing else is inherited. */
const plain: object = Object.freeze(Object.assign(Object.create(null) as object, { toString: () => '' }));

const left = new Set(['__proto__', 'constructor', 'prototype']);

/** Copies data for a template: frozen through and through, without anything a template could climb up to. */
export function sealData(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(sealData));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(plain) as { [key: string]: unknown };
  for (const [key, part] of Object.entries(value)) if (!left.has(key)) copy[key] = sealData(part);
  return Object.freeze(copy);
}
