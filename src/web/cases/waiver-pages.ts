import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { lowered, roleTitles } from '../../engine/model/labels.ts';
import type { Reason } from '../../engine/state/case-state.ts';
import { isPerformer } from '../../engine/model/performers.ts';
import { AppError } from '../../errors.ts';
import { capitalise, formatChoice } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, param, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { textField } from '../site/text-field.ts';

type OpenWaiver = { open: OpenCase; step: string | null; rule: string; source?: string; reason: Reason };

/** Passing a soft rule with a written reason. */
export function waiverPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/waivers/:step/:rule', { config: { action: 'rule.waive' } }, async (request, reply) =>
    sendWaiver(site, request, reply, await openWaiver(site, request), { value: '', errors: [] }));

  app.post('/cases/:number/waivers/:step/:rule', { config: { action: 'rule.waive' } }, async (request, reply) => {
    const work = await openWaiver(site, request);
    const posted = pairsOf(request);
    const value = valueIn(posted, 'reason').replaceAll('\r\n', '\n');
    const command = { type: 'waive' as const, rule: work.rule, ...(work.source === undefined ? {} : { source: work.source }), step: work.step, reason: value };
    const result = await site.cases.act(visitorOf(request).reader, work.open.stored.number, command, { key: valueIn(posted, '_key'), draft: null });
    return answerTo(result, {
      done: (number) => seeOther(reply, `/cases/${number}?done=waived#verder`),
      refused: (reasons) => sendWaiver(site, request, reply, work, { value, errors: reasons.map(({ text }) => text) })
    });
  });
}

/** A rule of an exit can be passed where it stands in the way now; a rule of a task before its record is handed in. */
async function openWaiver(site: Site, request: FastifyRequest): Promise<OpenWaiver> {
  const open = await openCase(site, request, 'viewTask');
  const step = param(request, 'step') === '-' ? null : param(request, 'step');
  const rule = param(request, 'rule');
  const asked = query(request, 'for');
  const source = asked === '' ? {} : { source: asked };
  const overview = site.cases.overview(open);
  const exits = [...overview.activeSteps.flatMap((active) => active.exits), ...overview.exits];
  const reason = exits.flatMap(({ reasons }) => reasons).find((one) => one.rule === rule && one.source === source.source && one.waivable !== null) ?? taskRule(open, step, rule);
  if (reason === null) throw new AppError('notFound');
  return { open, step, rule, ...source, reason };
}

function taskRule({ route: { model } }: OpenCase, step: string | null, id: string): Reason | null {
  const rule = [...model.tasks.values()].filter((task) => task.step === step).flatMap(({ rules }) => rules).find((one) => one.id === id);
  if (rule?.definition.waivable === undefined) return null;
  return { kind: 'rule', text: rule.definition.message.replace(/\{[^}]*\}/g, '…'), task: null, rule: id, waivable: rule.definition.waivable };
}

async function sendWaiver(site: Site, request: FastifyRequest, reply: FastifyReply, { open, step, rule, source, reason }: OpenWaiver, { value, errors }: { value: string; errors: string[] }): Promise<FastifyReply> {
  const { t } = site;
  const { number, state } = open.stored;
  const waivable = reason.waivable ?? [];
  const may = isPerformer(waivable, open.viewer, [state.starter]);
  const hasProblems = errors.length > 0;
  const frame = await frameOf(site, request, { title: t('web.waiver.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems, current: 'cases' });
  return sendPage(reply, site.render('waiver', {
    frame, heading: t('web.waiver.heading'), rule: reason.text,
    mayWaive: t('web.waiver.who', { roles: capitalise(formatChoice(roleTitles(open.route.model, waivable).map(lowered))) }),
    action: `/cases/${number}/waivers/${step ?? '-'}/${rule}${source === undefined ? '' : `?for=${encodeURIComponent(source)}`}`, hidden: [keyField(site)],
    problems: errors.map((text) => ({ text, href: '#reden' })),
    reason: may ? textField({ id: 'reden', name: 'reason', label: t('web.waiver.reason'), hint: t('web.waiver.hint'), value, error: errors[0] ?? null, rows: 5 }) : null,
    button: t('web.waiver.button'),
    back: { href: `/cases/${number}`, text: t('web.case.back') }
  }), hasProblems ? 422 : 200);
}
