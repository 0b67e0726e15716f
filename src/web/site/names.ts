import { clockwork, type PersonId } from '../../engine/state/case-state.ts';
import type { OpenCase } from '../../cases/cases.ts';
import type { NowView, TaskView } from '../../engine/model/overview-types.ts';
import type { Translate } from '../../texts.ts';
import { formatChoice } from '../words/format.ts';
import type { Site } from './site.ts';

/** Says who somebody is in a sentence: "u" for the reader, else the name. */
export type NameOf = (person: PersonId | null) => string;

/** Looks up the names of people once; null is the system, an unknown id stays "onbekend". */
export async function namesFor({ people, t }: Pick<Site, 'people' | 't'>, reader: PersonId, ids: (PersonId | null)[]): Promise<NameOf> {
  const known = [...new Set(ids.filter((id) => id !== null))];
  const names = known.length === 0 ? new Map<PersonId, string>() : await people.names(known);
  return (id) => nameIn(names, id, reader, t);
}

/** As namesFor, on a page of a case: who was asked one task by name is not told who else works on it (semantics 9). */
export async function namesIn(site: Pick<Site, 'people' | 't'>, { access, viewer }: Pick<OpenCase, 'access' | 'viewer'>, ids: (PersonId | null)[]): Promise<NameOf> {
  const { t } = site;
  if (access !== 'task') return namesFor(site, viewer.id, ids);
  return (id) => (id === null || id === viewer.id ? nameIn(new Map(), id, viewer.id, t) : t('web.name.colleague'));
}

/** Says for whom a case waits: the roles, or the person a task was handed to by name. */
export function waitsFor({ on, task }: NowView & { type: 'wait' }, nameOf: NameOf, t: Translate): string {
  return task?.handed == null ? formatChoice(on) : handedName(task.handed, nameOf, t);
}

/** The name of whom a task was handed to; a reader who is not told it reads "een collega". */
export function handedName({ to }: NonNullable<TaskView['handed']>, nameOf: NameOf, t: Translate): string {
  return to === null ? t('web.name.colleague') : nameOf(to);
}

function nameIn(names: ReadonlyMap<PersonId, string>, id: PersonId | null, reader: PersonId, t: Translate): string {
  if (id === null || id === clockwork.id) return t('web.name.system');
  return id === reader ? t('web.name.you') : (names.get(id) ?? t('web.name.unknown'));
}
