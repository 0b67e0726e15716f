import type { Answers, Json } from '../bundle.ts';
import type { DemoCases, DemoCommand } from '../content.ts';
import type { Field, FormDefinition } from '../form.types.ts';
import { fieldsOf, formOfTask, rulesOf, taskById, tasksOf, transitionsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { resolveField } from '../resolve-field.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { checkTest } from './conditions.ts';
import { resolvedAll, type Fields } from './field-places.ts';
import { formScope } from './scope.ts';
import { group, shapeOfField } from './shapes.ts';

/** What a practice school may name: the routes and forms that fit their schema, and the ids of all routes. */
export type DemoSurroundings = { routes: WorkflowDefinition[]; names: string[]; forms: { [id: string]: FormDefinition } };

/** Checks that a practice school names only what exists: its route, people, tasks, ways out, rules, questions and answers. */
export function checkDemo(demo: DemoCases, { routes, names, forms }: DemoSurroundings): Finding[] {
  const workflow = routes.find(({ id }) => id === demo.workflow);
  // A route that does not fit its schema is there, but nothing can be said of it.
  if (workflow === undefined) return names.includes(demo.workflow) ? [] : [unknown('unknownWorkflow', ['workflow'], demo.workflow, names)];
  const cast: Cast = { workflow, forms, people: Object.keys(demo.people), partners: (demo.partners ?? []).map(({ organisation }) => organisation) };
  return [
    ...checkRoles(demo, workflow),
    ...demo.cases.flatMap(({ commands }, place) => commands.flatMap((command, index) =>
      checkCommand(command, commands[index - 1], ['cases', place, 'commands', index], cast)))
  ];
}

/** What an act may name. `partners` null: any organisation. */
export type Cast = { workflow: WorkflowDefinition; forms: { [id: string]: FormDefinition }; people: string[]; partners: string[] | null };

const acts = ['open', 'submit', 'update', 'take', 'waive', 'confirm', 'reopen'] as const;
type Act = Omit<DemoCommand, 'day' | 'time' | 'person'>;

function checkRoles({ people, partners = [] }: DemoCases, workflow: WorkflowDefinition): Finding[] {
  const each = (code: string, roles: string[], known: string[], path: Path): Finding[] => roles.flatMap((role, index) => (known.includes(role) ? [] : [unknown(code, [...path, index], role, known)]));
  return [
    ...Object.entries(people).flatMap(([key, { roles }]) => each('unknownRole', roles, Object.keys(workflow.roles), ['people', key, 'roles'])),
    ...partners.flatMap(({ roles }, index) => each('unknownPartnerRole', roles, Object.keys(workflow.partnerRoles ?? {}), ['partners', index, 'roles']))
  ];
}

function checkCommand(command: DemoCommand, before: DemoCommand | undefined, path: Path, cast: Cast): Finding[] {
  const act = actOf(command);
  if (act === null) return checkAct(command, path, cast);
  const order = before === undefined || momentOf(before) <= momentOf(command) ? [] : [finding('notInOrder', [...path, 'day'])];
  const first = (act === 'open') === (before === undefined) ? [] : [finding(act === 'open' ? 'opensAgain' : 'opensLate', [...path, act], {}, { at: 'key' })];
  return [...checkPerson(command.person, path, cast), ...order, ...first, ...checkAct(command, path, cast)];
}

/** Checks who acts. */
export function checkPerson(person: string, path: Path, { people }: Cast): Finding[] {
  return people.includes(person) ? [] : [unknown('unknownPerson', [...path, 'person'], person, people)];
}

/** Checks that an act says one thing to do, and that all it names is in the route. */
export function checkAct(command: Act, path: Path, cast: Cast): Finding[] {
  const act = actOf(command);
  return act === null ? [finding('oneAct', path, { acts: acts.join(', ') })] : checkNamed(act, command, path, cast);
}

/** Null: it says nothing, or several things. */
function actOf(command: Act): (typeof acts)[number] | null {
  const [act, ...others] = acts.filter((one) => command[one] !== undefined);
  return act === undefined || others.length > 0 ? null : act;
}

/** A text that sorts by time; the days are lifted above zero, where all have as many digits. */
function momentOf({ day, time }: DemoCommand): string {
  return `${String(500_000 + day)} ${time}`;
}

function checkNamed(act: (typeof acts)[number], command: Act, path: Path, cast: Cast): Finding[] {
  const { workflow, forms } = cast;
  const name = command[act] ?? '';
  const at = [...path, act];
  const formOf = (id: string | undefined): FormDefinition | undefined => (id === undefined || !Object.hasOwn(forms, id) ? undefined : forms[id]);
  const answers = (form: string | undefined): Finding[] => checkAnswers(formOf(form), command.answers, [...path, 'answers'], cast);
  switch (act) {
    case 'open': case 'submit': case 'update': {
      const known = [...tasksOf(workflow).map(({ id }) => id), ...(act === 'update' && workflow.subject !== undefined ? [workflow.subject] : [])];
      if (!known.includes(name)) return [unknown('unknownTask', at, name, known)];
      const opens = act !== 'open' || taskById(workflow, name)?.task.opensCase === true ? [] : [finding('opensNot', at, { name })];
      return [...opens, ...answers(formOfTask(workflow, name)), ...checkAnswers(formOf(workflow.subject), command.subject, [...path, 'subject'], cast)];
    }
    case 'take': {
      const ways = transitionsOf(workflow).filter(({ id }) => id === name);
      if (ways.length === 0) return [unknown('unknownTransition', at, name, transitionsOf(workflow).map(({ id }) => id))];
      const steps = ways.flatMap(({ step }) => step ?? []);
      if (command.step !== undefined && !steps.includes(command.step)) return [unknown('unknownStep', [...path, 'step'], command.step, steps)];
      // The same name may stand in several steps; which one is meant depends on the case.
      const [way] = ways;
      return ways.length === 1 ? answers(way?.transition.form) : [];
    }
    case 'waive': {
      const rules = rulesOf(workflow).map(({ id }) => id);
      if (!rules.includes(name)) return [unknown('unknownRule', at, name, rules)];
      return command.reason === undefined ? [finding('missingKeyword', path, { key: 'reason' })] : [];
    }
    case 'confirm': {
      const known = tasksOf(workflow).filter(({ task }) => task.fourEyes === true).map(({ id }) => id);
      return known.includes(name) ? [] : [unknown('confirmsNothing', at, name, known)];
    }
    case 'reopen': {
      const ways = workflow.reopen ?? {};
      const way = Object.hasOwn(ways, name) ? ways[name] : undefined;
      if (way === undefined) return [unknown('unknownReopening', at, name, Object.keys(ways))];
      const steps = command.step === undefined || way.to.includes(command.step) ? [] : [unknown('unknownStep', [...path, 'step'], command.step, way.to)];
      return [...steps, ...answers(way.form)];
    }
  }
}

function checkAnswers(form: FormDefinition | undefined, answers: Answers | undefined, path: Path, cast: Cast): Finding[] {
  return form === undefined || answers === undefined ? [] : checkFields(form, fieldsOf(form), answers, path, cast);
}

function checkFields(form: FormDefinition, fields: Fields, answers: Answers, path: Path, cast: Cast): Finding[] {
  return Object.entries(answers).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) return [finding('unknownField', [...path, name], { name, path: name }, { at: 'key', proposal: nearest(name, Object.keys(fields)) })];
    return checkAnswer(form, field, value, [...path, name], cast);
  });
}

/** A colleague is named by key, a partner by organisation, and a day by its distance from today. */
function checkAnswer(form: FormDefinition, field: Field, value: Json, path: Path, cast: Cast): Finding[] {
  const source = field['x-options']?.source;
  if (source === 'staff' && typeof value === 'string') return cast.people.includes(value) ? [] : [unknown('unknownPerson', path, value, cast.people)];
  if (source === 'partners' && typeof value === 'string') return cast.partners?.includes(value) === false ? [unknown('unknownPartner', path, value, cast.partners)] : [];
  if (Array.isArray(value) && field.items !== undefined) {
    const item = resolveField(form, field.items);
    return value.flatMap((one, index) => checkAnswer(form, item, one, [...path, index], cast));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && field.properties !== undefined) return checkFields(form, resolvedAll(form, field.properties), value, path, cast);
  if (typeof value === 'object' || field.items !== undefined || field.properties !== undefined) return [finding('writeUnfit', path)];
  if (field.format === 'date' && typeof value === 'string' && /^@[-+]?\d{1,4}$/.test(value)) return [];
  return checkTest(value, path, shapeOfField(form, field), formScope(group({})), 0);
}

/** Makes a finding about a name that is not among these. */
export function unknown(code: string, path: Path, name: string, known: string[]): Finding {
  return finding(code, path, { name }, { proposal: nearest(name, known) });
}
