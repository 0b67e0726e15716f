import type { CaseState, Handed, PersonId } from '../../engine/state/case-state.ts';
import type { Model } from '../../engine/model/prepare.ts';

/** What a person on the list of a case sees: everything, only own records and tasks offered to them, or only the tasks handed to them by name. */
export type CaseAccess = 'full' | 'own' | 'task';

/**
 * Who comes on the list of a case, who goes off it, and who never sees it again. Added for a `task`, somebody who is on the list already
 * stays as they are; `release`: they go off it when a task was all they were on it for.
 */
export type AccessChanges = { add: { person: PersonId; access: CaseAccess }[]; remove: PersonId[]; release: PersonId[]; exclude: PersonId[] };

export type Colleague = { id: PersonId; roles: string[] };

/** The people a change of the list is reckoned from. */
export type Around = { staff: Colleague[]; there: PersonId[] };

/**
 * Gives what a command means for who sees the case (definitions.md, meaning 10; semantics 13).
 * At the start everybody with a role of `access.read` is put on the list and the starter keeps what is their own, or sees all of it where that names the author;
 * who becomes responsible is put on it for all of the case, a person to whom a task is handed by name for that task (semantics 9); a restriction takes everybody off it but the people it names, and once it is lifted those of `access.read` come on it again. When
 * a closed case is to be destroyed or kept longer, those who have such a role then come on it: those of the start may have left. `staff` are those who work at the school now, `there` those on the list, also who left the school and may come back; they count where `asksForStaff` says so.
 */
export function accessChanges(model: Model, before: CaseState | null, after: CaseState, { staff, there }: Around): AccessChanges {
  const opened = before === null ? openedFor(model, after, staff) : handedOver(before, after);
  const release = gone(before?.handed ?? [], after.handed);
  const { restriction } = after;
  if (isToBeLookedAt(before, after)) return { add: lookers(model, after, staff), remove: [], release, exclude: [] };
  if (isLifted(before, after)) return { add: listed(new Map(allReaders(model, after, staff).map((id) => [id, 'full']))).filter(({ person }) => !after.barred.includes(person)), remove: [], release, exclude: [] };
  if (restriction === null || !asksForStaff(before, after)) return { add: [...listed(opened), ...handed(before?.handed ?? [], after.handed)], remove: [], release, exclude: [] };
  const never = new Set(restriction.never);
  const named = restrictedTo(restriction.to, after, staff);
  return {
    add: listed(named).filter(({ person }) => !never.has(person)),
    remove: there.filter((id) => !named.has(id) || never.has(id)),
    release, exclude: restriction.never
  };
}

/** Does it take the staff of the school and the list as it is to say what a command means for who sees the case? */
export function asksForStaff(before: CaseState | null, after: CaseState): boolean {
  return before === null || isToBeLookedAt(before, after) || isLifted(before, after) || (after.restriction !== null && after.restriction !== before.restriction);
}

/** Has time brought a closed case to its end, or did somebody propose something that a colleague has to confirm (keeping.ts)? */
function isToBeLookedAt(before: CaseState | null, after: CaseState): boolean {
  if (before?.status !== 'closed' || after.status !== 'closed') return false;
  return after.fired.length > before.fired.length || (after.keeping?.proposed != null && before.keeping?.proposed == null);
}

/** Those of the school who decide about a closed case: as at the start, or as its restriction says. */
export function lookers(model: Model, after: CaseState, staff: Colleague[]): AccessChanges['add'] {
  const { restriction, barred } = after;
  const roles = (restriction?.to ?? model.workflow.access.read).filter((role) => role !== 'author');
  const out = [...barred, ...(restriction?.never ?? [])];
  return staff.filter((person) => !out.includes(person.id) && person.roles.some((role) => roles.includes(role))).map(({ id }) => ({ person: id, access: 'full' }));
}

function isLifted(before: CaseState | null, after: CaseState): boolean {
  return before !== null && before.restriction !== null && after.restriction === null;
}

/** Gives the names of roles whose people will see a new case: for the sentence under the start form. */
export function readersOf(model: Model, staff: Colleague[]): PersonId[] {
  return staff.filter(({ roles }) => roles.some((role) => model.workflow.access.read.includes(role))).map(({ id }) => id);
}

/** Those who see all of a case: with a role of `access.read`, and whoever started it where that names the author. */
function allReaders(model: Model, { starter }: CaseState, staff: Colleague[]): PersonId[] {
  return [...readersOf(model, staff), ...(model.workflow.access.read.includes('author') ? [starter] : [])];
}

function openedFor(model: Model, state: CaseState, staff: Colleague[]): Map<PersonId, CaseAccess> {
  const list = new Map<PersonId, CaseAccess>([[state.starter, 'own']]);
  for (const person of allReaders(model, state, staff)) list.set(person, 'full');
  return list;
}

function handedOver(before: CaseState, { responsible }: CaseState): Map<PersonId, CaseAccess> {
  return new Map(responsible === before.responsible ? [] : [[responsible, 'full']]);
}

function handed(before: Handed[], after: Handed[]): AccessChanges['add'] {
  return gone(after, before).map((person) => ({ person, access: 'task' }));
}

/** The people with a task before who have none after. */
function gone(before: Handed[], after: Handed[]): PersonId[] {
  return [...new Set(before.map(({ to }) => to))].filter((person) => !after.some(({ to }) => to === person));
}

function restrictedTo(to: string[], state: CaseState, staff: Colleague[]): Map<PersonId, CaseAccess> {
  const list = new Map<PersonId, CaseAccess>();
  if (to.includes('author')) list.set(state.starter, 'own');
  for (const { id, roles } of staff) {
    if (roles.some((role) => to.includes(role))) list.set(id, 'full');
  }
  return list;
}

function listed(list: Map<PersonId, CaseAccess>): AccessChanges['add'] {
  return [...list].map(([person, access]) => ({ person, access }));
}
