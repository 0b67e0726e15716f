import type { AccessReports } from '../../cases/stores/access-report-store.ts';
import type { AccessReviews } from '../../cases/stores/access-review-store.ts';
import type { Cases, Reader } from '../../cases/cases.ts';
import type { BundleStore } from '../../cases/stores/bundle-store.ts';
import type { Disclosures } from '../../cases/stores/disclosure-store.ts';
import type { Library } from '../../cases/library.ts';
import type { Moves } from '../../cases/move-cases.ts';
import type { PracticeSchools } from '../../cases/practice-schools.ts';
import type { Config } from '../../config.ts';
import type { PartnerMap } from '../../definitions/content.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import type { PdfMaker } from '../../pdf-maker.ts';
import type { PartnerStore } from '../../partners/partner-store.ts';
import type { Invitations } from '../../staff/invitations.ts';
import type { PeopleStore, Person, School } from '../../staff/people-store.ts';
import type { SchoolStore } from '../../staff/school-store.ts';
import type { Sessions } from '../../staff/sessions.ts';
import type { Passkeys } from '../../staff/passkeys.ts';
import type { SchoolAccounts } from '../../staff/school-accounts.ts';
import type { SecondFactors } from '../../staff/second-factor.ts';
import type { SetUp } from '../../staff/setup.ts';
import type { SignIn } from '../../staff/sign-in.ts';
import type { Translate } from '../../texts.ts';
import type { Keys } from '../../trust/key-store.ts';
import type { Scan } from '../../trust/scan.ts';
import type { DocumentMaker } from './document-maker.ts';
import type { EmergencyNumbers } from './emergency-numbers.ts';
import type { Pace } from './pace.ts';
import type { Renderer } from './page.ts';
import type { SearchAddresses } from './search-addresses.ts';

/** Everything the pages draw on; made once by app.ts and handed to each group of pages. */
export type Site = {
  config: Pick<Config, 'publicUrl' | 'development' | 'secondFactor' | 'logYears'>;
  t: Translate;
  now: () => Moment;
  render: Renderer['render'];
  cases: Cases;
  accessReports: AccessReports;
  accessReviews: AccessReviews;
  disclosures: Disclosures;
  library: Library;
  moves: Moves;
  bundles: BundleStore;
  people: PeopleStore;
  schools: SchoolStore;
  practice: PracticeSchools;
  /** Partner directories to start from. */
  maps: PartnerMap[];
  /** The one to propose; null: none. */
  starter: PartnerMap | null;
  partners: PartnerStore;
  sessions: Sessions;
  signIn: SignIn;
  factors: SecondFactors;
  passkeys: Passkeys;
  /** Null: the server knows no provider of accounts. */
  schoolAccounts: SchoolAccounts | null;
  setUp: SetUp;
  invitations: Invitations;
  emergencyNumbers: EmergencyNumbers;
  documents: DocumentMaker;
  pdfs: PdfMaker;
  /** What the scanner of the school says of a file. */
  scan: Scan;
  /** The main key as it is printed, and the check that it was. */
  recovery: Keys['recovery'];
  searchAddresses: SearchAddresses;
  pace: Pace;
  /** Makes the key that lets a post count once. */
  newKey: () => string;
};

/** Who is signed in on a request: the one thing the guard adds to it. */
export type Visitor = {
  person: Person;
  school: School;
  reader: Reader;
  /** Token for every form of this session. */
  csrf: string;
  sessionId: string;
  /** Signed in with a password alone where a second factor is asked: next to nothing opens (trust/access.ts). */
  half: boolean;
  startedAt: Moment;
  /** When a second factor was given last; null: never in this session. */
  secondAt: Moment | null;
  /** When they were here in the session before; null for a first visit. */
  since: Moment | null;
  /** At how many schools they work. */
  schools: number;
  /** When the session ends if nothing is asked any more. */
  endsAt: Moment;
};
