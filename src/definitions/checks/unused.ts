import type { FormDefinition } from '../form.types.ts';
import { formsNamed, transitionsOf } from '../lookup.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { partnerRolesIn } from './references.ts';

type Around = { forms: { [id: string]: FormDefinition }; partnerRoles: ReadonlySet<string> };

/** Looks for what a route says and nothing uses: facts, outcomes, roles of staff, partner roles. Warnings: it does no harm, but somebody meant something by it. */
export function checkUnused(workflow: WorkflowDefinition, { forms, partnerRoles }: Around): Finding[] {
  const { facts = {}, outcomes, roles, partnerRoles: named = {}, events = {} } = workflow;
  const words = new Set(textsIn(workflow));
  const ends = new Set([...transitionsOf(workflow).map(({ transition }) => transition.close), ...Object.values(events).map(({ close }) => close)]);
  const asked = new Set(formsNamed(workflow).flatMap((id) => (Object.hasOwn(forms, id) && forms[id] !== undefined ? partnerRolesIn(forms[id]) : [])));
  return [
    ...unused('unusedFact', 'facts', Object.keys(facts).filter((id) => !words.has(`facts.${id}`))),
    ...unused('unusedOutcome', 'outcomes', Object.keys(outcomes).filter((id) => !ends.has(id))),
    ...unused('unusedRole', 'roles', Object.keys(roles).filter((id) => !words.has(id))),
    ...unused('unusedPartnerRole', 'partnerRoles', Object.keys(named).filter((id) => !asked.has(id) && !partnerRoles.has(id)))
  ];
}

function unused(code: string, place: string, names: string[]): Finding[] {
  return names.map((name) => finding(code, [place, name], { name }, { at: 'key', severity: 'warning' }));
}

/** Every text, every path in a text, and every key inside a condition; the names under roles and facts themselves are no use of them. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...[...value.matchAll(/\{([^{}]*)\}/g)].map(([, path = '']) => path.trim())];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => [...(key.includes('.') ? [key] : []), ...textsIn(part)]);
}
