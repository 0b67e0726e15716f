import { bundleFromText, bundleText } from '../definitions/make-bundle.ts';
import type { Bundle } from '../definitions/bundle.ts';
import type { RouteSettings } from '../definitions/setting-values.ts';
import type { AskedForm } from '../engine/asked-form.ts';
import { prepare, type Model } from '../engine/prepare.ts';
import { withSettings } from '../engine/with-settings.ts';
import { compileForm } from '../forms/compile-form.ts';
import type { CompiledForm } from '../forms/form-types.ts';
import type { Translate } from '../texts.ts';
import type { BundleStore } from './bundle-store.ts';

/** One version of a definition, read once and ready to be asked anything. */
export type Route = {
  hash: string;
  model: Model;
  /** The compiled form of an id; throws for a form the definition does not name. */
  form(id: string): CompiledForm;
  /** The compiled form of a task as it is asked at one moment; each different one is compiled once. */
  askedForm(asked: AskedForm): CompiledForm;
};

export type Library = {
  /** The version a case is pinned to. */
  route(hash: string): Promise<Route>;
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

/** Gives a route as one school uses it: with what that school filled in. */
export function routeAt(route: Route, settings: RouteSettings): Route {
  const { model } = route;
  return model.workflow.settings === undefined ? route : { ...route, model: withSettings(model, settings[model.workflow.id]) };
}

/** Compiles everything of one bundle. */
export function makeRoute(bundle: Bundle, t: Translate): Route {
  const forms = new Map(Object.entries(bundle.forms).map(([id, definition]) => [id, compileForm(definition, { t })]));
  const asked = new Map<string, CompiledForm>();
  const form = (id: string): CompiledForm => {
    const found = forms.get(id);
    if (found === undefined) throw new Error(`No form ${id} in bundle ${bundle.hash}.`);
    return found;
  };
  return {
    hash: bundle.hash,
    model: prepare(bundle, t),
    form,
    askedForm: ({ definition, fixedRows, hash }) => {
      if (hash === null) return form(definition.id);
      const compiled = asked.get(hash) ?? compileForm(definition, { t, fixedRows });
      asked.set(hash, compiled);
      return compiled;
    }
  };
}
