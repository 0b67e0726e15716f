import Handlebars from 'handlebars';
import type { Problem } from '../definitions/problem.ts';
import type { Translate } from '../texts.ts';
import { checkMarkup } from './check-markup.ts';
import { checkSyntax } from './check-syntax.ts';
import { blockHelpers, helperNames, makeHelpers, MissingField, type HelperOptions } from './helpers.ts';
import { circleFrom } from './partial-circle.ts';
import { BudgetSpent, largestOutput, loop, makeBudget } from './render-budget.ts';
import { sealData } from './sealed-data.ts';
import { parseTemplate, type Report } from './template-ast.ts';
import { TemplateError } from './template-error.ts';

/** What a check of a template found; `file`, `line` and `column` say where. */
export type TemplateProblem = Problem;

/** Sources by name, without .hbs. */
export type Partials = { readonly [name: string]: string };

/** Makes the HTML of a document from its data; throws a TemplateError. */
export type CompiledTemplate = (data: unknown) => string;

/**
 * Checks one template or partial: may this file become a document at all?
 * `file` is its path from the content folder, used in the problems only. `pictures`: the files it may show; without them that is not checked. Never throws.
 */
export function checkTemplate(file: string, source: string, partials: Partials, t: Translate, pictures: readonly string[] | null = null): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const report = reportTo(problems, file, source, t);
  const program = parseTemplate(source, report);
  if (program === null) return problems;
  checkSyntax(program, new Set(Object.keys(partials)), report);
  checkMarkup(program, report, pictures);
  const circle = circleFrom(program, partials);
  if (circle !== null) report({ line: 1, column: 1 }, 'partialCircle', { names: circle.join(', ') });
  return problems.sort((one, other) => one.line - other.line || one.column - other.column);
}

/**
 * Compiles a checked template with its partials. Throws a TemplateError when it does not pass the check.
 * The only place where the templates of a school are compiled.
 */
export function compileTemplate(name: string, source: string, partials: Partials, t: Translate): CompiledTemplate {
  const file = templateFile(name);
  refuseProblems(checkTemplate(file, source, partials, t));
  for (const [partial, text] of Object.entries(partials)) refuseProblems(checkTemplate(partialFile(partial), text, partials, t));
  const engine = Handlebars.create();
  const known = [...blockHelpers, ...helperNames];
  const options = {
    strict: true, knownHelpersOnly: true,
    // lookup and log are built in; saying false keeps them unknown to this compiler.
    knownHelpers: { ...Object.fromEntries(known.map((helper) => [helper, true])), lookup: false, log: false, helperMissing: false, blockHelperMissing: false }
  };
  const compile = (text: string): Handlebars.TemplateDelegate<unknown> => engine.compile<unknown>(text, options);
  const main = compile(source);
  const compiled = Object.entries(partials).map(([partial, text]) => [partial, compile(text)] as const);

  return (data) => {
    const budget = makeBudget();
    const each = function each(this: unknown, list: unknown, block: HelperOptions): string {
      return loop(this, list, block, budget);
    };
    const helpers = { ...makeHelpers(t), each };
    const parts = Object.fromEntries(compiled.map(([partial, render]) => [partial, (context: unknown, given?: Handlebars.RuntimeOptions) => {
      budget.spend('');
      return inFile(partialFile(partial), t, () => render(context, given));
    }]));
    const html = inFile(file, t, () => main(sealData(data), { helpers, partials: parts }));
    if (html.length > largestOutput) throw new TemplateError({ file, line: 0, column: 0 }, t('documents.tooLong'));
    return html;
  };
}

/** Gives the path of a template from the content folder. */
export function templateFile(name: string): string {
  return `documents/${name}.hbs`;
}

/** Gives the path of a partial from the content folder. */
export function partialFile(name: string): string {
  return `documents/partials/${name}.hbs`;
}

/** Makes a report that adds problems in the form of the checker. */
export function reportTo(problems: TemplateProblem[], file: string, source: string, t: Translate): Report {
  const lines = source.split('\n');
  return (position, code, params = {}, proposal = null) => {
    const found = (lines[position.line - 1] ?? '').slice(position.column - 1).trim().slice(0, 60);
    const sentence = { key: `documents.${code}`, params };
    problems.push({ code, severity: 'error', file, ...position, pointer: '', found, text: t(sentence.key, params), sentence, proposal });
  };
}

/** Throws the first problem as a TemplateError; passes when there is none. */
export function refuseProblems(problems: TemplateProblem[]): void {
  const [first] = problems;
  if (first !== undefined) throw new TemplateError(first, first.text);
}

/** Turns what went wrong while rendering a file into a TemplateError; the innermost file wins. */
function inFile(file: string, t: Translate, render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    const { lineNumber, column, message } = error as { lineNumber?: number; column?: number; message?: string };
    const place = { file, line: lineNumber ?? 0, column: (column ?? -1) + 1 };
    if (error instanceof BudgetSpent || error instanceof RangeError) throw new TemplateError(place, t('documents.tooLong'));
    const field = /^"(.+)" not defined in /.exec(message ?? '')?.[1];
    if (field !== undefined) throw new TemplateError(place, t('documents.missingField', { field }));
    throw new TemplateError(place, t(error instanceof MissingField || error instanceof TypeError ? 'documents.missingSome' : 'documents.failed'));
  }
}
