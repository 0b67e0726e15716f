import { formatProblem, type Problem, problemText } from '../definitions/problem.ts';
import type { Translate } from '../texts.ts';

/** The languages a finding is told in: Dutch for the school, English for who builds with it. */
export type Languages = { nl: Translate; en: Translate };

/** One problem for other programs: what a line of text says, in parts and in two languages. */
export type ReportedProblem = Omit<Problem, 'text' | 'sentence'> & { text: { nl: string; en: string } };

/** Gives problems for other programs, in the order of the files. `text` has no proposal in it. */
export function reportedProblems(problems: Problem[], { nl, en }: Languages): ReportedProblem[] {
  return problems.map(({ text: _text, sentence, ...problem }) => ({ ...problem, text: { nl: problemText({ sentence }, nl), en: problemText({ sentence }, en) } }));
}

/**
 * Writes problems as workflow commands of GitHub, one a line: they show at the line of the file in a pull request.
 * `prefix` is the way from the root of the repository to the content folder, '' or ending in a slash.
 */
export function githubLines(problems: Problem[], { nl }: Pick<Languages, 'nl'>, prefix = ''): string[] {
  return problems.map((problem) => {
    const { severity, file, line, column, code } = problem;
    const place = `file=${property(prefix + file)},line=${String(line)},col=${String(column)},title=${property(code)}`;
    return `::${severity === 'info' ? 'notice' : severity} ${place}::${data(formatProblem(problem, nl))}`;
  });
}

/** Escapes as the toolkit of GitHub does (actions/toolkit, command.ts). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
