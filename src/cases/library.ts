import { bundleFromText, bundleText } from '../definitions/make-bundle.ts';
import type { Bundle } from '../definitions/bundle.ts';
import type { FormDefinition } from '../definitions/form.types.ts';
import type { RouteSettings } from '../definitions/setting-values.ts';
import { hiddenFields } from '../definitions/lookup.ts';
import { type AskedForm, withoutFields } from '../engine/model/asked-form.ts';
import { prepare, type Model } from '../engine/model/prepare.ts';
import { withSettings } from '../engine/model/with-settings.ts';
import { compileForm } from '../forms/compile-form.ts';
import type { CompiledForm } from '../forms/form-types.ts';
import type { Translate } from '../texts.ts';
import type { BundleStore } from './stores/bundle-store.ts';

/** One version of a definition, read once and ready to be asked anything. */
export type Route = {
  hash: string;
  model: Model;
  /** The compiled form of an id; throws for a form the definition does not name. */
  form(id: string): CompiledForm;
  /** The compiled form of a task as it is asked at one moment; each different one is compiled once. */
  askedForm(asked: AskedForm): CompiledForm;
  /** The same forms with only the questions that somebody with these roles may read (`x-access`). */
  readBy(roles: readonly string[]): Forms;
};

type Forms = Pick<Route, 'form' | 'askedForm'>;

export type Library = {
  /** The version a case is pinned to. */
  route(hash: string): Promise<Route>;
  /** A picture in the documents of a version, as base64; null: there is none. Nothing is kept of a version that was not asked for otherwise. */
  picture(hash: string, file: string): Promise<string | null>;
  /** The versions that new cases take, in the order they were published in. */
  published(): Route[];
  /**
   * Publishes these bundles and offers them. `present`: ids of all definitions there are; one that is present but not among the
   * bundles does not check, so its last good version stays offered. A definition that is gone is kept for its running cases only.
   */
  publish(bundles: Bundle[], present: string[], now: string): Promise<void>;
  /** Offers what was published last of each definition, by whomever: a server hears in this way of what a command published. */
  refresh(): Promise<void>;
};

/** Keeps every version that was asked for compiled, so that no request compiles anything. */
export function makeLibrary({ store, t }: { store: BundleStore; t: Translate }): Library {
  const routes = new Map<string, Promise<Route>>();
  let offered: Route[] = [];
  const route = (hash: string): Promise<Route> => {
    const known = routes.get(hash) ?? readRoute(store, hash, t);
    routes.set(hash, known);
    return known;
  };
  // One by one: compiling takes the thread for a while, and a slow machine would keep the others waiting for a connection too long.
  const offer = async (hashes: string[]): Promise<void> => {
    const found: Route[] = [];
    for (const hash of hashes) found.push(await route(hash));
    offered = found;
  };
  return {
    route,
    picture: async (hash, file) => {
      const known = routes.get(hash);
      const text = known === undefined ? await store.find(hash) : null;
      const { pictures = {} } = known === undefined ? (text === null ? {} : bundleFromText(text)) : (await known).model.bundle;
      return Object.hasOwn(pictures, file) ? (pictures[file] ?? null) : null;
    },
    published: () => offered,
    publish: async (bundles, present, now) => {
      for (const bundle of bundles) await store.publish({ workflow: bundle.workflow.id, hash: bundle.hash, text: bundleText(bundle), at: now });
      const latest = new Map((await store.latest()).map(({ workflow, hash }) => [workflow, hash]));
      await offer(present.flatMap((id) => latest.get(id) ?? []));
    },
    refresh: async () => { await offer((await store.latest()).map(({ hash }) => hash)); }
  };
}

async function readRoute(store: BundleStore, hash: string, t: Translate): Promise<Route> {
  const text = await store.find(hash);
  if (text === null) throw new Error(`No bundle ${hash}.`);
  return makeRoute(bundleFromText(text), t);
}

/** Gives a route as one school uses it: with what that school filled in. `roles`: of who reads its forms; null: nobody does. */
export function routeAt(route: Route, settings: RouteSettings, roles: readonly string[] | null): Route {
  const model = withSettings(route.model, settings[route.model.workflow.id]);
  const forms = roles === null ? route : route.readBy(roles);
  // Most schools filled in nothing, and most people may read every question.
  return model === route.model && forms.form === route.form ? route : { ...route, ...forms, model };
}

/** Compiles everything of one bundle. What only some roles may read is compiled once more for each kind of reader, when the first one comes. */
export function makeRoute(bundle: Bundle, t: Translate): Route {
  const all = makeForms(bundle, t, null);
  for (const id of Object.keys(bundle.forms)) all.form(id);
  const restricting = [...new Set(Object.values(bundle.forms).flatMap(({ schema: { properties } }) => Object.values(properties).flatMap((field) => field['x-access'] ?? [])))];
  const readers = new Map<string, Forms>();
  return {
    hash: bundle.hash, model: prepare(bundle, t), ...all,
    readBy: (roles) => {
      const own = restricting.filter((role) => roles.includes(role));
      if (own.length === restricting.length) return all;
      const forms = readers.get(own.join(' ')) ?? makeForms(bundle, t, own);
      readers.set(own.join(' '), forms);
      return forms;
    }
  };
}

/** Each form is compiled once. `roles`: only what these may read; null: everything. */
function makeForms(bundle: Bundle, t: Translate, roles: readonly string[] | null): Forms {
  const forms = new Map<string, CompiledForm>();
  const asked = new Map<string, CompiledForm>();
  const compile = (definition: FormDefinition, fixedRows: string[]): CompiledForm => {
    const hidden = roles === null ? [] : hiddenFields(definition, roles);
    return compileForm(hidden.length === 0 ? definition : withoutFields(definition, (name) => !hidden.includes(name)), { t, fixedRows: fixedRows.filter((name) => !hidden.includes(name)) });
  };
  const form = (id: string): CompiledForm => {
    const definition = bundle.forms[id];
    if (definition === undefined) throw new Error(`No form ${id} in bundle ${bundle.hash}.`);
    const compiled = forms.get(id) ?? compile(definition, []);
    forms.set(id, compiled);
    return compiled;
  };
  return {
    form,
    askedForm: ({ definition, fixedRows, hash }) => {
      if (hash === null) return form(definition.id);
      const compiled = asked.get(hash) ?? compile(definition, fixedRows);
      asked.set(hash, compiled);
      return compiled;
    }
  };
}
