/** A text as it is compared with another, such as the name of somebody: capitals and spaces make no difference. */
export function folded(text: string): string {
  return text.normalize('NFC').toLocaleLowerCase('nl').replace(/\s+/g, ' ').trim();
}
