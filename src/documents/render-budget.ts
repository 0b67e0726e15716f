import Handlebars from 'handlebars';
import { MissingField, type HelperOptions } from './helpers.ts';

/** Most characters of one document. */
export const largestOutput = 2 * 1024 * 1024;

/** Rounds of loops and calls of partials in one document. A real document has some hundreds. */
const mostRounds = 20_000;

/** Counts the work of one document; throws BudgetSpent when it is more than any real document needs. */
export type Budget = { spend(output: string): void };

export class BudgetSpent extends Error {}

export function makeBudget(): Budget {
  let rounds = 0;
  let characters = 0;
  return {
    spend: (output) => {
      rounds += 1;
      characters += output.length;
      // Text in nested loops counts once for each level.
      if (rounds > mostRounds || characters > 20 * largestOutput) throw new BudgetSpent();
    }
  };
}

/** {{#each}}: over lists only, each round counted, so that no template runs without end. */
export function loop(around: unknown, list: unknown, block: HelperOptions, budget: Budget): string {
  if (list === undefined) throw new MissingField();
  if (!Array.isArray(list) || list.length === 0) return block.inverse(around);
  return list.map((item: unknown, index) => {
    const data: unknown = Object.assign(Handlebars.createFrame(block.data) as object, { index, first: index === 0, last: index === list.length - 1 });
    const output = block.fn(item, { data, blockParams: [item, index] });
    budget.spend(output);
    return output;
  }).join('');
}
