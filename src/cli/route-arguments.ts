import { parseArgs } from 'node:util';
import { StartProblem } from '../errors.ts';

/** `id` null: every route. `to` null: what is published. `planFile`: a file, made when it is not there. */
export type RouteArguments =
  | { act: 'list' }
  | { act: 'publish'; id: string | null }
  | MoveArguments;

export type MoveArguments = { act: 'move'; id: string; to: string | null; planFile: string | null; dryRun: boolean; undo: boolean };

/** Reads what stands behind npm run routes. Throws a StartProblem with the usage. */
export function readRouteArguments(args: string[], usage: string): RouteArguments {
  const refuse = (argument: string, cause?: unknown): StartProblem => new StartProblem('upkeep.unknownArgument', { argument, usage }, { cause });
  const { values, positionals: [act = 'list', id, ...more] } = parsed(args, refuse);
  const options = Object.keys(values).length;
  if (more[0] !== undefined) throw refuse(more[0]);
  if (act === 'list' && id === undefined && options === 0) return { act };
  if (act === 'publish' && options === 0) return { act, id: id ?? null };
  const { to = null, plan: planFile = null, undo = false } = values;
  if (act !== 'move') throw refuse(act);
  if (id === undefined || (undo && (to !== null || planFile !== null))) throw refuse(args.join(' '));
  return { act, id, to, planFile, dryRun: values['dry-run'] ?? false, undo };
}

type Values = { to?: string; plan?: string; 'dry-run'?: boolean; undo?: boolean };

function parsed(args: string[], refuse: (argument: string, cause: unknown) => StartProblem): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: { to: { type: 'string' }, plan: { type: 'string' }, 'dry-run': { type: 'boolean' }, undo: { type: 'boolean' } } });
  } catch (error) {
    throw refuse(args.join(' '), error);
  }
}
