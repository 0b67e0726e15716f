import { transitionsOf } from '../definitions/lookup.ts';
import { exitForm, reopenForm } from '../engine/model/form-names.ts';
import { readTaskKey } from '../engine/model/instances.ts';
import type { CompiledForm } from '../forms/form-types.ts';
import type { OpenCase } from './cases.ts';
import type { Draft } from './stores/case-store.ts';
import { taskOfDraft } from './stores/draft-store.ts';

/** Gives the form a draft of a case was typed in: of its record, of its task, or of the way out or reopening it names, in the version of now or else the latest that had it. Null: none has. */
export function formOfDraft({ route, earlier, stored }: Pick<OpenCase, 'route' | 'earlier' | 'stored'>, draft: Pick<Draft, 'task' | 'record'>): CompiledForm | null {
  return [route, ...[...earlier.values()].reverse()].map((one) => formIn(one, stored, draft)).find((form) => form !== null) ?? null;
}

function formIn(route: OpenCase['route'], stored: OpenCase['stored'], { task: of, record }: Pick<Draft, 'task' | 'record'>): CompiledForm | null {
  const { model } = route;
  const task = taskOfDraft(of);
  const found = record === null ? undefined : stored.state.records.find(({ id }) => id === record)?.form;
  const form = found ?? model.tasks.get(readTaskKey(task).id)?.definition.form
    ?? transitionsOf(model.workflow).find((place) => exitForm(place) === task)?.transition.form
    ?? model.reopenings.find(({ id }) => reopenForm(id) === task)?.definition.form;
  return form === undefined || !Object.hasOwn(model.bundle.forms, form) ? null : route.form(form);
}
