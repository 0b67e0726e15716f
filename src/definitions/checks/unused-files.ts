import { formsNamed, templatesNamed } from '../lookup.ts';
import { partialsUsed, picturesUsed, type SharedFiles } from '../make-bundle.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';

/** Gives the forms, templates, partials and pictures that no route uses, as paths from the content folder. */
export function unusedFiles(routes: WorkflowDefinition[], { forms, documents, partials, pictures = {} }: SharedFiles): string[] {
  const named = new Set(routes.flatMap(formsNamed));
  const templates = new Set(routes.flatMap(templatesNamed));
  const parts = new Set(partialsUsed([...templates].map((name) => documents[name] ?? ''), partials));
  const shown = new Set(picturesUsed([...[...templates].map((name) => documents[name] ?? ''), ...[...parts].map((name) => partials[name] ?? '')]));
  const others = (all: object, used: Set<string>): string[] => Object.keys(all).filter((name) => !used.has(name));
  return [
    ...others(forms, named).map((name) => `forms/${name}.json`),
    ...others(documents, templates).map((name) => `documents/${name}.hbs`),
    ...others(partials, parts).map((name) => `documents/partials/${name}.hbs`),
    ...others(pictures, shown).map((name) => `documents/${name}`)
  ];
}
