import { rulesOf, tasksOf, transitionsOf } from '../lookup.ts';
import type { RulePlace, TaskPlace, TransitionPlace } from '../lookup.ts';
import type { Path } from '../problem.ts';
import type { TaskDefinition, WorkflowDefinition } from '../workflow.types.ts';

/** Gives the path of a task in its file. */
export function taskPath({ id, step }: Pick<TaskPlace, 'id' | 'step'>): Path {
  return [...stepPath(step), 'tasks', id];
}

/** Gives the path of a transition in its file. */
export function transitionPath({ id, step }: Pick<TransitionPlace, 'id' | 'step'>): Path {
  return [...stepPath(step), 'transitions', id];
}

/** Gives the path of a rule in its file. */
export function rulePath({ id, step, task, transition }: Omit<RulePlace, 'rule'>): Path {
  if (task !== null) return [...taskPath({ id: task, step }), 'rules', id];
  if (transition !== null) return [...transitionPath({ id: transition, step }), 'rules', id];
  return [...stepPath(step), 'rules', id];
}

/** Gives every place of a workflow that names a form, with the task it is asked in; null for the subject, a way out and a reopening. */
export function formUses(workflow: WorkflowDefinition): { form: string | undefined; path: Path; task: TaskDefinition | null }[] {
  return [
    { form: workflow.subject, path: ['subject'], task: null },
    ...tasksOf(workflow).map((place) => ({ form: place.task.form, path: [...taskPath(place), 'form'], task: place.task })),
    ...transitionsOf(workflow).map((place) => ({ form: place.transition.form, path: [...transitionPath(place), 'form'], task: null })),
    ...Object.entries(workflow.reopen ?? {}).map(([id, { form }]) => ({ form, path: ['reopen', id, 'form'], task: null }))
  ];
}

/** One condition of a workflow, with the form its `this` reads and what its `for` reads; null where these words mean nothing. */
export type ConditionPlace = { condition: unknown; path: Path; record: string | null; source: string | string[] | null };

/** Gives every condition of a workflow, except those of keywords that are not built yet. */
export function conditionsOf(workflow: WorkflowDefinition): ConditionPlace[] {
  const none = { record: null, source: null };
  return [
    ...Object.entries(workflow.facts ?? {}).map(([id, condition]) => ({ condition, path: ['facts', id], ...none })),
    ...tasksOf(workflow).flatMap((place) => {
      const { task } = place;
      const at = taskPath(place);
      const source = task.for ?? null;
      const required = typeof task.required === 'object' ? task.required : undefined;
      return [
        ...present(required, [...at, 'required'], { record: null, source }), ...present(task.when, [...at, 'when'], { record: null, source }), ...present(task.unless, [...at, 'unless'], { record: null, source }),
        ...Object.entries(task.fields ?? {}).flatMap(([field, { when, options = {} }]) => [
          ...present(when, [...at, 'fields', field, 'when'], { record: null, source }),
          ...Object.entries(options).flatMap(([answer, condition]) => present(condition, [...at, 'fields', field, 'options', answer], { record: null, source }))
        ]),
        ...present(task.done, [...at, 'done'], { record: task.form, source }),
        ...present(typeof task.repeat === 'object' ? task.repeat.until : undefined, [...at, 'repeat', 'until'], { record: task.form, source })
      ];
    }),
    ...rulesOf(workflow).flatMap((place) => {
      const at = rulePath(place);
      const around = { record: recordOfRule(workflow, place), source: place.rule.for ?? null };
      const { must, when, unless } = place.rule;
      return [...present(must, [...at, 'must'], around), ...present(when, [...at, 'when'], around), ...present(unless, [...at, 'unless'], around)];
    }),
    ...transitionsOf(workflow).flatMap((place) => {
      const at = transitionPath(place);
      return [...present(place.transition.when, [...at, 'when'], none), ...present(place.transition.unless, [...at, 'unless'], none)];
    }),
    ...Object.entries(workflow.events ?? {}).flatMap(([id, event]) => present(event.on, ['events', id, 'on'], { record: null, source: event.for ?? null })),
    ...Object.entries(workflow.reopen ?? {}).flatMap(([id, { when }]) => present(when, ['reopen', id, 'when'], none)),
    ...present(workflow.retention?.longer, ['retention', 'longer'], none),
    ...Object.entries(workflow.documents ?? {}).flatMap(([id, document]) => {
      const around = { record: null, source: document.for ?? null };
      return [...present(document.when, ['documents', id, 'when'], around), ...present(document.withhold?.identity, ['documents', id, 'withhold', 'identity'], around)];
    })
  ];
}

/** The form `this` reads in a rule: of the task it stands on; elsewhere there is no record at hand. */
export function recordOfRule(workflow: WorkflowDefinition, place: RulePlace): string | null {
  return place.task === null ? null : (tasksOf(workflow).find(({ id }) => id === place.task)?.task.form ?? null);
}

function present(condition: unknown, path: Path, around: { record: string | null; source: string | string[] | null }): ConditionPlace[] {
  return condition === undefined ? [] : [{ condition, path, ...around }];
}

function stepPath(step: string | null): Path {
  return step === null ? [] : ['steps', step];
}
