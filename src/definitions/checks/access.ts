import type { FormDefinition } from '../form.types.ts';
import { isObject } from '../json-values.ts';
import { fieldsOf, formOfTask, tasksOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { fieldPlacesOf } from './field-places.ts';
import { whensOf } from './form-whens.ts';
import { formUses } from './places.ts';

type Forms = { [id: string]: FormDefinition };

/** What joins answers to each other, so that one could be told from another. */
const together = ['if', 'allOf', 'anyOf', 'oneOf', 'not', 'dependentRequired', 'dependentSchemas', 'dependencies'] as const;

/**
 * Checks `x-access` in a form: it stands on a question of the form itself, and nothing that more people read tells its answer: not
 * whether another question is asked, not what must be answered, and not the line or day that stands for the record.
 */
export function checkAccess(form: FormDefinition): Finding[] {
  const restricted = restrictedIn(form);
  const places = fieldPlacesOf(form).filter(({ field }) => field['x-access'] !== undefined);
  if (places.length === 0) return [];
  return [
    ...places.filter(({ path }) => path.length !== 3 || path[1] !== 'properties').map(({ path }) => finding('accessPlace', [...path, 'x-access'], {}, { at: 'key' })),
    ...together.filter((key) => form.schema[key] !== undefined).map((key) => finding('accessTogether', ['schema', key], { key }, { at: 'key' })),
    ...whensOf(form).filter(({ level }) => level.id === '').flatMap(({ path, reads, decides }) =>
      topNames(reads).filter((name) => restricted[name] !== undefined && !(decides.length > 0 && topNames(decides).every((other) => isWithin(restricted[other], restricted[name])))).map((name) => finding('accessRead', path, { name }, { at: 'key' }))),
    ...places.filter(({ field }) => field['x-date'] === true).map(({ path, name }) => finding('accessShown', [...path, 'x-date'], { path: name ?? '' }, { at: 'key' })),
    ...namesIn(form.summary ?? '').filter((name) => restricted[name] !== undefined).map((name) => finding('accessShown', ['summary'], { path: name }))
  ];
}

/**
 * Checks that a route keeps what only some roles may read: it asks such an answer only where everybody who does the task reads it, and
 * takes it nowhere else: into no text, question, record, title or other case.
 */
export function checkAccessIn(workflow: WorkflowDefinition, forms: Forms): Finding[] {
  const named = Object.entries(forms).filter(([, form]) => Object.keys(restrictedIn(form)).length > 0);
  if (named.length === 0) return [];
  const isRestricted = (path: string): boolean => {
    const [head = '', name = ''] = path.split('.');
    // What `this` and `for` stand for is not worked out: no question of that name may be one that only some read.
    if (head === 'this' || head === 'for') return named.some(([, form]) => restrictedIn(form)[name] !== undefined);
    return restrictedIn(forms[formOfTask(workflow, head) ?? ''])[name] !== undefined;
  };
  return [
    ...requiredOfOthers(workflow, forms),
    ...pathsTaken(workflow, []).filter(({ path }) => isRestricted(path)).map(({ path, at }) => finding('accessShown', at, { path })),
    ...Object.entries(workflow.links ?? {}).flatMap(([id, { copy = {} }]) => Object.entries(copy).flatMap(([target, wish]) => {
      const { from, ask } = typeof wish === 'string' ? { from: wish, ask: undefined } : wish;
      return Object.keys(restrictedIn(forms[formOfTask(workflow, from) ?? ''])).filter((name) => ask?.includes(name) !== false)
        .map((name) => finding('accessShown', ['links', id, 'copy', target], { path: `${from}.${name}` }, { at: 'key' }));
    }))
  ];
}

/** A question that must be answered is read by everybody who hands the form in. */
function requiredOfOthers(workflow: WorkflowDefinition, forms: Forms): Finding[] {
  return formUses(workflow).flatMap(({ form: id, path, task }) => {
    const form = forms[id ?? ''];
    const place = tasksOf(workflow).find((one) => one.task === task);
    const step = place?.step == null ? undefined : workflow.steps[place.step];
    const performers = task?.performers ?? step?.performers ?? workflow.performers;
    if (form === undefined) return [];
    return Object.entries(restrictedIn(form)).filter(([name, roles]) => form.schema.required?.includes(name) === true && (task === null || performers === undefined || !isWithin(performers, roles)))
      .map(([name]) => finding('accessRequired', path, { name, form: form.title }));
  });
}

function topNames(paths: string[]): string[] {
  return [...new Set(paths.map((path) => path.split('.')[0] ?? ''))];
}

function restrictedIn(form: FormDefinition | undefined): { [name: string]: string[] } {
  return form === undefined ? {} : Object.fromEntries(Object.entries(fieldsOf(form)).flatMap(([name, field]) => (field['x-access'] === undefined ? [] : [[name, field['x-access']]])));
}

function isWithin(roles: string[] | undefined, others: string[] | undefined): boolean {
  return roles !== undefined && (others === undefined || roles.every((role) => others.includes(role)));
}

/** Every path whose answer a route takes somewhere else: in a text, or into a question, row, record or title. */
function pathsTaken(part: unknown, at: Path): { path: string; at: Path }[] {
  const key = at.findLast((step) => typeof step === 'string') ?? '';
  if (typeof part === 'string') return [...(takes(key, at) ? [part] : []), ...namesIn(part)].map((path) => ({ path, at }));
  if (Array.isArray(part)) return part.flatMap((one, index) => pathsTaken(one, [...at, index]));
  return isObject(part) ? Object.entries(part).flatMap(([name, one]) => pathsTaken(one, [...at, name])) : [];
}

function takes(key: string, at: Path): boolean {
  return key === 'for' || key === 'rows' || key === 'prefill' || (key === 'field' && (at.includes('set') || at.includes('write')));
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(([, path = '']) => path.trim());
}
