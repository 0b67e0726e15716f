import type { FormDefinition } from '../form.types.ts';
import { fieldsOf, formOfTask, tasksOf, type TaskPlace } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { taskPath } from './places.ts';
import { checkWritten } from './events.ts';
import { explainLost, resolve, type Scope, workflowScope } from './scope.ts';
import { canMeet, shapeOfRecord, type Shape } from './shapes.ts';

/** Checks what a task wants of the fields of its form: each is there, and what is taken over, fixed or withdrawn can be its answer. Their conditions are checked with all others (places.ts). */
export function checkWishes(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  return tasksOf(workflow).flatMap((place) => {
    const form = Object.hasOwn(forms, place.task.form) ? forms[place.task.form] : undefined;
    return form === undefined ? [] : checkFieldsOf(workflow, forms, place, form);
  });
}

function checkFieldsOf(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }, place: TaskPlace, form: FormDefinition): Finding[] {
  const scope = workflowScope(workflow, forms, { source: place.task.for ?? null });
  const group = shapeOfRecord(form);
  const around: Around = { workflow, forms, place, form, scope };
  return Object.entries(place.task.fields ?? {}).flatMap(([name, wish]) => {
    const at = [...taskPath(place), 'fields', name];
    const shape = group.shapeOf(name);
    if (shape === undefined) return [finding('unknownField', at, { name, path: name }, { at: 'key', proposal: nearest(name, group.names) })];
    const fixed = (['set', 'rows'] as const).filter((keyword) => wish[keyword] !== undefined);
    return [
      ...(fixed.length > 0 && (fixed.length > 1 || wish.prefill !== undefined) ? [finding('wishTwice', at, { name }, { at: 'key' })] : []),
      ...(wish.prefill === undefined ? [] : checkPrefill(wish.prefill, [...at, 'prefill'], name, shape, scope)),
      ...(wish.set === undefined ? [] : checkWritten(wish.set, [...at, 'set'], shape, scope)),
      ...(wish.rows === undefined ? [] : checkRows(around, wish.rows, [...at, 'rows'], name, shape)),
      ...checkOptions(Object.keys(wish.options ?? {}), [...at, 'options'], name, shape)
    ];
  });
}

type Around = { workflow: WorkflowDefinition; forms: { [id: string]: FormDefinition }; place: TaskPlace; form: FormDefinition; scope: Scope };

function checkPrefill(prefill: string, at: Path, name: string, shape: Shape, scope: Scope): Finding[] {
  const found = resolve(prefill, scope, true);
  if (found.type !== 'found') return explainLost(found, at, prefill, 'value');
  return fits(shape, found.shape, found.throughList) ? [] : [finding('prefillUnfit', at, { path: prefill, name })];
}

/** Rows that come from elsewhere: the question is a list of rows, so is the source, and they have a question in common by which people know a row. */
function checkRows({ workflow, forms, place, form }: Around, path: string, at: Path, name: string, shape: Shape): Finding[] {
  if (shape.type !== 'list' || shape.of !== 'rows' || fieldsOf(form)[name]?.items?.['x-options'] !== undefined) return [finding('rowsNoList', at, { name })];
  const found = resolve(path, workflowScope(workflow, forms), true);
  if (found.type !== 'found') return explainLost(found, at, path, 'value');
  const [head = '', ...field] = path.split('.');
  const source = found.shape.type === 'list' ? found.shape.item : found.shape;
  if (head === place.id || source.type !== 'group' || (field.length > 0 && found.shape.type !== 'list') || formOfTask(workflow, head) === undefined) return [finding('forNoRows', at, { path })];
  const row = shape.item;
  const shared = row.type === 'group' ? source.names.filter((one) => one !== 'id' && row.names.includes(one)) : [];
  if (shared.length === 0) return [finding('rowsNothingShared', at, { path, name })];
  return shared.flatMap((one) => {
    const [target, from] = [row.type === 'group' ? row.shapeOf(one) : undefined, source.shapeOf(one)];
    return target !== undefined && from !== undefined && fits(target, from, null) ? [] : [finding('prefillUnfit', at, { path: `${path}.${one}`, name: `${name}.${one}` })];
  });
}

/** Answers that are only offered while their condition holds are answers of the question; at least one always stays. */
function checkOptions(answers: string[], at: Path, name: string, shape: Shape): Finding[] {
  if (answers.length === 0) return [];
  const one = shape.type === 'list' ? shape.item : shape;
  const offered = one.type === 'scalar' ? (one.options?.map(String) ?? []) : [];
  if (offered.length === 0) return [finding('optionsNone', at, { name })];
  const unknown = answers.filter((answer) => !offered.includes(answer));
  return [
    ...unknown.map((answer) => finding('impossibleValue', [...at, answer], { found: answer, allowed: offered.join(', ') }, { at: 'key', proposal: nearest(answer, offered) })),
    ...(unknown.length === 0 && offered.every((answer) => answers.includes(answer)) ? [finding('optionsAllGo', at, { name }, { severity: 'warning' })] : [])
  ];
}

/** A path through records gives the latest answer; one through the rows of a form gives several, which no question takes. */
export function fits(target: Shape, source: Shape, through: 'rows' | 'records' | null): boolean {
  if (through === 'rows') return false;
  if (target.type === 'scalar' && source.type === 'scalar') return takes(target, source);
  return target.type === 'list' && source.type === 'list' && target.item.type === 'scalar' && source.item.type === 'scalar' && takes(target.item, source.item);
}

/** Every answer of the source must be one of the target, not just some. */
function takes(target: Shape & { type: 'scalar' }, source: Shape & { type: 'scalar' }): boolean {
  if (target.options === null) return source.options === null && target.base === source.base;
  return source.options !== null && source.options.every((option) => canMeet(target, { ...source, options: [option] }));
}
