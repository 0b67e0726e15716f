import { rulesOf } from '../lookup.ts';
import type { Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { checkAccessIn } from './access.ts';
import { checkAskers, checkCaseOptions } from './case-options.ts';
import { checkCondition } from './conditions.ts';
import { checkEvents } from './events.ts';
import { checkFacts } from './facts.ts';
import { checkMeaning, type Surroundings } from './meaning.ts';
import { checkNames } from './names.ts';
import { checkTextPaths } from './paths.ts';
import { conditionsOf, recordOfRule, rulePath } from './places.ts';
import { checkReferences, type KnownFiles } from './references.ts';
import { checkRepeats } from './repeats.ts';
import { checkRetention } from './retention.ts';
import { workflowScope } from './scope.ts';
import { checkWishes } from './wishes.ts';
import { checkSettings } from './settings.ts';
import { checkSources } from './sources.ts';
import { checkSteps } from './steps.ts';
import { checkTasks } from './tasks.ts';
import { checkTerms } from './terms.ts';
import { checkTracks } from './tracks.ts';

/** Checks everything in a workflow that its schema cannot say. The files around it have been read; forms with a wrong shape are left out. */
export function checkWorkflow(workflow: WorkflowDefinition, files: KnownFiles & Surroundings): Finding[] {
  const { forms } = files;
  const findings = [
    ...checkNames(workflow),
    ...checkReferences(workflow, files),
    ...checkFacts(workflow),
    ...checkSettings(workflow),
    ...conditionsOf(workflow).flatMap(({ condition, path, record, source }) => checkCondition(condition, path, workflowScope(workflow, forms, { record, source }))),
    ...checkMessages(workflow, forms),
    ...checkTerms(workflow, forms),
    ...checkTasks(workflow, forms),
    ...checkSources(workflow, forms),
    ...checkWishes(workflow, forms),
    ...checkCaseOptions(workflow, forms),
    ...checkAccessIn(workflow, forms),
    ...checkRepeats(workflow, forms),
    ...checkEvents(workflow, forms),
    ...checkSteps(workflow),
    ...checkTracks(workflow),
    ...checkRetention(workflow, forms),
    ...checkAskers(workflow, forms)
  ];
  const meaning = findings.some(({ severity }) => severity === 'error') ? [] : checkMeaning(workflow, files);
  return [...findings, ...meaning];
}

function checkMessages(workflow: WorkflowDefinition, forms: KnownFiles['forms']): Finding[] {
  return rulesOf(workflow).flatMap((place) =>
    checkTextPaths(place.rule.message, [...rulePath(place), 'message'], workflowScope(workflow, forms, { record: recordOfRule(workflow, place), source: place.rule.for ?? null })));
}
