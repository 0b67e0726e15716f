import type { Content } from '../definitions/content.ts';
import type { Problem } from '../definitions/problem.ts';
import { readContent } from '../definitions/read-content.ts';
import type { Translate } from '../texts.ts';
import { checkTemplate } from './gate.ts';
import { checkDocument } from './render-document.ts';

/**
 * Reads and checks a whole content folder, templates included: the same for the server, the checker and the tests.
 * A route of which a template names a field that does not exist is left out, as one with any other error.
 */
export function loadContent(root: string, t: Translate): Content {
  const content = readContent(root, { translate: t, checkTemplate: ({ file, source, partials }) => checkTemplate(file, source, partials, t) });
  const checked = content.workflows.map((bundle) => ({
    bundle, problems: Object.keys(bundle.workflow.documents ?? {}).flatMap((document) => checkDocument(bundle, document, t))
  }));
  return {
    ...content,
    workflows: checked.filter(({ problems }) => problems.every(({ severity }) => severity !== 'error')).map(({ bundle }) => bundle),
    problems: merged([...content.problems, ...checked.flatMap(({ problems }) => problems)])
  };
}

/** Routes share templates: the same finding is told once. Sorted by file, line and column. */
function merged(problems: Problem[]): Problem[] {
  const byPlace = new Map(problems.map((problem) => [`${problem.file}:${String(problem.line)}:${String(problem.column)}:${problem.code}:${problem.pointer}`, problem]));
  return [...byPlace.values()].sort((one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : one.line - other.line || one.column - other.column));
}
