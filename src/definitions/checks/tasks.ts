import type { FormDefinition, UiElement } from '../form.types.ts';
import { fieldsOf, tasksOf, type TaskPlace } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { taskPath } from './places.ts';

/** Checks what single tasks say of their form: later and intake fields, and that nothing holds up an emergency. */
export function checkTasks(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const places = tasksOf(workflow);
  const opens = places.some(({ task }) => task.opensCase === true);
  return [
    ...(workflow.offer === undefined || opens ? [] : [finding('nothingOpens', ['offer'], {}, { at: 'key' })]),
    ...places.flatMap((place) => {
      const form = Object.hasOwn(forms, place.task.form) ? forms[place.task.form] : undefined;
      return [...checkOpening(place, workflow), ...(form === undefined ? [] : checkFieldsOf(place, form, workflow)), ...checkEmergency(place, form), ...checkFourEyes(place)];
    })
  ];
}

function checkOpening(place: TaskPlace, workflow: WorkflowDefinition): Finding[] {
  const { task, step } = place;
  const at = taskPath(place);
  if (task.intake !== undefined && task.opensCase !== true) return [finding('intakeOpensNothing', [...at, 'intake'], {}, { at: 'key' })];
  return task.opensCase === true && step !== null && step !== workflow.start ? [finding('opensElsewhere', [...at, 'opensCase'], { name: workflow.start }, { at: 'key' })] : [];
}

function checkFieldsOf(place: TaskPlace, form: FormDefinition, workflow: WorkflowDefinition): Finding[] {
  const { later = [], intake } = place.task;
  const names = Object.keys(fieldsOf(form));
  const at = taskPath(place);
  const unknown = (keyword: string, list: string[], known: string[]): Finding[] => list.flatMap((name, index) =>
    known.includes(name) ? [] : [finding('unknownField', [...at, keyword, index], { name, path: name }, { proposal: nearest(name, known) })]);
  const postponed = intake === undefined ? [] : (form.schema.required ?? []).filter((name) => !intake.includes(name) && !later.includes(name));
  return [
    ...unknown('later', later, names),
    ...unknown('intake', intake ?? [], workflow.subject === undefined ? names : [...names, 'subject']),
    ...postponed.map((name) => finding('notInIntake', [...at, 'intake'], { name }))
  ];
}

/** A second person comes after the first, so a case cannot begin with it, and somebody else must be able to be it. */
function checkFourEyes(place: TaskPlace): Finding[] {
  const { task } = place;
  if (task.fourEyes !== true) return [];
  const at = [...taskPath(place), 'fourEyes'];
  const alone = (['opensCase', 'emergency'] as const).filter((keyword) => task[keyword] === true);
  return [
    ...alone.map((keyword) => finding('fourEyesFirst', at, { key: keyword }, { at: 'key' })),
    ...(task.performers?.every((role) => role === 'author') === true ? [finding('fourEyesNobody', at, {}, { at: 'key' })] : [])
  ];
}

/** An emergency is written down whatever is missing (definitions.md, Meaning 2). */
function checkEmergency(place: TaskPlace, form: FormDefinition | undefined): Finding[] {
  const { task } = place;
  if (task.emergency !== true) return [];
  const at = taskPath(place);
  const holding = (['rules', 'when', 'unless'] as const).filter((keyword) => task[keyword] !== undefined);
  return [
    ...holding.map((keyword) => finding('holdsUpEmergency', [...at, keyword], { key: keyword }, { at: 'key' })),
    ...(form?.schema.required ?? []).map((name) => finding('requiredInEmergency', [...at, 'form'], { name, form: task.form })),
    ...(form?.uischema !== undefined && hasPages(form.uischema) ? [finding('pagesInEmergency', [...at, 'form'], { form: task.form }, { severity: 'info' })] : [])
  ];
}

function hasPages({ type, elements = [] }: UiElement): boolean {
  return type === 'Category' || elements.some(hasPages);
}
