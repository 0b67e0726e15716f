import type { OpenCase } from '../../cases/cases.ts';
import type { Draft } from '../../cases/stores/case-store.ts';
import type { Day, Moment } from '../../engine/state/case-state.ts';
import { taskKey } from '../../engine/model/instances.ts';
import type { NowView, Overview, TaskView } from '../../engine/model/overview-types.ts';
import { isWorkday, addDays } from '../../engine/time/workdays.ts';
import type { Translate } from '../../texts.ts';
import { approvalLines } from '../documents/document-approval-parts.ts';
import { capitalise, formatDaysLeft, formatLate, formatList, formatShortDay, formatWeekday, formatWhen } from '../words/format.ts';
import { keepingDue, keepingTitle } from '../words/keeping-text.ts';
import { waitsFor, type NameOf } from '../site/names.ts';
import { newsOf } from './news.ts';
import { shutWay } from '../words/shut-way.ts';
import { subjectOf } from '../site/subject.ts';
import { toldText } from '../words/told-text.ts';
import type { WorkListPage, WorkRow } from '../views/view-models.ts';

export type ListedCase = OpenCase & { overview: Overview };
type Group = WorkListPage['groups'][number];
/** `since`: when this person was here before; null for a first visit. */
type Options = { t: Translate; now: Moment; today: Day; drafts: Draft[]; since: Moment | null; nameOf: NameOf };

const order: Group['kind'][] = ['now', 'waiting', 'running', 'closed'];

/** Sorts cases into what asks something now (late first, then by date), what waits on others, what runs, and what is closed. */
export function workGroups(cases: ListedCase[], options: Options): Group[] {
  const sorted = [...cases].sort((one, other) => sortKey(one).localeCompare(sortKey(other)));
  return order.flatMap((kind) => {
    const rows = sorted.filter((one) => kindOf(one) === kind).map((one) => rowOf(one, options));
    return rows.length === 0 ? [] : [{ kind, rows }];
  });
}

/**
 * "Woensdag 18 maart. U hebt 12 lopende zaken: 4 vragen nu iets van u, 1 daarvan is te laat.", and in how many of them others did
 * something since the visit before.
 */
export function workSentence(cases: ListedCase[], { t, today, since }: Pick<Options, 't' | 'today' | 'since'>): string {
  const running = cases.filter(({ overview }) => overview.status === 'open');
  const asking = running.filter((one) => kindOf(one) === 'now');
  const late = asking.filter(({ overview }) => isLate(overview.now)).length;
  const parts = [
    running.length === 0 ? t('web.workList.runningNone') : t('web.workList.running', { n: running.length }),
    ...(running.length === 0 ? [] : [t('web.workList.asking', { n: asking.length })]),
    ...(late === 0 ? [] : [t('web.workList.lateOnes', { n: late })])
  ];
  const ended = cases.filter(({ overview: { keeping } }) => keeping !== null && !keeping.byYou).length;
  const sentence = `${t('web.workList.sentence', { day: capitalise(formatWeekday(today)), text: parts.join('') })}${ended === 0 ? '' : t('retention.workList', { n: ended })}`;
  if (since === null || cases.length === 0) return sentence;
  const news = cases.filter((one) => newsOf(one, since) !== null).length;
  return `${sentence} ${t(news === 0 ? 'web.workList.noNews' : 'web.workList.news', { n: news, when: formatWhen(since, today, t) })}`;
}

function kindOf({ overview }: ListedCase): Group['kind'] {
  if (overview.keeping !== null) return overview.keeping.byYou ? 'waiting' : 'now';
  if (overview.status !== 'open') return 'closed';
  switch (overview.now.type) {
    case 'task': case 'decide': return 'now';
    case 'wait': return 'waiting';
    case 'nothing': case 'closed': return 'running';
  }
}

function sortKey({ overview, stored }: ListedCase): string {
  const due = taskOf(overview.now)?.due;
  return `${due?.day ?? '9999'} ${stored.openedAt}`;
}

function rowOf(one: ListedCase, options: Options): WorkRow {
  const { t, today, drafts, since, nameOf } = options;
  const news = newsOf(one, since);
  const { stored, overview, route } = one;
  const subject = subjectOf(route, stored.state, t);
  const now = overview.now;
  const task = taskOf(now);
  const steps = overview.steps.filter(({ id }) => stored.activeSteps.includes(id)).map(({ label, shortTitle }) => label ?? shortTitle);
  const where = steps.length === 0 ? null : t('web.workList.step', { n: steps.length, step: formatList(steps) });
  const draft = now.type === 'task' ? drafts.find((own) => own.case === stored.id && task !== null && own.task === taskKey(task.id, task.source)) : undefined;
  const meta = [
    [route.model.workflow.shortTitle ?? route.model.workflow.title, where].filter((part) => part !== null).join(', '),
    ...(now.type === 'wait' && now.on.length > 0 ? [t('web.workList.waits', { roles: waitsFor(now, nameOf, t) })] : []),
    ...[shutWay(overview, t)].filter((text) => text !== null),
    ...(news === null ? [] : [t('web.workList.newsAt', { when: formatWhen(news, today, t) })]),
    ...approvalLines(one, options.now, t).map(({ text }) => text), ...noticeOf(one, { t, today }), ...overview.told.map((told) => toldText(told, t)),
    ...(draft === undefined ? [] : [t('web.draft.kept', { when: formatWhen(draft.savedAt, today, t) })])
  ];
  return {
    initials: subject.initials, detail: subject.detail, number: stored.number, href: `/cases/${stored.number}`,
    title: titleOf(one, options), meta: meta.length === 1 ? (meta[0] ?? null) : `${meta[0] ?? ''}. ${meta.slice(1).join(' ')}`,
    due: overview.keeping !== null ? { ...keepingDue(overview.keeping, today, t), sub: null } : overview.status === 'open' ? dueOf(task, now.type === 'task', today, t) : closedOn(stored.closedAt, today, t)
  };
}

/** The last notice that an event of the route gave to a role of this person (definitions.md, meaning 5). */
function noticeOf({ stored, viewer, access }: ListedCase, { t, today }: Pick<Options, 't' | 'today'>): string[] {
  if (access === 'task') return [];
  const last = stored.state.notices.findLast(({ roles }) => roles.some((role) => viewer.roles.includes(role)));
  return last === undefined || stored.status !== 'open' ? [] : [t('web.workList.notice', { when: formatWhen(last.at, today, t) })];
}

function titleOf({ overview, stored }: ListedCase, { t, nameOf }: Options): string {
  const { now, keeping } = overview;
  if (keeping !== null) return keepingTitle(keeping, t);
  switch (now.type) {
    case 'task': return now.task.title;
    case 'decide': return t('web.now.decide', { step: now.title });
    case 'wait': return now.task?.title ?? t('web.now.waitFor', { roles: waitsFor(now, nameOf, t) });
    case 'nothing': return overview.steps.filter(({ id }) => stored.activeSteps.includes(id)).map(({ shortTitle }) => shortTitle).join(', ') || t('web.now.nothing');
    case 'closed': return overview.outcome?.title ?? t('web.now.closed');
  }
}

function dueOf(task: TaskView | null, mine: boolean, today: Day, t: Translate): WorkRow['due'] {
  if (task?.due == null && task?.termUnknown === true) return { main: t('web.due.unknown'), sub: null, late: false };
  if (task?.due == null) return mine ? { main: t('web.due.none'), sub: null, late: false } : null;
  const { day, late, holiday } = task.due;
  if (late) return { main: formatLate(workdaysBetween(day, today), t), sub: t('web.due.was', { day: formatWeekday(day) }), late: true };
  return { main: formatDaysLeft(day, today, t), sub: day === today ? null : t(holiday === undefined ? 'web.due.before' : 'web.due.beforeHoliday', { day: formatWeekday(day), holiday: holiday ?? '' }), late: false };
}

function closedOn(closedAt: string | null, today: Day, t: Translate): WorkRow['due'] {
  return closedAt === null ? null : { main: t('web.case.closedOn', { day: formatShortDay(closedAt, today) }), sub: null, late: false };
}

/** Working days after `from` up to and with `to`. */
export function workdaysBetween(from: Day, to: Day): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to && count < 100; day = addDays(day, 1)) {
    if (isWorkday(day)) count += 1;
  }
  return count;
}

function taskOf(now: NowView): TaskView | null {
  return now.type === 'task' || now.type === 'wait' ? now.task : null;
}

function isLate(now: NowView): boolean {
  return taskOf(now)?.due?.late === true;
}
