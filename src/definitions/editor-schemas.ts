import type { Json } from './bundle.ts';
import { conditionsOf } from './checks/places.ts';
import { workflowScope } from './checks/scope.ts';
import { type Group, type Shape, shapeOfRecord } from './checks/shapes.ts';
import type { Content } from './content.ts';
import { conditionOver, suggested, type Schema } from './editor-conditions.ts';
import type { FormDefinition } from './form.types.ts';
import { rowFieldsOf, tasksOf, templatesNamed } from './lookup.ts';
import { type FileKind, fileKinds, readSchema } from './schema-findings.ts';
import { textsOf } from './texts-of.ts';
import type { WorkflowDefinition } from './workflow.types.ts';

type Readable = Content['readable'];
/** By file the texts of it, by JSON Pointer. */
type EditorTexts = { [file: string]: Map<string, string> };

/** A file for editors. `file` is its path from the content folder. */
export type EditorFile = { file: string; text: string };

/**
 * Makes the JSON Schemas that an editor reads by the `$schema` of each file: those of every kind of file, and for each route and form one
 * in which conditions know their questions and answers. The shared ones hand on to these by the id in the file.
 */
export function editorSchemas({ routes, forms, calendars }: Readable): EditorFile[] {
  const [anyRoute, anyForm] = [withCalendars(plain('workflow'), calendars), plain('form')];
  const own = [
    ...routes.map((route) => ({ file: `workflows/.schemas/${route.id}.route.json`, schema: routeSchema(anyRoute, route, forms) })),
    ...Object.entries(forms).map(([id, form]) => ({ file: `forms/.schemas/${id}.form.json`, schema: formSchema(anyForm, form) }))
  ];
  const shared = fileKinds.filter((kind) => kind !== 'workflow' && kind !== 'form').flatMap((kind) =>
    (kind === 'overlay' ? ['workflows', 'forms'] : kind === 'translation' ? [] : ['workflows']).map((folder) => ({ file: `${folder}/.schemas/${kind}.json`, schema: plain(kind) })));
  const textsIn = (kind: 'workflow' | 'form', definitions: [string, WorkflowDefinition | FormDefinition][]): EditorTexts => {
    const schema = readSchema(kind);
    return Object.fromEntries(definitions.map(([id, definition]) => [`${kind}s/${id}.json`, textsOf(schema, definition as unknown as Json)]));
  };
  const translations = [
    { file: 'workflows/.schemas/translation.json', schema: translationSchema(textsIn('workflow', routes.map((route) => [route.id, route]))) },
    { file: 'forms/.schemas/translation.json', schema: translationSchema(textsIn('form', Object.entries(forms))) }
  ];
  const all = [
    ...own, ...shared, ...translations,
    { file: 'workflows/.schemas/workflow.json', schema: handedOn('workflow', routes.map(({ id }) => id), 'route') },
    { file: 'forms/.schemas/form.json', schema: handedOn('form', Object.keys(forms), 'form') }
  ];
  return all.map(({ file, schema }) => ({ file, text: `${JSON.stringify(schema)}\n` }));
}

/** References between kinds of file become references between files beside each other. */
function plain(kind: FileKind): Schema {
  const { $id: _, ...schema } = JSON.parse(JSON.stringify(readSchema(kind)).replace(/"\$ref":"([a-z-]+)#/g, '"$ref":"./$1.json#')) as Schema;
  return schema;
}

/** Once a file says what it translates, an editor knows where its texts stand and what each says now. */
function translationSchema(files: EditorTexts): Schema {
  const schema = plain('translation') as Schema & { properties: Schema };
  const known = Object.entries(files).map(([file, texts]): Schema => ({
    if: { required: ['of'], properties: { of: { const: file } } },
    then: { properties: { texts: { properties: Object.fromEntries([...texts].map(([pointer, text]) => [pointer, { description: text, properties: { from: { default: text } } }])) } } }
  }));
  return { ...schema, properties: { ...schema.properties, of: suggested(schema.properties['of'] as Schema, Object.keys(files)) }, ...(known.length === 0 ? {} : { allOf: known }) };
}

/** A file whose id is not known yet has the schema of its kind. */
function handedOn(kind: 'workflow' | 'form', ids: string[], ending: string): Schema {
  const { $schema, definitions, ...whole } = plain(kind);
  const choose = ids.reduceRight<Schema>((rest, id) => ({ if: { required: ['id'], properties: { id: { const: id } } }, then: { $ref: `./${id}.${ending}.json` }, else: rest }), whole);
  return { $schema, definitions, ...choose };
}

function routeSchema(anyRoute: Schema, workflow: WorkflowDefinition, forms: Readable['forms']): Schema {
  const scope = workflowScope(workflow, forms);
  const named = scope.heads.map((head): [string, Shape | 'skip'] | null => {
    const shape = scope.shared(head);
    return shape === undefined || shape === 'facts' || shape === 'steps' || shape === 'tasks' || shape === 'settings' ? null : [head, shape];
  }).filter((one) => one !== null);
  const condition = conditionOver([...named, ...aroundRecords(workflow, forms)], {
    facts: scope.facts, steps: scope.steps, tasks: scope.tasks, settings: scope.settings
  });
  return withParts(anyRoute, condition, {
    'transition.to': Object.keys(workflow.steps), 'transition.close': Object.keys(workflow.outcomes), 'event.to': Object.keys(workflow.steps), 'event.close': Object.keys(workflow.outcomes),
    'task.form': Object.keys(forms), 'transition.form': Object.keys(forms), 'task.for': scope.tasks, 'event.for': scope.tasks, 'document.template': templatesNamed(workflow)
  }, [...Object.keys(workflow.roles), 'author']);
}

/** A term may count the days of each calendar there is. */
function withCalendars(schema: Schema, calendars: string[]): Schema {
  const definitions = schema['definitions'] as { [name: string]: Schema };
  const term = definitions['term'] as Schema & { properties: Schema; additionalProperties: Schema };
  const days = Object.fromEntries(calendars.map((id) => [id, term.additionalProperties]));
  return { ...schema, definitions: { ...definitions, term: { ...term, properties: { ...term.properties, ...days }, additionalProperties: false } } };
}

/** What `this` and `for` may read somewhere in the route: which of it holds at a place, the check says. */
function aroundRecords(workflow: WorkflowDefinition, forms: Readable['forms']): [string, Shape | 'skip'][] {
  const records = [...new Set(tasksOf(workflow).map(({ task }) => task.form))].map((record) => workflowScope(workflow, forms, { record }).shared('this'));
  const sources = [...new Set([...conditionsOf(workflow).map(({ source }) => source), ...tasksOf(workflow).map(({ id }) => id)])].map((source) => workflowScope(workflow, forms, { source }).shared('for'));
  const groups = (shapes: unknown[], head: string): [string, Shape][] => shapes.filter((shape): shape is Group => typeof shape === 'object' && shape !== null && 'type' in shape && shape.type === 'group').map((shape) => [head, shape]);
  return [...groups(records, 'this'), ...groups(sources, 'for')];
}

/** A form knows nothing of the case: bare names of its questions, and in rows those of the row. */
function formSchema(anyForm: Schema, form: FormDefinition): Schema {
  const whole = shapeOfRecord(form);
  const rows = Object.values(form.schema.properties).flatMap((field) => (rowFieldsOf(form, field) === null ? [] : Object.keys(rowFieldsOf(form, field) ?? {})));
  const fields = whole.names.map((name): [string, Shape | 'skip'] => [name, whole.shapeOf(name) ?? 'skip']);
  return withParts(anyForm, conditionOver([...fields, ...rows.filter((name) => !whole.names.includes(name)).map((name): [string, 'skip'] => [name, 'skip'])], {}), {}, []);
}

function withParts(schema: Schema, condition: Schema, names: { [place: string]: string[] }, roles: string[]): Schema {
  const definitions = schema['definitions'] as { [name: string]: Schema & { properties?: { [keyword: string]: Schema } } };
  const parts = { ...definitions, ...condition };
  for (const [place, known] of Object.entries(names)) {
    const [name = '', keyword = ''] = place.split('.');
    const part = parts[name] as { properties: { [keyword: string]: Schema } };
    parts[name] = { ...part, properties: { ...part.properties, [keyword]: suggested(part.properties[keyword] ?? {}, known) } };
  }
  if (roles.length > 0) parts['performers'] = { ...definitions['performers'], items: suggested({ $ref: '#/definitions/id' }, roles) };
  return { ...schema, definitions: parts };
}
