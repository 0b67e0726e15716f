import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import type { RouteSettings, SettingValues } from '../definitions/setting-values.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import { type School, type SchoolRow, toSchool } from './people-store.ts';

/** What an administrator fills in about the school. */
export type SchoolData = Pick<School, 'name' | 'brin' | 'board' | 'colour'>;

/** A picture of the school, as it was uploaded. */
export type Logo = { type: 'image/png' | 'image/jpeg'; data: Buffer };

export type SchoolStore = {
  /** The school of people who have not signed in: the only real one, or else the only one. Null: there is none, or more than one. */
  only(): Promise<School | null>;
  edit(school: string, data: SchoolData, by: PersonId | null): Promise<void>;
  /** Null takes the picture away. */
  setLogo(school: string, logo: Logo | null, by: PersonId | null): Promise<void>;
  /** Null: there is none with this fingerprint. */
  logo(school: string, fingerprint: string): Promise<Logo | null>;
  /** Ids of the routes that are not offered for new cases; running cases go on. */
  routesOff(school: string): Promise<string[]>;
  setRoutesOff(school: string, routes: string[], by: PersonId): Promise<void>;
  /** What the school filled in for its routes, by id. */
  routeSettings(school: string): Promise<RouteSettings>;
  /** What the school fills in for one route; it takes the place of what was there for it. */
  setRouteSettings(school: string, workflow: string, values: SettingValues, by: PersonId): Promise<void>;
  /** A setting as it was kept last; null: never. */
  setting(school: string, name: string): Promise<string | null>;
  setSetting(school: string, name: string, value: string, by: PersonId | null): Promise<void>;
};

/** Makes the store of what a school chose for itself. Every change leaves a line in the access log. */
export function makeSchoolStore({ database, now }: { database: Database; now: () => Moment }): SchoolStore {
  const update = (school: string, columns: Partial<SchoolRow>, by: PersonId | null, more?: (connection: Knex) => Promise<void>): Promise<void> => database.write(async (connection) => {
    await connection<SchoolRow>('schools').where('id', school).update(columns);
    await more?.(connection);
    await appendAccessLog(connection, [{ person: by, case: null, action: 'changeSetting', detail: Object.keys(columns).join(' ') }], now());
  });
  const setting = async (school: string, name: string): Promise<string | null> => (
    (await database.read<SettingRow>('settings').where({ school_id: school, name }).first('value'))?.value ?? null
  );
  return {
    only: async () => {
      const schools = (await database.read<SchoolRow>('schools').orderBy('practice').limit(3)).map(toSchool);
      const real = schools.filter(({ practice }) => !practice);
      const [first, second] = real.length > 0 ? real : schools;
      return second === undefined ? (first ?? null) : null;
    },
    edit: (school, { name, brin, board, colour }, by) => update(school, { name, brin, board, colour }, by),
    setLogo: (school, logo, by) => {
      const fingerprint = logo === null ? null : createHash('sha256').update(logo.data).digest('hex').slice(0, 16);
      return update(school, { logo: fingerprint }, by, async (connection) => {
        if (logo === null) await connection<SettingRow>('settings').where({ school_id: school, name: logoName }).delete();
        else await keep(connection, school, logoName, `${logo.type} ${logo.data.toString('base64')}`);
      });
    },
    logo: async (school, fingerprint) => {
      const row = await database.read('settings').join('schools', 'schools.id', 'settings.school_id')
        .where({ 'settings.school_id': school, 'settings.name': logoName, 'schools.logo': fingerprint }).first<{ value: string } | undefined>('settings.value');
      const [type, data = ''] = row?.value.split(' ') ?? [];
      return type === 'image/png' || type === 'image/jpeg' ? { type, data: Buffer.from(data, 'base64') } : null;
    },
    routesOff: async (school) => JSON.parse((await database.read<SchoolRow>('schools').where('id', school).first('routes_off'))?.routes_off ?? '[]') as string[],
    setRoutesOff: (school, routes, by) => update(school, { routes_off: JSON.stringify(routes) }, by),
    setRouteSettings: (school, workflow, values, by) => database.write(async (connection) => {
      const row = await connection<SchoolRow>('schools').where('id', school).forUpdate().first('route_settings');
      const before = JSON.parse(row?.route_settings ?? '{}') as RouteSettings;
      await connection<SchoolRow>('schools').where('id', school).update({ route_settings: JSON.stringify({ ...before, [workflow]: values }) });
      await appendAccessLog(connection, [{ person: by, case: null, action: 'changeSetting', detail: `route_settings ${workflow}` }], now());
    }),
    routeSettings: async (school) => JSON.parse((await database.read<SchoolRow>('schools').where('id', school).first('route_settings'))?.route_settings ?? '{}') as RouteSettings,
    setting,
    setSetting: (school, name, value, by) => database.write(async (connection) => {
      await keep(connection, school, name, value);
      await appendAccessLog(connection, [{ person: by, case: null, action: 'changeSetting', detail: name }], now());
    })
  };
}

type SettingRow = { school_id: string; name: string; value: string };

const logoName = 'logo';

async function keep(connection: Knex, school: string, name: string, value: string): Promise<void> {
  await connection<SettingRow>('settings').insert({ school_id: school, name, value }).onConflict(['school_id', 'name']).merge();
}
