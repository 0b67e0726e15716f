import type { Condition, FormDefinition, UiElement } from '../form.types.ts';
import { whenOf } from '../layout-rules.ts';
import { fieldsOf } from '../lookup.ts';
import { onceFor } from '../once.ts';

/** One question of a form: must it be answered, and is it asked only sometimes? */
export type Question = { name: string; isRequired: boolean; isConditional: boolean };

/** Gives the questions of a form in the order of its fields. */
export const questionsOf = onceFor((form: FormDefinition): readonly Question[] => {
  const conditional = new Set(form.uischema === undefined ? [] : conditionalScopes(form.uischema, false));
  return Object.entries(fieldsOf(form)).map(([name, field]) => ({
    name,
    isRequired: form.schema.required?.includes(name) === true,
    isConditional: field.when !== undefined || conditional.has(name)
  }));
});

/** Gives the conditions that must all hold for a question to be asked; empty when it is always asked. */
export function whensOfQuestion(form: FormDefinition, name: string): Condition[] {
  const own = fieldsOf(form)[name]?.when;
  const ways = form.uischema === undefined ? [] : waysTo(name, form.uischema);
  // With several controls the question is asked while one of them is shown.
  const [first = [], ...others] = ways;
  return [...(own === undefined ? [] : [own]), ...(others.length === 0 ? first : [{ any: ways.map((all) => ({ all })) }])];
}

/** For each control of a field: the conditions on it and on the groups around it. */
function waysTo(name: string, element: UiElement): Condition[][] {
  const when = whenOf(element);
  const here = when === undefined ? [] : [when];
  const inside = (element.elements ?? []).flatMap((child) => waysTo(name, child));
  return [...(fieldOfScope(element.scope) === name ? [[]] : []), ...inside].map((way) => [...here, ...way]);
}

/** Gives the field a scope names, such as #/properties/datum; null when it is no single field. */
export function fieldOfScope(scope: string | undefined): string | null {
  return /^#\/properties\/([^/]+)$/.exec(scope ?? '')?.[1] ?? null;
}

function conditionalScopes(element: UiElement, isInside: boolean): string[] {
  const isConditional = isInside || whenOf(element) !== undefined;
  const field = fieldOfScope(element.scope);
  const own = isConditional && field !== null ? [field] : [];
  return [...own, ...(element.elements ?? []).flatMap((child) => conditionalScopes(child, isConditional))];
}
