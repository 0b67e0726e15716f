import { everyKind, type LineFilter, type LineKind, type Report, type ReportLine } from '../../cases/stores/access-report-store.ts';
import { csvFile } from '../../csv-file.ts';
import type { DocumentTree } from '../../documents/document-tree.ts';
import { element, table, text } from '../../documents/tree-parts.ts';
import type { Day } from '../../engine/state/case-state.ts';
import type { Zone } from '../../engine/time/zone.ts';
import { addDays } from '../../engine/time/workdays.ts';
import type { Translate } from '../../texts.ts';
import { capitalise, dayOf, formatDay, formatMoment, formatTime } from '../words/format.ts';
import type { NameOf } from '../site/names.ts';
import { readDay } from '../words/read-day.ts';
import { partText, type Titles } from './log-parts.ts';
import type { AccessLogPage } from '../views/view-models.ts';

/** Which lines a list offers, by the word in the address; lists of cases leave so many lines that they are apart. */
const kinds: { [word: string]: readonly LineKind[] } = {
  opened: everyKind.filter((kind) => kind !== 'listed'), all: everyKind,
  taken: ['taken'], changed: ['changed'], refused: ['refused']
};

/** What somebody asked to see. `from` and `until` as typed; `days`: as they count, null where none was typed; `wrong`: fields that are no day. */
export type AskedLines = { from: string; until: string; kind: string; page: number; days: { from: Day | null; until: Day | null }; wrong: ('from' | 'until')[]; active: boolean; /** Every line by itself. */ each: boolean };

/** Reads what the filter of an address asks for. */
export function askedLines(valueOf: (name: string) => string): AskedLines {
  const typed = { from: valueOf('van').trim(), until: valueOf('tot').trim() };
  const days = { from: readDay(typed.from), until: readDay(typed.until) };
  const kind = Object.hasOwn(kinds, valueOf('soort')) ? valueOf('soort') : 'opened';
  return {
    ...typed, kind, days, each: valueOf('regels') === 'alle', page: Math.max(1, Math.min(100_000, Number(/^\d{1,6}$/.exec(valueOf('bladzijde'))?.[0] ?? 1))),
    wrong: (['from', 'until'] as const).filter((name) => typed[name] !== '' && days[name] === null),
    active: typed.from !== '' || typed.until !== '' || kind !== 'opened'
  };
}

export function filterOf({ days, kind }: Pick<AskedLines, 'days' | 'kind'>, zone: Zone): LineFilter {
  return {
    from: days.from === null ? null : zone.startOf(days.from), until: days.until === null ? null : zone.startOf(addDays(days.until, 1)),
    kinds: kinds[kind] ?? []
  };
}

/** The filter as an address carries it, without the page. */
export function queryOf({ from, until, kind, each }: Pick<AskedLines, 'from' | 'until' | 'kind' | 'each'>, more: { [name: string]: string } = {}): string {
  const pairs = Object.entries({ van: from, tot: until, soort: kind === 'opened' ? '' : kind, regels: each ? 'alle' : '', ...more }).filter(([, value]) => value !== '');
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

type Words = { nameOf: NameOf; t: Translate; /** Where the lines stand: on the page of one case its number goes without saying. */ inCase: boolean; titles: Titles };

/** What a line tells, as a sentence. */
export function lineText({ person, number, action }: ReportLine, { nameOf, t, inCase }: Words): string {
  const who = capitalise(nameOf(person));
  if (!inCase && number === null && (action === 'viewLog' || action === 'print' || action === 'export' || action === 'search')) return t(`log.general.${action}`, { who });
  const what = inCase ? t('log.theCase') : number === null ? t('log.aCase') : t('log.caseOf', { number });
  return t(`log.did.${action}`, { who, case: what });
}

type Row = AccessLogPage['days'][number]['rows'][number];

/**
 * The lines by day, newest first. Lines of one day that say the same stand as one, where the newest of them is, with how often and from when
 * until when; `each`: every line by itself.
 */
export function logDays(lines: ReportLine[], words: Words, each: boolean): AccessLogPage['days'] {
  const days = [...new Set(lines.map(({ at }) => dayOf(at)))];
  return days.map((day) => {
    const own = lines.filter(({ at }) => dayOf(at) === day);
    const same = each ? own.map((line) => [line]) : together(own, words);
    return { heading: capitalise(formatDay(day)), rows: same.flatMap((some) => rowOf(some, words)) };
  });
}

function together(lines: ReportLine[], words: Words): ReportLine[][] {
  const same = new Map<string, ReportLine[]>();
  for (const line of lines) {
    const shown = shownOf(line, words);
    same.set(shown, [...(same.get(shown) ?? []), line]);
  }
  return [...same.values()];
}

/** What the reader sees of a line, and nothing else: what is not told apart stands together. */
function shownOf(line: ReportLine, words: Words): string {
  return JSON.stringify([line.number, lineText(line, words), partText(line, words.t, words.titles)]);
}

function rowOf(same: ReportLine[], words: Words): Row[] {
  const [line] = same;
  if (line === undefined) return [];
  const { t, inCase } = words;
  const [last, first] = [formatTime(line.at), formatTime(same.at(-1)?.at ?? line.at)];
  return [{
    time: last, text: lineText(line, words), part: partText(line, t, words.titles), refused: line.action === 'refused',
    times: same.length === 1 ? null : t(first === last ? 'log.times' : 'log.timesFrom', { n: same.length, first, last }),
    href: inCase || line.number === null ? null : `/cases/${line.number}`, number: line.number ?? ''
  }];
}

/** The lines as a file for a spreadsheet; everything in words and in codes. */
export function logFile(lines: ReportLine[], words: Words): string {
  const { t, nameOf } = words;
  const titles = ['moment', 'day', 'time', 'who', 'case', 'what', 'action', 'detail', 'line'].map((name) => t(`log.csv.${name}`));
  return csvFile([titles, ...lines.map((line) => [
    line.at, dayOf(line.at).split('-').reverse().join('-'), formatTime(line.at), nameOf(line.person), line.number ?? '', lineText(line, words), line.action, line.detail ?? '',
    // The place in its chain says how much came between: that is for the case itself only.
    words.inCase ? String(line.sequence) : ''
  ])]);
}

/** The lines on paper. */
export function logTree({ lines, total }: Report, { heading, kept, none, days, madeOn, madeBy, ...words }: Words & { heading: string; kept: string; none: string; days: AskedLines['days']; madeOn: string; madeBy: string }): DocumentTree {
  const { t } = words;
  const dayText = (day: Day | null, otherwise: string): string => (day === null ? t(otherwise) : formatDay(day));
  const today = dayOf(madeOn);
  return [
    element('h1', [text(heading)]),
    element('p', [text(t('log.paper.period', { from: dayText(days.from, 'log.paper.start'), until: dayText(days.until, 'log.paper.now') }))]),
    element('p', [text(kept)]),
    ...(lines.length < total ? [element('p', [text(t('log.cut', { shown: lines.length, n: total }))])] : []),
    lines.length === 0 ? element('p', [text(none)])
      : table([t('log.paper.when'), t('log.paper.what')], lines.map((line) => [[text(formatMoment(line.at, today, t))], [text([lineText(line, words), ...(partText(line, t, words.titles) === null ? [] : [`(${partText(line, t, words.titles) ?? ''})`])].join(' '))]])),
    element('section', [element('p', [text(t('log.paper.madeOn', { day: formatDay(madeOn), time: formatTime(madeOn), name: madeBy }))])], { classes: ['meta'] })
  ];
}
