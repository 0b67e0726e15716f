/** The number of a row that the browser has still to make. No row of a post has it. */
export const newRow = '__';

/** Gives the name of a part of a value: the JSON Pointer with one part more (RFC 6901). A part without a name is the value itself. */
export function nameIn(at: string, part: string | number): string {
  if (part === '') return at;
  const text = String(part);
  return `${at}/${text.includes('~') || text.includes('/') ? text.replaceAll('~', '~0').replaceAll('/', '~1') : text}`;
}

/** Is a name one of these, or a part of what one of these holds? */
export function isUnder(names: readonly string[], name: string): boolean {
  return names.some((one) => name.startsWith(one) && (name.length === one.length || name[one.length] === '/' || name[one.length] === '#'));
}

const plain = /^[A-Za-z0-9/-]*$/;

/** Gives the element id of a control: v, then its name with every character but [A-Za-z0-9/-] written as _ and its code. The number of a row that is still to be made stays. */
export function idOf(name: string): string {
  if (plain.test(name)) return `v${name}`;
  return `v${name.replace(/(?<=\/)__(?=\/|$)|[^A-Za-z0-9/-]/g, (part) => (part === newRow ? part : `_${part.codePointAt(0)?.toString(16) ?? ''}`))}`;
}

/** Gives the id of a further part of a control. An underscore of a name is written as its code, so it is no other control's id. */
export function partIdOf(name: string, part: string | number): string {
  return `${idOf(name)}_${part}`;
}

/** Gives the name of a field as words, for one without a title: andereOorzaak is Andere oorzaak. */
export function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[-_]/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
