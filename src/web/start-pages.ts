import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readersOf } from '../cases/access-changes.ts';
import { type Route, routeAt } from '../cases/library.ts';
import { offeredAt } from '../cases/offered-routes.ts';
import type { Answers } from '../definitions/bundle.ts';
import type { CaseState, Moment, Reason } from '../engine/case-state.ts';
import { askedAtStart, type AskedForm } from '../engine/asked-form.ts';
import { newCase } from '../engine/new-case.ts';
import { mayDo } from '../engine/performers.ts';
import type { PreparedTask } from '../engine/prepare.ts';
import { apply } from '../engine/transition.ts';
import { summaryFields } from '../engine/summary.ts';
import { AppError } from '../errors.ts';
import { appeared } from '../forms/appeared.ts';
import { checkAnswers } from '../forms/check-answers.ts';
import { decode } from '../forms/decode.ts';
import type { CheckedForm, CompiledForm, FieldProblem, Pairs } from '../forms/form-types.ts';
import { formView } from '../forms/form-view.ts';
import { defaultsOf, initialPairs } from '../forms/initial-pairs.ts';
import { keptLocked } from '../forms/overlaid.ts';
import { rowAction } from '../forms/row-action.ts';
import { dayOf, formatList, formatWeekday, formatTime } from './format.ts';
import { caseCrumbs, frameOf, roleTitleOf } from './frame.ts';
import { answerPairs, pairsOf, query, seeOther, sendPage, valueIn, visitorOf } from './http.ts';
import { referencesOf } from './references.ts';
import { startEndings } from './start-endings.ts';
import type { Site } from './site.ts';
import { copied, copyChoice, type CopyTarget, linkStart, type LinkStart, originOf, tickedAnswers, ticksIn } from './link-start.ts';
import { answerTo, keyField } from './answer-to.ts';
import { appearedNotices } from './appeared-notice.ts';
import type { ChoiceField, EmergencyPanel, Notice, StartForm } from './view-models.ts';

/** The first form of a route with the questions about whom it is, as the task's `intake` orders them. */
type Opening = {
  route: Route;
  task: PreparedTask;
  form: CompiledForm;
  formHash: string | null;
  /** Fixed answers. */
  given: Answers;
  /** Questions of the task before and after those about the subject. */
  before: string[];
  after: string[];
  asked: string[];
  subject: { form: CompiledForm; only: string[] } | null;
  /** From which case it is started, and what may be taken over from there. */
  link: { start: LinkStart; answers: { [target: string]: Answers } } | null;
};

const subjectPrefix = 'subject';

/** Starting a case, with or without an emergency. */
export function startPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/new', { config: { action: 'case.start' } }, async (request, reply) => {
    const openings = openingsOf(site, request, false);
    const from = await linkStart(site, request, { from: query(request, 'from'), link: query(request, 'link') });
    if (from !== null) {
      const linked = linkedOpening(site, from, openingsOf(site, request, false, true));
      return sendStart(site, request, reply, linked, { pairs: firstPairs(linked) });
    }
    const chosen = openings.find(({ route }) => route.model.workflow.id === query(request, 'route')) ?? (openings.length === 1 ? openings[0] : undefined);
    if (chosen !== undefined) return sendStart(site, request, reply, chosen, { pairs: firstPairs(chosen) });
    return sendChoice(site, request, reply, openings, { isMissing: openings.length > 0 && query(request, 'choose') !== '' });
  });

  app.post('/cases/new', { config: { action: 'case.start' } }, async (request, reply) => {
    const posted = pairsOf(request);
    const openings = openingsOf(site, request, false);
    const from = await linkStart(site, request, { from: valueIn(posted, '_from'), link: valueIn(posted, '_link') });
    const opening = from === null ? openings.find(({ route }) => route.model.workflow.id === valueIn(posted, '_route')) : linkedOpening(site, from, openingsOf(site, request, false, true));
    if (opening === undefined) throw new AppError('notFound');
    const ticked = ticksIn(posted);
    const pairs = typedIn(opening, answerPairs(posted), site.now());
    const wish = valueIn(posted, '_action');
    if (wish.includes(':')) {
      const changed = rowAction(opening.form, pairs, wish, {}) ?? (opening.subject === null ? null : rowAction(opening.subject.form, pairs, wish, { prefix: subjectPrefix }));
      if (changed === null) throw new AppError('badRequest');
      return sendStart(site, request, reply, opening, { ...changed, ticked });
    }
    const shown = appeared(opening.form, pairs, { only: opening.asked, now: site.now() });
    if (shown.length > 0) return sendStart(site, request, reply, opening, { pairs, appeared: shown, ticked });
    const { task, subject } = await checkOpening(site, request, opening, pairs);
    if (task.problems.length > 0 || (subject?.problems ?? []).length > 0) {
      return sendStart(site, request, reply, opening, { pairs, problems: task.problems, subjectProblems: subject?.problems ?? [], ticked });
    }
    const along = (id: string): Answers => (opening.link === null ? {} : tickedAnswers({ id }, opening.link.answers, ticked));
    const about = { ...along(opening.route.model.workflow.subject ?? ''), ...subject?.answers };
    return start(site, request, opening, { ...along(opening.task.id), ...task.answers }, Object.keys(about).length === 0 && subject === null ? null : about, valueIn(posted, '_key'), {
      done: (number, state) => seeOther(reply, `/cases/${number}?done=${state?.restriction == null ? 'started' : 'boardTold'}`),
      refused: (reasons) => sendStart(site, request, reply, opening, { pairs, refusal: reasons.map(({ text }) => text), ticked })
    });
  });

  app.get('/emergency-note', { config: { action: 'emergency.note' } }, async (request, reply) => {
    const opening = emergencyOpening(site, request);
    return sendEmergency(site, request, reply, opening, firstPairs(opening));
  });

  app.post('/emergency-note', { config: { action: 'emergency.note' } }, async (request, reply) => {
    const opening = emergencyOpening(site, request);
    const posted = pairsOf(request);
    const pairs = typedIn(opening, answerPairs(posted), site.now());
    // Nothing may hold up an emergency (definitions.md, meaning 2): what was typed is kept as it is.
    const answers = decode(opening.form, pairs, { only: opening.asked });
    const about = opening.subject === null ? {} : decode(opening.subject.form, pairs, { only: opening.subject.only, prefix: subjectPrefix });
    return start(site, request, opening, answers, Object.keys(about).length === 0 ? null : about, valueIn(posted, '_key'), {
      done: (number) => seeOther(reply, `/cases/${number}?done=started`),
      refused: async () => sendEmergency(site, request, reply, opening, pairs)
    });
  });
}

/** The routes this person may start, each with its first task; `byLink`: also those without an offer, which only another case leads to. */
function openingsOf(site: Site, request: FastifyRequest, emergency: boolean, byLink = false): Opening[] {
  const { reader, school } = visitorOf(request);
  return offeredAt(site.library.published(), school.routesOff).flatMap((offered) => {
    const route = routeAt(offered, school.settings);
    const { model } = route;
    if (!emergency && !byLink && model.workflow.offer === undefined) return [];
    // Performers of a first task are asked before there is a case: the person is its starter.
    const task = [...model.tasks.values()].find((one) => one.definition.opensCase === true && one.emergency === emergency && mayDo(one, reader, newCase(reader.id, '')));
    return task === undefined ? [] : [openingOf(route, task, askedAtStart(model, task, reader, site.now()))];
  });
}

/** The opening of a sister case, which starts with what may be taken over. */
function linkedOpening(site: Site, from: LinkStart, openings: Opening[]): Opening {
  const opening = openings.find(({ route }) => route.model.workflow.id === from.link.definition.workflow);
  if (opening === undefined) throw new AppError('refused', site.t('web.start.linkNotYours'));
  const forms = Object.fromEntries(targetsOf(opening).map(({ id, form }) => [id, form.definition]));
  return { ...opening, link: { start: from, answers: copied(site, from, forms) } };
}

function targetsOf({ route: { model }, task, form, asked, subject }: Opening): CopyTarget[] {
  return [{ id: task.id, form, asked }, ...(subject === null ? [] : [{ id: model.workflow.subject ?? '', form: subject.form, asked: subject.only }])];
}

function emergencyOpening(site: Site, request: FastifyRequest): Opening {
  const [opening] = openingsOf(site, request, true);
  if (opening === undefined) throw new AppError('notFound');
  return opening;
}

function openingOf(route: Route, task: PreparedTask, wanted: AskedForm | null): Opening {
  const { workflow } = route.model;
  const intake = task.definition.intake ?? Object.keys(task.form?.schema.properties ?? {});
  const at = intake.indexOf('subject');
  const form = wanted === null ? route.form(task.definition.form) : route.askedForm(wanted);
  const about = workflow.subject !== undefined && at >= 0 ? route.form(workflow.subject) : null;
  const required = about?.definition.schema.required ?? [];
  return {
    route, task, form, formHash: wanted?.hash ?? null, given: wanted?.given ?? {},
    before: at < 0 ? intake : intake.slice(0, at),
    after: at < 0 ? [] : intake.slice(at + 1),
    asked: intake.filter((field) => field !== 'subject'),
    // The start asks only what names the subject: the rest is an open task (semantics 13).
    link: null,
    subject: about === null ? null : { form: about, only: [...new Set([...required, ...summaryFields(about.definition)])] }
  };
}

function firstPairs({ route, task, form, asked, given, subject, link }: Opening): Pairs {
  const about = link?.answers[route.model.workflow.subject ?? ''] ?? {};
  return [...initialPairs(form, { only: asked, answers: { ...defaultsOf(form), ...link?.answers[task.id], ...given } }), ...(subject === null ? [] : initialPairs(subject.form, { only: subject.only, prefix: subjectPrefix, answers: { ...defaultsOf(subject.form), ...about } }))];
}

/** What was typed, with what may not be changed as it was. */
function typedIn(opening: Opening, posted: Pairs, now: Moment): Pairs {
  const { form, asked, given, subject } = opening;
  const former = firstPairs(opening);
  const pairs = keptLocked(form, former, posted, { now, only: asked, base: given });
  return subject === null ? pairs : keptLocked(subject.form, former, pairs, { now, only: subject.only, prefix: subjectPrefix });
}

async function checkOpening(site: Site, request: FastifyRequest, { form, asked, given, subject }: Opening, pairs: Pairs): Promise<{ task: CheckedForm; subject: CheckedForm | null }> {
  const now = site.now();
  const options = { today: dayOf(now), now, references: await referencesOf(site, visitorOf(request).school.id) };
  return {
    task: checkAnswers(form, decode(form, pairs, { only: asked, base: given }), { ...options, only: asked }),
    subject: subject === null ? null : checkAnswers(subject.form, decode(subject.form, pairs, { only: subject.only, prefix: subjectPrefix }), { ...options, only: subject.only })
  };
}

async function start(site: Site, request: FastifyRequest, { route, task, formHash, link }: Opening, answers: Answers, subject: Answers | null, key: string, to: {
  done: (number: string, state: CaseState | null) => Promise<FastifyReply>; refused: (reasons: Reason[]) => Promise<FastifyReply>;
}): Promise<FastifyReply> {
  const result = await site.cases.start(visitorOf(request).reader, route, { type: 'open', task: task.id, answers, subject, formHash, ...(link === null ? {} : { from: originOf(link.start) }) }, { key, draft: null });
  return answerTo(result, { done: (number) => to.done(number, result.type === 'done' ? result.state : null), refused: to.refused });
}

/** Which route; `isMissing`: somebody went on and had chosen none. */
async function sendChoice(site: Site, request: FastifyRequest, reply: FastifyReply, openings: Opening[], { isMissing }: { isMissing: boolean }): Promise<FastifyReply> {
  const { t } = site;
  const error = isMissing ? t('web.start.needsOne') : null;
  const choice: ChoiceField = {
    id: 'route', name: 'route', label: t('web.start.what'), hint: null, error, multiple: false,
    choices: openings.map(({ route: { model: { workflow: { id, title, offer } } } }, index) => ({ id: index === 0 ? 'route' : `route-${id}`, value: id, text: offer?.title ?? title, hint: offer?.text ?? null, checked: false }))
  };
  const frame = await frameOf(site, request, { title: t('web.start.heading'), crumbs: caseCrumbs(site, null), hasProblems: isMissing, current: 'cases' });
  return sendPage(reply, site.render('start-case', {
    frame, intro: t(openings.length === 0 ? 'web.start.none' : 'web.start.intro'), emergency: await panelOf(site, request, t('web.start.acute')), form: null,
    choose: openings.length === 0 ? null : { action: '/cases/new', problems: error === null ? [] : [{ text: error, href: '#route' }], choice }
  }), isMissing ? 422 : 200);
}

type Filled = { pairs: Pairs; ticked?: string[]; problems?: FieldProblem[]; subjectProblems?: FieldProblem[]; refusal?: string[]; appeared?: string[]; focus?: string };

async function sendStart(site: Site, request: FastifyRequest, reply: FastifyReply, opening: Opening, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { reader, school } = visitorOf(request);
  const { route, form, subject, task } = opening;
  const { workflow } = route.model;
  const { pairs, problems = [], subjectProblems = [], refusal = [] } = filled;
  const now = site.now();
  const references = await referencesOf(site, school.id);
  const common = { pairs, references, now, base: opening.given, focus: filled.focus };
  const first = formView(form, { ...common, problems: problems.filter(({ pointer }) => isIn(opening.before, pointer)), only: opening.before });
  const about = subject === null ? null : formView(subject.form, { ...common, base: {}, problems: subjectProblems, only: subject.only, prefix: subjectPrefix });
  const last = formView(form, { ...common, problems: problems.filter(({ pointer }) => !isIn(opening.before, pointer)), only: opening.after });
  const answers = decode(form, pairs, { only: opening.asked });
  const preview = apply(route.model, null, { type: 'open', task: task.id, answers, subject: null }, reader, now);
  const restriction = preview.ok ? preview.state.restriction : null;
  const others = workflow.offer === undefined ? [] : openingsOf(site, request, false);
  const notice = (kind: Notice['kind'], title: string | null, paragraphs: string[], bullets: string[] = []): Notice => ({ kind, title, paragraphs, bullets, numbers: [] });
  const model: StartForm = {
    route: { title: workflow.offer?.title ?? workflow.title, text: workflow.offer?.text ?? null, changeHref: others.length > 1 ? '/cases/new' : null },
    action: '/cases/new', hidden: [
      { name: '_route', value: workflow.id }, keyField(site),
      ...(opening.link === null ? [] : [{ name: '_from', value: opening.link.start.source.stored.number }, { name: '_link', value: opening.link.start.link.id }])
    ],
    copies: opening.link === null ? null : copyChoice(site, targetsOf(opening), opening.link.answers, { ticked: filled.ticked ?? [], references }),
    problems: [...first.problems, ...(about?.problems ?? []), ...last.problems],
    notices: [
      ...(refusal.length === 0 ? [] : [notice('error', t('web.task.refused'), [], refusal)]),
      ...appearedNotices(filled.appeared ?? [], t),
      ...(workflow.notice === undefined ? [] : [notice('info', null, [workflow.notice])])
    ],
    about: workflow.introduction ?? workflow.legalBasis?.text ?? null,
    sections: [first, about, last].flatMap((view) => (view === null || view.nodes.length === 0 ? [] : [{ title: null, nodes: view.nodes }])),
    endings: startEndings(route.model, task, { to: restriction?.to ?? null, audience: await audienceOf(site, request, route), t }),
    cancelHref: '/cases'
  };
  const hasProblems = model.problems.length > 0 || refusal.length > 0;
  const frame = await frameOf(site, request, { title: t('web.start.heading'), crumbs: caseCrumbs(site, null), hasProblems, current: 'cases' });
  return sendPage(reply, site.render('start-case', {
    frame, intro: t('web.start.intro'), emergency: await panelOf(site, request, t('web.start.acute')), choose: null, form: model
  }), hasProblems ? 422 : 200);
}

async function sendEmergency(site: Site, request: FastifyRequest, reply: FastifyReply, opening: Opening, pairs: Pairs): Promise<FastifyReply> {
  const { t } = site;
  const { form, subject } = opening;
  const now = site.now();
  const common = { pairs, references: await referencesOf(site, visitorOf(request).school.id), now };
  const nodes = [
    ...formView(form, { ...common, only: opening.before }).nodes,
    ...(subject === null ? [] : formView(subject.form, { ...common, only: subject.only.slice(0, 1), prefix: subjectPrefix, optional: true }).nodes),
    ...formView(form, { ...common, only: opening.after }).nodes
  ];
  const frame = await frameOf(site, request, { title: t('web.emergency.title'), crumbs: caseCrumbs(site, null), current: 'cases' });
  return sendPage(reply, site.render('emergency-note', {
    frame, heading: form.definition.title,
    intro: t('web.emergency.intro', { when: `${formatWeekday(now)} ${formatTime(now)}` }),
    action: '/emergency-note', hidden: [keyField(site)], problems: [], nodes, button: t('web.emergency.button'),
    after: t('web.emergency.after', { route: opening.route.model.workflow.shortTitle ?? opening.route.model.workflow.title }),
    emergency: { ...await panelOf(site, request, t('web.emergency.notYet')), text: null, note: t('web.emergency.goCall'), link: null }
  }));
}

async function panelOf(site: Site, request: FastifyRequest, title: string): Promise<EmergencyPanel> {
  const { t } = site;
  const hasNote = openingsOf(site, request, true).length > 0;
  return {
    title, text: t('web.start.acuteText'), numbers: await site.emergencyNumbers.of(visitorOf(request).school.id), note: null,
    link: hasNote ? { href: '/emergency-note', text: t('web.start.writeDown'), after: t('web.start.writeDownAfter') } : null
  };
}

/** "Na het starten zien u, A. de Vries (intern begeleider) en M. Hofman (directeur) deze zaak." */
async function audienceOf(site: Site, request: FastifyRequest, { model }: Route): Promise<string> {
  const { reader, school } = visitorOf(request);
  const staff = await site.people.staff(school.id);
  const ids = readersOf(model, staff);
  const others = staff.filter(({ id }) => ids.includes(id) && id !== reader.id).map(({ name, roles }) => {
    const role = roleTitleOf(site, roles.filter((one) => model.workflow.access.read.includes(one)));
    return role === null ? name : site.t('web.name.withRole', { name, role });
  });
  if (others.length === 0) return site.t('web.start.audienceYou');
  return site.t('web.start.audience', { people: formatList([site.t('web.name.you'), ...others]) });
}

function isIn(fields: string[], pointer: string): boolean {
  return fields.includes(pointer.split('/')[1] ?? '');
}
