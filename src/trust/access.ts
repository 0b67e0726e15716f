/** What somebody must be, to do something. `caseTask`: on the list of the case, be it for one task; `case`: for own records or all; `caseFull`: for all of it. */
export type Need = 'public' | 'signedIn' | 'admin' | 'caseTask' | 'case' | 'caseFull';

/**
 * Everything that can be done, and what it needs. Every route names one; whether a task or exit of a case is for this
 * person's role is the engine's part and comes after.
 */
const needs = {
  'assets.view': 'public',
  'health.view': 'public',
  'cover.use': 'public',
  'setup.do': 'public',
  'invitation.use': 'public',
  'session.start': 'public',
  'session.end': 'signedIn',
  'session.keep': 'signedIn',
  'secondFactor.use': 'signedIn',
  'account.view': 'signedIn',
  'accessLog.own': 'signedIn',
  'accessLog.audit': 'signedIn',
  'workList.view': 'signedIn',
  'case.start': 'signedIn',
  'emergency.note': 'signedIn',
  'emergencyAccess.use': 'signedIn',
  'partners.view': 'signedIn',
  'partners.edit': 'admin',
  'people.view': 'admin',
  'people.edit': 'admin',
  'settings.edit': 'admin',
  'definitions.view': 'admin',
  'case.view': 'caseTask',
  'task.view': 'caseTask',
  'task.submit': 'caseTask',
  'draft.keep': 'caseTask',
  'record.view': 'caseTask',
  'record.update': 'caseTask',
  'record.correct': 'caseTask',
  'record.review': 'caseFull',
  'document.approve': 'caseFull',
  'document.freeze': 'caseFull',
  'document.sign': 'caseFull',
  'emergencyAccess.view': 'case',
  'subjectNotice.view': 'case',
  'case.export': 'caseFull',
  'case.disclose': 'caseFull',
  'case.cancel': 'case',
  'case.handOver': 'case',
  'case.lift': 'caseFull',
  'task.hand': 'case',
  'task.giveBack': 'caseTask',
  'case.reopen': 'caseFull',
  'case.move': 'caseFull',
  'case.keep': 'caseFull',
  'retention.view': 'signedIn',
  'transition.take': 'case',
  'rule.waive': 'case',
  'document.view': 'caseFull',
  'caseLog.view': 'caseFull',
  'keptDraft.view': 'caseFull'
} as const satisfies { [action: string]: Need };

export type Action = keyof typeof needs;

/** What a session with a password alone may do where a second factor is asked: give it, write an emergency down (semantics 22), stay or leave. */
const withPassword: ReadonlySet<Action> = new Set<Action>(['secondFactor.use', 'emergency.note', 'session.keep', 'session.end']);

/** Must a second factor have been given for this? */
export function needsSecondFactor(action: Action): boolean {
  return needs[action] !== 'public' && !withPassword.has(action);
}

/** The person as far as access goes: somebody who works at the school now. Null: nobody is signed in. */
export type AccessPerson = { admin: boolean } | null;

/** How a person stands to one case. Null: there is no case in question, or the person is not on its list. */
export type CaseRelation = { access: 'full' | 'own' | 'task' | null; excluded: boolean };

/** May this person do this? Denies by default; being shut out of a case beats every list and role, and admins see no case for being admin. */
export function can(person: AccessPerson, action: Action, relation: CaseRelation | null = null): boolean {
  const need: Need = needs[action];
  if (need === 'public') return true;
  if (person === null || relation?.excluded === true) return false;
  switch (need) {
    case 'signedIn': return true;
    case 'admin': return person.admin;
    case 'caseTask': return relation !== null && relation.access !== null;
    case 'case': return relation?.access === 'full' || relation?.access === 'own';
    case 'caseFull': return relation?.access === 'full';
    default: return need satisfies never;
  }
}

/** All actions with what they need: for tests and for the list of rights. */
export function accessTable(): { action: Action; need: Need }[] {
  return (Object.keys(needs) as Action[]).map((action) => ({ action, need: needs[action] }));
}
