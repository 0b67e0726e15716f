import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { settingValues } from '../../definitions/setting-values.ts';
import type { WorkflowDefinition } from '../../definitions/workflow.types.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { adminCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, visitorOf } from '../site/http.ts';
import type { Block } from '../views/school-view-models.ts';
import { pairsOfSettings, readSettings, settingBlock } from './setting-form.ts';
import type { Site } from '../site/site.ts';

/** What a school fills in for its routes: the settings that their definitions ask for. */
export function settingPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/school/settings', { config: { action: 'settings.edit' } }, async (request, reply) => {
    const { school } = visitorOf(request);
    const values = routesWithSettings(site).flatMap((workflow) => pairsOfSettings(workflow, settingValues(workflow, school.settings[workflow.id])));
    return sendSettings(site, request, reply, { values, problems: {} });
  });

  app.post('/school/settings', { config: { action: 'settings.edit', takesFiles: true } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const values = pairsOf(request);
    const read = routesWithSettings(site).map((workflow) => ({ workflow, ...readSettings(site.t, workflow, values) }));
    const problems = Object.assign({}, ...read.map((one) => one.problems)) as { [name: string]: string };
    if (Object.keys(problems).length > 0) return sendSettings(site, request, reply, { values, problems });
    for (const { workflow, settings } of read) await site.schools.setRouteSettings(school.id, workflow.id, settings, person.id);
    return seeOther(reply, '/school?done=settings');
  });
}

/** The routes that ask a school something. */
export function routesWithSettings({ library }: Pick<Site, 'library'>): WorkflowDefinition[] {
  return library.published().map(({ model }) => model.workflow).filter(({ settings }) => settings !== undefined);
}

type Filled = { values: Pairs; problems: { [name: string]: string } };

async function sendSettings(site: Site, request: FastifyRequest, reply: FastifyReply, { values, problems }: Filled): Promise<FastifyReply> {
  const { t } = site;
  const hasProblems = Object.keys(problems).length > 0;
  const heading = t('school.settings.heading');
  const blocks = routesWithSettings(site).flatMap((workflow): Block[] => [
    { kind: 'heading', text: workflow.title, hint: null },
    ...Object.entries(workflow.settings ?? {}).map(([id, setting]) => settingBlock(t, { workflow: workflow.id, id, setting, values, problems }))
  ]);
  return sendPage(reply, site.render('school', {
    frame: await frameOf(site, request, { title: heading, hasProblems, current: 'admin', crumbs: adminCrumbs(site) }),
    heading, problems: Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` })),
    notices: [{ kind: 'info', title: null, paragraphs: [t('school.settings.intro')], bullets: [], numbers: [] }],
    form: { action: '/school/settings', hidden: [], blocks, button: t('school.save') }, side: []
  }), hasProblems ? 422 : 200);
}
