// npm run check [-- FOLDER] [--format text|json|github]: says what is wrong in a content folder; without FOLDER in CONTENT_DIR.
// npm run check -- --diff A B: says how two versions of a route differ; a file, ROUTE for what is published, or ROUTE@VERSION.
// Exits with 1 when there is an error.
import { relative } from 'node:path';
import { projectRoot, readConfig } from '../config.ts';
import { checkContent, type CheckReport } from '../documents/check-content.ts';
import { githubLines, reportedProblems } from '../documents/report-problems.ts';
import { StartProblem } from '../errors.ts';
import { readTexts } from '../texts.ts';
import { type CheckArguments, readCheckArguments } from './check-arguments.ts';
import { compareVersions } from './compare.ts';

const languages = { nl: readTexts('nl'), en: readTexts('en') };
try {
  const chosen = readCheckArguments(process.argv.slice(2), process.env['CONTENT_DIR'] ?? projectRoot);
  const report = chosen.compare === null ? checkContent(chosen.folder, languages.nl, { today: new Date().toISOString().slice(0, 10) }) : null;
  const lines = report === null ? await compared(chosen) : written(report, chosen);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (report?.ok === false) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof StartProblem)) throw error;
  process.stderr.write(`${languages.nl(error.key, error.params)}\n`);
  process.exitCode = 1;
}

async function compared({ compare }: CheckArguments): Promise<string[]> {
  return compare === null ? [] : compareVersions(compare, { config: readConfig(process.env, []), t: languages.nl, now: () => new Date().toISOString() });
}

function written({ lines, ok, problems }: CheckReport, { format, folder }: CheckArguments): string[] {
  switch (format) {
    case 'text': return lines;
    case 'json': return [JSON.stringify({ ok, summary: lines.at(-1), problems: reportedProblems(problems, languages) }, null, 2)];
    case 'github': {
      const path = relative(process.cwd(), folder).replaceAll('\\', '/');
      return [...githubLines(problems, languages, path === '' ? '' : `${path}/`), ...lines.slice(-1)];
    }
  }
}
