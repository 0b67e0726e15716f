import type { LegalList, LegalLists } from '../content.ts';
import { formsNamed, taskById, transitionsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';

/**
 * Checks that a route which claims to meet a list of legal requirements (legalBasis.requirements) names every part of it, and has what it
 * names. What is missing is an error, so that such a route is not published.
 */
export function checkLegal(workflow: WorkflowDefinition, lists: LegalLists): Finding[] {
  const claim = workflow.legalBasis?.requirements;
  if (claim === undefined || claim === null) return [];
  const at: Path = ['legalBasis', 'requirements'];
  const list = Object.hasOwn(lists, claim.list) ? lists[claim.list] : undefined;
  if (list === undefined) return [finding('unknownRequirements', [...at, 'list'], { name: claim.list }, { proposal: nearest(claim.list, Object.keys(lists)) })];
  const parts = claim.parts ?? {};
  return [
    ...Object.keys(parts).filter((id) => !Object.hasOwn(list.parts, id)).map((name) => finding('unknownRequirement', [...at, 'parts', name], { name }, { at: 'key', proposal: nearest(name, Object.keys(list.parts)) })),
    ...Object.entries(list.parts).flatMap(([id, part]) => checkPart(workflow, { id, part, named: Object.hasOwn(parts, id) ? parts[id] : undefined }, at)),
    ...(list.performers === undefined ? [] : checkPerformers(workflow, list.performers))
  ];
}

type Part = LegalList['parts'][string];
type Claimed = { id: string; part: Part; named: string | { notApplicable: string } | undefined };

function checkPart(workflow: WorkflowDefinition, { id, part, named }: Claimed, at: Path): Finding[] {
  const { text, article, kind } = part;
  if (named === undefined) return [finding('requirementMissing', at, { name: id, text, article }, { at: 'key' })];
  const path = [...at, 'parts', id];
  if (typeof named === 'object') return part.mayNotApply === true ? [] : [finding('requirementApplies', path, { text, article })];
  const names = namesOf(workflow, kind);
  if (!names.includes(named)) return [finding('requirementLost', path, { name: named, text }, { proposal: nearest(named, names) })];
  if (kind === 'guidance') return (workflow.steps[named]?.guidance ?? '') === '' ? [finding('requirementNoGuidance', path, { name: named, text })] : [];
  return kind === 'decision' ? checkDecision(workflow, named, path, text) : [];
}

function namesOf(workflow: WorkflowDefinition, kind: Part['kind']): string[] {
  switch (kind) {
    case 'step': case 'guidance': return Object.keys(workflow.steps);
    case 'task': return [...Object.keys(workflow.tasks ?? {}), ...Object.values(workflow.steps).flatMap(({ tasks = {} }) => Object.keys(tasks))].filter((id) => taskById(workflow, id) !== undefined);
    case 'form': return formsNamed(workflow);
    case 'partnerRole': return Object.keys(workflow.partnerRoles ?? {});
    case 'decision': return transitionsOf(workflow).map(({ step, id }) => (step === null ? id : `${step}.${id}`));
  }
}

/** One function answers for it. Whoever takes over when an event shuts the others out does not count beside it. */
function checkDecision(workflow: WorkflowDefinition, named: string, path: Path, text: string): Finding[] {
  const place = transitionsOf(workflow).find(({ step, id }) => named === (step === null ? id : `${step}.${id}`));
  const instead = Object.values(workflow.events ?? {}).flatMap(({ restrict }) => restrict?.to ?? []);
  const all = place?.transition.performers ?? workflow.steps[place?.step ?? '']?.performers ?? workflow.performers ?? [];
  const roles = all.filter((role) => !instead.includes(role));
  return roles.length === 1 ? [] : [finding('requirementNotOne', path, { name: named, text, roles: roles.join(', ') || '-' })];
}

function checkPerformers(workflow: WorkflowDefinition, article: string): Finding[] {
  return Object.entries(workflow.steps).filter(([, { performers }]) => performers === undefined)
    .map(([name]) => finding('requirementNoPerformers', ['steps', name], { name, article }, { at: 'key' }));
}
