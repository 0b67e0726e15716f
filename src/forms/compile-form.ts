import type { Json } from '../definitions/bundle.ts';
import type { Condition, ElementOptions, Field, FormDefinition, UiElement } from '../definitions/form.types.ts';
import { whenOf, writableOf } from '../definitions/layout-rules.ts';
import { branchesOf, isControl, labelOf, namesOfScope, optionsOf } from '../definitions/lookup.ts';
import { requiredWhen, resolveField, wholeOf } from '../definitions/resolve-field.ts';
import { readCondition, type Tree } from '../engine/conditions/condition-tree.ts';
import { makeZone, type Zone } from '../engine/time/zone.ts';
import type { Translate } from '../texts.ts';
import { controls } from './controls/index.ts';
import { askForFiles } from './file-places.ts';
import type { Branch, CompiledForm, Conditions, FieldChoice, FormPage, LayoutElement, Question } from './form-types.ts';
import { makeValidator } from './make-validator.ts';
import { wordsOf } from './names.ts';

/**
 * Reads a form once, so that no request does: its questions with their controls, its layout, its validator. Throws for a
 * form the checker would have refused, naming the form and the place. `fixedRows`: lists whose rows come from elsewhere.
 */
export function compileForm(definition: FormDefinition, { t, timeZone = 'Europe/Amsterdam', fixedRows = [] }: { t: Translate; timeZone?: string; fixedRows?: string[] }): CompiledForm {
  const zone = makeZone(timeZone);
  const part = readPart({ definition, t, zone, inRow: false, fixedRows }, { object: wholeOf(definition), layout: definition.uischema });
  return { definition, t, zone, ...part, pages: pagesIn(definition.uischema, part.elements), drawsOn: new Set(sourcesIn(part)), takesFiles: askForFiles(part.questions), validate: makeValidator(definition) };
}

/** The categories of a layout, as pages. What stands before the first belongs to it, and what stands after one to that. */
function pagesIn(layout: UiElement | undefined, elements: LayoutElement[]): CompiledForm['pages'] {
  const list = elements.reduce<FormPage[]>((pages, element) => {
    const last = pages.at(-1);
    if (element.type === 'group' && element.isPage) return [...pages, { id: String(pages.length + 1), title: element.label ?? '', elements: [{ ...element, label: null }] }];
    return last === undefined ? pages : pages.with(-1, { ...last, elements: [...last.elements, element] });
  }, []);
  const [first, ...others] = list;
  if (first === undefined) return null;
  const before = elements.slice(0, elements.findIndex((element) => element.type === 'group' && element.isPage));
  return { isStepper: layout !== undefined && isStepper(layout), list: [{ ...first, elements: [...before, ...first.elements] }, ...others] };
}

function isStepper({ options, elements = [] }: UiElement): boolean {
  return options?.variant === 'stepper' || elements.some(isStepper);
}

function sourcesIn({ questions, elements }: Pick<CompiledForm, 'questions' | 'elements'>): ('partners' | 'staff')[] {
  const named = (element: LayoutElement): ('partners' | 'staff')[] => {
    switch (element.type) {
      case 'label': return element.roles.length > 0 ? ['partners'] : [];
      case 'group': case 'part': return element.elements.flatMap(named);
      case 'question': return sourcesIn({ questions: element.question.parts, elements: element.question.elements });
    }
  };
  return [...questions.flatMap(({ field, parts }) => {
    const source = field['x-options']?.source;
    return [...(source === 'partners' || source === 'staff' ? [source] : []), ...sourcesIn({ questions: parts, elements: [] })];
  }), ...elements.flatMap(named)];
}

type Source = { definition: FormDefinition; t: Translate; zone: Zone; inRow: boolean; fixedRows: string[] };
/** The field that holds the questions of a form, a row or a group, and how they are laid out. `apart`: controls of them that stand elsewhere. */
type Part = { object: Field; layout: UiElement | undefined; apart?: PlacedControl[] };
/** A control, with the names that lead to its field from where it stands. */
type PlacedControl = { names: string[]; control: UiElement };
type Read = { questions: Question[]; elements: LayoutElement[] };

function readPart(source: Source, { object, layout, apart = [] }: Part): Read {
  const { definition } = source;
  const { properties = {}, required = [] } = resolveField(definition, object);
  const placed = [...apart, ...(layout === undefined ? [] : controlsIn(layout))];
  const whens = requiredWhen(definition, object);
  const questions = Object.entries(properties).map(([name, field]) => readQuestion(source, {
    name, field, required: required.includes(name), requiredWhen: treeOf(whens.get(name)),
    control: placed.findLast(({ names }) => names.length === 1 && names[0] === name)?.control,
    apart: placed.filter(({ names }) => names.length > 1 && names[0] === name).map(({ names, control }) => ({ names: names.slice(1), control }))
  }));
  if (layout === undefined) return { questions, elements: questions.map((question) => ({ type: 'question', question, when: treeOf(question.field.when), writable: null })) };
  return { questions, elements: [readLayout(source.definition, layout, questions, 'l')].flat() };
}

type Written = { name: string; field: Field; required: boolean; requiredWhen: Tree | null; control: UiElement | undefined; apart: PlacedControl[] };

function readQuestion(source: Source, { name, field: written, required, requiredWhen: when, control: element, apart }: Written): Question {
  const { definition, t, zone, inRow } = source;
  const options: ElementOptions = element?.options ?? {};
  const own = resolveField(definition, written);
  const field: Field = own.items === undefined ? own : { ...own, items: resolveField(definition, own.items) };
  const control = controls.find((one) => one.matches(field, { options, inRow }));
  if (control === undefined) throw new Error(`Form "${definition.id}" has no control for the field "${name}".`);
  const label = (element === undefined ? null : labelOf(element)) ?? field.title ?? wordsOf(name);
  const groups = control.holds === 'branches' ? readBranches(source, field) : null;
  const part = readInside(source, { field, control, options, label, groups, apart });
  return {
    name, field, control, required, requiredWhen: when, inRow, options, zone, hasFixedRows: !inRow && source.fixedRows.includes(name),
    label, branches: groups,
    choices: choicesOf(field) ?? control.choices?.(field, t) ?? null,
    parts: part.questions, elements: part.elements
  };
}

/** The questions in an answer: of its rows, where a row may be one answer, of a group, or of all groups to choose from. */
function readInside(source: Source, { field, control, options, label, groups, apart }: Pick<Question, 'field' | 'control' | 'options' | 'label'> & { groups: Branch[] | null; apart: PlacedControl[] }): Read {
  const layout = typeof options.detail === 'object' ? options.detail : undefined;
  switch (control.holds) {
    case 'value': return { questions: [], elements: [] };
    case 'group': return readPart(source, { object: field, layout, apart });
    case 'branches': return { questions: (groups ?? []).flatMap(({ parts }) => parts), elements: [] };
    case 'rows': {
      const row = { ...source, inRow: true };
      const item = field.items ?? {};
      if (item.properties !== undefined && item['x-options'] === undefined) return readPart(row, { object: item, layout });
      const question = readQuestion(row, { name: '', field: { ...item, title: item.title ?? label }, required: false, requiredWhen: null, control: undefined, apart: [] });
      return { questions: [question], elements: [{ type: 'question', question, when: null, writable: null }] };
    }
  }
}

/** The groups of questions to choose from. What a group fixes with a const is not asked; a box that must be ticked is. */
function readBranches(source: Source, field: Field): Branch[] {
  return (branchesOf(field) ?? []).map((written, index) => {
    const { definition } = source;
    const { questions, elements } = readPart(source, { object: written, layout: undefined });
    const isFixed = (question: Question): boolean => question.field.const !== undefined && question.control.asks !== 'tick';
    const fixed = questions.filter(isFixed).map((question): [string, Json] => [question.name, question.field.const as Json]);
    return {
      title: written.title ?? source.t('forms.branches.title', { n: index + 1 }), hint: written.description ?? null,
      fixed: Object.fromEntries(fixed), parts: questions.filter((question) => !isFixed(question)),
      elements: elements.filter((element) => element.type !== 'question' || !isFixed(element.question)),
      validate: makeValidator({ id: definition.id, schema: { ...wholeSchema(definition), ...written } })
    };
  });
}

/** The parts that a group of questions may refer to. */
function wholeSchema({ schema: { $defs = {}, definitions = {} } }: FormDefinition): Pick<FormDefinition['schema'], '$defs' | 'definitions'> {
  return { $defs, definitions };
}

function choicesOf(field: Field): FieldChoice[] | null {
  const listed = field.items ?? field;
  return optionsOf(listed)?.map(({ value, title }, index) => ({
    value, title,
    text: typeof value === 'string' ? value : JSON.stringify(value),
    hint: (listed.oneOf ?? listed.anyOf)?.[index]?.description ?? null
  })) ?? null;
}

/** A layout as JSON Forms writes it; one that only holds others stands for those. `path` makes the ids of labels unique. */
function readLayout(form: FormDefinition, element: UiElement, questions: Question[], path: string): LayoutElement | LayoutElement[] {
  const conditions = { when: treeOf(whenOf(element)), writable: treeOf(writableOf(element)) };
  const inside = (): LayoutElement[] => (element.elements ?? []).flatMap((child, index) => readLayout(form, child, questions, `${path}-${index}`));
  switch (element.type) {
    case 'Control': case 'ListWithDetail': return readControl(form, element, questions, conditions);
    case 'Label': return { type: 'label', id: path, text: element.text ?? '', warning: element.options?.format === 'warning', roles: element.options?.partners ?? [], ...conditions };
    case 'VerticalLayout': return conditions.when === null && conditions.writable === null ? inside() : { type: 'group', label: null, beside: false, isPage: false, elements: inside(), ...conditions };
    case 'Categorization': return inside().map((page) => ({ ...page, when: both(conditions.when, page.when), writable: both(conditions.writable, page.writable) }));
    case 'HorizontalLayout': return { type: 'group', label: null, beside: true, isPage: false, elements: inside(), ...conditions };
    case 'Group': case 'Category': return { type: 'group', label: labelOf(element), beside: false, isPage: element.type === 'Category', elements: inside(), ...conditions };
  }
}

/** A control for a question of a group stands apart from that group; the condition is that of the form, row or group the layout belongs to. */
function readControl(form: FormDefinition, element: UiElement, questions: Question[], conditions: Conditions): LayoutElement {
  const read = ([name, ...inner]: string[], among: Question[], own: Conditions): LayoutElement => {
    const question = among.find((one) => one.name === name);
    if (question === undefined) throw new Error(`Form "${form.id}" has a control for "${element.scope ?? ''}", which is no field.`);
    const here = { ...own, when: both(treeOf(question.field.when), own.when) };
    if (inner.length === 0) return { type: 'question', question, ...here };
    return { type: 'part', question, elements: [read(inner, question.parts, { when: null, writable: null })], ...here };
  };
  return read(namesOfScope(element.scope) ?? [], questions, conditions);
}

function both(one: Tree | null, other: Tree | null): Tree | null {
  return one === null || other === null ? (one ?? other) : { type: 'all', trees: [one, other] };
}

function controlsIn(element: UiElement): PlacedControl[] {
  return isControl(element) ? [{ names: namesOfScope(element.scope) ?? [], control: element }] : (element.elements ?? []).flatMap(controlsIn);
}

function treeOf(condition: Condition | undefined): Tree | null {
  return condition === undefined ? null : readCondition(condition);
}
