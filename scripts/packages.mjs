import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// npm run packages: asks the registry of npm what is known of the packages in package-lock.json that run on a server, and holds it against
// the time frames of docs/security.md (Packages). Exits with 1 when one is past, and when the registry could not be asked.

/** Days after the release that mends or renews: a hole of CVSS 7 or more, any other hole, an update without one. */
export const frames = { serious: 7, other: 30, update: 92 };

/** Lowest versions, of holes that are known and mended: older ones never come back. A test holds the lockfile against them. */
export const lowest = { handlebars: '4.7.10', ajv: '8.18.0' };

/**
 * Judges what npm said. `audit`: of `npm audit --json`; `outdated`: of `npm outdated --json`; `locked`: versions by name, the one at the top first; `times`: by name, when
 * each version came out (`npm view NAME time`); `now`: milliseconds. Returns a line for each package with something newer or known; `late`:
 * its time frame is past. A hole that no release mends is never late, and always told.
 */
export function judge({ audit, outdated, locked, times, now }) {
  const releases = (name) => Object.entries(times[name] ?? {}).filter(([version]) => /^\d+\.\d+\.\d+$/.test(version)).sort(([one], [other]) => compare(one, other));
  const line = (name, from, to, days, about) => {
    const age = to === undefined ? null : Math.floor((now - Date.parse(to[1])) / 86_400_000);
    const what = to === undefined ? 'no release mends it yet' : `${to[0]} came out ${String(age)} days ago, in time is ${String(days)}`;
    return { name, late: age !== null && age > days, text: `${name} ${from}: ${about}; ${what}` };
  };
  const holes = Object.values(audit.vulnerabilities).flatMap(({ name, via }) => via.filter((one) => typeof one === 'object').flatMap(({ range, severity, cvss, url }) => {
    const days = (cvss?.score ?? 0) >= 7 || ['high', 'critical'].includes(severity) ? frames.serious : frames.other;
    return (locked[name] ?? []).filter((version) => inRange(version, range)).map((version) => {
      const mended = releases(name).find(([newer]) => compare(newer, version) > 0 && !inRange(newer, range));
      return line(name, version, mended, days, `${severity} ${url}`);
    });
  }));
  const updates = Object.entries(outdated).map(([name, { wanted }]) => ({ name, wanted, from: locked[name][0] })).filter(({ wanted, from }) => wanted !== from).map(({ name, wanted, from }) => (
    line(name, from, releases(name).find(([newer]) => compare(newer, from) > 0 && compare(newer, wanted) <= 0), frames.update, `update to ${wanted}`)
  ));
  return [...holes, ...updates];
}

/** Is a version in a range as advisories write it: comparisons with spaces between, sets of them with ||? */
function inRange(version, range) {
  const fits = { '<': (order) => order < 0, '<=': (order) => order <= 0, '>': (order) => order > 0, '>=': (order) => order >= 0, '=': (order) => order === 0 };
  return range.split('||').some((set) => [...set.matchAll(/(<=|>=|<|>|=)?\s*(\d+\.\d+\.\d+)/g)].every(([, sign = '=', bound]) => fits[sign](compare(version, bound))));
}

function compare(one, other) {
  const [left, right] = [one, other].map((version) => version.split('-')[0].split('.').map(Number));
  return left.map((part, index) => part - right[index]).find((difference) => difference !== 0) ?? 0;
}

/** What npm answers; npm exits with 1 when it found something. Throws when the answer is none. */
function npm(...args) {
  const { stdout, error } = spawnSync('npm', [...args, '--json'], { encoding: 'utf8', maxBuffer: 1e8, shell: process.platform === 'win32' });
  if (error !== undefined) throw error;
  const answer = JSON.parse(stdout.trim() === '' ? '{}' : stdout);
  const problem = answer.error?.summary || answer.message;
  if (problem || answer.error) throw new Error(`npm ${args.join(' ')}: ${problem || 'no answer'}`);
  return answer;
}

/** Every version of each package that runs, by its name; the one at the top first. */
export function lockedVersions({ packages }) {
  const versions = {};
  const paths = Object.keys(packages).filter((path) => path !== '' && packages[path].dev !== true).sort((one, other) => one.split('node_modules/').length - other.split('node_modules/').length);
  for (const path of paths) (versions[path.split('node_modules/').at(-1)] ??= []).push(packages[path].version);
  return versions;
}

function main() {
  const locked = lockedVersions(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  let asked = true;
  const ask = (...args) => {
    try {
      return npm(...args);
    } catch (error) {
      process.stderr.write(`Not known, the registry did not answer: ${error.message}\n`);
      asked = false;
      return null;
    }
  };
  const audit = ask('audit', '--package-lock-only', '--omit=dev') ?? { vulnerabilities: {} };
  const outdated = ask('outdated', '--omit=dev') ?? {};
  const named = new Set([...Object.keys(audit.vulnerabilities), ...Object.keys(outdated)]);
  const times = Object.fromEntries([...named].map((name) => [name, ask('view', name, 'time') ?? {}]));
  const lines = judge({ audit, outdated, locked, times, now: Date.now() });
  for (const { late, text } of lines) process.stdout.write(`${late ? 'Too late:' : 'In time:'} ${text}\n`);
  const late = lines.filter((one) => one.late).length;
  process.stdout.write(`${String(Object.keys(locked).length)} packages, ${String(late)} past their time.\n`);
  return asked && late === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main();
