import type { FormDefinition } from '../form.types.ts';
import { formOfTask, taskById, tasksOf, transitionsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { LinkDefinition, WorkflowDefinition } from '../workflow.types.ts';
import { shapeOfRecord, type Group } from './shapes.ts';
import { fits } from './wishes.ts';

/** What else is in the folder. `names`: the ids of all routes, also of those that could not be read. */
export type OtherRoutes = { names: string[]; routes: WorkflowDefinition[]; forms: { [id: string]: FormDefinition } };

/** Checks what a route says about other ones: that which it replaces, and its sister cases. The older one may be gone by now. */
export function checkOtherRoutes(workflow: WorkflowDefinition, others: OtherRoutes): Finding[] {
  const { replaces, links = {} } = workflow;
  const { names } = others;
  return [
    ...(replaces === undefined || names.includes(replaces) ? [] : [finding('unknownWorkflow', ['replaces'], { name: replaces }, { severity: 'warning', proposal: nearest(replaces, names) })]),
    ...Object.entries(links).flatMap(([id, link]) => checkLink(workflow, id, link, others))
  ];
}

function checkLink(workflow: WorkflowDefinition, id: string, link: LinkDefinition, others: OtherRoutes): Finding[] {
  const at: Path = ['links', id];
  const isOffered = [...transitionsOf(workflow).map(({ transition }) => transition.link), ...Object.values(workflow.events ?? {}).map((event) => event.link)].includes(id);
  const unused = isOffered ? [] : [finding('linkNotOffered', at, { name: id }, { at: 'key', severity: 'warning' })];
  if (!others.names.includes(link.workflow)) return [finding('unknownWorkflow', [...at, 'workflow'], { name: link.workflow }, { proposal: nearest(link.workflow, others.names) }), ...unused];
  const other = others.routes.find((one) => one.id === link.workflow);
  return [...unused, ...(other === undefined || link.start !== 'automatic' ? [] : checkAutomatic({ workflow, other, forms: others.forms }, link, [...at, 'start'])), ...(other === undefined ? [] : Object.entries(link.copy ?? {}).flatMap(([target, wish]) => checkCopy({ workflow, other, forms: others.forms }, target, wish, [...at, 'copy', target])))];
}

type Around = { workflow: WorkflowDefinition; other: WorkflowDefinition; forms: OtherRoutes['forms'] };

/** A case that begins by itself asks nobody anything: what its first page must know comes along. */
function checkAutomatic({ workflow, other, forms }: Around, { copy = {} }: LinkDefinition, at: Path): Finding[] {
  const first = tasksOf(other).find(({ task }) => task.opensCase === true && task.emergency !== true);
  if (first === undefined) return [];
  const asked = first.task.intake ?? [];
  const about = asked.includes('subject') ? other.subject : undefined;
  const taken = (target: string): string[] => {
    const wish = copy[target];
    if (wish === undefined) return [];
    const [from, ask] = typeof wish === 'string' ? [wish, undefined] : [wish.from, wish.ask];
    return ask ?? shapeOf(forms, formOfTask(workflow, from) ?? '')?.names ?? [];
  };
  const missing = (target: string, form: string, fields: string[] | null): string[] => {
    const required = Object.hasOwn(forms, form) ? (forms[form]?.schema.required ?? []) : [];
    return required.filter((name) => (fields?.includes(name) ?? true) && !taken(target).includes(name)).map((name) => `${target}.${name}`);
  };
  const names = [...missing(first.id, first.task.form, asked), ...(about === undefined ? [] : missing(about, about, null))];
  return names.length === 0 ? [] : [finding('automaticAsks', at, { names: names.join(', '), route: other.id })];
}

/** Only what the other case begins with takes something over; it answers the same questions. */
function checkCopy({ workflow, other, forms }: Around, target: string, wish: NonNullable<LinkDefinition['copy']>[string], at: Path): Finding[] {
  const firsts = [...(other.subject === undefined ? [] : [other.subject]), ...tasksOf(other).filter(({ task }) => task.opensCase === true).map(({ id }) => id)];
  if (!firsts.includes(target)) return [finding('copyNotFirst', at, { name: target, route: other.id }, { at: 'key', proposal: nearest(target, firsts) })];
  const { from, ask } = typeof wish === 'string' ? { from: wish, ask: undefined } : wish;
  const own = formOfTask(workflow, from);
  const where = typeof wish === 'string' ? at : [...at, 'from'];
  const known = [...(workflow.subject === undefined ? [] : [workflow.subject]), ...tasksOf(workflow).map(({ id }) => id)];
  if (own === undefined) return [finding('unknownTask', where, { name: from, path: from }, { proposal: nearest(from, known) })];
  const source = shapeOf(forms, own);
  const into = shapeOf(forms, target === other.subject ? other.subject : (taskById(other, target)?.task.form ?? ''));
  if (source === null || into === null) return [];
  const shared = source.names.filter((name) => into.names.includes(name));
  if (shared.length === 0) return [finding('copyNothing', where, { from, name: target })];
  const lost = (ask ?? []).flatMap((name, index) => (shared.includes(name) ? [] : [finding('copyNoField', [...at, 'ask', index], { name }, { proposal: nearest(name, shared) })]));
  return [...lost, ...(ask ?? shared).filter((name) => shared.includes(name)).flatMap((name) => {
    const [one, two] = [into.shapeOf(name), source.shapeOf(name)];
    return one === undefined || two === undefined || one.type === 'group' || (one.type === 'list' && one.of === 'rows') ? [] : fits(one, two, null) ? [] : [finding('copyUnfit', where, { name })];
  })];
}

function shapeOf(forms: OtherRoutes['forms'], id: string): Group | null {
  const form = Object.hasOwn(forms, id) ? forms[id] : undefined;
  return form === undefined ? null : shapeOfRecord(form);
}
