import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartProblem } from '../errors.ts';

/** text for people, json for programs, github for annotations in a pull request. */
const checkFormats = ['text', 'json', 'github'] as const;

/** At most one of these is set: `compare`, the two versions of which the difference is asked; `effective`, the file to print as it works (in `language`, null for its own); `explain`, the route of which the conditions are said in words, '' for all (`feel`: as FEEL expressions); `preview`, the template to make an example of. */
export type CheckArguments = { folder: string; format: (typeof checkFormats)[number]; compare: [string, string] | null; effective: string | null; language: string | null; explain: string | null; feel: boolean; preview: string | null };

/** Reads what stands behind npm run check. `fallback` is the folder when none is named. Throws a StartProblem with the usage. */
export function readCheckArguments(args: string[], fallback: string): CheckArguments {
  const usage = `npm run check -- [MAP] [--format ${checkFormats.join('|')}], of npm run check -- --diff VERSIE VERSIE [--format text|json], of npm run check -- [MAP] --effective BESTAND [--language en], of npm run check -- --explain [ROUTE] [--feel], of npm run check -- [MAP] --preview DOCUMENT`;
  const refuse = (argument: string, cause?: unknown): StartProblem => new StartProblem('upkeep.unknownArgument', { argument, usage }, { cause });
  const { values, positionals } = parsed(args, refuse);
  const [folder = fallback, ...more] = positionals;
  const format = checkFormats.find((one) => one === values.format);
  if (format === undefined) throw refuse(`--format ${values.format}`);
  if (values.feel && !values.explain) throw refuse('--feel');
  const language = values.language ?? null;
  if (language !== null && (values.effective === undefined || !/^[a-z]{2}$/.test(language))) throw refuse(`--language ${language}`);
  if (values.diff) {
    const [before, after, third] = positionals;
    if (before === undefined || after === undefined || third !== undefined || format === 'github' || values.effective !== undefined) throw refuse(args.join(' '));
    return { folder: resolve(fallback), format, compare: [before, after], effective: null, language, explain: null, feel: false, preview: null };
  }
  if (values.explain) {
    const [route = '', second] = positionals;
    if (second !== undefined || format !== 'text' || values.effective !== undefined) throw refuse(args.join(' '));
    return { folder: resolve(fallback), format, compare: null, effective: null, language, explain: route, feel: values.feel, preview: null };
  }
  if (more[0] !== undefined) throw refuse(more[0]);
  if (values.preview !== undefined && values.effective !== undefined) throw refuse(args.join(' '));
  return { folder: resolve(folder), format, compare: null, effective: values.effective ?? null, language, explain: null, feel: false, preview: values.preview ?? null };
}

function parsed(args: string[], refuse: (argument: string, cause: unknown) => StartProblem): { values: { format: string; diff: boolean; explain: boolean; feel: boolean; effective?: string; language?: string; preview?: string }; positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: { format: { type: 'string', default: 'text' }, diff: { type: 'boolean', default: false }, explain: { type: 'boolean', default: false }, feel: { type: 'boolean', default: false }, effective: { type: 'string' }, language: { type: 'string' }, preview: { type: 'string' } } });
  } catch (error) {
    throw refuse(args.join(' '), error);
  }
}
