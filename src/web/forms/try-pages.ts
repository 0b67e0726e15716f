import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from '../../cases/library.ts';
import { formsNamed } from '../../definitions/lookup.ts';
import { AppError } from '../../errors.ts';
import { appeared } from '../../forms/appeared.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { CheckedForm, CompiledForm, Pairs } from '../../forms/form-types.ts';
import { formView } from '../../forms/form-view.ts';
import { initialPairs } from '../../forms/initial-pairs.ts';
import { isConditional } from '../../forms/is-conditional.ts';
import { keptLocked } from '../../forms/kept-locked.ts';
import { isUnder } from '../../forms/names.ts';
import { pointersOn } from '../../forms/pages.ts';
import { rowAction } from '../../forms/row-action.ts';
import { appearedNotices } from './appeared-notice.ts';
import { dayOf } from '../words/format.ts';
import { adminCrumbs, frameOf } from '../site/frame.ts';
import { answerPairs, pairsOf, param, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { referencesOf } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import { pagedView, pageWished, pagingOf } from './task-paging.ts';

/** Filling in a form to see how it works: what would be kept and what is wrong. Nothing is kept, not even as a draft. */
export function tryPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/school/forms', { config: { action: 'definitions.view' } }, async (request, reply) => {
    const { t } = site;
    const heading = t('school.try.heading');
    return sendPage(reply, site.render('try-list', {
      frame: await frameOf(site, request, { title: heading, current: 'admin', crumbs: adminCrumbs(site) }),
      heading, intro: t('school.try.listIntro'),
      routes: site.library.published().map(({ model: { workflow, bundle } }) => ({
        title: workflow.title,
        forms: formsNamed(workflow).flatMap((id) => bundle.forms[id] ?? []).map(({ id, title, description = null }) => ({ href: `/school/forms/${workflow.id}/${id}`, title, text: description }))
      }))
    }));
  });

  app.get('/school/forms/:route/:form', { config: { action: 'definitions.view' } }, async (request, reply) => {
    const form = formOf(site, request);
    return sendTry(site, request, reply, form, { pairs: initialPairs(form), page: '' });
  });

  app.post('/school/forms/:route/:form', { config: { action: 'definitions.view' } }, async (request, reply) => {
    const form = formOf(site, request);
    const posted = pairsOf(request);
    const now = site.now();
    const wish = valueIn(posted, '_action');
    const page = valueIn(posted, '_page');
    const pairs = keptLocked(form, initialPairs(form), answerPairs(posted), { now });
    if (wish.includes(':')) {
      const changed = rowAction(form, pairs, wish, {});
      if (changed === null) throw new AppError('badRequest');
      return sendTry(site, request, reply, form, { ...changed, page });
    }
    const paging = pagingOf(form, pairs, { id: page }, { now, base: {} });
    const to = paging === null ? null : pageWished(wish, paging);
    if (to !== null) return sendTry(site, request, reply, form, { pairs, page: to });
    const shown = appeared(form, pairs, { now });
    if (wish === 'update' || shown.length > 0) return sendTry(site, request, reply, form, { pairs, page, appeared: shown });
    const references = await referencesOf(site, visitorOf(request).school.id);
    return sendTry(site, request, reply, form, { pairs, page, checked: checkAnswers(form, decode(form, pairs), { today: dayOf(now), now, references }) });
  });
}

function formOf({ library }: Site, request: FastifyRequest): CompiledForm {
  const route = library.published().find(({ model }) => model.workflow.id === param(request, 'route'));
  if (route === undefined || !formsOf(route).includes(param(request, 'form'))) throw new AppError('notFound');
  return route.form(param(request, 'form'));
}

function formsOf({ model: { workflow, bundle } }: Route): string[] {
  return formsNamed(workflow).filter((id) => Object.hasOwn(bundle.forms, id));
}

type Filled = { pairs: Pairs; page: string; appeared?: string[]; checked?: CheckedForm; focus?: string };

async function sendTry(site: Site, request: FastifyRequest, reply: FastifyReply, form: CompiledForm, { pairs, page, appeared: shown = [], checked, focus }: Filled): Promise<FastifyReply> {
  const { t } = site;
  const now = site.now();
  const problems = checked?.problems ?? [];
  const paging = pagingOf(form, pairs, { id: page, problems, appeared: shown }, { now, base: {} });
  const action = `/school/forms/${param(request, 'route')}/${form.definition.id}`;
  const view = formView(form, { pairs, problems, references: await referencesOf(site, visitorOf(request).school.id), now, focus, page: paging === null ? undefined : { id: paging.current.id, hrefOf: () => '' } });
  const hasProblems = problems.length > 0;
  return sendPage(reply, site.render('try', {
    frame: await frameOf(site, request, { title: t('school.try.title', { form: form.definition.title }), hasProblems, current: 'admin', crumbs: adminCrumbs(site, { href: '/school/forms', text: t('school.try.heading') }) }),
    heading: form.definition.title, intro: t('school.try.intro'), description: form.definition.description ?? null, action,
    // Nothing is kept here, so what stands on other pages goes along.
    hidden: paging === null ? [] : [{ name: '_page', value: paging.current.id }, ...elsewhere(pairs, pointersOn(paging.current))],
    problems: view.problems, notices: appearedNotices(shown, t), nodes: view.nodes,
    ...pagedView(paging, t, t('school.try.button')),
    updateButton: isConditional(form, undefined, paging?.current) ? t('web.task.update') : null,
    result: resultOf(site, checked),
    restart: { href: action, text: t('school.try.restart') },
    back: { href: '/school/forms', text: t('school.try.back') }
  }), hasProblems ? 422 : 200);
}

function elsewhere(pairs: Pairs, here: string[]): { name: string; value: string }[] {
  return pairs.filter(([name, value]) => !isUnder(here, name === '_asked' ? value : name)).map(([name, value]) => ({ name, value }));
}

/** What would come of it, in words and as the record itself. */
function resultOf({ t }: Site, checked: CheckedForm | undefined): { title: string; text: string; record: string | null; recordTitle: string; dropped: string[] } {
  if (checked === undefined) return { title: t('school.try.result'), text: t('school.try.resultNone'), record: null, recordTitle: '', dropped: [] };
  const { problems, answers, dropped } = checked;
  return {
    title: t(problems.length > 0 ? 'school.try.refused' : 'school.try.taken'),
    text: problems.length > 0 ? t('school.try.refusedText', { n: problems.length }) : t('school.try.takenText'),
    record: JSON.stringify(answers, null, 2), recordTitle: t(problems.length > 0 ? 'school.try.recordSoFar' : 'school.try.record'), dropped: dropped.map(({ label }) => label)
  };
}
