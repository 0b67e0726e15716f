// npm run check [-- FOLDER] [--format text|json|github]: says what is wrong in a content folder; without FOLDER in CONTENT_DIR.
// npm run check -- --diff A B [--format text|json]: says how two versions of a route differ; a file, ROUTE for what is published, or ROUTE@VERSION.
// With --effective FILE it prints a route or form with its overlay laid over it, and where each line comes from; with --language en in that language.
// With --explain [ROUTE] it says every condition of the routes in words; with --feel as FEEL expressions.
// With --preview DOCUMENT it makes a PDF of a document, of a practice case, without publishing anything.
// Writes what editors read (workflows/.schemas, forms/.schemas).
// Exits with 1 when there is an error.
import { relative } from 'node:path';
import { projectRoot, readConfig } from '../config.ts';
import { editorSchemas } from '../definitions/editor-schemas.ts';
import { checkContent, type CheckReport } from '../documents/check-content.ts';
import { githubLines, reportedProblems } from '../documents/report-problems.ts';
import { StartProblem } from '../errors.ts';
import { readTexts } from '../texts.ts';
import { writeFiles } from '../write-files.ts';
import { type CheckArguments, readCheckArguments } from './check-arguments.ts';
import { explainRoutes } from './explain-routes.ts';
import { overlayFiles, printEffective } from './overlay-files.ts';
import { writeOut } from './write-out.ts';

const languages = { nl: readTexts('nl'), en: readTexts('en') };
try {
  const chosen = readCheckArguments(process.argv.slice(2), process.env['CONTENT_DIR'] ?? projectRoot);
  const { lines, ok } = await answered(chosen);
  writeOut(`${lines.join('\n')}\n`);
  if (!ok) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof StartProblem)) throw error;
  process.stderr.write(`${languages.nl(error.key, error.params)}\n`);
  process.exitCode = 1;
}

async function answered(chosen: CheckArguments): Promise<{ lines: string[]; ok: boolean }> {
  const { folder, format, compare, effective, language, explain, feel, preview } = chosen;
  if (compare !== null) {
    // Only this asks a database: loading what that takes would be a tenth of every other check.
    const { differenceLines, differenceReport, twoVersions } = await import('./compare.ts');
    const [before, after] = await twoVersions(compare, { config: readConfig(process.env, []), t: languages.nl, now: () => new Date().toISOString() });
    return { lines: format === 'json' ? [differenceReport(before, after, languages.nl)] : differenceLines(before, after, languages.nl), ok: true };
  }
  if (effective !== null) return { lines: printEffective(folder, overlayFiles(folder, effective), language), ok: true };
  if (explain !== null) return explainRoutes(folder, { route: explain, feel }, languages.nl);
  if (preview !== null) {
    const { previewDocument } = await import('./preview-document.ts');
    return previewDocument(folder, { template: preview, outFolder: process.cwd(), madeOn: new Date().toISOString(), t: languages.nl });
  }
  const report = checkContent(folder, languages.nl, { today: new Date().toISOString().slice(0, 10) });
  if (report.content !== null) writeFiles(folder, editorSchemas(report.content.readable));
  return { lines: written(report, chosen), ok: report.ok };
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
