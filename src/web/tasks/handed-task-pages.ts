import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allTasks, type OpenCase } from '../../cases/cases.ts';
import type { Handed } from '../../engine/state/case-state.ts';
import type { TaskView } from '../../engine/model/overview-types.ts';
import { mayBeHanded, mayHandOver } from '../../engine/model/performers.ts';
import { AppError } from '../../errors.ts';
import type { Person } from '../../staff/people-store.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { colleaguesFor } from '../site/colleagues.ts';
import { caseCrumbs, frameOf, roleTitle } from '../site/frame.ts';
import { pairsOf, param, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';
import type { ChoiceField, Problems } from '../views/view-models.ts';

/** One task asked of a colleague by name, given back by that colleague, or taken back (semantics 9). */
export function handedTaskPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/handed-tasks', { config: { action: 'task.hand' } }, async (request, reply) =>
    sendHanding(site, request, reply, await openHanding(site, request), { task: query(request, 'task'), to: '' }));

  app.post('/cases/:number/handed-tasks', { config: { action: 'task.hand' } }, async (request, reply) => {
    const work = await openHanding(site, request);
    const posted = pairsOf(request);
    const chosen = { task: valueIn(posted, 'task'), to: valueIn(posted, 'to') };
    const task = work.tasks.find(({ id }) => id === chosen.task);
    const to = work.staff.find(({ id }) => id === chosen.to);
    if (task === undefined || to === undefined) {
      const key = await site.cases.answerOf(visitorOf(request).reader, valueIn(posted, '_key'));
      return key === null ? sendHanding(site, request, reply, work, chosen, true) : seeOther(reply, `/cases/${key}?done=handed`);
    }
    const command = { type: 'handTask' as const, task: task.id, to: { id: to.id, roles: to.roles } };
    const result = await site.cases.act(visitorOf(request).reader, work.open.stored.number, command, { key: valueIn(posted, '_key'), draft: null });
    return answerTo(result, {
      done: (number) => seeOther(reply, `/cases/${number}?done=handed`),
      refused: () => { throw new AppError('conflict'); }
    });
  });

  app.get('/cases/:number/handed-tasks/:task', { config: { action: 'task.giveBack' } }, async (request, reply) =>
    sendGivingBack(site, request, reply, await openHanded(site, request)));

  app.post('/cases/:number/handed-tasks/:task', { config: { action: 'task.giveBack' } }, async (request, reply) => {
    const { reader } = visitorOf(request);
    const key = valueIn(pairsOf(request), '_key');
    // Who gave back a task may not find the case any more: a second click is told what the first one did.
    if (await site.cases.answerOf(reader, key) !== null) return seeOther(reply, '/cases?done=gaveBack');
    const { open, handed } = await openHanded(site, request);
    const result = await site.cases.act(reader, open.stored.number, { type: 'takeBackTask', task: handed.task }, { key, draft: null });
    return answerTo(result, {
      done: (number) => seeOther(reply, handed.to === reader.id ? '/cases?done=gaveBack' : `/cases/${number}?done=tookBack`),
      refused: () => { throw new AppError('conflict'); }
    });
  });
}

type Handing = { open: OpenCase; tasks: TaskView[]; staff: Person[]; members: Set<string> };

async function openHanding(site: Site, request: FastifyRequest): Promise<Handing> {
  const open = await openCase(site, request, 'view');
  const { viewer, route, stored } = open;
  if (!mayHandOver(route.model, viewer, stored.state)) throw new AppError('notFound');
  const members = (await site.cases.people(open)).filter(({ access }) => access !== 'task').map(({ person }) => person);
  const staff = (await colleaguesFor(site, request, open)).filter((person) => person.roles.length > 0 && mayBeHanded(person, stored.state));
  return { open, staff, members: new Set(members), tasks: allTasks(site.cases.overview(open)).filter(({ mayHand }) => mayHand) };
}

async function sendHanding(site: Site, request: FastifyRequest, reply: FastifyReply, { open, tasks, staff, members }: Handing, chosen: { task: string; to: string }, isPosted = false): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  const { steps } = open.route.model;
  const taskError = isPosted && !tasks.some(({ id }) => id === chosen.task) ? t('changes.handing.taskNeeded') : null;
  const toError = isPosted && !staff.some(({ id }) => id === chosen.to) ? t('changes.handing.colleagueNeeded') : null;
  const choices: ChoiceField[] = [
    choiceOf('taak', { name: 'task', label: t('changes.handing.chooseTask'), error: taskError }, tasks.map(({ id, title, step }) => ({
      value: id, text: title, hint: step === null ? null : (steps.get(step)?.definition.title ?? null), checked: id === chosen.task
    }))),
    choiceOf('collega', { name: 'to', label: t('changes.handing.chooseColleague'), error: toError }, staff.map((person) => ({
      value: person.id, text: person.name, checked: person.id === chosen.to,
      hint: t(members.has(person.id) ? 'changes.handing.member' : 'changes.handing.colleague', { role: roleTitle(site, { person }) })
    })))
  ];
  const canChoose = tasks.length > 0 && staff.length > 0;
  const problems: Problems = [...(taskError === null ? [] : [{ text: taskError, href: '#taak' }]), ...(toError === null ? [] : [{ text: toError, href: '#collega' }])];
  const frame = await frameOf(site, request, { title: t('changes.handing.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems: problems.length > 0, current: 'cases' });
  return sendPage(reply, site.render('question', {
    frame, heading: t('changes.handing.heading'), paragraphs: [t(canChoose ? 'changes.handing.text' : 'changes.handing.nobody')],
    action: `/cases/${number}/handed-tasks`, hidden: [keyField(site)], problems, notices: [], choices: canChoose ? choices : [], fields: [],
    button: t('changes.handing.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  }), problems.length > 0 ? 422 : 200);
}

function choiceOf(id: string, field: Pick<ChoiceField, 'name' | 'label' | 'error'>, choices: Omit<ChoiceField['choices'][number], 'id'>[]): ChoiceField {
  return { ...field, id, hint: null, multiple: false, choices: choices.map((choice, index) => ({ ...choice, id: index === 0 ? id : `${id}-${String(index + 1)}` })) };
}

type GivingBack = { open: OpenCase; handed: Handed; title: string };

/** A task that is handed, for its person and for who may hand it; to others it is not there. */
async function openHanded(site: Site, request: FastifyRequest): Promise<GivingBack> {
  const open = await openCase(site, request, 'view');
  const { viewer, route: { model }, stored: { state } } = open;
  const handed = state.handed.find(({ task }) => task === param(request, 'task'));
  if (handed === undefined || (handed.to !== viewer.id && !mayHandOver(model, viewer, state))) throw new AppError('notFound');
  return { open, handed, title: model.tasks.get(handed.task)?.title ?? handed.task };
}

async function sendGivingBack(site: Site, request: FastifyRequest, reply: FastifyReply, { open, handed, title }: GivingBack): Promise<FastifyReply> {
  const { t } = site;
  const { stored: { number, state }, viewer, access } = open;
  const isMine = handed.to === viewer.id;
  const name = (await namesFor(site, viewer.id, [handed.to]))(handed.to);
  const isLast = access === 'task' && state.handed.filter(({ to }) => to === viewer.id).length === 1;
  const words = isMine ? 'giveBack' : 'takeBack';
  const frame = await frameOf(site, request, { title: t(`changes.handing.${words}Title`, { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return sendPage(reply, site.render('message', {
    frame, heading: t(`changes.handing.${words}Heading`, { task: title }),
    paragraphs: [t(`changes.handing.${words}Text`, { name }), ...(isMine && isLast ? [t('changes.handing.giveBackLast')] : [])],
    code: null, notices: [], form: { action: `/cases/${number}/handed-tasks/${handed.task}`, hidden: [keyField(site)], button: t(`changes.handing.${words}Button`) },
    links: [{ href: `/cases/${number}`, text: t('web.case.back') }]
  }));
}
