import type { Bundle } from '../../definitions/bundle.ts';
import type { ConditionWords } from '../../definitions/checks/missing-answers.ts';
import { conditionsOf } from '../../definitions/checks/places.ts';
import { tasksOf } from '../../definitions/lookup.ts';
import type { Path } from '../../definitions/problem.ts';
import type { WorkflowDefinition } from '../../definitions/workflow.types.ts';
import type { Translate } from '../../texts.ts';
import { conditionFeel } from '../conditions/condition-feel.ts';
import { conditionText } from './condition-text.ts';
import { readCondition } from '../conditions/condition-tree.ts';
import { prepare } from '../model/prepare.ts';

/** One condition of a route: where it stands, and what it says. */
export type Explained = { path: Path; text: string };

/** Says every condition of a route in one sentence each, in the order of the checks. */
export function explainConditions(workflow: WorkflowDefinition, forms: Bundle['forms'], t: Translate): Explained[] {
  const words = conditionWords(t);
  return conditionsOf(workflow).map((place) => ({ path: place.path, text: words({ workflow, forms }, place) }));
}

/** Gives every condition of a route as an expression in FEEL (see condition-feel.ts), in the same order. */
export function feelOfConditions(workflow: WorkflowDefinition): Explained[] {
  const tasks = new Set(tasksOf(workflow).map(({ id }) => id));
  return conditionsOf(workflow).map(({ path, condition }) => ({ path, text: conditionFeel(readCondition(condition), (head) => tasks.has(head)) }));
}

/** Makes the words of conditions for the checker, in the language of `t`: one sentence, with the titles of tasks and questions. */
export function conditionWords(t: Translate): ConditionWords {
  return ({ workflow, forms }, { condition, record }) => {
    const model = prepare({ hash: '', workflow, forms, documents: {}, partials: {} }, t);
    const form = record !== null && Object.hasOwn(forms, record) ? (forms[record] ?? null) : null;
    return conditionText(model, readCondition(condition), { form, row: null });
  };
}
