import type { Route } from '../../cases/library.ts';
import type { CaseState } from '../../engine/state/case-state.ts';
import { summaryText } from '../../engine/model/summary.ts';
import type { Translate } from '../../texts.ts';

/** Whom a case is about, for a heading inside it and, in initials, for lists. */
export type SubjectWords = { full: string; name: string; initials: string; detail: string | null };

/** Reads the `summary` of the subject form, such as {naam}, groep {groep}: its first part is the name, the rest a detail that lists may show. */
export function subjectOf({ model }: Pick<Route, 'model'>, state: CaseState, t: Translate): SubjectWords {
  const { subject, title, shortTitle = title } = model.workflow;
  // A route about no pupil is known by its own name.
  if (subject === undefined) return { full: title, name: title, initials: shortTitle, detail: null };
  const record = state.records.findLast(({ task }) => task === subject);
  const form = model.tasks.get(subject)?.form ?? null;
  const full = record === undefined || form === null ? '' : summaryText(form, record.answers, t);
  if (full === '') return { full: t('web.subject.unknown'), name: t('web.subject.unknown'), initials: '?', detail: null };
  const [name = '', ...rest] = full.split(', ');
  return { full, name, initials: initialsOf(name), detail: rest.length === 0 ? null : rest.join(', ') };
}

/** "S.B." of Sem de Bakker: the first letters of the words that start with a capital; else of all words. */
function initialsOf(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => word !== '');
  const capitals = words.filter((word) => word.charAt(0) !== word.charAt(0).toLocaleLowerCase('nl'));
  return (capitals.length > 0 ? capitals : words).map((word) => `${word.charAt(0).toLocaleUpperCase('nl')}.`).join('');
}
