import { caseDocuments } from '../reading/case-documents.ts';
import type { CaseState, Command, EngineEvent } from '../state/case-state.ts';
import { type Change, contextOf } from './change.ts';
import { approvalOf, contentStamp } from './document-approval.ts';
import type { DocumentVersion, KeptFile, Signer, Signing, SignWay } from '../state/document-types.ts';
import { type Refusal, refuseShort, refuseWith } from './refusal.ts';

type Which = { document: string; source: string | null };

/** Gives the versions of a document, oldest first. */
export function versionsOf(state: CaseState, { document, source }: Which): DocumentVersion[] {
  return (state.versions ?? []).filter((one) => one.document === document && one.source === source);
}

/** Has this person signed? */
export function isSigned(how: SignWay): boolean {
  return how === 'typed' || how === 'drawn' || how === 'scanned';
}

/** Everybody who signs a version: whom the document names, then who was added; each with what was said last, or null. */
export function signersOf({ signers, signed }: DocumentVersion): { signer: Signer; signing: Signing | null }[] {
  const added = signed.map(({ signer }) => signer).filter((one) => !signers.some((other) => isSame(one, other)));
  return [...signers, ...added].map((signer) => ({ signer, signing: signed.find((one) => isSame(one.signer, signer)) ?? null }));
}

/** The files of the documents of a case: as they were kept, edited copies, drawings and scans. */
export function versionFiles({ versions = [] }: CaseState): KeptFile[] {
  return versions.flatMap(({ content, pdf, word, added, signed }) => [content, pdf, word, ...added.map(({ file }) => file), ...signed.map(({ file }) => file)].filter((file) => file !== null));
}

/** The files that an event makes part of the case. */
export function filesOfEvent(event: EngineEvent): KeptFile[] {
  switch (event.type) {
    case 'documentFrozen': return [event.content, event.pdf, event.word].filter((file) => file !== null);
    case 'documentFileAdded': return [event.file];
    case 'documentSigned': return event.file === null ? [] : [event.file];
    default: return [];
  }
}

/** Keeps a document as it is now; with `fourEyes` only what a second person approved. What it says was made before, of what `seen` stands for. */
export function freeze(change: Change, { type: _, source: given, ...command }: Command & { type: 'freeze' }): Refusal | null {
  const { model, state } = change;
  const source = given ?? null;
  const document = caseDocuments(contextOf(change)).find((one) => one.id === command.document && (one.source?.key ?? null) === source && one.isReady);
  if (document === undefined) return refuseWith('unknown', model.t('engine.noDocument'));
  if (command.seen !== contentStamp(state) || command.version !== versionsOf(state, { document: document.id, source }).length + 1) return refuseWith('notOpen', model.t('engine.freezeChanged'));
  if (document.fourEyes && approvalOf(state, document.id, source)?.verdict !== 'approved') return refuseWith('notOpen', model.t('engine.freezeNotApproved'));
  return happened(change, { type: 'documentFrozen', ...command, ...sourceIn(source) });
}

/** Puts an edited copy beside a version, which itself stays as it was. */
export function addToDocument(change: Change, { document, version, file, ...which }: Command & { type: 'addToDocument' }): Refusal | null {
  const source = which.source ?? null;
  if (!versionsOf(change.state, { document, source }).some((one) => one.version === version)) return refuseWith('unknown', change.model.t('engine.noDocument'));
  return happened(change, { type: 'documentFileAdded', document, ...sourceIn(source), version, file });
}

/** Says of one signer of the last version that they signed, or did not and why. Holds for that text only: `sha256` is what they had before them. */
export function sign(change: Change, { document, version, sha256, signer, how, note, file, ...which }: Command & { type: 'sign' }): Refusal | null {
  const { model, state } = change;
  const source = which.source ?? null;
  const last = versionsOf(state, { document, source }).at(-1);
  if (last === undefined) return refuseWith('unknown', model.t('engine.noDocument'));
  if (last.version !== version || last.sha256 !== sha256) return refuseWith('notOpen', model.t('engine.signChanged'));
  const name = signer.name.trim();
  if (name === '') return refuseWith('rules', model.t('engine.signNobody'));
  if ((how === 'drawn' || how === 'scanned') !== (file !== null)) return refuseWith('rules', model.t('engine.signNothing'));
  const short = how === 'refused' || how === 'notAsked' || how === 'remote' ? refuseShort(model, note) : null;
  if (short !== null) return short;
  return happened(change, { type: 'documentSigned', document, ...sourceIn(source), version, sha256, signer: { name, capacity: signer.capacity.trim() }, how, note: note.trim(), file });
}

type VersionEvent = EngineEvent & { type: 'documentFrozen' | 'documentFileAdded' | 'documentSigned' };

/** The state after one of these events; null: it cannot have happened to this case. */
export function withVersionEvent(state: CaseState, event: VersionEvent, { at, by }: { at: string; by: string }): CaseState | null {
  const { versions = [] } = state;
  const source = event.source ?? null;
  const own = versionsOf(state, { document: event.document, source });
  if (event.type === 'documentFrozen') {
    const { type: _, source: __, ...kept } = event;
    return event.version === own.length + 1 ? { ...state, versions: [...versions, { ...kept, source, by, at, added: [], signed: [] }] } : null;
  }
  const found = own.find(({ version }) => version === event.version);
  if (found === undefined) return null;
  const next = event.type === 'documentFileAdded'
    ? { ...found, added: [...found.added, { file: event.file, by, at }] }
    : { ...found, signed: withSigning(found.signed, { signer: event.signer, how: event.how, note: event.note, file: event.file, by, at }) };
  return { ...state, versions: versions.map((one) => (one === found ? next : one)) };
}

function happened(change: Change, event: VersionEvent): null {
  const state = withVersionEvent(change.state, event, { at: change.now, by: change.actor.id });
  if (state === null) throw new Error(`Document "${event.document}" has no version ${String(event.version)}.`);
  change.state = state;
  change.events.push(event);
  return null;
}

/** In the place of what was said of them before. */
function withSigning(signed: Signing[], one: Signing): Signing[] {
  return signed.some(({ signer }) => isSame(signer, one.signer)) ? signed.map((other) => (isSame(other.signer, one.signer) ? one : other)) : [...signed, one];
}

function isSame(one: Signer, other: Signer): boolean {
  return one.name === other.name && one.capacity === other.capacity;
}

function sourceIn(source: string | null): { source?: string } {
  return source === null ? {} : { source };
}
