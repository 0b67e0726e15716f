import type { FormDefinition, UiElement } from '../form.types.ts';
import { rowFieldsOf, fieldsOf, rulesOf, tasksOf, transitionsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { formUses, rulePath, taskPath, transitionPath } from './places.ts';

/** The files around a workflow. `formNames` also has the forms that could not be read. */
export type KnownFiles = {
  forms: { [id: string]: FormDefinition };
  formNames: string[];
  documents: { [template: string]: string };
};

/** A place that names something, with everything it may name. */
type Reference = { code: string; path: Path; name: string | undefined; known: string[] };

/** Checks that every form, template, document, role, step, outcome and task a workflow names exists. */
export function checkReferences(workflow: WorkflowDefinition, files: KnownFiles): Finding[] {
  return [...fileReferences(workflow, files), ...stepReferences(workflow), ...roleReferences(workflow), ...rolesInForms(workflow, files.forms)]
    .flatMap(({ code, path, name, known }) =>
      name === undefined || known.includes(name) ? [] : [finding(code, path, { name }, { proposal: nearest(name, known) })]);
}

function fileReferences(workflow: WorkflowDefinition, { formNames, documents }: KnownFiles): Reference[] {
  const documentIds = Object.keys(workflow.documents ?? {});
  const form = (name: string | undefined, path: Path): Reference => ({ code: 'unknownForm', path, name, known: formNames });
  const document = (names: string[] | undefined, path: Path): Reference[] => each('unknownDocument', names, path, documentIds);
  return [
    form(workflow.subject, ['subject']),
    ...tasksOf(workflow).flatMap((place) => {
      const at = taskPath(place);
      return [form(place.task.form, [...at, 'form']), ...document(place.task.documents, [...at, 'documents'])];
    }),
    ...transitionsOf(workflow).map((place) => form(place.transition.form, [...transitionPath(place), 'form'])),
    ...Object.entries(workflow.reopen ?? {}).map(([id, reopening]) => form(reopening.form, ['reopen', id, 'form'])),
    ...Object.entries(workflow.steps).flatMap(([id, step]) => document(step.documents, ['steps', id, 'documents'])),
    ...Object.entries(workflow.documents ?? {}).map(([id, { template }]) => ({ code: 'unknownTemplate', path: ['documents', id, 'template'], name: template, known: Object.keys(documents) }))
  ];
}

function stepReferences(workflow: WorkflowDefinition): Reference[] {
  const steps = Object.keys(workflow.steps);
  const outcomes = Object.keys(workflow.outcomes);
  const tasks = [...tasksOf(workflow).map(({ id }) => id), ...(workflow.subject === undefined ? [] : [workflow.subject])];
  const step = (name: string | undefined, path: Path): Reference => ({ code: 'unknownStep', path, name, known: steps });
  const outcome = (name: string | undefined, path: Path): Reference => ({ code: 'unknownOutcome', path, name, known: outcomes });
  const link = (name: string | undefined, path: Path): Reference => ({ code: 'unknownLink', path, name, known: Object.keys(workflow.links ?? {}) });
  return [
    step(workflow.start, ['start']),
    ...transitionsOf(workflow).flatMap((place) => {
      const { to, close } = place.transition;
      const at = transitionPath(place);
      return [link(place.transition.link, [...at, 'link']), ...(typeof to === 'string' ? [step(to, [...at, 'to'])] : each('unknownStep', to, [...at, 'to'], steps)), outcome(close, [...at, 'close'])];
    }),
    ...Object.entries(workflow.events ?? {}).flatMap(([id, event]) => [
      link(event.link, ['events', id, 'link']), step(event.to, ['events', id, 'to']), outcome(event.close, ['events', id, 'close']), ...each('unknownStep', event.skips, ['events', id, 'skips'], steps)
    ]),
    ...Object.entries(workflow.reopen ?? {}).flatMap(([id, reopening]) => each('unknownStep', reopening.to, ['reopen', id, 'to'], steps)),
    ...tasksOf(workflow).flatMap((place) => each('unknownTask', place.task.shows, [...taskPath(place), 'shows'], tasks))
  ];
}

function roleReferences(workflow: WorkflowDefinition): Reference[] {
  const roles = Object.keys(workflow.roles);
  const withAuthor = [...roles, 'author'];
  const people = (names: string[] | undefined, path: Path, known = withAuthor): Reference[] => each('unknownRole', names, path, known);
  return [
    ...people(workflow.performers, ['performers']),
    ...people(workflow.access.read, ['access', 'read']),
    ...people(workflow.access.own, ['access', 'own'], roles),
    ...people(workflow.access.audit, ['access', 'audit'], roles),
    ...Object.entries(workflow.steps).flatMap(([id, step]) => [
      ...people(step.performers, ['steps', id, 'performers']), ...people(step.due?.escalateTo, ['steps', id, 'due', 'escalateTo'])
    ]),
    ...tasksOf(workflow).flatMap((place) => [
      ...people(place.task.performers, [...taskPath(place), 'performers']), ...people(place.task.correct, [...taskPath(place), 'correct']),
      ...people(place.task.due?.escalateTo, [...taskPath(place), 'due', 'escalateTo'])
    ]),
    ...Object.entries(workflow.reopen ?? {}).flatMap(([id, reopening]) => people(reopening.performers, ['reopen', id, 'performers'])),
    ...transitionsOf(workflow).flatMap((place) => people(place.transition.performers, [...transitionPath(place), 'performers'])),
    ...rulesOf(workflow).flatMap((place) => people(place.rule.waivable, [...rulePath(place), 'waivable'])),
    ...Object.entries(workflow.events ?? {}).flatMap(([id, { restrict, notify }]) => [
      ...people(notify, ['events', id, 'notify']),
      ...people(restrict?.to, ['events', id, 'restrict', 'to']),
      ...people(restrict?.lift, ['events', id, 'restrict', 'lift'])
    ])
  ];
}

/** Forms are shared, so a role in one is checked per workflow, and reported where the workflow names the form. */
function rolesInForms(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Reference[] {
  const partnerRoles = Object.keys(workflow.partnerRoles ?? {});
  return formUses(workflow).flatMap(({ form: id, path }) => {
    const form = id === undefined || !Object.hasOwn(forms, id) ? undefined : forms[id];
    if (form === undefined) return [];
    return [
      ...partnerRolesIn(form).map((name) => ({ code: 'unknownPartnerRoleInForm', path, name, known: partnerRoles })),
      ...[...optionRoles(form, 'staff'), ...Object.values(fieldsOf(form)).flatMap((field) => field['x-access'] ?? [])].map((name) => ({ code: 'unknownRoleInForm', path, name, known: Object.keys(workflow.roles) }))
    ];
  });
}

/** Gives the partner roles a form asks for or shows, in the order of the file. */
export function partnerRolesIn(form: FormDefinition): string[] {
  return [...optionRoles(form, 'partners'), ...(form.uischema === undefined ? [] : labelRoles(form.uischema))];
}

function optionRoles(form: FormDefinition, source: 'partners' | 'staff'): string[] {
  const fields = Object.values(fieldsOf(form));
  return [...fields, ...fields.flatMap((field) => [...(field.items === undefined ? [] : [field.items]), ...Object.values(rowFieldsOf(form, field) ?? {})])]
    .flatMap((field) => (field['x-options']?.source === source ? (field['x-options'].roles ?? []) : []));
}

function labelRoles(element: UiElement): string[] {
  return [...(element.options?.partners ?? []), ...(element.elements ?? []).flatMap(labelRoles)];
}

function each(code: string, names: string[] | undefined, path: Path, known: string[]): Reference[] {
  return (names ?? []).map((name, index) => ({ code, path: [...path, index], name, known }));
}
