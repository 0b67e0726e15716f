/** What is no text: it came along when somebody pasted; neither a page nor a file for Word or PDF may hold it, nor PostgreSQL some of it. */
const noText = /[^\P{Cc}\t\n\r\f]|[\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** Gives a text without the signs that are no text; tabs and new lines stay. */
export function textOnly(text: string): string {
  return text.replace(noText, '');
}
