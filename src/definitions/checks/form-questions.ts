import type { FormDefinition, UiElement } from '../form.types.ts';
import { fieldsOf } from '../lookup.ts';

/** One question of a form: must it be answered, and is it asked only sometimes? */
export type Question = { name: string; isRequired: boolean; isConditional: boolean };

/** Gives the questions of a form in the order of its fields. */
export function questionsOf(form: FormDefinition): Question[] {
  const conditional = form.uischema === undefined ? new Set<string>() : conditionalScopes(form.uischema, false);
  return Object.entries(fieldsOf(form)).map(([name, field]) => ({
    name,
    isRequired: form.schema.required?.includes(name) === true,
    isConditional: field.when !== undefined || conditional.has(name)
  }));
}

/** Gives the field a scope names, such as #/properties/datum; null when it is no single field. */
export function fieldOfScope(scope: string | undefined): string | null {
  return /^#\/properties\/([^/]+)$/.exec(scope ?? '')?.[1] ?? null;
}

function conditionalScopes(element: UiElement, isInside: boolean): Set<string> {
  const isConditional = isInside || element.when !== undefined || element.rule !== undefined;
  const field = fieldOfScope(element.scope);
  const own = isConditional && field !== null ? [field] : [];
  return new Set([...own, ...(element.elements ?? []).flatMap((child) => [...conditionalScopes(child, isConditional)])]);
}
