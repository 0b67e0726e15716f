import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { makeAccessReports } from './cases/stores/access-report-store.ts';
import { makeAccessReviews } from './cases/stores/access-review-store.ts';
import { makeBundleStore } from './cases/stores/bundle-store.ts';
import { makeDisclosures } from './cases/stores/disclosure-store.ts';
import { makeCaseStore } from './cases/stores/case-store.ts';
import { makeIsHeld } from './cases/held-cases.ts';
import { makeCases } from './cases/make-cases.ts';
import { makeTimerStore } from './cases/stores/timer-store.ts';
import { makeLibrary } from './cases/library.ts';
import { makeMoves } from './cases/move-cases.ts';
import { makePracticeSchools } from './cases/practice-schools.ts';
import { makePracticeStore } from './cases/stores/practice-store.ts';
import { projectRoot, type Config } from './config.ts';
import type { Database } from './database/database.ts';
import type { Demo, PartnerMap } from './definitions/content.ts';
import type { Moment } from './engine/state/case-state.ts';
import { dutchZone } from './engine/time/zone.ts';
import { makeLogTerm } from './jobs/log-term.ts';
import { makeTimers } from './jobs/timers.ts';
import { makePdfMaker, type PdfMaker } from './pdf-maker.ts';
import { makePartnerStore } from './partners/partner-store.ts';
import { makeInvitations } from './staff/invitations.ts';
import { makePasswords } from './staff/passwords.ts';
import { makePeopleStore } from './staff/people-store.ts';
import { makeSchoolAccounts } from './staff/school-accounts.ts';
import { makeSchoolStore } from './staff/school-store.ts';
import { makeSessions } from './staff/sessions.ts';
import { makePasskeys } from './staff/passkeys.ts';
import { makeSecondFactors } from './staff/second-factor.ts';
import { makeSetUp } from './staff/setup.ts';
import { makeSignIn } from './staff/sign-in.ts';
import { makeSignInSteps } from './staff/sign-in-steps.ts';
import { makeTries } from './staff/tries.ts';
import type { Translate } from './texts.ts';
import { caseNumber, uuid7 } from './trust/ids.ts';
import type { Keys } from './trust/key-store.ts';
import { makeScan } from './trust/scan.ts';
import { accessLogPages } from './web/log/access-log-pages.ts';
import { accessReviewPages } from './web/log/access-review-pages.ts';
import { accountPages } from './web/sign-in/account-pages.ts';
import { casePages } from './web/cases/case-pages.ts';
import { caseChangePages } from './web/cases/case-change-pages.ts';
import { caseVersionPages } from './web/cases/case-version-pages.ts';
import { handedTaskPages } from './web/tasks/handed-task-pages.ts';
import { correctionPages } from './web/records/correction-pages.ts';
import { approvalPages } from './web/documents/approval-pages.ts';
import { disclosureFilePages } from './web/disclosures/disclosure-file-pages.ts';
import { disclosurePages } from './web/disclosures/disclosure-pages.ts';
import { disclosureReadingPages } from './web/disclosures/disclosure-reading-pages.ts';
import { disclosureSectionPages } from './web/disclosures/disclosure-section-pages.ts';
import { documentFilePages } from './web/documents/document-file-pages.ts';
import { type DocumentMaker, makeDocumentMaker } from './web/site/document-maker.ts';
import { documentFreezing } from './web/documents/document-freezing.ts';
import { documentPages } from './web/documents/document-pages.ts';
import { documentVersionPages } from './web/documents/document-version-pages.ts';
import { makeEmergencyNumbers } from './web/site/emergency-numbers.ts';
import { emergencyAccessPages } from './web/log/emergency-access-pages.ts';
import { errorPages } from './web/error-pages.ts';
import { exitPages } from './web/cases/exit-pages.ts';
import { exportPages } from './web/cases/export-pages.ts';
import { otherCasesPages } from './web/records/other-cases-pages.ts';
import { filePages } from './web/forms/file-pages.ts';
import { guard } from './web/sign-in/guard.ts';
import { healthPages } from './web/health-pages.ts';
import { readPairs } from './web/site/http.ts';
import { keepingPages } from './web/cases/keeping-pages.ts';
import { keptDraftPages } from './web/cases/kept-draft-pages.ts';
import { liftPages } from './web/cases/lift-pages.ts';
import { lookPages } from './web/school/look-pages.ts';
import { makeRenderer } from './web/site/page.ts';
import { ownSessionPages } from './web/sign-in/own-session-pages.ts';
import { makePace } from './web/site/pace.ts';
import { partnerFilePages } from './web/school/partner-file-pages.ts';
import { partnerPages } from './web/school/partner-pages.ts';
import { passkeyPages } from './web/sign-in/passkey-pages.ts';
import { peoplePages } from './web/school/people-pages.ts';
import { recordConflictPages } from './web/records/record-conflict-pages.ts';
import { reviewPages } from './web/records/review-pages.ts';
import { recordPages } from './web/records/record-pages.ts';
import { retentionPages } from './web/cases/retention-pages.ts';
import { makeSearchAddresses } from './web/site/search-addresses.ts';
import { schoolAccountPages } from './web/sign-in/school-account-pages.ts';
import { schoolPages } from './web/school/school-pages.ts';
import { secondFactorPages } from './web/sign-in/second-factor-pages.ts';
import { sessionPages } from './web/sign-in/session-pages.ts';
import { settingPages } from './web/school/setting-pages.ts';
import { setupPages } from './web/school/setup-pages.ts';
import { setupStepPages } from './web/school/setup-step-pages.ts';
import { signingPages } from './web/documents/signing-pages.ts';
import type { Site } from './web/site/site.ts';
import { startPages } from './web/tasks/start-pages.ts';
import { subjectNoticePages } from './web/cases/subject-notice-pages.ts';
import { taskPages } from './web/tasks/task-pages.ts';
import { tryPages } from './web/forms/try-pages.ts';
import { waiverPages } from './web/cases/waiver-pages.ts';
import { readUploads } from './web/site/uploads.ts';
import { workListPages } from './web/cases/work-list-pages.ts';

export type AppParts = {
  config: Config;
  database: Database;
  keys: Keys;
  t: Translate;
  /** The clock. */
  now: () => Moment;
  random?: (size: number) => Buffer;
  pause?: (ms: number) => Promise<void>;
  /** Posts of one session; without it 20. */
  postsPerSecond?: number;
  /** The partner map whose emergency numbers show while a school has none of its own. */
  starter: PartnerMap | null;
  /** Partner maps that a school can begin with. */
  maps?: PartnerMap[];
  /** Practice schools that can be put beside a real one; the first is used. */
  demos?: Demo[];
  /** Makes documents of templates; without it one of its own. */
  documents?: DocumentMaker;
  /** Makes PDFs; without it one of its own. */
  pdfs?: PdfMaker;
  /** Where the log goes; null: nowhere. */
  log: { write(line: string): void } | null;
};

/** Everything staff can do, without the pages: stores and what is made of them; and what time brings. */
export type Services = Omit<Site, 'render' | 'emergencyNumbers' | 'documents' | 'pdfs'> & { timers: ReturnType<typeof makeTimers>; logTerm: ReturnType<typeof makeLogTerm> };

/** Puts the parts together: the only place that knows them all. */
export function makeServices(all: AppParts): Services {
  const { config, database, keys, t, now, random = randomBytes, pause = sleep, postsPerSecond = 20 } = all;
  const newId = (): string => uuid7(new Date(now()), random);
  const today = (): string => dutchZone.dayOf(now());
  const passwords = makePasswords();
  const tries = makeTries({ database, pause });
  const signInSteps = makeSignInSteps({ database, keys });
  const parts = { database, newId, now, today };
  const people = makePeopleStore(parts);
  const newKey = (): string => random(16).toString('base64url');
  const schools = makeSchoolStore({ database, now });
  const bundles = makeBundleStore({ database, newId });
  const library = makeLibrary({ store: bundles, t });
  const store = makeCaseStore({ database, keys, today, now });
  const ofSchool = { staffOf: (school: string) => people.staff(school), settingsOf: (school: string) => schools.routeSettings(school) };
  const moves = makeMoves({ bundles, store, library, now, ...ofSchool });
  const cases = makeCases({
    store, library, now, newId, ...ofSchool, routesOffAt: (school) => schools.routesOff(school), newNumber: (year) => caseNumber(year, random)
  });
  return {
    config, t, now, bundles, library, moves, people, maps: all.maps ?? [], starter: all.starter, recovery: keys.recovery,
    schools,
    practice: makePracticeSchools({ demos: all.demos ?? [], library, people, store: makePracticeStore({ database, now }), now, newKey, at: (clock) => makeServices({ ...all, now: clock }) }),
    partners: makePartnerStore(parts),
    accessReports: makeAccessReports({ database, keys, today, now }), accessReviews: makeAccessReviews({ database, keys }),
    disclosures: makeDisclosures({ database, keys, newId, at: () => ({ today: today(), now: now() }) }),
    sessions: makeSessions({ database, random, csrfKey: keys.csrf, today }),
    signIn: makeSignIn({ database, passwords, today, tries }),
    factors: makeSecondFactors({ database, keys, passwords, tries }),
    passkeys: makePasskeys({ database, steps: signInSteps }),
    schoolAccounts: config.oidc === null ? null : makeSchoolAccounts({ database, steps: signInSteps, provider: config.oidc, away: t('signIn.outside.away', { title: config.oidc.title }) }),
    setUp: makeSetUp({ ...parts, passwords, random }),
    invitations: makeInvitations({ database, passwords, random, now }),
    cases,
    pace: makePace({ perSecond: postsPerSecond, pause }),
    searchAddresses: makeSearchAddresses({ sealer: keys.drafts }),
    timers: makeTimers({ store: makeTimerStore({ database }), cases, now }),
    logTerm: makeLogTerm({ database, keys, years: config.logYears, zone: dutchZone, now, isHeld: makeIsHeld({ store, library, now, ...ofSchool }) }),
    scan: makeScan(config.scanCommand),
    newKey
  };
}

/** Makes the web application; it listens to nothing yet. */
export async function makeApp(parts: AppParts, services: Services): Promise<FastifyInstance> {
  const { config, t, starter, log } = parts;
  const { schools, partners } = services;
  const { documents = makeDocumentMaker(), pdfs = makePdfMaker() } = parts;
  const site: Site = {
    ...services, documents, pdfs,
    render: makeRenderer({ t, development: config.development }).render,
    emergencyNumbers: makeEmergencyNumbers({ partners, starter, t, nowMs: () => Date.parse(services.now()), onlySchool: async () => (await schools.only())?.id ?? null })
  };
  const app = Fastify({
    logger: log === null ? false : { stream: log, level: 'warn', redact: ['req.headers', 'req.url'] },
    // Without these Fastify waits for ever (trust.md, 0.5).
    requestTimeout: 30_000, connectionTimeout: 60_000, bodyLimit: 1_048_576,
    routerOptions: { maxParamLength: 200 },
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies]
  });
  // Forms are all that pages send; anything else is refused.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, readPairs(String(body)));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  readUploads(app);
  await app.register(cookie);
  const safety = await safetyHeaders(config);
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(safety);
    if (!request.url.startsWith('/assets/')) void reply.header('cache-control', 'no-store');
    done();
  });
  app.addHook('onClose', async () => { await Promise.all([documents.close(), pdfs.close()]); });
  guard(app, { site });
  errorPages(app, { site });
  await app.register(fastifyStatic, assets('/assets/', join(projectRoot, 'src', 'web', 'assets'), config));
  await app.register(fastifyStatic, { ...assets('/assets/', join(projectRoot, 'dist', 'assets'), config), decorateReply: false });
  // Drawing a signature: on no other page.
  await app.register(fastifyStatic, { ...assets('/assets/signature_pad/', join(projectRoot, 'node_modules', 'signature_pad', 'dist'), config), decorateReply: false });
  healthPages(app, { database: parts.database });
  lookPages(app, { site });
  setupPages(app, { site });
  setupStepPages(app, { site });
  sessionPages(app, { site });
  secondFactorPages(app, { site });
  passkeyPages(app, { site });
  schoolAccountPages(app, { site });
  workListPages(app, { site });
  startPages(app, { site });
  casePages(app, { site });
  taskPages(app, { site });
  recordPages(app, { site });
  otherCasesPages(app, { site });
  subjectNoticePages(app, { site });
  filePages(app, { site });
  correctionPages(app, { site });
  recordConflictPages(app, { site });
  reviewPages(app, { site });
  accessLogPages(app, { site });
  accessReviewPages(app, { site });
  caseChangePages(app, { site });
  liftPages(app, { site });
  emergencyAccessPages(app, { site });
  keepingPages(app, { site });
  retentionPages(app, { site });
  caseVersionPages(app, { site });
  handedTaskPages(app, { site });
  keptDraftPages(app, { site });
  exitPages(app, { site });
  waiverPages(app, { site });
  documentPages(app, { site });
  approvalPages(app, { site });
  documentFilePages(app, { site });
  documentFreezing(app, { site });
  documentVersionPages(app, { site });
  signingPages(app, { site });
  exportPages(app, { site });
  disclosurePages(app, { site });
  disclosureSectionPages(app, { site });
  disclosureReadingPages(app, { site });
  disclosureFilePages(app, { site });
  partnerFilePages(app, { site });
  partnerPages(app, { site });
  schoolPages(app, { site });
  settingPages(app, { site });
  tryPages(app, { site });
  peoplePages(app, { site });
  accountPages(app, { site });
  ownSessionPages(app, { site });
  return app;
}

/** The headers of helmet. It would work them out anew for each request; here every answer has the same. */
async function safetyHeaders(config: Config): Promise<{ [name: string]: string }> {
  const asked = Fastify();
  await asked.register(helmet, helmetOptions(config));
  asked.get('/', async (_request, reply) => reply.getHeaders());
  const answer = await asked.inject('/');
  await asked.close();
  return answer.json();
}

/** No inline script or style anywhere, so no nonce (trust.md, section 3). */
function helmetOptions({ publicUrl }: Config): Parameters<typeof helmet>[1] {
  const isHttps = publicUrl?.startsWith('https:') === true;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'", 'blob:'], fontSrc: ["'self'"], connectSrc: ["'self'"],
        objectSrc: ["'none'"], formAction: ["'self'"], frameAncestors: ["'none'"], baseUri: ["'none'"], requireTrustedTypesFor: ["'script'"]
      }
    },
    // With no-referrer the post of a form carries Origin: null.
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    hsts: isHttps ? { maxAge: 31_536_000 } : false
  };
}

function assets(prefix: string, root: string, { development }: Config): Parameters<typeof fastifyStatic>[1] {
  return { root, prefix, wildcard: false, index: false, globIgnore: ['**/*.ts', '**/*.scss', '**/*.json', '**/*.map'], cacheControl: true, maxAge: development ? 0 : 3_600_000 };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
