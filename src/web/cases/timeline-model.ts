import type { StoredEvent } from '../../cases/stores/case-store.ts';
import type { Entered } from '../../cases/entered.ts';
import type { Route } from '../../cases/library.ts';
import type { CaseRecord, CaseState, Day, EngineEvent, PassedRule, PersonId } from '../../engine/state/case-state.ts';
import { titleOfRecord, titleOfTask } from '../../engine/model/instances.ts';
import { roleTitles, settingText } from '../../engine/model/labels.ts';
import { summaryText } from '../../engine/model/summary.ts';
import type { Translate } from '../../texts.ts';
import { documentPath } from '../documents/document-path.ts';
import { versionItems } from './version-timeline.ts';
import { foldTimeline } from './fold-timeline.ts';
import { capitalise, formatChoice, formatShortDay, formatWhen } from '../words/format.ts';
import type { NameOf } from '../site/names.ts';
import type { Timeline, TimelineItem } from '../views/view-models.ts';

export type TimelineFilter = 'all' | 'decisions' | 'records' | 'system';

export type TimelineOptions = {
  route: Route;
  /** The version of the route in which something happened, by the sequence of its event. */
  routeThen: (sequence: number) => Route;
  /** A record as it was entered. */
  entered: (record: CaseRecord) => Entered;
  state: CaseState;
  number: string;
  nameOf: NameOf;
  today: Day;
  t: Translate;
  filter: TimelineFilter;
  reader: PersonId;
  /** Does this reader see the whole case? */
  sees: 'full' | 'own';
  /** Rules that were passed and that a correction broke. */
  broken: PassedRule[];
  /** Records this reader may see. */
  maySee: (record: number) => boolean;
};

const filters: TimelineFilter[] = ['all', 'decisions', 'records', 'system'];
const kinds: { [filter in TimelineFilter]: TimelineItem['kind'] | null } = { all: null, decisions: 'decision', records: 'record', system: 'system' };

/** Makes the timeline of a case, newest first: decisions, records, and system lines whose runs are folded. */
export function timelineOf(events: StoredEvent[], options: TimelineOptions): Timeline {
  const { t, number, filter } = options;
  const items = events.flatMap((stored) => itemOf(stored, { ...options, route: options.routeThen(stored.sequence) })).reverse();
  const shown = filter === 'all' ? items : items.filter(({ kind }) => kind === kinds[filter]);
  const href = (one: TimelineFilter): string => `/cases/${number}${one === 'all' ? '' : `?timeline=${one}`}#tijdlijn`;
  const days = new Map(events.map(({ sequence, at }) => [itemId(sequence), at]));
  return {
    filters: filters.map((one) => ({
      href: href(one), text: t(`web.timeline.filter.${one}`), current: one === filter,
      count: one === 'all' ? null : items.filter(({ kind }) => kind === kinds[one]).length
    })),
    items: filter === 'system' ? shown : foldTimeline(shown, (run) => {
      const from = formatShortDay(days.get(run.at(-1)?.id ?? '') ?? options.today, options.today);
      const to = formatShortDay(days.get(run[0]?.id ?? '') ?? options.today, options.today);
      return from === to ? t('web.timeline.runOfDay', { n: run.length, day: from }) : t('web.timeline.run', { n: run.length, from, to });
    })
  };
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
      if (record === undefined || /^(?:transition|reopen):/.test(event.task) || !options.maySee(record.id)) return [];
      if (record.by === null) return [recordItem(id, record, t('web.timeline.bySystem', { when: capitalise(when) }), options)];
      return [recordItem(id, record, event.late ? t('web.timeline.late', { meta }) : meta, options)];
    }
    case 'transitionTaken': return [decisionItem(id, { event, at: stored.at }, meta, options)];
    case 'ruleWaived': return [{ kind: 'decision', id, title: t('web.timeline.waived'), lines: [event.reason], meta, link: null }];
    case 'recordUpdated': {
      if (!options.maySee(event.record)) return [];
      return system(t('web.timeline.updated', { task: taskTitle(options, event.task, sourceOfRecord(options, event.record)), name: nameOf(stored.person) }));
    }
    case 'recordCorrected': return options.maySee(event.record) ? [correctedItem(id, event, meta, options)] : [];
    case 'recordReviewed': return options.maySee(event.record) ? [reviewedItem(id, event, meta, options)] : [];
    case 'documentReviewed': return options.sees === 'full' ? [approvalItem(id, event, meta, options)] : [];
    case 'documentFrozen': case 'documentFileAdded': case 'documentSigned': return options.sees === 'full' ? versionItems(id, event, { meta, name: nameOf(stored.person), system }, options) : [];
    case 'caseExported': return options.sees === 'full' ? [{ kind: 'decision', id, title: t(`papers.timeline.export.${event.what}`), lines: [event.reason], meta, link: null }] : [];
    case 'caseMoved': case 'moveUndone': return system(t(`versions.timeline.${event.type}`, { name: nameOf(stored.person) }));
    case 'caseReopened': return [reopenedItem(id, event, meta, options)];
    case 'keepingProposed': return options.sees === 'full' ? [keepingItem(id, event, meta, options)] : [];
    case 'keptLonger': return [{ kind: 'decision', id, title: t('retention.timeline.kept', { day: formatShortDay(event.until, today) }), lines: [event.reason], meta, link: null }];
    case 'keepingWithdrawn': return options.sees === 'full' ? system(t('retention.timeline.withdrawn', { name: nameOf(stored.person) })) : [];
    case 'startStillUnknown': return system(t('retention.timeline.stillUnknown', { name: nameOf(stored.person) }));
    case 'handedOver': return system(t('changes.timeline.handedOver', { to: nameOf(event.to) }));
    case 'taskHanded': return mayReadHanding(stored, options) ? system(t('changes.timeline.taskHanded', { task: taskTitle(options, event.task), to: nameOf(event.to) })) : [];
    case 'taskTakenBack': return mayReadHanding(stored, options) ? system(takenBackText(event, stored.person, options)) : [];
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

/** Who sees only their own part reads what they did themselves, and all of it while they are responsible. */
function mayReadHanding({ person }: StoredEvent, { sees, reader, state }: TimelineOptions): boolean {
  return sees === 'full' || person === reader || state.responsible === reader;
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
  const { route, t, number } = options;
  const { model } = route;
  const transitions = event.step === null ? model.transitions : (model.steps.get(event.step)?.transitions ?? []);
  const title = transitions.find((one) => one.id === event.transition)?.definition.title ?? event.transition;
  const summary = summaryOf(event.record, options);
  return {
    kind: 'decision', id, title, meta, lines: [...(summary === '' ? [] : [summary]), ...settingLines(event, options), ...brokenLines(event, at, options)],
    link: event.record === null ? null : { href: `/cases/${number}/records/${String(event.record)}`, text: t('web.timeline.motivation') }
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

function summaryOf(id: number | null, { entered, state, t }: TimelineOptions): string {
  const stored = state.records.find((one) => one.id === id);
  if (stored === undefined) return '';
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
  const { route: { model }, number, t } = options;
  const summary = summaryOf(event.record, options);
  return {
    kind: 'decision', id, title: model.reopenings.find((one) => one.id === event.reopening)?.title ?? event.reopening, lines: summary === '' ? [] : [summary], meta,
    link: event.record === null ? null : { href: `/cases/${number}/records/${String(event.record)}`, text: t('web.timeline.motivation') }
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
