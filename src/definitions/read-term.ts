import type { Json } from './bundle.ts';
import type { Duration } from './workflow.types.ts';

/** Reads an answer such as 4-weeks as a length of time; null when it is none. */
export function readTerm(answer: Json | undefined): Duration | null {
  const [, count = '', unit = ''] = typeof answer === 'string' ? (/^(\d{1,4})-(minutes|hours|days|weeks|months|years|workdays)$/.exec(answer) ?? []) : [];
  return unit === '' ? null : { [unit]: Number(count) };
}
