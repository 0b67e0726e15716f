import { transitionsOf } from '../definitions/lookup.ts';
import { exitForm, reopenForm } from '../engine/form-names.ts';
import { readTaskKey } from '../engine/instances.ts';
import type { CompiledForm } from '../forms/form-types.ts';
import type { OpenCase } from './cases.ts';
import type { Draft } from './case-store.ts';
import { taskOfDraft } from './draft-store.ts';

/** Gives the form a draft of a case was typed in: of its record, of its task, or of the way out or reopening it names. Null: the route has it no more. */
export function formOfDraft({ route, stored }: Pick<OpenCase, 'route' | 'stored'>, { task: of, record }: Pick<Draft, 'task' | 'record'>): CompiledForm | null {
  const { model } = route;
  const task = taskOfDraft(of);
  const found = record === null ? undefined : stored.state.records.find(({ id }) => id === record)?.form;
  const form = found ?? model.tasks.get(readTaskKey(task).id)?.definition.form
    ?? transitionsOf(model.workflow).find((place) => exitForm(place) === task)?.transition.form
    ?? model.reopenings.find(({ id }) => reopenForm(id) === task)?.definition.form;
  return form === undefined ? null : route.form(form);
}
