import type { ReadCsv } from './partner-csv.ts';
import type { Partner, PartnerData } from './partner-store.ts';

/** What bringing in a row does. `partner`: the one that it is about; null: a new one. */
export type ImportedRow = { line: number; partner: Partner | null; data: PartnerData & Pick<Partner, 'verifiedOn'>; changed: boolean };

/** Finds for every row whom it is about: the one with its id, or else with its name. Who is in no row stays as it is. */
export function importedRows(partners: Partner[], rows: ReadCsv['rows']): ImportedRow[] {
  const taken = new Set<string>(rows.flatMap(({ data }) => (partners.some(({ id }) => id === data.id) ? [data.id ?? ''] : [])));
  return rows.map(({ line, data: { id: ownId, ...read } }) => {
    const known = partners.find(({ id }) => id === ownId);
    const partner = known ?? partners.find(({ id, organisation }) => !taken.has(id) && nameOf(organisation) === nameOf(read.organisation)) ?? null;
    if (partner !== null) taken.add(partner.id);
    // A file without the column says nothing about it.
    const data = { ...read, services: read.services ?? partner?.services ?? [] };
    return { line, partner, data, changed: partner === null || differs(partner, data) };
  });
}

function differs(partner: Partner, data: ImportedRow['data']): boolean {
  const kept = (one: ImportedRow['data']): string => JSON.stringify([one.organisation, one.contactPerson, one.address, one.phone, one.email, one.notes, one.purpose, one.services, [...one.roles].sort(), one.emergency, one.verifiedOn]);
  return kept(partner) !== kept(data);
}

function nameOf(organisation: string): string {
  return organisation.trim().normalize('NFC').toLocaleLowerCase('nl');
}
