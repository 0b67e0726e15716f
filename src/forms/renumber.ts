import type { Pairs } from './form-types.ts';
import { nameIn } from './names.ts';

/** Names the pairs of each row by its new number, in names and in the marks of what was asked; those of removed rows go. */
export function renumber(pairs: Pairs, list: string, order: (number | null)[]): Pairs {
  const positions = new Map(order.flatMap((number, index) => (number === null ? [] : [[String(number), index]])));
  const rename = (name: string): string | null => {
    if (!name.startsWith(`${list}/`)) return name;
    const [, number = '', rest = ''] = /^(\d+)(.*)$/s.exec(name.slice(list.length + 1)) ?? [];
    const position = positions.get(String(Number(number)));
    return number === '' ? name : position === undefined ? null : `${nameIn(list, position)}${rest}`;
  };
  return pairs.flatMap(([name, value]): Pairs => {
    const newName = rename(name);
    const newValue = name === '_asked' ? rename(value) : value;
    return newName === null || newValue === null ? [] : [[newName, newValue]];
  });
}
