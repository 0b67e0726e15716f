import type { Day, Moment } from '../engine/state/case-state.ts';

/** A version of the program and the day it came out. */
export type Release = { version: string; day: Day };

/** docs/security.md, Packages: a release comes at least this often, in days, so an older one lacks repairs of packages. */
export const releaseDays = 92;

const months = ['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september', 'oktober', 'november', 'december'];

/** The newest release that CHANGELOG.md tells of ("## 0.1.0 (26 november 2026)"); null: none. */
export function releaseOf(changelog: string): Release | null {
  const [, version, day = '', month = '', year = ''] = /^## (\d+\.\d+\.\d+) \((\d{1,2}) ([a-z]+) (\d{4})\)$/m.exec(changelog) ?? [];
  return version === undefined ? null : { version, day: [year, String(months.indexOf(month) + 1).padStart(2, '0'), day.padStart(2, '0')].join('-') };
}

/** Days since a release came out; never below 0. */
export function daysSince({ day }: Release, now: Moment): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(day)) / 86_400_000));
}
