import { readTexts, type Translate } from '../texts.ts';
import { checkDemo, type DemoSurroundings } from './checks/demo.ts';
import { checkForm } from './checks/form.ts';
import { keywordsIn } from './checks/form-keywords.ts';
import type { ConditionWords } from './checks/missing-answers.ts';
import { checkCalendar, checkCalendarsNamed } from './checks/calendars.ts';
import { checkSources, checkSourcesNamed } from './checks/legal-sources.ts';
import { checkOtherRoutes } from './checks/other-routes.ts';
import { checkLegal } from './checks/legal.ts';
import { withRemoved, type WithRemoved } from './checks/removed.ts';
import { checkScenarios } from './checks/scenarios.ts';
import { checkTranslation } from './checks/translations.ts';
import { unusedFiles } from './checks/unused-files.ts';
import { checkWorkflow } from './checks/workflow.ts';
import type { Bundle, SchoolCalendar } from './bundle.ts';
import type { Content, DemoCases, LegalLists, LegalSources, PartnerMap, PlayScenarios, Scenarios } from './content.ts';
import { readFolder, readPictures, unreadIn, type ContentFile } from './content-files.ts';
import type { FormDefinition } from './form.types.ts';
import { badFileName, declaredKind, formKindOf, placeFinding, readJsonFile, type JsonFile } from './json-file.ts';
import type { Translation } from './in-language.ts';
import { calendarsNamed, formsNamed, templatesNamed } from './lookup.ts';
import { makeBundle, partialsUsed, type SharedFiles } from './make-bundle.ts';
import { finding, type Finding, type Problem, wordsOf } from './problem.ts';
import { type CheckShape, makeShapeCheck, readSchema, type FileKind } from './schema-findings.ts';
import { checkTermsNamed, filledIn, termsIn, termsOf, type Terms, unknownTerm, withTerms } from './terms.ts';
import { withOverlays } from './with-overlays.ts';
import type { WorkflowDefinition } from './workflow.types.ts';

/** Checks one template or partial. The gate for templates stands in a folder to the right, so it comes in as an argument. */
export type CheckTemplate = (template: { file: string; source: string; partials: { [name: string]: string }; pictures: string[] }) => Problem[];

/** `words` and `today` are for findings that need them (checks/meaning.ts), `play` for scenarios; without them these are not made. `checkShape`: to check many folders with schemas that are compiled once. */
export type ReadOptions = { translate?: Translate; checkTemplate?: CheckTemplate; words?: ConditionWords; today?: string; play?: PlayScenarios; checkShape?: CheckShape };

/**
 * Reads and checks a content folder: workflows/, workflows/calendars/, workflows/sociale-kaart/, forms/, documents/ and documents/partials/.
 * Never throws on what a file says: what is wrong stands in `problems`, and a workflow with an error in one of its files is left out.
 */
export function readContent(root: string, { translate = readTexts('nl'), checkTemplate = () => [], words, today, play, checkShape = makeShapeCheck() }: ReadOptions = {}): Content {
  const formKeywords = keywordsIn(readSchema('form'));
  const refused: Problem[] = [];
  const files = (folder: string, extension: string): ContentFile[] => {
    const read = readFolder(root, folder, extension);
    refused.push(...read.refused.map((one) => wholeFile(one.file, one.finding, translate)));
    return read.files;
  };
  const merged = withOverlays([
    ...['workflows', 'workflows/calendars', 'workflows/sociale-kaart'].flatMap((folder) => files(folder, '.json')).map((file) => readJsonFile(file, declaredKind, checkShape)),
    ...files('forms', '.json').map((file) => readJsonFile(file, formKindOf(file.name), checkShape))
  ], [...files('workflows/bases', '.json'), ...files('forms/bases', '.json')], checkShape);
  const terms = Object.assign({}, ...ofKind<{ terms: Terms }>(merged, 'terms').map(({ value }) => value.terms)) as Terms;
  // From here on every text has the words of the school.
  const jsonFiles = merged.map((file) => wordedFile(file, terms));
  const written = { templates: files('documents', '.hbs'), partials: files('documents/partials', '.hbs') };
  const [templates, partialFiles] = [written.templates, written.partials].map((found) => found.map((file) => ({ ...file, text: withTerms(file.text, { ...standIns(file.text), ...terms }) }))) as [ContentFile[], ContentFile[]];
  const forms = ofKind<FormDefinition>(jsonFiles, 'form');
  const routes = ofKind<WorkflowDefinition>(jsonFiles, 'workflow');
  const demos = ofKind<DemoCases>(jsonFiles, 'demo');
  const scenarios = ofKind<Scenarios>(jsonFiles, 'scenarios');
  const legalSources = ofKind<LegalSources>(jsonFiles, 'legal-sources');
  const partnerMaps = ofKind<Omit<PartnerMap, 'file'>>(jsonFiles, 'partner-map');
  const calendars = ofKind<SchoolCalendar>(jsonFiles, 'calendar');
  const lists = Object.assign({}, ...ofKind<{ lists: LegalLists }>(jsonFiles, 'legal-requirements').map(({ value }) => value.lists)) as LegalLists;
  const shared: SharedFiles = {
    forms: Object.fromEntries(forms.map(({ name, value }) => [name, value])),
    documents: sources(templates),
    partials: sources(partialFiles),
    pictures: readPictures(root, 'documents'),
    calendars: Object.fromEntries(calendars.map(({ name, value }) => [name, value]))
  };
  const known = {
    ...shared, formNames: [...jsonFiles.filter(({ kind, file }) => kind === 'form' || (kind === null && file.startsWith('forms/'))).map(({ name }) => name), ...refused.flatMap(({ file }) => /^forms\/(.+)\.json$/.exec(file)?.slice(1) ?? [])],
    partnerRoles: new Set([...partnerMaps, ...demos].flatMap(({ value }) => (value.partners ?? []).flatMap(({ roles }) => roles))), words: words ?? null, today: today ?? null
  };
  // What follows from a list of words that cannot be read is not told: it would bury the cause.
  const isWithoutWords = jsonFiles.some(({ file, value }) => file === 'workflows/terms.json' && value === undefined) || refused.some(({ file }) => file === 'workflows/terms.json');
  // A file that cannot be read may be a route: its last good version stays.
  const names = jsonFiles
    .filter(({ file, kind, name }) => kind === 'workflow' || (kind === null && file === `workflows/${name}.json` && !name.includes('.')))
    .map(({ name }) => name);
  const formProblems = forms.flatMap(({ json, value }) => placeAll(json, checkForm(value, formKeywords), translate));
  const broken = faultyFiles(formProblems, jsonFiles);
  const sound = Object.fromEntries(forms.filter(({ json }) => !broken.has(json.file)).map(({ name, value }) => [name, value]));
  const around: DemoSurroundings = { routes: routes.map((route) => route.value), names, forms: sound };
  const overlaid = (path: string): JsonFile | undefined => jsonFiles.find(({ file, overlay }) => file === path && overlay !== undefined);
  const delivered: DemoSurroundings = { routes: routes.map(deliveredValue), names, forms: Object.fromEntries(forms.filter(({ json }) => !broken.has(json.file)).map((form) => [form.name, deliveredValue(form)])) };
  const overlayOf = (id: string): string | null => {
    const route = routes.find(({ value }) => value.id === id);
    return route === undefined ? null : ([route.json.file, ...filesOf(route.value, shared)].map(overlaid).find((file) => file !== undefined)?.overlay ?? null);
  };
  const checkedDemos = demos.map((demo) => ({ ...demo, ...withRemoved(checkDemo(demo.value, around), () => checkDemo(demo.value, delivered), overlayOf(demo.value.workflow)) }));
  const checkedScenarios = scenarios.map((file) => ({ ...file, ...withRemoved(checkScenarios(file.value, around), () => checkScenarios(file.value, delivered), overlayOf(file.value.workflow)) }));
  const problems = [
    ...refused,
    ...jsonFiles.flatMap((file) => file.findings.map((one) => placeFinding(file, one, translate))),
    ...formProblems,
    ...routes.flatMap(({ json, value }) => placeAll(json, checkWorkflow(value, known), translate)),
    ...routes.flatMap(({ json, value }) => placeAll(json, checkOtherRoutes(value, { names, routes: routes.map((route) => route.value), forms: shared.forms }), translate)),
    ...routes.flatMap(({ json, value }) => placeAll(json, checkSourcesNamed(value, legalSources.flatMap((list) => Object.keys(list.value.sources))), translate)),
    ...routes.flatMap(({ json, value }) => placeAll(json, checkCalendarsNamed(value, jsonFiles.filter(({ kind }) => kind === 'calendar').map(({ name }) => name)), translate)),
    ...calendars.flatMap(({ json, value }) => placeAll(json, checkCalendar(value, today ?? null), translate)),
    ...legalSources.flatMap(({ json, value }) => placeAll(json, checkSources(value, today ?? null), translate)),
    ...routes.flatMap(({ json, value }) => placeAll(json, checkLegal(value, lists), translate)),
    ...ofKind<Translation>(jsonFiles, 'translation').flatMap(({ json, value }) => placeAll(json, checkTranslation(json.file, value, jsonFiles), translate)),
    ...checkedDemos.flatMap(({ json, findings }) => placeAll(json, findings, translate)),
    ...checkedScenarios.flatMap(({ json, findings }) => placeAll(json, findings, translate)),
    ...[...written.templates, ...written.partials].flatMap((file) => termProblems(file, terms, translate)),
    ...[...templates, ...partialFiles].flatMap((file) => templateProblems(file, shared, checkTemplate, translate))
  ];
  const unread = [['workflows', '.json'], ['forms', '.json'], ['documents', '.hbs']].flatMap(([folder = '', extension = '']) => unreadIn(root, folder, extension).map((file) => ({ file, folder, extension })));
  problems.push(...unread.map(({ file, ...where }) => wholeFile(file, finding('unreadFile', [], where, { severity: 'warning' }), translate)));
  const isSound = problems.every(({ severity }) => severity !== 'error');
  const unused = isSound ? unusedFiles(routes.map(({ value }) => value), shared) : [];
  problems.push(...unused.map((file) => wholeFile(file, finding('unusedFile', [], {}, { severity: 'warning' }), translate)));
  if (isSound) {
    const used = new Set([...merged.flatMap(({ kind, value }) => (isWorded(kind) && value !== undefined ? termsOf(value) : [])), ...[...written.templates, ...written.partials].flatMap(({ text }) => termsIn(text).map(({ name }) => name))]);
    problems.push(...ofKind<{ terms: Terms }>(merged, 'terms').flatMap(({ json, value }) => placeAll(json, Object.keys(value.terms).filter((name) => !used.has(name)).map((name) => finding('unusedTerm', ['terms', name], { name }, { at: 'key', severity: 'warning' })), translate)));
  }
  const faulty = faultyFiles(problems, jsonFiles);
  const published = routes
    .filter(({ json, value }) => [json.file, ...filesOf(value, shared), ...calendarFiles(value, calendars)].every((file) => !faulty.has(file)))
    .map(({ json, value }) => ({ json, bundle: makeBundle(value, shared) }));
  if (play !== undefined) {
    const sane = checkedScenarios.filter(({ json }) => !faulty.has(json.file)).map(withoutRemoved);
    problems.push(...published.flatMap(({ json, bundle }) => {
      const own = [json.file, ...filesOf(bundle.workflow, shared)].map(overlaid).find((file) => file !== undefined);
      return playedProblems({ json, bundle, own }, sane, play, translate);
    }));
  }
  return {
    workflows: published.map(({ bundle }) => bundle),
    names,
    problems: problems.filter(({ code }) => !isWithoutWords || code !== 'unknownTerm').sort(byPlace),
    partnerMaps: partnerMaps.filter(({ json }) => !faulty.has(json.file)).map(({ json, value }) => ({ file: json.file, title: value.title, partners: value.partners })),
    demos: checkedDemos.filter(({ json }) => !faulty.has(json.file)).map(({ json, value, leftOut }) => ({ file: json.file, workflow: value.workflow, data: { ...value, cases: value.cases.filter((_, index) => !leftOut.has(index)) } })),
    readable: { routes: around.routes, forms: shared.forms, calendars: calendars.map(({ name }) => name) },
    counts: { workflows: jsonFiles.filter(({ kind }) => kind === 'workflow').length, forms: known.formNames.length, documents: templates.length }
  };
}

/**
 * What the scenarios of one route say; nothing when it has none. They were written for the route as it was delivered: of one that a
 * school changed (`own`, the route or form with the overlay) only which of them go otherwise is told, in one line at that overlay.
 */
function playedProblems({ json, bundle, own }: { json: JsonFile; bundle: Bundle; own: JsonFile | undefined }, all: Shaped<Scenarios>[], play: PlayScenarios, translate: Translate): Problem[] {
  const scenarios = all.filter(({ value }) => value.workflow === bundle.workflow.id);
  if (scenarios.length === 0) return [];
  const { files, route } = play(bundle, scenarios.map(({ value }) => value));
  if (own?.overlay === undefined) return [...scenarios.flatMap((file, index) => placeAll(file.json, files[index] ?? [], translate)), ...placeAll(json, route, translate)];
  const names = [...new Set(files.flat().map(({ path: [, name] }) => String(name)))];
  return names.length === 0 ? [] : [wholeFile(own.overlay, finding('overlaidScenarios', [], { n: names.length, names: names.join(', ') }, { severity: 'warning' }), translate)];
}

/** Do texts of this kind of file name words of the school? */
function isWorded(kind: FileKind | null): boolean {
  return kind === 'workflow' || kind === 'form' || kind === 'translation';
}

function wordedFile(file: JsonFile, terms: Terms): JsonFile {
  if (!isWorded(file.kind) || file.value === undefined) return file;
  const found = checkTermsNamed(file.value, terms);
  return { ...file, value: filledIn(file.value, { ...Object.fromEntries(termsOf(file.value).map((name) => [name, name])), ...terms }), findings: [...file.findings, ...found.map((one) => ({ finding: one, offset: null }))] };
}

/** A term that is not there is told once, and not again as a helper that is not there. */
function standIns(text: string): Terms {
  return Object.fromEntries(termsIn(text).map(({ name }) => [name, name]));
}

function termProblems({ file, text }: ContentFile, terms: Terms, translate: Translate): Problem[] {
  return termsIn(text).filter(({ name }) => !Object.hasOwn(terms, name)).map(({ name, at }) => {
    const before = text.slice(0, at).split('\n');
    return { ...wholeFile(file, unknownTerm([], name, terms), translate), line: before.length, column: (before.at(-1) ?? '').length + 1 };
  });
}

type Shaped<Value> = { json: JsonFile; name: string; value: Value };

/** The files of a kind that fit their schema; their type is generated from, or written beside, that schema. */
function ofKind<Value>(files: JsonFile[], kind: FileKind): Shaped<Value>[] {
  return files
    .filter((file) => file.kind === kind && file.value !== undefined)
    .map((json) => ({ json, name: json.name, value: json.value as Value }));
}

/** What a file says without the overlay laid over it. */
function deliveredValue<Value>({ json, value }: Shaped<Value>): Value {
  return json.overlay === undefined || json.parsed.value === undefined ? value : json.parsed.value as Value;
}

/** Without the scenarios that name what an overlay took away, and those that go on from one. */
function withoutRemoved({ leftOut, ...file }: Shaped<Scenarios> & WithRemoved): Shaped<Scenarios> {
  const { scenarios } = file.value;
  const isLeft = (id: string): boolean => {
    const given = scenarios[id]?.given;
    return leftOut.has(id) || (typeof given === 'string' && isLeft(given));
  };
  return { ...file, value: { ...file.value, scenarios: Object.fromEntries(Object.entries(scenarios).filter(([id]) => !isLeft(id))) } };
}

function placeAll(json: JsonFile, findings: Finding[], translate: Translate): Problem[] {
  return findings.map((one) => placeFinding(json, { finding: one, offset: null }, translate));
}

/** The files with an error; a file of which the overlay has one counts as well. */
function faultyFiles(problems: Problem[], jsonFiles: JsonFile[]): Set<string> {
  const faulty = new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file));
  return new Set([...faulty, ...jsonFiles.filter(({ overlay }) => overlay !== undefined && faulty.has(overlay)).map(({ file }) => file)]);
}

function sources(files: ContentFile[]): { [name: string]: string } {
  return Object.fromEntries(files.map(({ name, text }) => [name, text]));
}

function templateProblems(file: ContentFile, { partials, pictures = {} }: SharedFiles, checkTemplate: CheckTemplate, translate: Translate): Problem[] {
  if (!/^[a-z][a-z0-9-]*$/.test(file.name)) return [wholeFile(file.file, badFileName(file.name), translate)];
  return checkTemplate({ file: file.file, source: file.text, partials, pictures: Object.keys(pictures) });
}

/** The paths of the files a workflow needs besides its own. */
function filesOf(workflow: WorkflowDefinition, { documents, partials }: SharedFiles): string[] {
  const templates = templatesNamed(workflow);
  const used = partialsUsed(templates.map((name) => documents[name] ?? ''), partials);
  return [
    ...formsNamed(workflow).map((name) => `forms/${name}.json`),
    ...templates.map((name) => `documents/${name}.hbs`),
    ...used.map((name) => `documents/partials/${name}.hbs`)
  ];
}

function calendarFiles(workflow: WorkflowDefinition, calendars: Shaped<SchoolCalendar>[]): string[] {
  const named = calendarsNamed(workflow);
  return calendars.filter(({ name }) => named.includes(name)).map(({ json }) => json.file);
}

function wholeFile(file: string, found: Finding, translate: Translate): Problem {
  const { code, severity, proposal } = found;
  return { code, severity, file, line: 1, column: 1, pointer: '', found: '', ...wordsOf(found, translate), proposal };
}

function byPlace(left: Problem, right: Problem): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column;
}
