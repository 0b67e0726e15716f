import type { Bundle } from '../definitions/bundle.ts';
import { once } from '../definitions/once.ts';
import { caseContext } from '../engine/model/case-context.ts';
import type { CaseState } from '../engine/state/case-state.ts';
import { sourcesAt } from '../engine/model/instances.ts';
import { type Model, prepare, type Source } from '../engine/model/prepare.ts';
import type { Translate } from '../texts.ts';
import { checkFields, type ReadPartials } from './check-fields.ts';
import { type About, documentData, type DocumentContext, sourcePart } from './document-data.ts';
import { readDocument, UnfitMarkup, type DocumentTree } from './document-tree.ts';
import { checkTemplate, type CompiledTemplate, compileTemplate, partialFile, refuseProblems, reportTo, templateFile, type TemplateProblem } from './gate.ts';
import { readsTask } from './frozen-content.ts';
import { namesLeft } from './names-left.ts';
import { printHtml } from './print-html.ts';
import { sampleState } from './sample-state.ts';
import { parseTemplate } from './template-ast.ts';
import { TemplateError } from './template-error.ts';

/** `names`: words that name whom the case is about and still stand in a document that leaves that out. */
export type RenderedDocument = { html: string; tree: DocumentTree; names: string[] };

/** `document` is an id of the route's `documents`. With `record`, or one in `about`, the document is about that record only: others made with the same form are left out. */
export type RenderRequest = { bundle: Bundle; state: CaseState; document: string; record?: number | null; about?: About; context: DocumentContext };

/**
 * Makes a document of a case: its tree, and its HTML for the print view.
 * Throws a TemplateError that names file, line and field when the template cannot make it; the case is not touched.
 */
export function renderDocument({ bundle, state, document, about = {}, record = recordOf(about), context }: RenderRequest): RenderedDocument {
  const { t } = context;
  const { name } = templateOf(bundle, document);
  const html = compiledDocument(bundle, document, t)(documentData(prepare(bundle, t), only(state, record), context, about, { whole: state, prints: (task) => readsTask(bundle, document, task) }));
  try {
    const tree = readDocument(html);
    return { html: printHtml(tree), tree, names: about.withheld?.includes('identity') === true ? namesLeft(bundle, state, tree) : [] };
  } catch (error) {
    if (error instanceof UnfitMarkup) throw new TemplateError({ file: templateFile(name), line: 0, column: 0 }, t('documents.unfit'));
    throw error;
  }
}

const compiled = new WeakMap<Bundle, WeakMap<Translate, Map<string, CompiledTemplate>>>();

/** A bundle never changes: each of its documents is checked and compiled once. */
function compiledDocument(bundle: Bundle, document: string, t: Translate): CompiledTemplate {
  const ofBundle = compiled.get(bundle) ?? new WeakMap<Translate, Map<string, CompiledTemplate>>();
  const known = ofBundle.get(t) ?? new Map<string, CompiledTemplate>();
  const render = known.get(document);
  if (render !== undefined) return render;
  refuseProblems(checkDocument(bundle, document, t));
  const { name, source } = templateOf(bundle, document);
  const made = compileTemplate(name, source, bundle.partials, t);
  compiled.set(bundle, ofBundle.set(t, known.set(document, made)));
  return made;
}

/** Checks the template of a document with its partials against the tasks and forms of its route: markup, braces and every field name. */
export function checkDocument(bundle: Bundle, document: string, t: Translate): TemplateProblem[] {
  const { name, source } = templateOf(bundle, document);
  const problems = [
    ...checkTemplate(templateFile(name), source, bundle.partials, t),
    ...Object.entries(bundle.partials).flatMap(([partial, text]) => checkTemplate(partialFile(partial), text, bundle.partials, t))
  ];
  if (problems.length > 0) return problems;
  return checkDocumentFields(bundle, [document], t);
}

/** The field names alone, of templates that pass checkTemplate with their partials. */
export function checkDocumentFields(bundle: Bundle, documents: string[], t: Translate): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const model = prepare(bundle, t);
  const state = sampleState(bundle);
  const context: DocumentContext = { school: { name: '', board: '' }, number: '', madeOn: '2000-01-01T12:00:00.000Z', madeBy: '', people: {}, t };
  const partials = readPartials(bundle, problems, t);
  const whole = once(() => documentData(model, state, context));
  for (const document of documents) {
    const { name, source } = templateOf(bundle, document);
    const report = reportTo(problems, templateFile(name), source, t);
    const program = parseTemplate(source, report);
    const samples = sampleSources(model, state, document).map((about) => (about === null ? whole() : { ...whole(), ...sourcePart(model, state, context, about) }));
    if (program !== null) for (const sample of samples) checkFields(program, sample, partials, report);
  }
  return unique(problems);
}

function readPartials(bundle: Bundle, problems: TemplateProblem[], t: Translate): ReadPartials {
  return new Map(Object.entries(bundle.partials).flatMap(([name, source]) => {
    const report = reportTo(problems, partialFile(name), source, t);
    const program = parseTemplate(source, report);
    return program === null ? [] : [[name, { program, report }] as const];
  }));
}

/** A partial is checked wherever it is called; the same finding is told once. */
function unique(problems: TemplateProblem[]): TemplateProblem[] {
  const keys = problems.map(({ file, line, column, code }) => `${file}:${String(line)}:${String(column)}:${code}`);
  return problems.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

function templateOf(bundle: Bundle, document: string): { name: string; source: string } {
  const name = bundle.workflow.documents?.[document]?.template;
  const source = name === undefined || !Object.hasOwn(bundle.documents, name) ? undefined : bundle.documents[name];
  if (name === undefined || source === undefined) throw new Error(`No document "${document}".`);
  return { name, source };
}

function recordOf({ source }: About): number | null {
  return source?.path.length === 1 ? (source.record?.id ?? null) : null;
}

/** Of a document for each of something the first there is of each kind in the sample; of any other one none. */
function sampleSources(model: Model, state: CaseState, document: string): (Source | null)[] {
  const paths = model.documents.find(({ id }) => id === document)?.for ?? null;
  const context = caseContext(model, state, state.openedAt, { id: '', roles: [] });
  return paths === null ? [null] : paths.flatMap((path) => sourcesAt(context, path).slice(0, 1));
}

/** One talk of several tasks is one report: what the form is decides, not the task. What was made for any other record is left out with it. */
function only(state: CaseState, record: number | null): CaseState {
  const form = record === null ? undefined : state.records.find(({ id }) => id === record)?.form;
  if (form === undefined) return state;
  const isOther = (source: string | null): boolean => source !== null && source.split('.')[0] !== String(record);
  return { ...state, records: state.records.filter((other) => other.id === record || (other.form !== form && !isOther(other.source))) };
}
