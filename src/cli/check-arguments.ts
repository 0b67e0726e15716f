import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartProblem } from '../errors.ts';

/** text for people, json for programs, github for annotations in a pull request. */
export const checkFormats = ['text', 'json', 'github'] as const;

export type CheckArguments = { folder: string; format: (typeof checkFormats)[number] };

/** Reads what stands behind npm run check. `fallback` is the folder when none is named. Throws a StartProblem with the usage. */
export function readCheckArguments(args: string[], fallback: string): CheckArguments {
  const usage = `npm run check -- [MAP] [--format ${checkFormats.join('|')}]`;
  const refuse = (argument: string, cause?: unknown): StartProblem => new StartProblem('upkeep.unknownArgument', { argument, usage }, { cause });
  const { values, positionals: [folder = fallback, ...more] } = parsed(args, refuse);
  const format = checkFormats.find((one) => one === values.format);
  if (format === undefined) throw refuse(`--format ${values.format}`);
  if (more[0] !== undefined) throw refuse(more[0]);
  return { folder: resolve(folder), format };
}

function parsed(args: string[], refuse: (argument: string, cause: unknown) => StartProblem): { values: { format: string }; positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: { format: { type: 'string', default: 'text' } } });
  } catch (error) {
    throw refuse(args.join(' '), error);
  }
}
