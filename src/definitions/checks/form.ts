import type { FormDefinition } from '../form.types.ts';
import { choosesFrom, fieldsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding } from '../problem.ts';
import { resolveField } from '../resolve-field.ts';
import { checkAccess } from './access.ts';
import { checkOptionSources } from './case-options.ts';
import { fieldPlacesOf, kindsOf, levelsOf } from './field-places.ts';
import { checkKeywords, type FormKeywords } from './form-keywords.ts';
import { checkLayout, labelledIn } from './form-layout.ts';
import { questionsOf } from './form-questions.ts';
import { checkTogether } from './form-schema.ts';
import { checkFieldValues, unknownRequired } from './form-values.ts';
import { checkConstantWhens, checkWhens } from './form-whens.ts';
import { checkTextPaths } from './paths.ts';
import { formScope } from './scope.ts';
import { shapeOfRecord } from './shapes.ts';

/** Deeper rows and groups nobody can fill in. */
const mostLevels = 6;

/** Checks everything in a form that its schema cannot say. A form is checked alone, without the routes that use it. */
export function checkForm(form: FormDefinition, keywords: FormKeywords): Finding[] {
  const words = checkKeywords(form, keywords);
  // Parts that hold themselves have no end; parts that are not there have no fields.
  if (words.some(({ code }) => code === 'recursiveRef' || code === 'unknownPart' || code === 'remoteRef')) return words;
  const conditional = new Set(questionsOf(form).filter(({ isConditional }) => isConditional).map(({ name }) => name));
  const findings = [
    ...words,
    ...unknownRequired(form.schema.required ?? [], Object.keys(fieldsOf(form)), ['schema']),
    ...checkTogether(form, (name) => conditional.has(name)),
    ...checkLevels(form),
    ...checkFieldValues(form),
    ...checkOptionSources(form),
    ...checkAccess(form),
    ...checkTitles(form),
    ...checkLayout(form),
    ...checkWhens(form),
    ...checkOwnTexts(form),
    ...checkSummary(form),
    ...(form.summary === undefined ? [] : checkTextPaths(form.summary, ['summary'], formScope(shapeOfRecord(form))))
  ];
  return findings.some(({ severity }) => severity === 'error') ? findings : [...findings, ...checkConstantWhens(form)];
}

/** The line that stands for a record is made of the record alone: what was chosen from the case is not in it. */
function checkSummary(form: FormDefinition): Finding[] {
  const fields = fieldsOf(form);
  return [...(form.summary ?? '').matchAll(/\{([^}]*)\}/g)].filter(([, name = '']) => choosesFrom(fields[name] ?? null) !== null).map(([, name = '']) => finding('summaryOfCase', ['summary'], { name }));
}

function checkLevels(form: FormDefinition): Finding[] {
  return Object.entries(form.schema.properties).filter(([, field]) => levelsOf(form, field) >= mostLevels)
    .map(([name]) => finding('tooNested', ['schema', 'properties', name], { most: mostLevels }, { at: 'key' }));
}

/** Each question has words; one that must be answered also has a name that fits in "Vul ... in.". */
function checkTitles(form: FormDefinition): Finding[] {
  const labelled = form.uischema === undefined ? [] : labelledIn(form.uischema);
  return fieldPlacesOf(form).filter(({ isAsked, isDemand }) => isAsked && !isDemand).flatMap(({ name, field, path, isRequired }) => {
    const whole = resolveField(form, field);
    // What goes with a choice is not asked.
    if (whole.const !== undefined && typeof whole.const !== 'boolean' && (path.at(-4) === 'oneOf' || path.at(-4) === 'anyOf')) return [];
    const isInLayout = path.every((part, index) => index % 2 === 0 || part === 'properties') && labelled.includes(path.filter((_, index) => index % 2 === 0).slice(1).join('.'));
    const isNameless = isRequired && whole['x-name'] === undefined && whole.readOnly !== true && !(kindsOf(whole).includes('object') && whole['x-options'] === undefined);
    return [
      ...(whole.title === undefined && !isInLayout ? [finding('noTitle', path, { name: name ?? '' }, { at: 'key', severity: 'warning' })] : []),
      ...(isNameless ? [finding('noName', path, { name: name ?? '' }, { at: 'key', severity: 'warning' })] : [])
    ];
  });
}

/** Keywords whose message a form may word itself. */
const worded = [
  'required', 'type', 'format', 'enum', 'oneOf', 'const', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum',
  'multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'anyOf', 'not', 'contains', 'minProperties', 'maxProperties', 'x-min', 'x-max', 'x-options'
];

function checkOwnTexts(form: FormDefinition): Finding[] {
  const known = Object.keys(fieldsOf(form)).map((name) => `/${name}`);
  const wholeForm = Object.entries(form.schema['x-messages'] ?? {}).flatMap(([pointer, texts]) => {
    const at = ['schema', 'x-messages', pointer];
    // The empty pointer is all answers together.
    if (pointer !== '' && !known.includes(`/${pointer.split('/')[1] ?? ''}`)) return [finding('unknownField', at, { name: pointer, path: pointer }, { at: 'key', proposal: nearest(pointer, known) })];
    return unknownWords(texts, at);
  });
  return [...wholeForm, ...fieldPlacesOf(form).flatMap(({ field, path }) => unknownWords(field['x-messages'] ?? {}, [...path, 'x-messages']))];
}

function unknownWords(texts: object, at: (string | number)[]): Finding[] {
  return Object.keys(texts).filter((key) => !worded.includes(key)).map((key) => finding('unknownKeyword', [...at, key], { key }, { at: 'key', proposal: nearest(key, worded) }));
}
