import { readTaskKey } from '../engine/instances.ts';
import type { CompiledForm } from '../forms/form-types.ts';
import type { OpenCase } from './cases.ts';
import type { Draft } from './case-store.ts';

/** Gives the form a draft of a case was typed in: of its record, of its task, or of the way out or reopening it names. Null: the route has it no more. */
export function formOfDraft({ route, stored }: Pick<OpenCase, 'route' | 'stored'>, { task, record }: Pick<Draft, 'task' | 'record'>): CompiledForm | null {
  const { model } = route;
  const found = record === null ? undefined : stored.state.records.find(({ id }) => id === record)?.form;
  const transitions = [...model.transitions, ...[...model.steps.values()].flatMap((step) => step.transitions)];
  const form = found ?? model.tasks.get(readTaskKey(task).id)?.definition.form
    ?? transitions.find(({ id, step }) => `transition:${step ?? '*'}:${id}` === task)?.definition.form
    ?? model.reopenings.find(({ id }) => `reopen:${id}` === task)?.definition.form;
  return form === undefined ? null : route.form(form);
}
