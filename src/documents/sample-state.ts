import type { Answers, Bundle } from '../definitions/bundle.ts';
import type { FormDefinition } from '../definitions/form.types.ts';
import { fieldsOf, formsNamed, tasksOf, transitionsOf } from '../definitions/lookup.ts';
import { resolveField } from '../definitions/resolve-field.ts';
import type { CaseRecord, CaseState } from '../engine/state/case-state.ts';
import { exitForm } from '../engine/model/form-names.ts';
import { newCase } from '../engine/state/new-case.ts';

const at = '2000-01-01T12:00:00.000Z';
const by = 'sample';

/**
 * Makes a case that holds one empty record of every task and every transition with a form, with one row in every list, and one waiver:
 * every name that a template can ever read exists in it.
 */
export function sampleState({ workflow, forms }: Bundle): CaseState {
  const asked = [
    ...(workflow.subject === undefined ? [] : [{ task: workflow.subject, form: workflow.subject }]),
    ...tasksOf(workflow).map(({ id, task }) => ({ task: id, form: task.form })),
    ...transitionsOf(workflow).flatMap((place) => (place.transition.form === undefined ? [] : [{ task: exitForm(place), form: place.transition.form }]))
  ];
  const samples = new Map(formsNamed(workflow).map((id) => [id, forms[id] === undefined ? {} : sampleAnswers(forms[id])]));
  const records = asked.map(({ task, form }, index): CaseRecord => ({
    id: index + 1, task, form, source: null, visit: null, version: 1, by, at, updatedAt: at, updatedBy: null, late: false, answers: samples.get(form) ?? {}
  }));
  return {
    ...newCase(by, at), records, lastRecord: records.length,
    waivers: [{ rule: '', visit: null, source: null, by, at, reason: '' }]
  };
}

function sampleAnswers(form: FormDefinition): Answers {
  const rows = Object.entries(fieldsOf(form)).filter(([, field]) => field.items !== undefined && resolveField(form, field.items).properties !== undefined);
  return Object.fromEntries(rows.map(([name]) => [name, [{}]]));
}
