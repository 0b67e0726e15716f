import type { Field, FormDefinition, UiElement } from '../form.types.ts';
import { fieldsOf, isControl, labelOf, namesOfScope, optionsOf, rowFieldsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { resolveField } from '../resolve-field.ts';
import { kindsOf, resolvedAll, type Fields } from './field-places.ts';
import { questionsOf } from './form-questions.ts';

/** Deeper layouts nobody can read on a telephone. */
const mostLevels = 6;

/** Checks the layout of a form: each scope names a field, each option fits its field, and every question stands somewhere. */
export function checkLayout(form: FormDefinition): Finding[] {
  const { uischema } = form;
  if (uischema === undefined) return [];
  const loose = uischema.type === 'Category' ? [finding('looseCategory', ['uischema', 'type'])] : [];
  return [...loose, ...checkElement(form, uischema, ['uischema'], fieldsOf(form), 1), ...neverAsked(form, uischema)];
}

/** Gives the fields that a layout gives a heading of their own, such as a.b for a question of a group. */
export function labelledIn(element: UiElement): string[] {
  const names = namesOfScope(element.scope);
  return [...(names !== null && labelOf(element) !== null ? [names.join('.')] : []), ...(element.elements ?? []).flatMap(labelledIn)];
}

function checkElement(form: FormDefinition, element: UiElement, path: Path, fields: Fields, levels: number): Finding[] {
  if (levels > mostLevels) return [finding('layoutTooDeep', path, { most: mostLevels })];
  const field = fieldAt(form, fields, namesOfScope(element.scope));
  return [
    ...checkWords(element, path),
    ...checkCategories(element, path),
    ...(isControl(element) && element.scope !== undefined && field === undefined ? [unknownScope(form, element.scope, fields, path)] : []),
    ...checkOptions(form, element, field, path),
    ...(element.elements ?? []).flatMap((child, index) => checkElement(form, child, [...path, 'elements', index], fields, levels + 1)),
    ...checkDetail(form, element, field, path, levels)
  ];
}

const layouts = ['VerticalLayout', 'HorizontalLayout', 'Group', 'Categorization', 'Category'];

/** Each kind of element has a keyword it cannot do without, and leaves the others to other kinds. */
function checkWords(element: UiElement, path: Path): Finding[] {
  const needed = isControl(element) ? 'scope' : element.type === 'Label' ? 'text' : 'elements';
  const unfit = (['scope', 'text', 'elements'] as const).filter((key) => key !== needed && element[key] !== undefined);
  const label = element.label !== undefined && !isControl(element) && element.type !== 'Group' && element.type !== 'Category' ? ['label'] : [];
  return [
    ...(element[needed] === undefined ? [finding('missingKeyword', path, { key: needed })] : []),
    ...[...unfit, ...label].map((key) => finding('unfitInLayout', [...path, key], { key, kind: element.type }, { at: 'key' }))
  ];
}

/** A category is one page of a categorization, with a name for the list of pages. */
function checkCategories(element: UiElement, path: Path): Finding[] {
  const isPages = element.type === 'Categorization';
  const misplaced = (element.elements ?? []).flatMap((child, index) => {
    const isPage = child.type === 'Category' || (isPages && child.type === 'Categorization');
    return isPage === isPages ? [] : [finding(isPages ? 'onlyCategories' : 'looseCategory', [...path, 'elements', index, 'type'])];
  });
  return [...misplaced, ...(element.type === 'Category' && labelOf(element) === null ? [finding('missingKeyword', path, { key: 'label' })] : [])];
}

/** Gives the field that names lead to: through groups only, for a list has rows of its own and a choice its own groups. */
function fieldAt(form: FormDefinition, fields: Fields, names: string[] | null): Field | undefined {
  const [name = '', ...inner] = names ?? [];
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return field === undefined || inner.length === 0 ? field : fieldAt(form, questionsIn(form, field), inner);
}

/** The questions of a group; none for any other field. */
function questionsIn(form: FormDefinition, field: Field): Fields {
  const { properties, 'x-options': options } = resolveField(form, field);
  return options === undefined && field.format !== 'file' ? resolvedAll(form, properties ?? {}) : {};
}

function unknownScope(form: FormDefinition, scope: string, fields: Fields, path: Path): Finding {
  const names = scope.slice('#/properties/'.length).split('/properties/');
  const above = names.slice(0, -1);
  const around = above.length === 0 ? undefined : fieldAt(form, fields, above);
  if (around !== undefined && Object.keys(questionsIn(form, around)).length === 0) return finding('noGroup', [...path, 'scope'], { found: scope, name: above.at(-1) ?? '' });
  const proposal = nearest(names.at(-1) ?? '', Object.keys(around === undefined ? fields : questionsIn(form, around)));
  return finding('unknownScope', [...path, 'scope'], { found: scope }, { proposal: proposal === null ? null : `#/properties/${[...(around === undefined ? [] : above), proposal].join('/properties/')}` });
}

/** What a control can look like: how it is answered, as far as the options of a layout care. */
type Look = 'text' | 'number' | 'date' | 'time' | 'yesNo' | 'choice' | 'choices' | 'lines' | 'rows' | 'group' | 'other';

/** What options can stand with. */
type Place = Look | 'Label' | 'layout' | 'Categorization';

const questionLooks: readonly Look[] = ['text', 'number', 'date', 'time', 'yesNo', 'choice', 'choices', 'lines', 'rows', 'group', 'other'];

/** Where each option means something. */
const fits: { [option: string]: readonly Place[] } = {
  multi: ['text'],
  rows: ['text', 'lines'],
  inline: ['yesNo', 'choice', 'choices'],
  width: ['text', 'number', 'choice'],
  detail: ['rows', 'group'],
  toggle: ['yesNo'],
  restrict: ['text', 'rows'],
  showUnfocusedDescription: questionLooks,
  hideRequiredAsterisk: questionLooks,
  elementLabelProp: ['rows'],
  addLabel: ['rows'],
  help: questionLooks,
  helpTitle: questionLooks,
  partners: ['Label'],
  readonly: [...questionLooks, 'layout', 'Categorization'],
  variant: ['Categorization'],
  showNavButtons: ['Categorization']
};
const formatFits: { [format: string]: readonly Place[] } = {
  radio: ['yesNo', 'choice'],
  select: ['choice'],
  checkbox: ['yesNo'],
  checkboxes: ['choices'],
  'date-parts': ['date'],
  body: ['choices'],
  warning: ['Label'],
  note: ['Label']
};

function checkOptions(form: FormDefinition, element: UiElement, field: Field | undefined, path: Path): Finding[] {
  // An unknown scope has been reported; what fits it cannot be said.
  if (element.options === undefined || (isControl(element) && field === undefined)) return [];
  const place = element.type === 'Label' || element.type === 'Categorization' ? element.type : layouts.includes(element.type) ? 'layout' : lookOf(form, field ?? {});
  const { format } = element.options;
  return [
    ...Object.keys(element.options).filter((key) => fits[key]?.includes(place) === false).map((key) => finding('unfitOption', [...path, 'options', key], { key }, { at: 'key' })),
    ...(format === undefined || formatFits[format]?.includes(place) === true ? [] : [finding('unfitFormat', [...path, 'options', 'format'], { found: format }, { proposal: formatFor(place) })])
  ];
}

function formatFor(place: Place): string | null {
  return Object.entries(formatFits).find(([, places]) => places.includes(place))?.[0] ?? null;
}

function lookOf(form: FormDefinition, field: Field): Look {
  const [kind] = kindsOf(field);
  if (kind === 'array') return rowFieldsOf(form, field) !== null ? 'rows' : optionsOf(resolveField(form, field.items ?? {})) === null ? 'lines' : 'choices';
  if (kind === 'object' || field['x-options'] !== undefined) return Object.keys(questionsIn(form, field)).length > 0 ? 'group' : 'other';
  if (kind === 'boolean' && field.oneOf === undefined) return 'yesNo';
  if (optionsOf(field) !== null) return 'choice';
  if (kind === 'number' || kind === 'integer') return 'number';
  if (field.format === 'date') return 'date';
  return field.format === 'time' ? 'time' : 'text';
}

function checkDetail(form: FormDefinition, element: UiElement, field: Field | undefined, path: Path, levels: number): Finding[] {
  if (element.options === undefined || field === undefined) return [];
  const rows = rowFieldsOf(form, resolveField(form, field)) ?? questionsIn(form, field);
  const { detail, elementLabelProp: label } = element.options;
  const names = Object.keys(rows);
  return [
    ...(label === undefined || names.includes(label) ? [] : [finding('unknownField', [...path, 'options', 'elementLabelProp'], { name: label, path: label }, { proposal: nearest(label, names) })]),
    ...(typeof detail !== 'object' ? [] : checkElement(form, detail, [...path, 'options', 'detail'], rows, levels + 1))
  ];
}

/** A question without a place is never asked; one that must be answered then keeps the form open for ever. So with the questions of a group that stand apart. */
function neverAsked(form: FormDefinition, uischema: UiElement): Finding[] {
  const placed = scopesIn(uischema);
  const isRequired = new Set(questionsOf(form).filter((question) => question.isRequired).map(({ name }) => name));
  return missing(form, fieldsOf(form), (name) => isRequired.has(name), placed, ['schema', 'properties']);
}

function missing(form: FormDefinition, fields: Fields, isRequired: (name: string) => boolean, placed: string[][], path: Path): Finding[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const own = placed.filter(([first]) => first === name);
    if (field.readOnly === true || own.some(({ length }) => length === 1)) return [];
    const at = [...path, name];
    const { required = [] } = field;
    if (own.length > 0) return missing(form, questionsIn(form, field), (part) => required.includes(part), own.map((names) => names.slice(1)), [...at, 'properties']);
    return [finding(isRequired(name) ? 'requiredNeverAsked' : 'neverAsked', at, { name }, { at: 'key', severity: isRequired(name) ? 'error' : 'warning' })];
  });
}

function scopesIn(element: UiElement): string[][] {
  const names = namesOfScope(element.scope);
  return [...(names === null ? [] : [names]), ...(element.elements ?? []).flatMap(scopesIn)];
}
