import type { Field, FormDefinition, UiElement } from '../form.types.ts';
import { fieldsOf, isControl, labelOf, optionsOf, rowFieldsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { resolveField } from '../resolve-field.ts';
import { kindsOf, type Fields } from './field-places.ts';
import { fieldOfScope, questionsOf } from './form-questions.ts';

/** Deeper layouts nobody can read on a telephone. */
const mostLevels = 6;

/** Checks the layout of a form: each scope names a field, each option fits its field, and every question stands somewhere. */
export function checkLayout(form: FormDefinition): Finding[] {
  const { uischema } = form;
  if (uischema === undefined) return [];
  const loose = uischema.type === 'Category' ? [finding('looseCategory', ['uischema', 'type'])] : [];
  return [...loose, ...checkElement(form, uischema, ['uischema'], fieldsOf(form), 1), ...neverAsked(form, uischema)];
}

/** Gives the fields that a layout gives a heading of their own. */
export function labelledIn(element: UiElement): string[] {
  const field = fieldOfScope(element.scope);
  return [...(field !== null && labelOf(element) !== null ? [field] : []), ...(element.elements ?? []).flatMap(labelledIn)];
}

function checkElement(form: FormDefinition, element: UiElement, path: Path, fields: Fields, levels: number): Finding[] {
  if (levels > mostLevels) return [finding('layoutTooDeep', path, { most: mostLevels })];
  const name = fieldOfScope(element.scope);
  const field = name === null || !Object.hasOwn(fields, name) ? undefined : fields[name];
  return [
    ...checkWords(element, path),
    ...checkCategories(element, path),
    ...(isControl(element) && element.scope !== undefined && field === undefined ? [unknownScope(element.scope, Object.keys(fields), path)] : []),
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

function unknownScope(scope: string, names: string[], path: Path): Finding {
  const proposal = nearest(scope.slice('#/properties/'.length), names);
  return finding('unknownScope', [...path, 'scope'], { found: scope }, { proposal: proposal === null ? null : `#/properties/${proposal}` });
}

/** What a control can look like: how it is answered, as far as the options of a layout care. */
type Look = 'text' | 'number' | 'date' | 'time' | 'yesNo' | 'choice' | 'choices' | 'lines' | 'rows' | 'other';

/** What options can stand with. */
type Place = Look | 'Label' | 'layout' | 'Categorization';

const questionLooks: readonly Look[] = ['text', 'number', 'date', 'time', 'yesNo', 'choice', 'choices', 'lines', 'rows', 'other'];

/** Where each option means something. */
const fits: { [option: string]: readonly Place[] } = {
  multi: ['text'],
  rows: ['text', 'lines'],
  inline: ['yesNo', 'choice', 'choices'],
  width: ['text', 'number', 'choice'],
  detail: ['rows'],
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
  if (kind === 'object' || field['x-options'] !== undefined) return 'other';
  if (kind === 'boolean' && field.oneOf === undefined) return 'yesNo';
  if (optionsOf(field) !== null) return 'choice';
  if (kind === 'number' || kind === 'integer') return 'number';
  if (field.format === 'date') return 'date';
  return field.format === 'time' ? 'time' : 'text';
}

function checkDetail(form: FormDefinition, element: UiElement, field: Field | undefined, path: Path, levels: number): Finding[] {
  const rows = field === undefined ? null : rowFieldsOf(form, resolveField(form, field));
  if (element.options === undefined || rows === null) return [];
  const { detail, elementLabelProp: label } = element.options;
  const names = Object.keys(rows);
  return [
    ...(label === undefined || names.includes(label) ? [] : [finding('unknownField', [...path, 'options', 'elementLabelProp'], { name: label, path: label }, { proposal: nearest(label, names) })]),
    ...(typeof detail !== 'object' ? [] : checkElement(form, detail, [...path, 'options', 'detail'], rows, levels + 1))
  ];
}

/** A question without a place is never asked; one that must be answered then keeps the form open for ever. */
function neverAsked(form: FormDefinition, uischema: UiElement): Finding[] {
  const placed = scopesIn(uischema);
  const fields = fieldsOf(form);
  return questionsOf(form).filter(({ name }) => !placed.includes(name) && fields[name]?.readOnly !== true).map(({ name, isRequired }) =>
    finding(isRequired ? 'requiredNeverAsked' : 'neverAsked', ['schema', 'properties', name], { name }, { at: 'key', severity: isRequired ? 'error' : 'warning' }));
}

function scopesIn(element: UiElement): string[] {
  const field = fieldOfScope(element.scope);
  return [...(field === null ? [] : [field]), ...(element.elements ?? []).flatMap(scopesIn)];
}
