import type { PersonId } from '../engine/case-state.ts';
import type { Translate } from '../texts.ts';
import type { Site } from './site.ts';

/** Says who somebody is in a sentence: "u" for the reader, else the name. */
export type NameOf = (person: PersonId | null) => string;

/** Looks up the names of people once; null is the system, an unknown id stays "onbekend". */
export async function namesFor({ people, t }: Pick<Site, 'people' | 't'>, reader: PersonId, ids: (PersonId | null)[]): Promise<NameOf> {
  const names = await people.names([...new Set(ids.filter((id) => id !== null))]);
  return (id) => nameIn(names, id, reader, t);
}

function nameIn(names: ReadonlyMap<PersonId, string>, id: PersonId | null, reader: PersonId, t: Translate): string {
  if (id === null) return t('web.name.system');
  return id === reader ? t('web.name.you') : (names.get(id) ?? t('web.name.unknown'));
}
