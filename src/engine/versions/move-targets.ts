import type { Field, FormDefinition } from '../../definitions/form.types.ts';
import { fieldsOf, optionsOf } from '../../definitions/lookup.ts';
import { resolveField } from '../../definitions/resolve-field.ts';
import { answerKey, type Choices, type Need } from '../state/move-choices.ts';
import type { Model, PreparedTask } from '../model/prepare.ts';

/** Gives what a choice may be, by id with its words; null is always possible but for a step. */
export function targetsOf(after: Model, need: Need, choices: Choices): { id: string; title: string }[] {
  switch (need.kind) {
    case 'step': return [...after.steps.values()].map(({ id, definition }) => ({ id, title: definition.title }));
    case 'task': return [...after.tasks.values()].filter(({ isSubject }) => !isSubject).map(({ id, title }) => ({ id, title }));
    case 'event': return [];
    case 'field': {
      const [task = '', ...names] = need.path.split('.');
      const form = targetTask(after, task, choices)?.form ?? null;
      return form === null ? [] : Object.entries(fieldsAt(form, names.slice(0, -1))).map(([id, { title }]) => ({ id, title: title ?? id }));
    }
    case 'answer': return (optionsAt(after, need.path, choices) ?? []).map(({ value, title }) => ({ id: answerKey(value), title }));
  }
}

/** Gives the task that the records of a task will be of; undefined: of none, or it is not there. */
export function targetTask({ tasks }: Model, id: string, choices: Choices): PreparedTask | undefined {
  const target = Object.hasOwn(choices.tasks, id) ? choices.tasks[id] : id;
  return target == null ? undefined : tasks.get(target);
}

/** Gives the fixed answers of the question at a path (see Mapping) in the version to move to; null: it has none. */
export function optionsAt(after: Model, path: string, choices: Choices): ReturnType<typeof optionsOf> {
  const [task = '', ...names] = path.split('.');
  return questionAt(targetTask(after, task, choices)?.form ?? null, names)?.options ?? null;
}

/** Gives the title of a question, by its name or those it stands inside, and its fixed answers; null: the form has none of that name. */
export function questionAt(form: FormDefinition | null, names: readonly string[]): { title: string; options: ReturnType<typeof optionsOf> } | null {
  const name = names.at(-1) ?? '';
  const field = form === null ? undefined : fieldsAt(form, names.slice(0, -1))[name];
  return form === null || field === undefined ? null : { title: field.title ?? name, options: optionsOf(eachOf(form, field)) };
}

/** The questions inside a row or group, or of the form itself. */
function fieldsAt(form: FormDefinition, names: readonly string[]): { [name: string]: Field } {
  return names.reduce((fields, name) => {
    const field = fields[name];
    return field === undefined ? {} : (eachOf(form, resolveField(form, field)).properties ?? {});
  }, fieldsOf(form));
}

/** A list asks of each of its answers what a single question asks of one. */
function eachOf(form: FormDefinition, { items, ...field }: Field): Field {
  return items === undefined ? field : resolveField(form, items);
}
