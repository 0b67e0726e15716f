import type { Pairs } from './form-types.ts';

/** Was the same typed, in the same order? */
export function isSamePairs(one: Pairs, other: Pairs): boolean {
  return one.length === other.length && one.every(([name, value], index) => name === other[index]?.[0] && value === other[index][1]);
}
