import type { StoredEvent } from '../../cases/stores/case-store.ts';
import type { Entered } from '../../cases/entered.ts';
import type { Route } from '../../cases/library.ts';
import type { CaseRecord, Day, EngineEvent, PassedRule } from '../../engine/state/case-state.ts';
import { titleOfRecord, titleOfTask } from '../../engine/model/instances.ts';
import { roleTitles, settingText } from '../../engine/model/labels.ts';
import { summaryText } from '../../engine/model/summary.ts';
import type { Translate } from '../../texts.ts';
import { documentPath } from '../documents/document-path.ts';
import { versionItems } from './version-timeline.ts';
import { foldTimeline } from './fold-timeline.ts';
import { timelineHref } from './timeline-address.ts';
import { isShown, kinds, type TimelineFilter, type TimelineReader } from './timeline-kinds.ts';
import type { AskedPart, TimelinePart } from './timeline-part.ts';
import { capitalise, formatChoice, formatNumber, formatShortDay, formatWhen } from '../words/format.ts';
import type { NameOf } from '../site/names.ts';
import type { Link, Timeline, TimelineItem } from '../views/view-models.ts';

export type TimelineOptions = TimelineReader & {
  route: Route;
  /** The version of the route in which something happened, by the sequence of its event. */
  routeThen: (sequence: number) => Route;
  /** A record as it was entered. */
  entered: (record: CaseRecord) => Entered;
  number: string;
  nameOf: NameOf;
  today: Day;
  t: Translate;
  /** Rules that were passed and that a correction broke. */
  broken: PassedRule[];
};

const filters: TimelineFilter[] = ['all', 'decisions', 'records', 'system'];

/** Makes the timeline of a case, or the part of it that is shown. */
export function timelineOf(part: TimelinePart, options: TimelineOptions): Timeline {
  const { t, number } = options;
  const { filter, beside, counts, earlier, later } = part;
  const kind = kinds[filter];
  const total = kind === null ? counts.decision + counts.record + counts.system : counts[kind];
  const [first, last] = [part.events[0], part.events.at(-1)];
  const link = (place: AskedPart['beside'], word: string): Link => ({ href: timelineHref(number, { filter, beside: place }), text: t(`web.timeline.part.${word}`) });
  const isPart = beside !== null || earlier;
  const words = { n: part.events.length, total: formatNumber(total), from: formatShortDay(first?.at ?? options.today, options.today), to: formatShortDay(last?.at ?? options.today, options.today) };
  return {
    filters: filters.map((one) => ({
      href: timelineHref(number, { filter: one, beside: null }), text: t(`web.timeline.filter.${one}`), current: one === filter, count: one === 'all' ? null : counts[kinds[one] ?? 'system']
    })),
    items: timelineItems(part.events, options, filter !== 'system'),
    empty: first !== undefined ? null : t(isPart ? 'web.timeline.part.none' : 'web.timeline.none'),
    part: !isPart ? null : {
      text: first === undefined ? null : t(`web.timeline.part.${beside === null ? 'newest' : words.from === words.to ? 'ofDay' : 'between'}`, words),
      newest: beside === null ? null : link(null, 'toNewest'),
      places: [
        ...(later && last !== undefined ? [{ rel: 'prev' as const, ...link({ side: 'after', sequence: last.sequence }, 'later') }] : []),
        ...(earlier && first !== undefined ? [{ rel: 'next' as const, ...link({ side: 'before', sequence: first.sequence }, 'earlier') }] : [])
      ],
      begin: earlier || first === undefined ? null : t('web.timeline.part.begin'),
      printed: t(options.sees === 'full' ? 'web.timeline.part.printed' : 'web.timeline.part.printedOwn', { ...words, link: t('papers.export.link') })
    }
  };
}

/** Makes the items of a timeline, newest first: decisions, records, and system lines whose runs are folded unless told not to. Only what the reader may see. */
export function timelineItems(events: readonly StoredEvent[], options: TimelineOptions, folds = true): TimelineItem[] {
  const { t, today } = options;
  const items = events.filter((stored) => isShown(stored, options)).flatMap((stored) => itemOf(stored, { ...options, route: options.routeThen(stored.sequence) })).reverse();
  if (!folds) return items;
  const days = new Map(events.map(({ sequence, at }) => [itemId(sequence), at]));
  return foldTimeline(items, (run) => {
    const from = formatShortDay(days.get(run.at(-1)?.id ?? '') ?? today, today);
    const to = formatShortDay(days.get(run[0]?.id ?? '') ?? today, today);
    return from === to ? t('web.timeline.runOfDay', { n: run.length, day: from }) : t('web.timeline.run', { n: run.length, from, to });
  });
}

function itemId(sequence: number): string {
  return `gebeurtenis-${String(sequence)}`;
}

function itemOf(stored: StoredEvent, options: TimelineOptions): TimelineItem[] {
  const { t, today, nameOf, state } = options;
  const id = itemId(stored.sequence);
  const when = formatWhen(stored.at, today, t);
  const meta = t('web.timeline.meta', { when: capitalise(when), name: nameOf(stored.person) });
  const system = (text: string): TimelineItem[] => [{ kind: 'system', id, text: t('web.timeline.line', { when: capitalise(when), text }) }];
  const { event } = stored;
  switch (event.type) {
    case 'recordEntered': {
      const record = state.records.find((one) => one.id === event.record);
      if (record === undefined) return [];
      if (record.by === null) return [recordItem(id, record, t('web.timeline.bySystem', { when: capitalise(when) }), options)];
      return [recordItem(id, record, event.late ? t('web.timeline.late', { meta }) : meta, options)];
    }
    case 'transitionTaken': return [decisionItem(id, { event, at: stored.at }, meta, options)];
    case 'ruleWaived': return [{ kind: 'decision', id, title: t('web.timeline.waived'), lines: mayRead(stored, options) ? [event.reason] : [], meta, link: null }];
    case 'recordUpdated': return system(t('web.timeline.updated', { task: taskTitle(options, event.task, sourceOfRecord(options, event.record)), name: nameOf(stored.person) }));
    case 'recordCorrected': return [correctedItem(id, event, meta, options)];
    case 'recordReviewed': return [reviewedItem(id, event, meta, options)];
    case 'documentReviewed': return [approvalItem(id, event, meta, options)];
    case 'documentFrozen': case 'documentFileAdded': case 'documentSigned': return versionItems(id, event, { meta, name: nameOf(stored.person), system }, options);
    case 'caseExported': return [{ kind: 'decision', id, title: t(`papers.timeline.export.${event.what}`), lines: [event.reason], meta, link: null }];
    case 'caseMoved': case 'moveUndone': return system(t(`versions.timeline.${event.type}`, { name: nameOf(stored.person) }));
    case 'caseReopened': return [reopenedItem(id, event, meta, options)];
    case 'keepingProposed': return [keepingItem(id, event, meta, options)];
    case 'keptLonger': return [{ kind: 'decision', id, title: t('retention.timeline.kept', { day: formatShortDay(event.until, today) }), lines: mayRead(stored, options) ? [event.reason] : [], meta, link: null }];
    case 'keepingWithdrawn': return system(t('retention.timeline.withdrawn', { name: nameOf(stored.person) }));
    case 'startStillUnknown': return system(t('retention.timeline.stillUnknown', { name: nameOf(stored.person) }));
    case 'handedOver': return system(t('changes.timeline.handedOver', { to: nameOf(event.to) }));
    case 'taskHanded': return system(t('changes.timeline.taskHanded', { task: taskTitle(options, event.task), to: nameOf(event.to) }));
    case 'taskTakenBack': return system(takenBackText(event, stored.person, options));
    default: {
      const text = systemText(event, options);
      return text === null ? [] : system(text);
    }
  }
}

function keepingItem(id: string, { what, until, reason }: EngineEvent & { type: 'keepingProposed' }, meta: string, { t, today }: TimelineOptions): TimelineItem {
  const title = what === 'destroy' ? t('retention.timeline.destroy') : t('retention.timeline.keep', { day: formatShortDay(until ?? today, today) });
  return { kind: 'decision', id, title, lines: reason === '' ? [] : [reason], meta, link: null };
}

function takenBackText({ task, from }: EngineEvent & { type: 'taskTakenBack' }, by: string, options: TimelineOptions): string {
  const { t, nameOf } = options;
  const words = { task: taskTitle(options, task), name: nameOf(from), to: nameOf(from) };
  return t(by === from ? 'changes.timeline.taskGivenBack' : 'changes.timeline.taskTakenBack', words);
}

function recordItem(id: string, stored: CaseRecord, meta: string, options: TimelineOptions): TimelineItem {
  const { t, number } = options;
  const { record, route, form } = options.entered(stored);
  const summary = summaryText(form.definition, record.answers, t);
  return {
    kind: 'record', id, title: titleOfRecord({ model: route.model, state: options.state }, record), lines: summary === '' ? [] : [summary], meta,
    link: { href: `/cases/${number}/records/${String(record.id)}`, text: t('web.timeline.open') }
  };
}

function decisionItem(id: string, { event, at }: { event: EngineEvent & { type: 'transitionTaken' }; at: string }, meta: string, options: TimelineOptions): TimelineItem {
  const { route } = options;
  const { model } = route;
  const transitions = event.step === null ? model.transitions : (model.steps.get(event.step)?.transitions ?? []);
  const title = transitions.find((one) => one.id === event.transition)?.definition.title ?? event.transition;
  const summary = summaryOf(event.record, options);
  return {
    kind: 'decision', id, title, meta, lines: [...(summary === '' ? [] : [summary]), ...settingLines(event, options), ...brokenLines(event, at, options)],
    link: motivationLink(event.record, options)
  };
}

/** What the school had filled in when the decision used it (semantics 15). */
function settingLines({ settings = {} }: EngineEvent & { type: 'transitionTaken' }, { route: { model }, t }: TimelineOptions): string[] {
  return Object.entries(settings).map(([id, value]) => t('web.timeline.setting', { title: model.workflow.settings?.[id]?.title ?? id, value: settingText(model, id, value) ?? '' }));
}

/** The rules of this way out that a later correction broke. */
function brokenLines({ step, transition }: EngineEvent & { type: 'transitionTaken' }, at: string, { broken, state, t }: TimelineOptions): string[] {
  const ended = state.visits.filter((visit) => visit.endedAt === at && visit.endedVia?.split(' ').includes(transition) === true && (step === null || visit.step === step)).map(({ id }) => id);
  const texts = broken.filter(({ record, visit }) => record === null && visit !== null && ended.includes(visit)).map(({ text }) => text);
  return [...new Set(texts)].map((rule) => t('changes.timeline.unmet', { rule }));
}

/** A reason is for who sees the whole case, and for who wrote it. */
function mayRead({ person }: StoredEvent, { sees, reader }: TimelineOptions): boolean {
  return sees === 'full' || person === reader;
}

function motivationLink(record: number | null, { number, t, maySee }: TimelineOptions): Link | null {
  return record === null || !maySee(record) ? null : { href: `/cases/${number}/records/${String(record)}`, text: t('web.timeline.motivation') };
}

/** Who sees only their own part reads what was decided, and not what others wrote to it. */
function summaryOf(id: number | null, { entered, state, t, maySee }: TimelineOptions): string {
  const stored = state.records.find((one) => one.id === id);
  if (stored === undefined || !maySee(stored.id)) return '';
  const { record, form } = entered(stored);
  return summaryText(form.definition, record.answers, t);
}

/** Who sees only their own part reads no rules about the rest. */
function correctedItem(id: string, event: EngineEvent & { type: 'recordCorrected' }, meta: string, { route, state, number, t, sees }: TimelineOptions): TimelineItem {
  const form = state.records.find((one) => one.id === event.record)?.form ?? '';
  const broken = sees === 'full' ? [...new Set(event.unmet.map(({ text }) => t('changes.timeline.unmet', { rule: text })))] : [];
  return {
    kind: 'record', id, title: t('changes.timeline.corrected', { form: route.model.bundle.forms[form]?.title ?? form }), lines: [event.reason, ...broken], meta,
    link: { href: `/cases/${number}/records/${String(event.record)}`, text: t('web.timeline.open') }
  };
}

function reviewedItem(id: string, { record, task, verdict, reason }: EngineEvent & { type: 'recordReviewed' }, meta: string, options: TimelineOptions): TimelineItem {
  const { number, t } = options;
  return {
    kind: 'decision', id, title: t(`changes.timeline.${verdict}`, { task: taskTitle(options, task, sourceOfRecord(options, record)) }), lines: reason === '' ? [] : [reason], meta,
    link: { href: `/cases/${number}/records/${String(record)}`, text: t('web.timeline.open') }
  };
}

function approvalItem(id: string, { document, source, verdict, reason }: EngineEvent & { type: 'documentReviewed' }, meta: string, { route: { model }, number, t }: TimelineOptions): TimelineItem {
  const title = model.documents.find((one) => one.id === document)?.title ?? document;
  return {
    kind: 'decision', id, title: t(`changes.timeline.document.${verdict}`, { document: title }), lines: reason === '' ? [] : [reason], meta,
    link: { href: documentPath(number, document, source ?? null), text: t('web.timeline.open') }
  };
}

function reopenedItem(id: string, event: EngineEvent & { type: 'caseReopened' }, meta: string, options: TimelineOptions): TimelineItem {
  const { route: { model } } = options;
  const summary = summaryOf(event.record, options);
  return {
    kind: 'decision', id, title: model.reopenings.find((one) => one.id === event.reopening)?.title ?? event.reopening, lines: summary === '' ? [] : [summary], meta,
    link: motivationLink(event.record, options)
  };
}

function systemText(event: EngineEvent, options: TimelineOptions): string | null {
  const { route: { model }, t } = options;
  const step = (id: string): string => model.steps.get(id)?.definition.title ?? id;
  switch (event.type) {
    case 'caseOpened': return t('web.timeline.opened');
    case 'stepEntered': return t('web.timeline.entered', { step: step(event.step) });
    case 'stepAlreadyActive': return t('web.timeline.alreadyActive', { step: step(event.step) });
    case 'stepEnded': return t(`web.timeline.${event.status}`, { step: step(event.step) });
    case 'stepSkipped': return t('web.timeline.skipped', { step: step(event.step), reason: event.reason });
    case 'taskLapsed': return t('web.timeline.lapsed', { task: taskTitle(options, event.task, event.source) });
    case 'restrictionLifted': return t('web.timeline.lifted', { reason: event.reason });
    case 'restricted': return t('web.timeline.restricted', { roles: formatChoice(roleTitles(model, event.to)) });
    case 'noticed': return t('web.timeline.noticed', { roles: formatChoice(roleTitles(model, event.roles)) });
    case 'termTold': {
      const title = event.task === null ? step(event.step ?? '') : taskTitle(options, event.task, event.source);
      return event.kind === 'reminded' ? t('web.timeline.reminded', { title }) : t('web.timeline.escalated', { title, roles: formatChoice(roleTitles(model, event.roles)) });
    }
    case 'keepingDue': return t('retention.timeline.due');
    case 'caseClosed': return t('web.timeline.closed', { outcome: model.workflow.outcomes[event.outcome]?.title ?? event.outcome });
    default: return null;
  }
}

function taskTitle({ route: { model }, state }: TimelineOptions, id: string, source: string | null = null): string {
  return titleOfTask({ model, state }, id, source);
}

function sourceOfRecord({ state }: TimelineOptions, record: number): string | null {
  return state.records.find(({ id }) => id === record)?.source ?? null;
}
