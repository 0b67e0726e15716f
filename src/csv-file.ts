/**
 * Writes rows for a Dutch Excel: semicolons, every cell in quotes, a mark at the start that says UTF-8. A cell that Excel would take for a
 * formula gets an apostrophe before it (trust.md 3). The first row holds the titles.
 */
export function csvFile(rows: string[][]): string {
  return `\ufeff${rows.map((cells) => cells.map(quoted).join(';')).join('\r\n')}\r\n`;
}

function quoted(cell: string): string {
  return `"${(/^['=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
}
