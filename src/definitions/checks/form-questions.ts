import type { Condition, FormDefinition, UiElement } from '../form.types.ts';
import { whenOf } from '../layout-rules.ts';
import { fieldsOf, namesOfScope } from '../lookup.ts';
import { onceFor } from '../once.ts';

/** One question of a form: must it be answered, and is it asked only sometimes? */
export type Question = { name: string; isRequired: boolean; isConditional: boolean };

/** Gives the questions of a form in the order of its fields. */
export const questionsOf = onceFor((form: FormDefinition): readonly Question[] => {
  const placed = controlsOf(form);
  return Object.entries(fieldsOf(form)).map(([name, field]) => {
    const own = placed.filter(({ names }) => names[0] === name);
    // A group whose questions stand apart has an answer while one of them is asked.
    const isApart = own.length > 0 && own.every(({ names, isConditional }) => names.length > 1 && isConditional);
    return {
      name,
      isRequired: form.schema.required?.includes(name) === true,
      isConditional: field.when !== undefined || isApart || own.some(({ names, isConditional }) => names.length === 1 && isConditional)
    };
  });
});

/** Is a question of a group, such as a.b, asked only sometimes because of where it stands in the layout? */
export function isSometimesApart(form: FormDefinition, path: string): boolean {
  return controlsOf(form).some(({ names, isConditional }) => isConditional && names.length > 1 && names.join('.') === path);
}

/** Gives the conditions that must all hold for a question to be asked; empty when it is always asked. */
export function whensOfQuestion(form: FormDefinition, name: string): Condition[] {
  const own = fieldsOf(form)[name]?.when;
  const ways = form.uischema === undefined ? [] : waysTo(name, form.uischema);
  // With several controls the question is asked while one of them is shown.
  const [first = [], ...others] = ways;
  return [...(own === undefined ? [] : [own]), ...(others.length === 0 ? first : [{ any: ways.map((all) => ({ all })) }])];
}

/** For each control of a field, or of a part of it: the conditions on it and on the groups around it. */
function waysTo(name: string, element: UiElement): Condition[][] {
  const when = whenOf(element);
  const here = when === undefined ? [] : [when];
  const inside = (element.elements ?? []).flatMap((child) => waysTo(name, child));
  return [...(namesOfScope(element.scope)?.[0] === name ? [[]] : []), ...inside].map((way) => [...here, ...way]);
}

const controlsOf = onceFor((form: FormDefinition) => (form.uischema === undefined ? [] : controlsIn(form.uischema, false)));

function controlsIn(element: UiElement, isInside: boolean): { names: string[]; isConditional: boolean }[] {
  const isConditional = isInside || whenOf(element) !== undefined;
  const names = namesOfScope(element.scope);
  return [...(names === null ? [] : [{ names, isConditional }]), ...(element.elements ?? []).flatMap((child) => controlsIn(child, isConditional))];
}
