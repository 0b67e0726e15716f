import type { Day, Moment } from '../../engine/state/case-state.ts';
import { dutchZone } from '../../engine/time/zone.ts';
import type { Translate } from '../../texts.ts';

const timeZone = 'Europe/Amsterdam';

const formats = {
  full: new Intl.DateTimeFormat('nl-NL', { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  weekday: new Intl.DateTimeFormat('nl-NL', { timeZone, weekday: 'long', day: 'numeric', month: 'long' }),
  short: new Intl.DateTimeFormat('nl-NL', { timeZone, day: 'numeric', month: 'long' }),
  shortWithYear: new Intl.DateTimeFormat('nl-NL', { timeZone, day: 'numeric', month: 'long', year: 'numeric' }),
  month: new Intl.DateTimeFormat('nl-NL', { timeZone, month: 'long', year: 'numeric' }),
  time: new Intl.DateTimeFormat('nl-NL', { timeZone, hour: '2-digit', minute: '2-digit' }),
  number: new Intl.NumberFormat('nl-NL'),
  list: new Intl.ListFormat('nl-NL', { type: 'conjunction' }),
  choice: new Intl.ListFormat('nl-NL', { type: 'disjunction' })
};

/** The calendar day of a moment in the Netherlands. */
export function dayOf(moment: Moment): Day {
  return dutchZone.dayOf(moment);
}

/** "woensdag 18 maart 2026". Takes a day or a moment, as all functions below that say so. */
export function formatDay(value: Day | Moment): string {
  return formats.full.format(noonOf(value));
}

/** "dinsdag 24 maart", for days near today. Takes a day or a moment. */
export function formatWeekday(value: Day | Moment): string {
  return formats.weekday.format(noonOf(value));
}

/** "3 maart" in the year of `today`, else "3 maart 2025". Takes a day or a moment. */
export function formatShortDay(value: Day | Moment, today: Day): string {
  const format = dayPart(value).slice(0, 4) === today.slice(0, 4) ? formats.short : formats.shortWithYear;
  return format.format(noonOf(value));
}

/** "1.000" */
export function formatNumber(n: number): string {
  return formats.number.format(n);
}

/** "maart 2026", of YYYY-MM. */
export function formatMonth(month: string): string {
  return formats.month.format(noonOf(`${month}-01`));
}

/** "14:32" */
export function formatTime(moment: Moment): string {
  return formats.time.format(new Date(moment));
}

/** "18 maart, 14.32 uur"; with the year when it is not that of `today`. */
export function formatMoment(moment: Moment, today: Day, t: Translate): string {
  return t('web.when.moment', { day: formatShortDay(moment, today), time: formatTime(moment).replace(':', '.') });
}

/** "vandaag 14:32", "gisteren 14:32", "13 maart 15:10". */
export function formatWhen(moment: Moment, today: Day, t: Translate): string {
  const time = formatTime(moment);
  const passed = daysBetween(dayOf(moment), today);
  if (passed === 0) return t('web.when.today', { time });
  if (passed === 1) return t('web.when.yesterday', { time });
  return t('web.when.earlier', { day: formatShortDay(moment, today), time });
}

/** "nog 6 dagen", "vandaag"; calendar days, for a day that is not past. */
export function formatDaysLeft(day: Day, today: Day, t: Translate): string {
  const left = daysBetween(today, day);
  return left <= 0 ? t('web.due.today') : t('web.due.left', { n: left });
}

/** "2 werkdagen te laat". `workDays` is counted by the calendar of the school. */
export function formatLate(workDays: number, t: Translate): string {
  return workDays < 1 ? t('web.due.justLate') : t('web.due.late', { n: workDays });
}

/** Calendar days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((noonOf(to).getTime() - noonOf(from).getTime()) / 86_400_000);
}

/** "u, J. Smit en M. Hofman"; empty for an empty list. */
export function formatList(words: string[]): string {
  return formats.list.format(words);
}

/** "de intern begeleider of de directeur"; empty for an empty list. */
export function formatChoice(words: string[]): string {
  return formats.choice.format(words);
}

/** The same text with a capital at the start. */
export function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase('nl') + text.slice(1);
}

function dayPart(value: Day | Moment): Day {
  return value.length === 10 ? value : dayOf(value);
}

/** Noon in UTC falls on the same day in the Netherlands, summer and winter. */
function noonOf(value: Day | Moment): Date {
  return new Date(`${dayPart(value)}T12:00:00.000Z`);
}

/** A label before its value on one line: "Naam:"; a question keeps its own mark: "Wie?". */
export function labelBefore(label: string): string {
  return /[?!:]$/.test(label) ? label : `${label}:`;
}
