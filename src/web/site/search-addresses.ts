import type { PersonId } from '../../engine/state/case-state.ts';
import type { Sealer } from '../../trust/seal.ts';

/** Longer than any name; what is typed beyond it is not looked for. */
const mostCharacters = 200;

/** What somebody searches for is often a name, and addresses stay in the history of a browser: they hold it sealed, and for that person alone. */
export type SearchAddresses = {
  /** As it stands in an address; empty for an empty search. */
  seal(person: PersonId, words: string): string;
  /** What was searched for. Words that somebody typed into an address are themselves; what was sealed for somebody else is empty. */
  open(person: PersonId, text: string): string;
};

export function makeSearchAddresses({ sealer }: { sealer: Sealer }): SearchAddresses {
  const place = (person: PersonId) => ({ table: 'address', row: person, column: 'search' });
  return {
    seal: (person, words) => (words.trim() === '' ? '' : sealer.seal(place(person), words.trim().slice(0, mostCharacters))),
    open: (person, text) => {
      if (!/^v1\.[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return text.trim().slice(0, mostCharacters);
      try {
        return sealer.open(place(person), text);
      } catch {
        return '';
      }
    }
  };
}
