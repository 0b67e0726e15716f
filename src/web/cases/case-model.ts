import { allTasks, type OpenCase } from '../../cases/cases.ts';
import type { Draft } from '../../cases/stores/case-store.ts';
import { formOfDraft } from '../../cases/form-of-draft.ts';
import type { Day } from '../../engine/state/case-state.ts';
import { readTaskKey, taskKey, titleOfTask } from '../../engine/model/instances.ts';
import { lowered } from '../../engine/model/labels.ts';
import type { DueView, ExitView, KeepingView, Overview, RecordView, StepView, TaskView } from '../../engine/model/overview-types.ts';
import { mayCancel, mayHandOver, mayLift } from '../../engine/model/performers.ts';
import type { Translate } from '../../texts.ts';
import { capitalise, formatChoice, formatDay, formatDaysLeft, formatLate, formatShortDay, formatWeekday, formatWhen } from '../words/format.ts';
import { handedName, waitsFor, type NameOf } from '../site/names.ts';
import { shutWay } from '../words/shut-way.ts';
import type { ActiveStep, ExitRow, Link, NowPanel, TaskRow } from '../views/view-models.ts';
import { workdaysBetween } from './work-list-model.ts';

/** What the parts of a case page need to know. */
export type CaseWords = { open: OpenCase; overview: Overview; drafts: Draft[]; nameOf: NameOf; today: Day; t: Translate };

const mostLinks = 4;
/** Characters of a reason that fit in the row of a task. */
const longestReason = 100;

/** Makes the panel that says the one thing this person has to do now. `offered`: the sister cases that may be started from here. */
export function nowPanel({ open, overview, drafts, nameOf, today, t }: CaseWords, offered: OfferedCase[] = []): NowPanel {
  const { now } = overview;
  const number = open.stored.number;
  const none = { text: null, late: false, button: null };
  switch (now.type) {
    case 'task': {
      const draft = draftOf(drafts, open, taskKey(now.task.id, now.task.source), now.record);
      const due = dueText(now.task, today, t);
      const kept = draft === undefined ? null : t('web.draft.kept', { when: formatWhen(draft.savedAt, today, t) });
      return {
        kind: 'do', heading: now.task.title,
        text: [due, kept].filter((part) => part !== null).join(' ') || null,
        late: now.task.due?.late === true,
        button: { href: taskHref(number, now.task, now.record), text: t(draft !== undefined ? 'web.now.continue' : now.record !== null ? 'web.now.complete' : 'web.now.begin') }
      };
    }
    case 'decide': return { ...none, kind: 'do', heading: t('web.now.decide', { step: now.title }), text: t('web.now.decideText'), button: { href: '#verder', text: t('web.now.decideButton') } };
    case 'wait': return {
      ...none, kind: 'wait', heading: t('web.now.waitFor', { roles: waitsFor(now, nameOf, t) }),
      text: now.task === null ? null : [`${now.task.title}.`, dueText(now.task, today, t)].filter((part) => part !== null).join(' ')
    };
    case 'nothing': {
      const text = shutWay(overview, t);
      const way = text === null ? {} : { text, button: { href: '#verder', text: t('web.now.decideButton') } };
      return { ...none, ...way, kind: 'nothing', heading: t('web.now.nothing') };
    }
    case 'closed': return overview.keeping !== null ? keepingPanel({ open, nameOf, t }, overview.keeping) : {
      ...none, kind: 'closed', heading: overview.outcome?.title ?? t('web.now.closed'),
      text: open.stored.closedAt === null ? null : t('web.now.closedOn', { day: formatWeekday(open.stored.closedAt) }),
      button: answerButton(open, offered, t)
    };
  }
}

/** A case that was closed as it started is an answer: where it leads to one route, that is what to do now. */
function answerButton({ stored }: OpenCase, offered: OfferedCase[], t: Translate): NowPanel['button'] {
  const [first, ...more] = offered;
  return first === undefined || more.length > 0 || stored.closedAt !== stored.openedAt ? null : { href: linkedStartHref(stored.number, first.id), text: t('web.exit.link') };
}

/** What is asked about keeping a closed case. */
function keepingPanel({ open, nameOf, t }: Pick<CaseWords, 'open' | 'nameOf' | 't'>, { why, proposed, byYou, goneBy }: KeepingView): NowPanel {
  const href = `/cases/${open.stored.number}/keeping`;
  if (proposed !== null) {
    if (byYou) return { kind: 'wait', heading: t('retention.now.waits'), text: t('retention.now.waitsText'), late: false, button: { href, text: t('retention.now.look') } };
    const day = proposed.until === null ? '' : formatDay(proposed.until);
    return { kind: 'do', heading: t('retention.now.confirm', { name: nameOf(proposed.by) }), text: t(`retention.now.confirm.${proposed.what}`, { day }), late: false, button: { href, text: t('retention.now.look') } };
  }
  if (why === 'start') return { kind: 'do', heading: t('retention.row.start'), text: t('retention.now.startText'), late: false, button: { href, text: t('retention.now.answer') } };
  const by = goneBy === null ? '' : ` ${t('retention.now.termBy', { day: formatDay(goneBy) })}`;
  return { kind: 'do', heading: t('retention.now.term'), text: `${t('retention.now.termText')}${by}`, late: false, button: { href, text: t('retention.now.decide') } };
}

/** Makes the lists of tasks of the active steps. */
export function activeSteps(words: CaseWords): ActiveStep[] {
  return words.overview.activeSteps.map((step) => {
    const handled = step.tasks.filter(({ status }) => status === 'done' || status === 'notApplicable').length;
    return {
      id: `stap-${step.step}`, heading: step.title, guidance: step.guidance,
      counter: step.tasks.length === 0 ? null : words.t('web.case.counter', { n: handled, total: step.tasks.length }),
      tasks: step.tasks.map((task) => taskRow(task, words))
    };
  });
}

/** Makes one row of a list of tasks: its name, and its status in words. */
export function taskRow(task: TaskView, words: CaseWords): TaskRow {
  const { open, overview, drafts, nameOf, t, today } = words;
  const number = open.stored.number;
  const draft = draftOf(drafts, open, taskKey(task.id, task.source), null);
  const openRecord = task.records.find(({ open: isOpen, later, review, mayReview }) => isOpen && (review === null ? later.length > 0 : mayReview || review === 'returned'));
  const last = task.records.at(-1);
  const mine = overview.now.type === 'task' && overview.now.task.id === task.id && overview.now.task.source === task.source && overview.now.task.step === task.step;
  const base = { title: task.title, why: null, late: task.due?.late === true && (task.status === 'todo' || task.status === 'waiting'), mine, records: recordLinks(task, words), handed: handedLink(task, words) };
  const addHref = task.mayAdd ? taskHref(number, task, null) : null;
  const who = task.handed === null ? formatChoice(task.performers) : handedName(task.handed, nameOf, t);
  const due = task.due === null ? (task.termUnknown ? t('web.due.unknown') : null) : dueWords(task.due, today, t);
  const planned = task.due === null ? null : t('web.task.next', { day: formatWeekday(task.due.day) });
  if (draft !== undefined && task.mayAdd) return { ...base, href: addHref, status: 'busy', pill: t('web.task.busy'), text: t('web.task.busyText', { when: formatWhen(draft.savedAt, today, t) }) };
  if (draft !== undefined && task.status === 'done' && !task.repeat) return { ...base, href: taskHref(number, task, null), status: 'busy', pill: t('web.task.busy'), text: t('changes.conflict.draft', { when: formatWhen(draft.savedAt, today, t) }) };
  switch (task.status) {
    case 'todo': {
      const record = mine && overview.now.type === 'task' ? overview.now.record : (task.mayAdd && task.records.length === 0 ? null : (openRecord?.id ?? null));
      const asked = task.records.find(({ id }) => id === record);
      const pill = record === null ? 'web.task.todo' : asked?.mayReview === true ? 'changes.review.pill' : asked?.review === 'returned' ? 'changes.review.returnedPill' : 'web.task.complete';
      return { ...base, href: taskHref(number, task, record), status: 'todo', pill: t(pill), text: [due, askedText(task, words)].filter(Boolean).join(', ') || null };
    }
    case 'waiting': return { ...base, href: addHref ?? recordHref(number, last), status: 'waiting', pill: t('web.task.waiting'), text: [task.records.some(({ review }) => review === 'waits') ? t('changes.review.secondPerson') : who, due].filter(Boolean).join(', ') };
    case 'optional': return { ...base, href: addHref ?? recordHref(number, last), status: 'optional', pill: null, text: task.records.length > 0 ? null : t(task.repeat ? 'web.task.optional' : 'web.task.optionalOnce') };
    case 'done': return { ...base, href: addHref ?? recordHref(number, last), status: 'done', pill: null, text: planned ?? (task.records.length === 1 && last !== undefined && !task.repeat ? doneText(last, words) : null), records: task.repeat ? base.records : [] };
    case 'notYet': return { ...base, ...closedWords('web.task.notYet', task.reasons, who, t), href: null, status: 'notYet', pill: null };
    case 'notApplicable': return { ...base, ...closedWords('web.task.notApplicable', task.reasons, '', t), href: null, status: 'notApplicable', pill: null };
  }
}

/** Makes the rows of "Hoe het verder kan": every exit, open or closed, with why. */
export function exitRows({ open, overview, t }: CaseWords): ExitRow[] {
  return [...overview.activeSteps.flatMap(({ exits }) => exits), ...overview.exits].map((exit) => exitRow(exit, open, t));
}

/** A sister case that may be started; `copies`: answers may go along. `title`: of its route. */
export type OfferedCase = { id: string; title: string; copies: boolean };

/** Makes the rows of the sister cases that may be started from here. */
export function linkRows({ open, t }: CaseWords, links: OfferedCase[]): ExitRow[] {
  return links.map(({ id, title, copies }) => ({
    status: 'open', verdict: t('web.exit.linkOpen', { route: title }), reasons: [t(copies ? 'web.exit.linkText' : 'web.exit.linkNothing')], waivers: [],
    link: { href: linkedStartHref(open.stored.number, id), text: t('web.exit.link') }
  }));
}

function linkedStartHref(number: string, link: string): string {
  return `/cases/new?from=${number}&link=${link}`;
}

/** Makes the rows of a closed case that can be opened again. */
export function reopenRows({ open, overview, t }: CaseWords): ExitRow[] {
  return overview.reopenings.map(({ id, title, mayTake, reasons, performers }) => (reasons.length > 0 ? { status: 'closed', verdict: t('web.exit.shut', { title }), reasons: reasons.map(({ text }) => text), link: null, waivers: [] } : {
    status: 'open', verdict: t('web.exit.open', { title }), waivers: [],
    reasons: mayTake ? [] : [t('web.exit.others', { roles: capitalise(formatChoice(performers.map(lowered))) })],
    link: mayTake ? { href: `/cases/${open.stored.number}/reopenings/${id}`, text: t('web.exit.take') } : null
  }));
}

/** Makes the links to what people were writing whom a restriction took off the case. */
export function keptRows({ open, nameOf, today, t }: CaseWords, drafts: Draft[]): Link[] {
  return drafts.flatMap((draft) => {
    const form = formOfDraft(open, draft);
    if (form === null) return [];
    return [{
      href: draftHref(open, draft),
      text: t('changes.kept.link', { name: nameOf(draft.person), form: form.definition.title, when: formatWhen(draft.savedAt, today, t) })
    }];
  });
}

/** Makes the links to what this person was writing for a task that no list shows any more, such as one that a colleague finished. */
export function ownDraftRows({ open, overview, drafts, today, t }: CaseWords): Link[] {
  const { model } = open.route;
  const shown = new Set(allTasks(overview).map(({ id, source }) => taskKey(id, source)));
  return drafts.filter((draft) => draft.case === open.stored.id && draft.record === null && !shown.has(draft.task)).flatMap((draft) => {
    const { id, source } = readTaskKey(draft.task);
    if (!model.tasks.has(id)) return goneDraft(open, draft, { today, t });
    return [{
      href: `/cases/${open.stored.number}/tasks/${draft.task}`,
      text: t('changes.ownDrafts.link', { task: titleOfTask({ model, state: open.stored.state }, id, source), when: formatWhen(draft.savedAt, today, t) })
    }];
  });
}

/** The link to what was written for a task that the route of the case has no more; none when no version of it had one. */
function goneDraft(open: OpenCase, draft: Draft, { today, t }: Pick<CaseWords, 'today' | 't'>): Link[] {
  const form = formOfDraft(open, draft);
  return form === null ? [] : [{ href: draftHref(open, draft), text: t('changes.ownDrafts.gone', { form: form.definition.title, when: formatWhen(draft.savedAt, today, t) }) }];
}

function draftHref({ stored }: OpenCase, { person, task, record }: Draft): string {
  return `/cases/${stored.number}/kept-drafts/${person}/${encodeURIComponent(task)}/${String(record ?? 0)}`;
}

/** Makes the row for who started a case by mistake, while it can be cancelled. */
export function cancelRows({ open: { route, stored, viewer }, t }: CaseWords): ExitRow[] {
  if (!mayCancel(route.model, viewer, stored.state)) return [];
  return [{
    status: 'open', verdict: t('changes.cancel.row'), reasons: [t('changes.cancel.rowText')], waivers: [],
    link: { href: `/cases/${stored.number}/cancellation`, text: t('changes.cancel.link') }
  }];
}

/** Makes the row for who may end the restriction of a case. */
export function liftRows({ open: { stored, viewer, access }, t }: CaseWords): ExitRow[] {
  if (access !== 'full' || stored.status !== 'open' || !mayLift(viewer, stored.state)) return [];
  return [{
    status: 'open', verdict: t('changes.lift.row'), reasons: [t('changes.lift.rowText')], waivers: [],
    link: { href: `/cases/${stored.number}/restriction-end`, text: t('changes.lift.link') }
  }];
}

/** The address of an exit. */
export function exitHref(number: string, exit: { step: string | null; id: string }): string {
  return `/cases/${number}/exits/${exit.step ?? '-'}/${exit.id}`;
}

/** The links to pass the soft rules among these reasons. */
export function waiverLinks(open: OpenCase, step: string | null, reasons: ExitView['reasons'], t: Translate): Link[] {
  const { viewer, stored } = open;
  if (open.access === 'task') return [];
  return reasons
    .filter(({ waivable }) => waivable?.some((role) => viewer.roles.includes(role) || (role === 'author' && stored.state.starter === viewer.id)) === true)
    .map((reason) => ({ href: `/cases/${stored.number}/waivers/${step ?? '-'}/${reason.rule ?? ''}${reason.source === undefined ? '' : `?for=${encodeURIComponent(reason.source)}`}`, text: t('web.exit.waive') }));
}

function exitRow(exit: ExitView, open: OpenCase, t: Translate): ExitRow {
  const reasons = exit.reasons.map(({ text }) => text);
  const who = t('web.exit.others', { roles: capitalise(formatChoice(exit.performers.map(lowered))) });
  if (exit.status === 'open') {
    return {
      status: 'open', verdict: t('web.exit.open', { title: exit.title }), reasons: exit.mayTake ? [] : [who],
      link: exit.mayTake ? { href: exitHref(open.stored.number, exit), text: t('web.exit.take') } : null, waivers: []
    };
  }
  return {
    status: exit.status, verdict: t('web.exit.closed', { title: exit.title }), reasons, link: null,
    waivers: exit.status === 'refused' && exit.mayTake ? waiverLinks(open, exit.step, exit.reasons, t) : []
  };
}

/** Who asked this person by name to do it. */
function askedText({ handed, id }: TaskView, { open: { viewer, stored }, nameOf, t }: CaseWords): string | null {
  const asked = handed?.to === viewer.id ? stored.state.handed.find(({ task }) => task === id) : undefined;
  return asked === undefined || asked.by === viewer.id ? null : t('changes.handing.askedBy', { name: nameOf(asked.by) });
}

/** To give a task back, or to take it back. */
function handedLink({ handed, id }: TaskView, { open: { viewer, stored, route }, t }: CaseWords): Link | null {
  const isMine = handed?.to === viewer.id;
  if (handed === null || stored.status !== 'open' || !(isMine || mayHandOver(route.model, viewer, stored.state))) return null;
  return { href: `/cases/${stored.number}/handed-tasks/${id}`, text: t(isMine ? 'changes.handing.giveBack' : 'changes.handing.takeBack') };
}

function taskHref(number: string, task: TaskView, record: number | null): string {
  return record === null ? `/cases/${number}/tasks/${taskKey(task.id, task.source)}` : `/cases/${number}/records/${String(record)}`;
}

function recordHref(number: string, record: RecordView | undefined): string | null {
  return record === undefined ? null : `/cases/${number}/records/${String(record.id)}`;
}

/** The latest records; the timeline has them all. */
function recordLinks(task: TaskView, { open, nameOf, today, t }: CaseWords): Link[] {
  return task.records.slice(-mostLinks).map((record) => ({
    href: recordHref(open.stored.number, record) ?? '',
    text: t(record.open ? 'web.task.openRecordLine' : 'web.task.recordLine', { name: nameOf(record.by), day: formatShortDay(record.at, today) })
  }));
}

function doneText(record: RecordView, { nameOf, today, t }: CaseWords): string {
  return t(record.open ? 'web.task.openRecord' : 'web.task.done', { name: nameOf(record.by), day: formatShortDay(record.at, today) });
}

/** A short reason stands in the row; a long one folds. */
function closedWords(key: string, reasons: string[], who: string, t: Translate): { text: string; why: string | null } {
  const reason = reasons.join(' ');
  if (reason === '') return { text: who === '' ? t(`${key}.short`) : t('web.task.byOthers', { roles: who }), why: null };
  return reason.length <= longestReason ? { text: t(key, { reason }), why: null } : { text: t(`${key}.short`), why: reason };
}

function dueText(task: TaskView, today: Day, t: Translate): string | null {
  if (task.due === null && task.termUnknown) return t('web.due.unknownLine');
  return task.due === null ? null : `${capitalise(dueWords(task.due, today, t))}.`;
}

function dueWords({ day, late, holiday }: DueView, today: Day, t: Translate): string {
  if (late) return t('web.due.lateLine', { late: formatLate(workdaysBetween(day, today), t), day: formatWeekday(day) });
  if (day === today) return t('web.due.today');
  const line = t('web.due.beforeLine', { day: formatWeekday(day), left: formatDaysLeft(day, today, t) });
  return holiday === undefined ? line : t('web.due.holidayLine', { line, holiday });
}

function draftOf(drafts: Draft[], { stored }: OpenCase, task: string, record: number | null): Draft | undefined {
  return drafts.find((draft) => draft.case === stored.id && draft.task === task && draft.record === record);
}

/** Words behind "Nu bezig" in the route picture. */
export function busyText(words: CaseWords, step: StepView): string | null {
  const active = words.overview.activeSteps.find((one) => one.step === step.id);
  if (active === undefined || active.tasks.length === 0) return null;
  const todo = active.tasks.filter(({ status }) => status === 'todo' || status === 'waiting').length;
  return todo === 0 ? null : words.t('web.route.busy', { n: todo });
}
