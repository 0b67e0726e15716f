import type { Knex } from 'knex';
import type { PartnerMap } from '../definitions/content.ts';
import type { Database } from '../database/database.ts';
import type { Day, Moment, PersonId } from '../engine/state/case-state.ts';
import { keptQuery } from '../database/kept-query.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';

/** What an administrator fills in of an organisation. Texts that are not filled in are null. */
export type PartnerData = {
  organisation: string;
  contactPerson: string | null;
  address: string | null;
  phone: string | null;
  email: string | null;
  notes: string | null;
  /** What the number is for, in the bar on every page, such as "Bij vermoeden". */
  purpose: string | null;
  /** What this organisation offers, one by one. */
  services: string[];
  /** Ids of partner roles. */
  roles: string[];
  /** Shown in the bar with emergency numbers. */
  emergency: boolean;
};

/** One organisation of the partner directory of a school. */
export type Partner = PartnerData & {
  id: string;
  school: string;
  /** When somebody last found the data right; null: never. */
  verifiedOn: Day | null;
  validFrom: Day;
  /** The last day; null: still valid. */
  validUntil: Day | null;
  /** Who took its place. */
  successor: string | null;
};

export type PartnerStore = {
  /** Those valid on a day (today when not given), in the order of the directory. */
  list(school: string, day?: Day): Promise<Partner[]>;
  /** Those with a role, valid on a day (today when not given). */
  byRole(school: string, role: string, day?: Day): Promise<Partner[]>;
  /** Also one that is retired; null: not of this school. */
  find(school: string, id: string): Promise<Partner | null>;
  add(school: string, data: PartnerData & { verified: boolean }, by: PersonId | null): Promise<Partner>;
  /** `verified`: found right today; otherwise an earlier check stays as it is, unless the number changed. */
  edit(school: string, id: string, data: PartnerData & { verified: boolean }, by: PersonId): Promise<void>;
  /** From today it is out of the directory; documents of before keep its name. */
  retire(school: string, id: string, successor: string | null, by: PersonId): Promise<void>;
  /** Those valid today, for a file that leaves the program; who took it is recorded. */
  takeAlong(school: string, by: PersonId): Promise<Partner[]>;
  /** Takes over the rows of a file, all or none: a row about a partner changes that one, the others are added. */
  bringIn(school: string, rows: { partner: Pick<Partner, 'id'> | null; data: PartnerData & Pick<Partner, 'verifiedOn'> }[], by: PersonId): Promise<void>;
  /** Adds all organisations of a map, in its order, after what is there. */
  load(school: string, map: Pick<PartnerMap, 'partners'>, by: PersonId | null): Promise<void>;
};

export type PartnerParts = { database: Database; newId: () => string; now: () => Moment; today: () => Day };

/** Makes the store of the partner directory (sociale kaart). Every change leaves a line in the access log. */
export function makePartnerStore({ database, newId, now, today }: PartnerParts): PartnerStore {
  const changed = (connection: Knex, by: PersonId | null, id: string): Promise<void> => (
    appendAccessLog(connection, [{ person: by, case: null, action: 'changePartner', detail: id }], now())
  );
  const insert = async (connection: Knex, school: string, all: (PartnerData & { verifiedOn: Day | null })[], by: PersonId | null): Promise<string[]> => {
    const last = await connection<PartnerRow>('partners').where('school_id', school).max('position as position').first() as { position: number | null } | undefined;
    const rows = all.map((data, index): PartnerRow => ({
      id: newId(), school_id: school, position: (last?.position ?? 0) + index + 1, ...columnsOf(data),
      verified_on: data.verifiedOn, verified_by: data.verifiedOn === null ? null : by, valid_from: today(), valid_until: null, successor_id: null
    }));
    if (rows.length > 0) await connection<PartnerRow>('partners').insert(rows);
    await insertRoles(connection, rows.flatMap(({ id }, index) => rolesOf(id, all[index]?.roles ?? [])));
    for (const { id } of rows) await changed(connection, by, id);
    return rows.map(({ id }) => id);
  };
  const update = async (connection: Knex, school: string, id: string, columns: Partial<PartnerRow>): Promise<void> => {
    const count = await connection<PartnerRow>('partners').where({ id, school_id: school }).update(columns);
    if (count === 0) throw new Error(`No partner ${id} at school ${school}.`);
  };
  const list = async (school: string, day = today()): Promise<Partner[]> => toPartners(await rowsOfSchool(database.read, { school, day }));
  const find = async (connection: Knex, school: string, id: string): Promise<Partner | null> => (
    toPartners(await partnerRows(connection).where({ 'partners.id': id, 'partners.school_id': school }))[0] ?? null
  );
  return {
    list,
    byRole: async (school, role, day) => (await list(school, day)).filter(({ roles }) => roles.includes(role)),
    find: (school, id) => find(database.read, school, id),
    add: (school, { verified, ...data }, by) => database.write(async (connection) => {
      const [id = ''] = await insert(connection, school, [{ ...data, verifiedOn: verified ? today() : null }], by);
      const added = await find(connection, school, id);
      if (added === null) throw new Error(`No partner ${id} after adding it.`);
      return added;
    }),
    edit: (school, id, { verified, ...data }, by) => database.write(async (connection) => {
      const before = await find(connection, school, id);
      const stale = before?.phone !== data.phone ? { verified_on: null, verified_by: null } : {};
      await update(connection, school, id, { ...columnsOf(data), ...(verified ? { verified_on: today(), verified_by: by } : stale) });
      await setRoles(connection, id, data.roles);
      await changed(connection, by, id);
    }),
    retire: (school, id, successor, by) => database.write(async (connection) => {
      if (successor !== null && await find(connection, school, successor) === null) throw new Error(`No partner ${successor} at school ${school}.`);
      await update(connection, school, id, { valid_until: dayBefore(today()), successor_id: successor });
      await changed(connection, by, id);
    }),
    takeAlong: (school, by) => database.write(async (connection) => {
      await appendAccessLog(connection, [{ person: by, case: null, action: 'export', detail: 'partners' }], now());
      return list(school);
    }),
    bringIn: (school, rows, by) => database.write(async (connection) => {
      for (const { partner, data } of rows) {
        if (partner === null) {
          await insert(connection, school, [data], by);
          continue;
        }
        await update(connection, school, partner.id, { ...columnsOf(data), verified_on: data.verifiedOn, verified_by: data.verifiedOn === null ? null : by });
        await setRoles(connection, partner.id, data.roles);
        await changed(connection, by, partner.id);
      }
    }),
    load: (school, { partners }, by) => database.write(async (connection) => {
      await insert(connection, school, partners.map((entry) => ({
        organisation: entry.organisation, contactPerson: entry.contactPerson ?? null, address: entry.address ?? null, phone: entry.phone ?? null,
        email: entry.email ?? null, notes: entry.notes ?? null, purpose: entry.purpose ?? null, services: entry.services ?? [], roles: entry.roles, emergency: entry.emergency ?? false, verifiedOn: entry.verifiedOn ?? null
      })), by);
    })
  };
}

type PartnerRow = {
  id: string; school_id: string; position: number; organisation: string; contact_person: string | null; address: string | null; phone: string | null;
  email: string | null; notes: string | null; purpose: string | null; services: string | null; verified_on: string | null; verified_by: string | null; emergency: number;
  valid_from: string; valid_until: string | null; successor_id: string | null;
};
type RoleRow = { partner_id: string; role: string };
type FoundRow = PartnerRow & { role: string | null };

function columnsOf(data: PartnerData): Pick<PartnerRow, 'organisation' | 'contact_person' | 'address' | 'phone' | 'email' | 'notes' | 'purpose' | 'services' | 'emergency'> {
  const { organisation, contactPerson, address, phone, email, notes, purpose, services, emergency } = data;
  return { organisation, contact_person: contactPerson, address, phone, email, notes, purpose, services: services.join('\n') || null, emergency: emergency ? 1 : 0 };
}

async function setRoles(connection: Knex, partner: string, roles: string[]): Promise<void> {
  await connection<RoleRow>('partner_roles').where('partner_id', partner).delete();
  await insertRoles(connection, rolesOf(partner, roles));
}

/** A role that was given twice counts once. */
function rolesOf(partner: string, roles: string[]): RoleRow[] {
  return [...new Set(roles)].map((role) => ({ partner_id: partner, role }));
}

async function insertRoles(connection: Knex, rows: RoleRow[]): Promise<void> {
  if (rows.length > 0) await connection<RoleRow>('partner_roles').insert(rows);
}

/** One row per partner and role. */
function partnerRows(connection: Knex): Knex.QueryBuilder<object, FoundRow[]> {
  return connection('partners')
    .leftJoin('partner_roles', 'partner_roles.partner_id', 'partners.id')
    .orderBy(['partners.position', 'partner_roles.role'])
    .select('partners.*', 'partner_roles.role') as Knex.QueryBuilder<object, FoundRow[]>;
}

function validOn(connection: Knex, day: Day): Knex.QueryBuilder<object, FoundRow[]> {
  return partnerRows(connection)
    .where('partners.valid_from', '<=', day)
    .andWhere((valid) => valid.whereNull('partners.valid_until').orWhere('partners.valid_until', '>=', day));
}

const rowsOfSchool = keptQuery<{ school: string; day: Day }, FoundRow[]>((connection, { school, day }) => validOn(connection, day).where('partners.school_id', school));

function toPartners(rows: FoundRow[]): Partner[] {
  const partners = new Map<string, Partner>();
  for (const row of rows) {
    const known = partners.get(row.id) ?? toPartner(row);
    partners.set(row.id, row.role === null ? known : { ...known, roles: [...known.roles, row.role] });
  }
  return [...partners.values()];
}

function toPartner(row: FoundRow): Partner {
  return {
    id: row.id, school: row.school_id, organisation: row.organisation, contactPerson: row.contact_person, address: row.address, phone: row.phone,
    email: row.email, notes: row.notes, purpose: row.purpose, services: row.services?.split('\n') ?? [], roles: [], emergency: row.emergency === 1, verifiedOn: row.verified_on,
    validFrom: row.valid_from, validUntil: row.valid_until, successor: row.successor_id
  };
}

function dayBefore(day: Day): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
