import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { projectRoot } from '../../config.ts';
import { onceFor } from '../../definitions/once.ts';
import type { ViewNode } from '../../forms/form-types.ts';
import type { Translate } from '../../texts.ts';
import { labelBefore } from '../words/format.ts';
import { renderMarkdown } from '../words/markdown.ts';
import type { Model, Views } from '../views/view-models.ts';

export type Renderer = {
  /** Gives the whole HTML page of a view. Throws when the model lacks a property the view shows. */
  render: <View extends keyof Views>(view: View, model: Model<View>) => string;
};

/** Compiles the views of src/web/views once; in development again for each page, so that an edit shows at once. */
export function makeRenderer({ t, development }: { t: Translate; development: boolean }): Renderer {
  const compiled = development ? null : compileViews(t);
  return {
    render: (view, model) => {
      const template = (compiled ?? compileViews(t)).get(view);
      if (template === undefined) throw new Error(`No view "${view}" in src/web/views.`);
      return template(model);
    }
  };
}

type Templates = Map<string, Handlebars.TemplateDelegate>;

/**
 * Views stand on their own; parts/ and controls/ are partials with their folder in the name. Views and parts are strict; a control
 * may leave out what it has not.
 */
function compileViews(t: Translate): Templates {
  const handlebars = Handlebars.create();
  const templates: Templates = new Map();
  const helpers = makeHelpers(t);
  handlebars.registerHelper(helpers);
  handlebars.registerPartial('control', makeControl(templates));
  // A name that is no helper is a value: the compiled view need not ask.
  const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  for (const { name, source } of readViews()) {
    const template = handlebars.compile(withSentences(source, t), { strict: !name.startsWith('controls/'), preventIndent: true, knownHelpers, knownHelpersOnly: true });
    templates.set(name, template);
    handlebars.registerPartial(name, template);
  }
  return templates;
}

function readViews(): { name: string; source: string }[] {
  const root = join(projectRoot, 'src', 'web', 'views');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.hbs'))
    .map((path) => ({ name: path.slice(0, -4).replaceAll('\\', '/'), source: readFileSync(join(root, path), 'utf8') }));
}

/** A sentence into which nothing is filled in is the same on every page: it becomes part of the view. */
function withSentences(source: string, t: Translate): string {
  return source.replace(/\{\{t "([\w.]+)"\}\}/g, (_, key: string) => Handlebars.escapeExpression(t(key)));
}

/** {{> control}}: a node of a form, by the partial of its kind. */
function makeControl(templates: Templates): Handlebars.TemplateDelegate<ViewNode> {
  const draw: Handlebars.TemplateDelegate<ViewNode> = (node, options) => {
    const template = templates.get(`controls/${node.partial}`);
    if (template === undefined) throw new Error(`No view "controls/${node.partial}" in src/web/views.`);
    return template(node, options);
  };
  // Handlebars makes a text of many small pieces, and each page it is put into would gather them again.
  const drawnOnce = onceFor((node: ViewNode) => Buffer.from(draw(node)).toString());
  return (node, options) => (node.isKept === true ? drawnOnce(node) : draw(node, options));
}

function makeHelpers(t: Translate): { [name: string]: Handlebars.HelperDelegate } {
  return {
    /** {{t "web.key" n=count}}: a sentence of texts/, escaped like any value. */
    t: (key: string, options: Handlebars.HelperOptions) => t(key, options.hash as { [name: string]: string | number }),
    eq: (a: unknown, b: unknown) => a === b,
    or: (...values: unknown[]) => values.slice(0, -1).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
    concat: (...values: unknown[]) => values.slice(0, -1).join(''),
    /** {{labelBefore label}}: see format.ts. */
    labelBefore,
    /** {{markdown guidance level=3}}: see markdown.ts. */
    markdown: (text: string, options: Handlebars.HelperOptions) => new Handlebars.SafeString(renderMarkdown(text, Number(options.hash['level'])))
  };
}
