import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { answerParent } from '../servers.ts';

/**
 * A server of generated forms by `@defra/forms-engine-plugin`, as its own development server sets it up: sessions, CSRF and answers in its
 * memory cache. Argument: the folder where it was installed (forms-peer.ts). It serves one page of 20 questions and a summary.
 */
const folder = process.argv[2] ?? '';
process.env['NODE_ENV'] = 'production';
/** What an installed package exports; it is not among the packages of the project, so its types are not known here. */
type Loaded = { default: unknown; [name: string]: unknown };
type HapiServer = { register: (plugin: unknown) => Promise<void>; start: () => Promise<void>; stop: () => Promise<void>; info: { uri: string } };

const found = createRequire(join(folder, 'package.json'));
const load = async (name: string): Promise<Loaded> => import(pathToFileURL(found.resolve(name)).href) as Promise<Loaded>;
const [hapi, { Engine }, pino, yar, crumb, engine] = await Promise.all(['@hapi/hapi', '@hapi/catbox-memory', 'hapi-pino', '@hapi/yar', '@hapi/crumb', '@defra/forms-engine-plugin'].map(load)) as [Loaded, Loaded, Loaded, Loaded, Loaded, Loaded];

/** Names may hold letters only. */
const names = Array.from({ length: 20 }, (_, index) => `v${String.fromCharCode(97 + index)}`);
const titles = ['Wat hebt u gezien?', 'Wie was erbij?', 'Hoe vaak?', 'Wanneer?', 'Weet de ouder het?'];
const kinds = ['MultilineTextField', 'TextField', 'RadiosField', 'DatePartsField', 'YesNoField'];
const list = randomUUID();
const definition = {
  name: 'Meting', engine: 'V2', schema: 2, startPage: '/summary', conditions: [], sections: [],
  pages: [
    {
      id: randomUUID(), title: 'Meting', path: '/meting', next: [],
      components: names.map((name, index) => ({ id: randomUUID(), type: kinds[index % 5], name, title: titles[index % 5], options: { required: true }, schema: {}, ...(index % 5 === 2 ? { list } : {}) }))
    },
    { id: randomUUID(), title: '', path: '/summary', controller: 'SummaryPageController' }
  ],
  lists: [{ id: list, name: 'vaak', title: 'Hoe vaak', type: 'string', items: [{ id: randomUUID(), text: 'Een keer', value: 'a' }, { id: randomUUID(), text: 'Vaker', value: 'b' }] }]
};
const who = { id: 'bench', displayName: 'bench' };
const times = { createdAt: new Date(), createdBy: who, updatedAt: new Date(), updatedBy: who };
const metadata = { id: '661e4ca5039739ef2902b214', slug: 'meting', title: 'Meting', organisation: 'x', teamName: 'x', teamEmail: 'x@school.example', notificationEmail: 'x@school.example', ...times, live: times };
const nothing = (): Promise<unknown> => Promise.resolve({});
const services = {
  formsService: {
    getFormMetadata: () => Promise.resolve(metadata), getFormMetadataById: () => Promise.resolve(metadata),
    getFormDefinition: () => Promise.resolve(definition), getFormSecret: () => Promise.resolve('')
  },
  formSubmissionService: { persistFiles: nothing, submit: nothing }, outputService: { submit: nothing }
};
writeFileSync(join(folder, 'layout.html'), '<!DOCTYPE html><html lang="nl"><head><title>{% block pageTitle %}{% endblock %}</title></head><body><main>{% block content %}{% endblock %}</main></body></html>');

const server = (hapi['server'] as (options: unknown) => HapiServer)({
  host: '127.0.0.1', port: 0, router: { stripTrailingSlash: true }, routes: { validate: { options: { abortEarly: false } } },
  cache: [{ name: 'session', engine: new (Engine as new () => unknown)() }]
});
const secret = randomUUID();
await server.register({ plugin: pino.default, options: { level: 'error', stream: process.stderr } });
await server.register({ plugin: yar.default, options: { maxCookieSize: 0, cache: { cache: 'session', segment: 'session', expiresIn: 3_600_000 }, cookieOptions: { password: secret, isSecure: false } } });
await server.register({ plugin: crumb.default, options: { enforce: true, cookieOptions: { isSecure: false } } });
await server.register({ plugin: engine.default, options: { services, cache: 'session', baseUrl: 'http://127.0.0.1', viewContext: nothing, nunjucks: { baseLayoutPath: 'layout.html', paths: [folder] } } });
await server.start();
const values: [string, string][][] = names.map((name, index) => {
  switch (index % 5) {
    case 0: return [[name, 'Een gewone zin over wat er is gezien en gehoord op school.']];
    case 1: return [[name, 'De juf.']];
    case 2: return [[name, 'a']];
    case 3: return [[`${name}__day`, '2'], [`${name}__month`, '3'], [`${name}__year`, '2026']];
    default: return [[name, 'true']];
  }
});
answerParent({ address: server.info.uri, fields: values.flat() }, () => server.stop());
