import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartProblem } from './errors.ts';
import { isOpenToOthers } from './secret-file.ts';

/** Folder of package.json: the same from src/ and from dist/src/. */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** What the person who runs the server can set; paths are absolute. */
export type Config = Readonly<{
  host: string;
  port: number;
  dataDir: string;
  keyFile: string;
  /** Where the anchors of the chains are kept; null: nowhere. */
  anchorFile: string | null;
  /** How long lines of the access log are kept. */
  logYears: number;
  /** Where the lines of the access log go besides: a file, or `-` for standard output; null: nowhere. */
  logFile: string | null;
  /** Null: SQLite in `dataDir`. */
  databaseUrl: string | null;
  /** Program and arguments that look for viruses in a file; null: none. */
  scanCommand: readonly string[] | null;
  contentDir: string;
  /** Without a slash at the end; null: the address it listens on. */
  publicUrl: string | null;
  allowInsecureHttp: boolean;
  /** Addresses of the servers in front, whose word counts on where a request comes from; empty: nobody's. */
  trustedProxies: readonly string[];
  /** Must a code or passkey come after the password? Not in the demo. */
  secondFactor: boolean;
  /** An OpenID Connect provider with whose accounts people may sign in; null: none. */
  oidc: Readonly<{ issuer: string; clientId: string; secretFile: string; title: string }> | null;
  demo: boolean;
  development: boolean;
  /** Names of the settings that were given, such as DATA_DIR. */
  given: readonly string[];
}>;

/** Every setting: name in the environment, what it is without being set, what it means. */
export const settings = [
  { name: 'HOST', fallback: '127.0.0.1', meaning: 'Address to listen on.' },
  { name: 'PORT', fallback: '3000', meaning: 'Port to listen on, 1 to 65535; 0 takes a free one.' },
  { name: 'DATA_DIR', fallback: './data', meaning: 'Folder of the SQLite database; made when it does not exist.' },
  { name: 'KEY_FILE', fallback: './keys/main.key', meaning: 'File of the key that seals what people write; made at the first start, never inside DATA_DIR.' },
  { name: 'ANCHOR_FILE', fallback: '', meaning: 'File that gets a line each day and at each backup, to see later that nothing was cut off or rewritten; on another machine or disk, never inside DATA_DIR.' },
  { name: 'LOG_YEARS', fallback: '5', meaning: 'How many years lines of the access log (who saw what) are kept; after that they are destroyed.' },
  { name: 'LOG_FILE', fallback: '', meaning: 'File that gets every line of the access log as JSON within a minute, for what sends logs to another system; - writes them to standard output. Never inside DATA_DIR.' },
  { name: 'DATABASE_URL', fallback: '', meaning: 'postgres://user:password@host/name to use PostgreSQL, or with ?sslcert=&sslkey=&sslrootcert= and files of certificates in place of a password; without it SQLite.' },
  { name: 'SCAN_COMMAND', fallback: '', meaning: 'Program that looks for viruses in each file before it is kept, such as clamdscan --no-summary -; it reads the file and ends with 0 (clean), 1 (found) or anything else (could not look).' },
  { name: 'CONTENT_DIR', fallback: projectRoot, meaning: 'Folder that holds workflows/, forms/ and documents/.' },
  { name: 'PUBLIC_URL', fallback: '', meaning: 'Address people type, such as https://stappenplan.school.nl.' },
  { name: 'ALLOW_INSECURE_HTTP', fallback: '0', meaning: '1 allows plain http from other machines; passwords then cross the network unprotected.' },
  { name: 'TRUSTED_PROXY', fallback: '', meaning: 'Address of the web server in front, such as 127.0.0.1, or several with commas; only then is what it says believed about where a request comes from (X-Forwarded-For).' },
  { name: 'SECOND_FACTOR', fallback: '1', meaning: '0 lets people in with a password alone; only for trying.' },
  { name: 'OIDC_ISSUER', fallback: '', meaning: 'Address of an OpenID Connect provider, to sign in with the account of the school.' },
  { name: 'OIDC_CLIENT_ID', fallback: '', meaning: 'The name of this server at that provider.' },
  { name: 'OIDC_SECRET_FILE', fallback: '', meaning: 'File of the secret that the provider gave; only for the owner to read.' },
  { name: 'OIDC_NAME', fallback: 'schoolaccount', meaning: 'What stands on the button, such as Microsoft 365.' }
] as const;

type SettingName = (typeof settings)[number]['name'];

/**
 * Reads the settings from the environment and the flags --demo and --development from the command line.
 * Throws a StartProblem that names the setting, its value and what is expected.
 */
export function readConfig(env: { [name: string]: string | undefined }, argv: string[]): Config {
  for (const argument of argv) {
    if (argument !== '--demo' && argument !== '--development') throw new StartProblem('start.unknownFlag', { flag: argument });
  }
  const text = (name: SettingName): string => env[name]?.trim() || (settings.find((one) => one.name === name)?.fallback ?? '');
  const config = {
    host: text('HOST'),
    port: readPort(text('PORT')),
    dataDir: resolve(text('DATA_DIR')),
    keyFile: resolve(text('KEY_FILE')),
    anchorFile: text('ANCHOR_FILE') === '' ? null : resolve(text('ANCHOR_FILE')),
    logYears: readLogYears(text('LOG_YEARS')),
    logFile: ['', '-'].includes(text('LOG_FILE')) ? text('LOG_FILE') || null : resolve(text('LOG_FILE')),
    databaseUrl: readDatabaseUrl(text('DATABASE_URL')),
    scanCommand: readCommand(text('SCAN_COMMAND')),
    contentDir: readFolder('CONTENT_DIR', text('CONTENT_DIR')),
    publicUrl: readPublicUrl(text('PUBLIC_URL')),
    allowInsecureHttp: readYesNo('ALLOW_INSECURE_HTTP', text('ALLOW_INSECURE_HTTP')),
    trustedProxies: readAddresses('TRUSTED_PROXY', text('TRUSTED_PROXY')),
    secondFactor: readYesNo('SECOND_FACTOR', text('SECOND_FACTOR')) && !argv.includes('--demo'),
    oidc: readOidc({ issuer: text('OIDC_ISSUER'), clientId: text('OIDC_CLIENT_ID'), secretFile: text('OIDC_SECRET_FILE'), title: text('OIDC_NAME') }),
    demo: argv.includes('--demo'),
    development: argv.includes('--development'),
    given: Object.freeze(settings.map(({ name }) => name).filter((name) => Boolean(env[name]?.trim())))
  };
  refuseInsecure(config);
  refuseKeyBesideData(config);
  refuseBesideData(config);
  return Object.freeze(config);
}

function readPort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new StartProblem('start.badPort', { value });
  return port;
}

/** Five years is what care keeps such a log at least (trust.md, section 1); shorter would let somebody do away with what they did. */
const logYearsBounds = { least: 5, most: 30 };

function readLogYears(value: string): number {
  const { least, most } = logYearsBounds;
  const years = Number(value);
  if (!/^\d{1,2}$/.test(value) || years < least || years > most) throw new StartProblem('start.badLogYears', { value, least: String(least), most: String(most) });
  return years;
}

function readDatabaseUrl(value: string): string | null {
  if (value === '') return null;
  // The value may hold a password: it is not repeated.
  // Without a host it is a socket of this machine.
  const whole = value.replace('@/', '@localhost/');
  if (!/^postgres(ql)?:\/\/\S+$/.test(value) || !URL.canParse(whole)) throw new StartProblem('start.badDatabaseUrl');
  refuseOpenDatabase(new URL(whole));
  refuseCertificates(new URL(whole));
  return value;
}

/** What goes to another machine goes encrypted, to a server that shows who it is, unless somebody wrote down that it need not. */
function refuseOpenDatabase({ hostname, searchParams }: URL): void {
  const host = searchParams.get('host') ?? hostname;
  if (host === '' || host.startsWith('/') || isLoopback(host)) return;
  if (!['verify-full', 'disable'].includes(searchParams.get('sslmode') ?? '')) throw new StartProblem('start.openDatabase', { host });
}

/** The files with which both sides show who they are; the driver reads them at each connection, so renewed ones count from then on. */
function refuseCertificates({ searchParams }: URL): void {
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = searchParams.get(name);
    if (file === null) continue;
    if (!existsSync(file)) throw new StartProblem('start.noCertificate', { name, file });
    if (name === 'sslkey') refuseOpenFile(file);
  }
  if (searchParams.has('sslcert') !== searchParams.has('sslkey')) throw new StartProblem('start.halfCertificate');
}

function refuseOpenFile(file: string): void {
  if (isOpenToOthers(file)) throw new StartProblem('start.secretOpen', { file });
}

/** A program and its arguments, with spaces between; there is no shell and so nothing to quote. */
function readCommand(value: string): readonly string[] | null {
  return value === '' ? null : Object.freeze(value.split(/\s+/));
}

/** Addresses, or ranges of them such as 10.0.0.0/8. */
function readAddresses(name: SettingName, value: string): readonly string[] {
  const all = value.split(',').map((one) => one.trim()).filter((one) => one !== '');
  for (const one of all) {
    const [address = '', bits, ...rest] = one.split('/');
    const most = isIP(address) === 4 ? 32 : 128;
    const fits = isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most));
    if (!fits) throw new StartProblem('start.badAddress', { name, value: one });
  }
  return Object.freeze(all);
}

function readFolder(name: SettingName, value: string): string {
  const folder = resolve(value);
  if (!existsSync(folder)) throw new StartProblem('start.noFolder', { name, value });
  return folder;
}

function readPublicUrl(value: string): string | null {
  if (value === '') return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new StartProblem('start.badPublicUrl', { value });
  }
  return url.origin;
}

/** All or nothing: half a provider is a typing error. */
function readOidc({ issuer, clientId, secretFile, title }: NonNullable<Config['oidc']>): Config['oidc'] {
  if (issuer === '') return null;
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))) throw new StartProblem('start.badIssuer', { value: issuer });
  if (clientId === '') throw new StartProblem('start.noClientId');
  const file = resolve(secretFile);
  if (secretFile === '' || !existsSync(file)) throw new StartProblem('start.noSecretFile', { file: secretFile });
  refuseOpenFile(file);
  return Object.freeze({ issuer, clientId, secretFile: file, title });
}

function readYesNo(name: SettingName, value: string): boolean {
  if (value !== '0' && value !== '1') throw new StartProblem('start.badYesNo', { name, value });
  return value === '1';
}

/** Plain http that leaves the machine shows passwords to the network. */
function refuseInsecure({ host, publicUrl, allowInsecureHttp }: Pick<Config, 'host' | 'publicUrl' | 'allowInsecureHttp'>): void {
  if (allowInsecureHttp || publicUrl?.startsWith('https:')) return;
  const seen = publicUrl === null ? host : new URL(publicUrl).hostname;
  if (!isLoopback(seen) || !isLoopback(host)) throw new StartProblem('start.insecure', { address: publicUrl ?? host });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Whoever copies the data folder must not take the key along. A practice school may: it has nothing to hide. */
function refuseKeyBesideData({ keyFile, dataDir, demo }: Pick<Config, 'keyFile' | 'dataDir' | 'demo'>): void {
  if (!demo && keyFile.startsWith(join(dataDir, '/'))) throw new StartProblem('start.keyInData', { file: keyFile, folder: dataDir });
}

/** Whoever can write the data folder must not be able to write the anchors and the lines that went elsewhere. */
function refuseBesideData({ anchorFile, logFile, dataDir }: Pick<Config, 'anchorFile' | 'logFile' | 'dataDir'>): void {
  if (anchorFile?.startsWith(join(dataDir, '/')) === true) throw new StartProblem('start.anchorInData', { file: anchorFile, folder: dataDir });
  if (logFile?.startsWith(join(dataDir, '/')) === true) throw new StartProblem('start.logInData', { file: logFile, folder: dataDir });
}

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
