/** One table as backups and erasing know it. */
export type Table = {
  name: string;
  /** Columns of the primary key. */
  key: string[];
  /** Has a column case_id outside that key, and rows that go with the case. */
  ofCase?: true;
  /** A column that points at another row of the same table: filled in when all rows are there. */
  within?: string;
  /** Holds nothing worth keeping: not in a backup. */
  passing?: true;
  /** Has rows so large that few are read or written at a time. */
  large?: true;
};

/** Every table but that of the migrations, each after those it refers to. A test compares this list with the schema. */
export const tables: Table[] = [
  { name: 'keys', key: ['purpose'] },
  { name: 'log_chains', key: ['chain'] },
  { name: 'access_log', key: ['chain', 'sequence'] },
  { name: 'schools', key: ['id'] },
  { name: 'settings', key: ['school_id', 'name'] },
  { name: 'people', key: ['id'] },
  { name: 'memberships', key: ['id'] },
  { name: 'credentials', key: ['person_id', 'kind'] },
  { name: 'code_apps', key: ['person_id'] },
  { name: 'recovery_codes', key: ['code_hash'] },
  { name: 'passkeys', key: ['id'] },
  { name: 'linked_accounts', key: ['issuer', 'subject'] },
  { name: 'sign_in_steps', key: ['token_hash'], passing: true },
  { name: 'sessions', key: ['token_hash'], passing: true },
  { name: 'visits', key: ['person_id', 'school_id'] },
  { name: 'invitations', key: ['token_hash'] },
  { name: 'sign_in_tries', key: ['subject_hash'], passing: true },
  { name: 'access_reviews', key: ['school_id', 'person_id', 'month'] },
  { name: 'partners', key: ['id'], within: 'successor_id' },
  { name: 'partner_roles', key: ['partner_id', 'role'] },
  { name: 'bundles', key: ['hash'] },
  { name: 'publications', key: ['id'] },
  { name: 'cases', key: ['id'] },
  { name: 'erased_cases', key: ['case_id'] },
  { name: 'case_people', key: ['case_id', 'person_id'] },
  { name: 'case_exclusions', key: ['case_id', 'person_id'] },
  { name: 'emergency_openings', key: ['case_id', 'person_id', 'at'] },
  { name: 'emergency_notices', key: ['case_id', 'person_id', 'at', 'told_id'] },
  { name: 'subject_notices', key: ['case_id', 'other_id'] },
  { name: 'disclosures', key: ['case_id', 'id'] },
  { name: 'submissions', key: ['person_id', 'key'] },
  { name: 'records', key: ['case_id', 'record', 'version'] },
  { name: 'drafts', key: ['person_id', 'school_id', 'case_id', 'task', 'record'] },
  { name: 'files', key: ['case_id', 'id'] },
  { name: 'file_parts', key: ['file_id', 'number'], large: true },
  { name: 'events', key: ['case_id', 'sequence'] },
  { name: 'timers', key: ['case_id'] },
  { name: 'blind_index', key: ['token', 'case_id'] }
];
