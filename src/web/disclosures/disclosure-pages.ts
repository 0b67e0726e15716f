import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { DisclosureDefinition } from '../../definitions/workflow.types.ts';
import type { Asker } from '../../documents/disclosure-types.ts';
import { caseChoices } from '../../engine/model/case-choices.ts';
import { caseContext } from '../../engine/model/case-context.ts';
import { sendDisclosure } from './disclosure-overview.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, valueIn } from '../site/http.ts';
import { namesIn } from '../site/names.ts';
import { definitionOf, disclosurePath } from '../documents/disclosure-path.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { openDisclosure, settledOf, standingOf } from './open-disclosure.ts';
import { sendQuestion } from '../site/send-question.ts';
import type { Site } from '../site/site.ts';
import { subjectOf } from '../site/subject.ts';
import { textField } from '../site/text-field.ts';
import type { EndForm } from '../views/view-models.ts';

type Filled = { who: string; name: string; problem: { field: 'wie' | 'naam'; text: string } | null };

/** What is prepared of a case for those who ask to see it: the list, and of each what is done and what is still to do. */
export function disclosurePages(app: FastifyInstance, { site }: { site: Site }): void {
  const at = '/cases/:number/disclosures';

  app.get(at, { config: { action: 'case.disclose', stepUp: true } }, async (request, reply) => sendList(site, request, reply, await openCase(site, request, 'view'), { who: '', name: '', problem: null }));

  app.post(at, { config: { action: 'case.disclose', stepUp: true } }, async (request, reply) => {
    const { t } = site;
    const open = await openCase(site, request, 'view');
    const posted = pairsOf(request);
    const [who, name] = [valueIn(posted, 'who'), valueIn(posted, 'name').trim()];
    const again = (field: 'wie' | 'naam', text: string): Promise<FastifyReply> => sendList(site, request, reply, open, { who, name, problem: { field, text } });
    const definition = definitionOf(site, open);
    if (definition === null) return again('wie', t('disclosure.start.none'));
    const asker = who === 'other' ? { kind: 'other' as const, id: '', name } : askersOf(site, open, definition).find((one) => keyOf(one) === who);
    if (asker === undefined) return again('wie', t('disclosure.start.choose'));
    if (asker.name === '') return again('naam', t('disclosure.start.nameNeeded'));
    const id = await site.disclosures.start(open.stored.id, { asker, sections: {}, words: {}, weighing: {}, verdict: null, given: [] }, { by: open.viewer.id, at: site.now(), log: { action: 'disclose', detail: 'start' } });
    return seeOther(reply, `/cases/${open.stored.number}/disclosures/${id}`);
  });

  app.get(`${at}/:disclosure`, { config: { action: 'case.disclose' } }, async (request, reply) => sendDisclosure(site, request, reply, await openDisclosure(site, request), null));

  app.get(`${at}/:disclosure/removal`, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const { t } = site;
    const work = await openDisclosure(site, request);
    return sendQuestion(site, request, reply, work.open, {
      title: t('disclosure.title', { number: work.open.stored.number }), heading: t('disclosure.remove.heading'),
      paragraphs: [t('disclosure.remove.text'), ...(work.stored.content.given.length === 0 ? [] : [t('disclosure.remove.textGiven')])], notices: [], problems: [], choices: [], fields: [],
      action: disclosurePath(work, '/removal'), hidden: [], button: t('disclosure.remove.button'), back: { href: disclosurePath(work), text: t('disclosure.section.backLink') }
    });
  });

  app.post(`${at}/:disclosure/removal`, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const { open, stored } = await openDisclosure(site, request);
    await site.disclosures.remove(open.stored.id, stored.id, { by: open.viewer.id, at: site.now(), log: { action: 'disclose', detail: 'remove' } });
    return seeOther(reply, `/cases/${open.stored.number}/disclosures?done=disclosureRemoved`);
  });
}

/** Those who may ask: everybody in the list of the route, and whom the case is about. */
function askersOf(site: Site, { route, stored, viewer }: OpenCase, { askers }: DisclosureDefinition): (Asker & { hint: string | null })[] {
  const context = caseContext(route.model, stored.state, site.now(), viewer);
  const rows = askers === undefined ? [] : caseChoices(context, askers).choices.map(({ id, name }): Asker & { hint: null } => ({ kind: 'row', id, name, hint: null }));
  return [...rows, ...(route.model.workflow.subject === undefined ? [] : [{ kind: 'subject' as const, id: '', name: subjectOf(route, stored.state, site.t).name, hint: site.t('disclosure.start.subjectHint') }])];
}

function keyOf({ kind, id }: Asker): string {
  return kind === 'row' ? `row ${id}` : kind;
}

async function sendList(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { number, id } = open.stored;
  const definition = definitionOf(site, open);
  const all = definition === null ? [] : await site.disclosures.ofCase(id);
  const nameOf = await namesIn(site, open, all.map(({ startedBy }) => startedBy));
  const today = dayOf(site.now());
  const items = await Promise.all(all.map(async (stored) => {
    const standing = definition === null ? 'preparing' : standingOf(stored, await settledOf(site, request, { open, definition, disclosure: stored.content }));
    const isDone = stored.content.given.length > 0 && standing === 'approved';
    return {
      href: disclosurePath({ open, stored }), title: t('disclosure.listItem', { name: stored.content.asker.name }), isDone,
      meta: t('disclosure.listMeta', { when: formatWhen(stored.startedAt, today, t), by: nameOf(stored.startedBy) }), status: t(`disclosure.status.${isDone ? 'given' : standing === 'stale' ? 'changed' : standing}`)
    };
  }));
  const problems = filled.problem === null ? [] : [{ text: filled.problem.text, href: `#${filled.problem.field}` }];
  return sendPage(reply, site.render('disclosures', {
    frame: await frameOf(site, request, { title: t('disclosure.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases', hasProblems: problems.length > 0 }),
    steps: ['1', '2', '3'].map((step) => t(`disclosure.steps.${step}`)), problems, items,
    form: definition === null ? null : startForm(site, open, definition, filled), none: definition === null ? t('disclosure.start.none') : null,
    back: { href: `/cases/${number}/documents`, text: t('web.documents.back') }
  }), problems.length > 0 ? 422 : 200);
}

function startForm(site: Site, open: OpenCase, definition: DisclosureDefinition, { who, name, problem }: Filled): EndForm {
  const { t } = site;
  const choices = [...askersOf(site, open, definition).map((asker) => ({ value: keyOf(asker), text: asker.kind === 'subject' ? t('disclosure.start.subject', { name: asker.name }) : asker.name, hint: asker.hint })), { value: 'other', text: t('disclosure.start.other'), hint: t('disclosure.start.otherHint') }];
  return {
    heading: t('disclosure.start.heading'), intro: '', action: `/cases/${open.stored.number}/disclosures`, hidden: [], button: t('disclosure.start.button'), save: null,
    choice: {
      id: 'wie', name: 'who', label: t('disclosure.start.who'), hint: t('disclosure.start.whoHint'), error: problem?.field === 'wie' ? problem.text : null, multiple: false,
      choices: choices.map((choice, index) => ({ ...choice, id: index === 0 ? 'wie' : `wie-${String(index + 1)}`, checked: choice.value === who }))
    },
    fields: [textField({ id: 'naam', name: 'name', label: t('disclosure.start.name'), hint: t('disclosure.start.nameHint'), value: name, error: problem?.field === 'naam' ? problem.text : null, optional: true })]
  };
}
