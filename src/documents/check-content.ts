import type { Content } from '../definitions/content.ts';
import { hasFolder } from '../definitions/content-files.ts';
import { formatProblem, type Problem } from '../definitions/problem.ts';
import type { Translate } from '../texts.ts';
import { loadContent, type LoadOptions } from './load-content.ts';

/**
 * What a check says: one line per problem, then a line that sums up. `ok`: there is no error; warnings and what is good to know may remain.
 * `content` is what was read; null when the folder holds no workflows.
 */
export type CheckReport = { lines: string[]; ok: boolean; problems: Problem[]; content: Content | null };

/** Checks a whole content folder, plays its scenarios, and puts it in words, for the command line and for an admin page. */
export function checkContent(root: string, t: Translate, options: Omit<LoadOptions, 'scenarios'> = {}): CheckReport {
  if (!hasFolder(root, 'workflows')) return { lines: [t('definitions.noWorkflows', { folder: root })], ok: false, problems: [], content: null };
  const content = loadContent(root, t, { ...options, scenarios: true });
  const { problems } = content;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return { lines: [...problems.map((problem) => formatProblem(problem, t)), summary(content, errors, t)], ok: errors === 0, problems, content };
}

function summary({ problems, counts }: Content, errors: number, t: Translate): string {
  const count = (kind: string, n: number): string => t(`definitions.${kind}`, { n });
  if (errors > 0) return t('definitions.found', { errors: count('errors', errors) });
  const read = { workflows: count('workflows', counts.workflows), forms: count('forms', counts.forms), documents: count('documents', counts.documents) };
  const others = [['warnings', 'warning'], ['notes', 'info']].flatMap(([kind = '', severity]) => {
    const n = problems.filter((problem) => problem.severity === severity).length;
    return n === 0 ? [] : [count(kind, n)];
  });
  return others.length === 0 ? t('definitions.clean', read) : t('definitions.cleanWithWarnings', { ...read, warnings: others.join(', ') });
}
