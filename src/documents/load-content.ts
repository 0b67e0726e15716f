import type { Content } from '../definitions/content.ts';
import type { FormDefinition } from '../definitions/form.types.ts';
import { type Problem, wordsOf } from '../definitions/problem.ts';
import { readContent, type ReadOptions } from '../definitions/read-content.ts';
import { conditionWords } from '../engine/reading/condition-words.ts';
import { scenarioPlayer } from '../engine/scenarios/play-scenarios.ts';
import { compileForm } from '../forms/compile-form.ts';
import type { Translate } from '../texts.ts';
import { checkTemplate } from './gate.ts';
import { checkDocumentFields } from './render-document.ts';

/** `today` (YYYY-MM-DD) finds what is out of date; with `scenarios` these are played; `checkShape` as in ReadOptions. */
export type LoadOptions = Pick<ReadOptions, 'today' | 'checkShape'> & { scenarios?: boolean };

/**
 * Reads and checks a whole content folder, templates included: the same for the server, the checker and the tests.
 * A route of which a template names a field that does not exist is left out, as one with any other error.
 */
export function loadContent(root: string, t: Translate, { today, scenarios = false, checkShape }: LoadOptions = {}): Content {
  const content = readContent(root, {
    translate: t, words: conditionWords(t), ...(today === undefined ? {} : { today }), ...(checkShape === undefined ? {} : { checkShape }), ...(scenarios ? { play: scenarioPlayer(t) } : {}), checkTemplate: ({ file, source, partials, pictures }) => checkTemplate(file, source, partials, t, pictures)
  });
  const problemsOfForm = eachOnce((id: string, form: FormDefinition) => formProblems(id, form, t));
  const checked = content.workflows.map((bundle) => ({
    bundle,
    problems: [
      ...Object.entries(bundle.forms).flatMap(([id, form]) => problemsOfForm(id, form)),
      ...checkDocumentFields(bundle, Object.keys(bundle.workflow.documents ?? {}), t)
    ]
  }));
  return {
    ...content,
    workflows: checked.filter(({ problems }) => problems.every(({ severity }) => severity !== 'error')).map(({ bundle }) => bundle),
    problems: merged([...content.problems, ...checked.flatMap(({ problems }) => problems)])
  };
}

/** The last safeguard: a form that passed every check and still cannot be made ready must not bring the server down. */
function formProblems(id: string, form: FormDefinition, t: Translate): Problem[] {
  try {
    compileForm(form, { t });
    return [];
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    return [{ code: 'unusableForm', severity: 'error', file: `forms/${id}.json`, line: 1, column: 1, pointer: '', found: '', ...wordsOf({ code: 'unusableForm', params: { reason } }, t), proposal: null }];
  }
}

/** Routes share forms: what was worked out for one is kept for the next. */
function eachOnce<Result>(work: (id: string, form: FormDefinition) => Result): (id: string, form: FormDefinition) => Result {
  const known = new Map<string, Result>();
  return (id, form) => {
    const key = JSON.stringify(form);
    const result = known.get(key) ?? work(id, form);
    known.set(key, result);
    return result;
  };
}

/** Routes share templates: the same finding is told once. Sorted by file, line and column. */
function merged(problems: Problem[]): Problem[] {
  const byPlace = new Map(problems.map((problem) => [`${problem.file}:${String(problem.line)}:${String(problem.column)}:${problem.code}:${problem.pointer}:${problem.text}`, problem]));
  return [...byPlace.values()].sort((one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : one.line - other.line || one.column - other.column));
}
