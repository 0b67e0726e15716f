import { csvFile } from '../csv-file.ts';
import type { Partner, PartnerData } from './partner-store.ts';
import { textOnly } from '../no-text.ts';

/**
 * A partner as a row of a file: what an administrator fills in, when it was last found right (YYYY-MM-DD), and its id, null for a row that
 * somebody wrote. `services` is null where the file has no such column, as files of before it.
 */
export type PartnerRowData = Omit<PartnerData, 'services'> & { services: string[] | null; verifiedOn: string | null; id: string | null };

/** Titles of the columns in order, and those of the roles by id; in the language of the school. */
export type CsvWords = { columns: { [column in Column]: string }; roles: ReadonlyMap<string, string>; yes: string; no: string };

export type Column = 'organisation' | 'contactPerson' | 'address' | 'phone' | 'email' | 'notes' | 'purpose' | 'services' | 'roles' | 'emergency' | 'verifiedOn' | 'id';

/** Why a row is not taken. `line`: of the file, the head is 1. `problem`: the key of its sentence; `found`: what stands there. */
export type CsvProblem = { line: number; problem: 'noName' | 'unknownRole' | 'badDay' | 'badYesNo' | 'twice' | 'tooLong'; column: Column; found: string };

/** What a file holds; `head`: the columns that are missing, and then no rows. */
export type ReadCsv = { rows: { line: number; data: PartnerRowData }[]; problems: CsvProblem[]; missing: Column[] };

const columns: Column[] = ['organisation', 'contactPerson', 'address', 'phone', 'email', 'notes', 'purpose', 'services', 'roles', 'emergency', 'verifiedOn', 'id'];
/** What stands between two of a list in one cell. */
const between = ' | ';
/** Columns that a file may lack. */
const optional: Column[] = ['id', 'services'];
/** As much as a field of the form takes. */
const mostCharacters = 2_000;

/** Writes partners for a Dutch Excel. The apostrophe before what looks like a formula is taken away again by reading. */
export function writePartners(partners: Partner[], { columns: titles, roles, yes, no }: CsvWords): string {
  const cellsOf = (partner: Partner): string[] => [
    partner.organisation, partner.contactPerson, partner.address, partner.phone, partner.email, partner.notes, partner.purpose, partner.services.join(between),
    partner.roles.map((role) => roles.get(role) ?? role).join(between), partner.emergency ? yes : no, partner.verifiedOn, partner.id
  ].map((cell) => cell ?? '');
  return csvFile([columns.map((column) => titles[column]), ...partners.map(cellsOf)]);
}

/** Reads what writePartners wrote, and what Excel made of it. Throws nothing: what is wrong is told by line. `today`: YYYY-MM-DD. */
export function readPartners(file: Uint8Array, words: CsvWords, today: string): ReadCsv {
  const [head, ...lines] = cellsIn(decoded(file));
  const places = new Map(columns.map((column) => [column, (head?.cells ?? []).findIndex((cell) => folded(cell) === folded(words.columns[column]))]));
  const missing = columns.filter((column) => !optional.includes(column) && (places.get(column) ?? -1) < 0);
  if (missing.length > 0) return { rows: [], problems: [], missing };
  const rows: ReadCsv['rows'] = [];
  const problems: CsvProblem[] = [];
  const seen = new Set<string>();
  for (const { line, cells } of lines) {
    const textOf = (column: Column): string => (cells[places.get(column) ?? -1] ?? '').replace(/^'(?=['=+\-@\t\r])/, '').replaceAll('\r\n', '\n').trim();
    if (columns.every((column) => column === 'id' || textOf(column) === '')) continue;
    const found = problems.length;
    const tell = (problem: CsvProblem['problem'], column: Column, what = textOf(column)): void => { problems.push({ line, problem, column, found: what.slice(0, 60) }); };
    const name = textOf('organisation');
    if (name === '') tell('noName', 'organisation');
    // Two of one name are told apart by their ids only.
    const own = textOf('id') || folded(name);
    if (name !== '' && seen.has(own)) tell('twice', 'organisation');
    seen.add(own);
    for (const column of columns) if (textOf(column).length > mostCharacters) tell('tooLong', column);
    const listOf = (column: Column): string[] => textOf(column).split('|').map((one) => one.trim()).filter((one) => one !== '');
    const roles = listOf('roles').map((role) => ({ role, id: [...words.roles].find(([id, title]) => [id, title].some((own) => folded(own) === folded(role)))?.[0] }));
    for (const { role, id } of roles) if (id === undefined) tell('unknownRole', 'roles', role);
    const emergency = folded(textOf('emergency'));
    if (!['', folded(words.yes), folded(words.no)].includes(emergency)) tell('badYesNo', 'emergency');
    const day = textOf('verifiedOn');
    const verifiedOn = day === '' ? null : dayIn(day);
    if (day !== '' && (verifiedOn === null || verifiedOn > today)) tell('badDay', 'verifiedOn');
    if (problems.length > found) continue;
    const text = (column: Column): string | null => textOf(column) || null;
    rows.push({ line, data: {
      organisation: name, contactPerson: text('contactPerson'), address: text('address'), phone: text('phone'), email: text('email'), notes: text('notes'), purpose: text('purpose'),
      services: (places.get('services') ?? -1) < 0 ? null : listOf('services'),
      roles: [...new Set(roles.flatMap(({ id }) => id ?? []))], emergency: emergency === folded(words.yes), verifiedOn, id: text('id')
    } });
  }
  return { rows, problems, missing };
}

/** UTF-8; and what an older Excel writes, where that is no UTF-8. */
function decoded(file: Uint8Array): string {
  try {
    return textOnly(new TextDecoder('utf-8', { fatal: true }).decode(file));
  } catch {
    return textOnly(new TextDecoder('windows-1252').decode(file));
  }
}

/** Cells by line of the file (from 1). They are parted by what parts the head: a semicolon, a tab or a comma. */
function cellsIn(text: string): { line: number; cells: string[] }[] {
  const [head = ''] = text.split(/\r?\n/, 1);
  const separator = [';', '\t', ','].find((sign) => head.includes(sign)) ?? ';';
  const rows: { line: number; cells: string[] }[] = [];
  let [line, start, cell, inQuotes, cells] = [1, 1, '', false, [] as string[]];
  const endRow = (): void => {
    rows.push({ line: start, cells: [...cells, cell] });
    [cells, cell, start] = [[], '', line + 1];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (inQuotes && sign === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
    else if (sign === '"' && (inQuotes || cell === '')) inQuotes = !inQuotes;
    else if (!inQuotes && sign === separator) { cells.push(cell); cell = ''; }
    else if (!inQuotes && sign === '\n') endRow();
    else if (inQuotes || sign !== '\r') cell += sign;
    if (sign === '\n') line += 1;
  }
  if (cell !== '' || cells.length > 0) endRow();
  return rows;
}

/** 2026-03-18, or 18-3-2026 as a Dutch Excel writes it; null when there is no such day. */
function dayIn(text: string): string | null {
  const [, day = '', month = '', ownYear = ''] = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text) ?? [];
  const iso = ownYear === '' ? text : `${ownYear}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T12:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(iso) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}

function folded(text: string): string {
  return text.trim().normalize('NFC').toLocaleLowerCase('nl');
}
