import { createHash } from 'node:crypto';
import type { Bundle, Json, SchoolCalendar } from './bundle.ts';
import type { FormDefinition } from './form.types.ts';
import { calendarsNamed, formsNamed, templatesNamed } from './lookup.ts';
import type { WorkflowDefinition } from './workflow.types.ts';

/** All files that workflows share, by id or name. */
export type SharedFiles = Pick<Bundle, 'forms' | 'documents' | 'partials' | 'pictures' | 'calendars'>;

/**
 * Makes the bundle of a workflow with only the forms, templates, partials and calendars it uses, in order of first use.
 * Throws when a named form, template or calendar is not among the files: check the content first.
 */
export function makeBundle(workflow: WorkflowDefinition, { forms, documents, partials, pictures = {}, calendars = {} }: SharedFiles): Bundle {
  const chosenDocuments = chosen('template', documents, templatesNamed(workflow));
  const chosenPartials = chosen('partial', partials, partialsUsed(Object.values(chosenDocuments), partials));
  const content = {
    workflow,
    forms: chosen<FormDefinition>('form', forms, formsNamed(workflow)),
    documents: chosenDocuments,
    partials: chosenPartials,
    ...filled('pictures', chosen('picture', pictures, picturesUsed([...Object.values(chosenDocuments), ...Object.values(chosenPartials)]).filter((file) => Object.hasOwn(pictures, file)))),
    ...filled('calendars', chosen<SchoolCalendar>('calendar', calendars, calendarsNamed(workflow)))
  };
  return bundleFromText(canonicalText(content));
}

/** Writes a bundle as its canonical text: minified JSON in file order, strings NFC. To store; never as jsonb, which sorts keys. */
export function bundleText({ workflow, forms, documents, partials, pictures = {}, calendars = {} }: Bundle): string {
  return canonicalText({ workflow, forms, documents, partials, ...filled('pictures', pictures), ...filled('calendars', calendars) });
}

/** A route without calendars or pictures says nothing of them, so that its hash stays what it was before there were any. */
function filled<Name extends 'pictures' | 'calendars'>(name: Name, value: NonNullable<Bundle[Name]>): Pick<Bundle, Name> {
  return (Object.keys(value).length === 0 ? {} : { [name]: value }) as Pick<Bundle, Name>;
}

/** Reads a stored canonical text; the hash is computed from the text itself. Throws when it is no JSON. */
export function bundleFromText(text: string): Bundle {
  const content = JSON.parse(text) as Omit<Bundle, 'hash'>;
  return { hash: textHash(text), ...content };
}

/** Gives the sha256 of a text, in hex. */
export function textHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Gives the sha256 (hex) of what one file says, as canonical text: blanks and the writing of an accent do not count. */
export function hashOf(value: Json): string {
  return textHash(canonicalText(value));
}

/** Gives the names in {{> name}} of templates, and of the partials they use in turn, each once, sorted by name. */
export function partialsUsed(sources: string[], partials: { [name: string]: string }): string[] {
  const used = new Set<string>();
  const open = [...sources];
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    for (const [, name = ''] of source.matchAll(/\{\{~?#?>\s*["']?([A-Za-z0-9_/.-]+)/g)) {
      const partial = Object.hasOwn(partials, name) ? partials[name] : undefined;
      if (partial === undefined || used.has(name)) continue;
      used.add(name);
      open.push(partial);
    }
  }
  return [...used].sort();
}

/** Gives the files that templates show as a picture, each once, sorted by name. */
export function picturesUsed(sources: string[]): string[] {
  return [...new Set(sources.flatMap((source) => [...source.matchAll(/<img\b[^>]*\bsrc\s*=\s*"([^"]*)"/g)].map(([, file = '']) => file)))].sort();
}

/**
 * Writes content as minified JSON in file order, strings NFC (semantics.md 12): value by value and not over the whole text, where a
 * combining mark could melt with the n of an escaped newline.
 */
export function canonicalText(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => (typeof value === 'string' ? value.normalize('NFC') : value));
}

function chosen<Value>(kind: string, all: { [id: string]: Value }, ids: string[]): { [id: string]: Value } {
  return Object.fromEntries(ids.map((id) => {
    const value = Object.hasOwn(all, id) ? all[id] : undefined;
    if (value === undefined) throw new Error(`No ${kind} "${id}".`);
    return [id, value];
  }));
}
