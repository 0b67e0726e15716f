import type { Answers } from '../definitions/bundle.ts';
import type { RouteSettings } from '../definitions/setting-values.ts';
import { type Actor, type CaseRecord, type CaseState, clockwork, type Command, type EngineEvent, type EngineResult, type Moment, type PersonId } from '../engine/case-state.ts';
import { nextTimer } from '../engine/timers.ts';
import { goesByItself, refuseSecond } from '../engine/keeping.ts';
import type { Tombstone } from './erase-case.ts';
import { nextDue } from '../engine/due.ts';
import { versionFiles } from '../engine/document-versions.ts';
import { readTaskKey } from '../engine/instances.ts';
import { mayAddTo, overview, taskOverview } from '../engine/overview.ts';
import type { Overview, TaskView, Viewer } from '../engine/overview-types.ts';
import { mayUpdate } from '../engine/performers.ts';
import { apply } from '../engine/transition.ts';
import { activeVisits } from '../engine/visits.ts';
import { filesIn } from '../forms/file-answer.ts';
import { isFoundBy, searchWords } from '../trust/blind-index.ts';
import { automaticStarts } from './automatic-starts.ts';
import { offeredAt } from './offered-routes.ts';
import { accessChanges, type Around, asksForStaff, lookers, type CaseAccess, type Colleague } from './access-changes.ts';
import type { AccessAction, CaseStore, CaseWrite, Draft, DraftKey, FoundCase, StoredCase, StoredEvent, WriteResult } from './case-store.ts';
import { bundleText } from '../definitions/make-bundle.ts';
import { type CaseExport, exportCase } from './case-export.ts';
import { readAnswers, versionsEntered } from './entered.ts';
import type { StoredFile } from './file-store.ts';
import { type Library, type Route, routeAt } from './library.ts';
import { subjectText } from './subject-text.ts';
import { caseIdentity, identityOf, isSame } from './same-subject.ts';
import { isAsSeen, type Seen } from './seen.ts';

/** The signed-in person as cases know one. `settings`: what their school filled in for its routes. */
export type Reader = Colleague & { school: string; settings: RouteSettings };

/** One case as one person has it open. `earlier`: the versions of its route that it ran on before, by hash. */
export type OpenCase = { stored: StoredCase; access: CaseAccess; route: Route; earlier: ReadonlyMap<string, Route>; viewer: Viewer };

/**
 * What a post carries besides the command. `key` makes it count once; `draft` is erased when it succeeds, with its files where its form
 * takes them (`hasFiles`);
 * `seen`: what the person had before them, which must not have changed since; `open`: the case as it was read a moment ago, which
 * spares reading it again unless somebody else wrote meanwhile.
 */
export type Submission = { key: string; draft: DraftKey | null; hasFiles?: boolean; seen?: Seen; open?: OpenCase };

export type ActResult =
  | { type: 'done'; number: string; state: CaseState; events: EngineEvent[] }
  | { type: 'refused'; refusal: EngineResult & { ok: false }; open: OpenCase | null }
  /** The same post came before; `number` is what it made or changed. */
  | { type: 'repeated'; number: string }
  /** Somebody else changed what this post was based on; nothing was stored. `open` is the case as it is now. */
  | { type: 'changed'; open: OpenCase }
  /** Others kept changing the case. */
  | { type: 'busy' }
  | { type: 'notFound' };

/** A sister case as the other one shows it. `link`: of the case it was started from. `number`: null for who may not open it. */
export type LinkedCase = { link: string; startedHere: boolean; title: string; status: 'open' | 'closed'; outcome: string | null; number: string | null };

export type Cases = {
  /** The cases of a person, each with what it asks of them, closed ones only when asked for or when they ask something; the rows of lists are logged as one look. */
  list(reader: Reader, options: { closed: boolean }): Promise<(OpenCase & { overview: Overview })[]>;
  /** The numbers of the cases of that list that have, for each typed word, a word that begins with it in their number or subject. */
  search(reader: Reader, text: string, options: { closed: boolean }): Promise<string[]>;
  /** Opens a case and writes down that it was seen, and which part (`detail`, ids only); null: there is none, or not for this person. */
  open(reader: Reader, number: string, action: AccessAction, detail?: string | null): Promise<OpenCase | null>;
  /**
   * Opens a case with what this person has begun of a new record of one task, by its key (instances.ts). Writes down only what is
   * refused: call `looked` before anything of it is shown.
   */
  openTask(reader: Reader, number: string, task: string): Promise<{ open: OpenCase; draft: Draft | null } | null>;
  /** Writes down that a case is seen, and which part (`detail`, ids only). Show nothing when this fails: no line, no view. */
  looked(open: OpenCase, action: AccessAction, detail?: string | null): Promise<void>;
  start(reader: Reader, route: Route, command: Command & { type: 'open' }, submission: Submission): Promise<ActResult>;
  act(reader: Reader, number: string, command: Exclude<Command, { type: 'open' }>, submission: Submission): Promise<ActResult>;
  overview(open: OpenCase): Overview;
  /** One task as this person has it, by its key (instances.ts); null: not in this case, or not for them. */
  taskView(open: OpenCase, key: string): TaskView | null;
  /** May this person hand in a record of a task now? What `taskView` says of it, and cheaper. */
  mayAdd(open: OpenCase, key: string): boolean;
  /** May this person read a record? Who sees only their own part reads what they wrote. */
  maySee(open: OpenCase, record: CaseRecord): boolean;
  /** The questions of a record that this person may still fill in. */
  laterOf(open: OpenCase, record: CaseRecord): string[];
  /** The titles of the routes of which a case would begin by itself with this; nothing is stored. */
  beginsWith(reader: Reader, open: OpenCase, result: EngineResult & { ok: true }): Promise<string[]>;
  /** What would happen; nothing is stored. */
  preview(open: OpenCase, command: Command): EngineResult;
  events(open: OpenCase): Promise<StoredEvent[]>;
  /** Every version of a record, oldest first, each as enteredIn takes it. */
  versions(open: OpenCase, record: CaseRecord): Promise<CaseRecord[]>;
  /** Who sees this case, by id. */
  people(open: OpenCase): Promise<{ person: PersonId; access: CaseAccess }[]>;
  /** Ids of those who may never see this case: not to be offered it. */
  shutOut(open: OpenCase): Promise<PersonId[]>;
  /** What may be shown of the cases it is linked to; nothing of one that is restricted (semantics 19). */
  linked(reader: Reader, open: OpenCase): Promise<LinkedCase[]>;
  /**
   * The other cases of this person about whom these answers of its subject form are about, newest first, closed ones only when asked for
   * (semantics 16 and 23). Writes down that they are shown.
   */
  sameSubject(reader: Reader, open: OpenCase, options: { answers: readonly Answers[]; closed: boolean }): Promise<OpenCase[]>;
  /** Everything of a case that this person may read, packed (case-export.ts); null: others kept changing it. Write down first that it is taken along. */
  pack(open: OpenCase, words: Pick<CaseExport, 'people' | 'school' | 'readMe'>): Promise<Buffer | null>;
  /** The lines of the access log of a case, oldest first. */
  accessLines(open: OpenCase): Promise<{ at: Moment; person: PersonId | null; action: string; detail: string | null }[]>;
  drafts: CaseStore['drafts'];
  files: CaseStore['files'];
  emergency: CaseStore['emergency'];
  subjectNotices: CaseStore['subjectNotices'];
  /** A file of a case: of a record this person may read, or of something they are filling in. Writes down that it was fetched; null: there is none, or not for them. */
  openFile(reader: Reader, number: string, id: string): Promise<StoredFile | null>;
  newId: () => string;
  /** Destroys a closed case for good: the second person confirms what another proposed. `revision`: what was read of it. */
  destroy(reader: Reader, number: string, revision: number): Promise<ActResult>;
  /** Shows the closed cases of a school that wait for a decision to those who have the role for it now: whoever got it since they were shown sees what was proposed as well. */
  showToDecide(school: string): Promise<void>;
  /** What is left of destroyed cases that this person may know of: of their own decisions, and of unrestricted ones of a route whose cases they would see, or as an administrator. */
  destroyed(reader: Reader, isAdmin: boolean): Promise<Tombstone[]>;
  /** Does what time has brought to a case, in the name of nobody; also destroys one that its route keeps no longer without asking. False: others kept changing it, so it comes again. */
  passTime(caseId: string): Promise<boolean>;
  /** What an earlier post with this key did: the number of its case; null: there was none. */
  answerOf(reader: Reader, key: string): Promise<string | null>;
};

export type CasesParts = {
  store: CaseStore;
  library: Library;
  /** Those who work at a school now. */
  staffOf: (school: string) => Promise<Colleague[]>;
  /** What a school filled in for its routes, where nobody who is signed in brings it along. */
  settingsOf: (school: string) => Promise<RouteSettings>;
  /** Ids of the routes with which a school starts no cases. */
  routesOffAt: (school: string) => Promise<string[]>;
  now: () => Moment;
  newId: () => string;
  newNumber: (year: number) => string;
};

/** What is written of one case: what an act made of it. `before` null: it begins. */
type Written = { route: Route; before: StoredCase | null; result: EngineResult & { ok: true }; at: Moment };

/** Words of one search that count. */
const mostWords = 10;

/** Others may change the case between reading and writing this often before the person is asked to try again (storage.md, rule 1). */
const mostTries = 3;

/** Makes everything staff can do with cases. Access is decided by the store's one query; the engine decides the rest. */
export function makeCases({ store, library, staffOf, settingsOf, routesOffAt, now, newId, newNumber }: CasesParts): Cases {
  const openStored = async (reader: Reader, found: { case: StoredCase; access: CaseAccess }): Promise<OpenCase> => ({
    stored: found.case, access: found.access, route: routeAt(await library.route(found.case.bundle), reader.settings, reader.roles),
    earlier: new Map(await Promise.all((found.case.state.earlier ?? []).map(async (hash) => [hash, routeAt(await library.route(hash), reader.settings, reader.roles)] as const))),
    viewer: { id: reader.id, roles: reader.roles, sees: found.access }
  });
  /** Roles are those at the school where somebody is now: a case of another one is opened from there. */
  const isHere = ({ school }: Reader, found: FoundCase | null): found is FoundCase => found?.case.school === school;
  const find = async (reader: Reader, number: string): Promise<OpenCase | null> => {
    const found = await store.find(reader.id, number);
    return isHere(reader, found) ? openStored(reader, found) : null;
  };
  const looked = ({ viewer, stored }: OpenCase, action: AccessAction, detail: string | null = null): Promise<void> => store.log([{ person: viewer.id, case: stored.id, action, detail }], now());
  const overviewOf = ({ route, stored, viewer }: OpenCase): Overview => overview(route.model, stored.state, viewer, now());

  const around = async (school: string, before: StoredCase | null): Promise<Around> => (
    { staff: await staffOf(school), there: before === null ? [] : (await store.peopleOf(before.id)).map(({ person }) => person) }
  );

  const writeOf = async (reader: Reader, { route, before, result, at }: Written, { key, draft, hasFiles = false }: Omit<Submission, 'key'> & { key: string | null }): Promise<CaseWrite> => {
    const { state, events } = result;
    const kept = before ?? { id: newId(), number: newNumber(Number(at.slice(0, 4))), school: reader.school, workflow: route.model.workflow.id, bundle: route.hash };
    const findBy = textIfChanged(route, before?.state ?? null, state);
    const changes = accessChanges(route.model, before?.state ?? null, state, asksForStaff(before?.state ?? null, state) ? await around(kept.school, before) : { staff: [], there: [] });
    return {
      person: reader.id, now: at, key, draft, hasFiles, answer: kept.number, events,
      case: { ...kept, ...headOf(route, state, at), state },
      expected: before,
      ...timerIfChanged(route, before?.state ?? null, state, at, key === null),
      findBy, ...(findBy === null ? {} : { tells: await tellsOf(reader, { id: kept.id, route, result, school: kept.school }) }),
      records: changedRecords(before?.state.records ?? [], state.records),
      people: { add: changes.add, remove: changes.remove, release: changes.release, exclude: changes.exclude.map((person) => ({ person, reason: state.restriction?.event ?? '' })) },
      log: [{ person: key === null ? null : reader.id, case: kept.id, action: before === null ? 'start' : 'change' }]
    };
  };

  /**
   * The running cases about the same subject that whoever says whom this one is about does not see: who is responsible for one is told
   * (semantics 23). Nobody is told of a case that only some may see.
   */
  const tellsOf = async (reader: Reader, { id, route, result: { state }, school }: Pick<Written, 'route' | 'result'> & { id: string; school: string }): Promise<string[]> => {
    const about = caseIdentity(route.model, state);
    if (about === null || state.restriction !== null || state.status !== 'open') return [];
    const words = about.name.slice(0, mostWords);
    const running = (await store.running(school, words)).filter((other) => other.id !== id && other.openedAt <= state.openedAt);
    const seen = new Set((await store.search(reader.id, words, { school, closed: false })).map((one) => one.case.id));
    const same = await Promise.all(running.filter((other) => !seen.has(other.id)).map(async (other) => {
      const theirs = caseIdentity((await library.route(other.bundle)).model, other.state);
      return theirs !== null && isSame(about, theirs) ? [other.id] : [];
    }));
    return same.flat();
  };

  /** The sister cases that begin by themselves are written with what brings them about. `starter` begins them; null: none begins. */
  const write = async (reader: Reader, written: Written, submission: Omit<Submission, 'key'> & { key: string | null }, starter: Reader | null): Promise<{ outcome: WriteResult; number: string }> => {
    const own = await writeOf(reader, written, submission);
    const begins = starter === null ? [] : await Promise.all((await sistersOf(starter, { ...written, id: own.case.id })).map((sister) => writeOf(starter, sister, { key: null, draft: null })));
    return { outcome: await store.write({ ...own, begins }), number: own.case.number };
  };

  const begin = async (reader: Reader, route: Route, command: Command & { type: 'open' }, submission: Omit<Submission, 'key'> & { key: string | null }): Promise<ActResult> => {
    const at = now();
    const result = apply(route.model, null, command, actorOf(reader), at);
    if (!result.ok) return { type: 'refused', refusal: result, open: null };
    for (let tries = 0; tries < mostTries; tries += 1) {
      const { outcome, number } = await write(reader, { route, before: null, result, at }, submission, command.from === undefined ? reader : null);
      if (outcome === 'done') return { type: 'done', number, state: result.state, events: result.events };
      // A conflict of a new case: its number was taken; the next try draws another.
      if (outcome !== 'conflict') return { type: 'repeated', number: outcome.repeated };
    }
    return { type: 'busy' };
  };

  /** Whoever is responsible for a case begins what time begins; who left has no role to begin it with. */
  const responsibleFor = async ({ school, responsible }: StoredCase, settings: RouteSettings): Promise<Reader> => {
    const found = (await staffOf(school)).find(({ id }) => id === responsible);
    return { id: responsible, roles: found?.roles ?? [], school, settings };
  };

  /** What cannot begin by itself is offered on the page of the case. One that began so begins no other by itself, so that this ends. */
  const sistersOf = async (starter: Reader, { id, route, before, result: { state }, at }: Written & { id: string }): Promise<Written[]> => {
    const links = Object.values(route.model.workflow.links ?? {});
    if (!links.some(({ start }) => start === 'automatic')) return [];
    const started = (await store.linkedTo(id)).map(({ state: other }) => other.from?.link ?? '');
    const offered = offeredAt(library.published(), await routesOffAt(starter.school));
    const starts = automaticStarts({ id, route, before: before?.state ?? null, state, started }, offered, actorOf(starter), at);
    return starts.flatMap(({ route: published, command }): Written[] => {
      const sister = routeAt(published, starter.settings, null);
      const opened = apply(sister.model, null, command, actorOf(starter), at);
      return opened.ok ? [{ route: sister, before: null, result: opened, at }] : [];
    });
  };

  const maySee = (open: OpenCase, record: CaseRecord): boolean => open.access === 'full' || record.by === open.viewer.id;
  /** A record of now, or an earlier version of one, has it where this person may read it, or a document has it; or it was added by this person to something not handed in. */
  const mayFetch = async (open: OpenCase, { file: { id }, kept, person }: StoredFile): Promise<boolean> => {
    if (!kept) return person === open.viewer.id;
    if (open.access === 'full' && versionFiles(open.stored.state).some((file) => file.id === id)) return true;
    const has = (record: CaseRecord): boolean => filesIn(readAnswers(open, record)).some((file) => file.id === id);
    const seen = open.stored.state.records.filter((record) => maySee(open, record));
    if (seen.some(has)) return true;
    for (const record of seen) if (record.version > 1 && (await store.versions(open.stored.id, record.id)).some(has)) return true;
    return false;
  };

  return {
    list: async (reader, { closed }) => {
      const found = await store.list(reader.id, { school: reader.school, closed, dueBy: now() });
      const opened = (await Promise.all(found.map((one) => openStored(reader, one)))).map((open) => ({ ...open, overview: overviewOf(open) }));
      // The store knows when a term ends, not whether something keeps the case longer.
      const shown = closed ? opened : opened.filter(({ overview: { status, keeping } }) => status === 'open' || keeping !== null);
      await store.log(shown.map(({ stored }) => ({ person: reader.id, case: stored.id, action: 'list' as const })), now());
      return shown;
    },
    search: async (reader, text, { closed }) => {
      const words = searchWords(text).slice(0, mostWords);
      const found = await Promise.all((await store.search(reader.id, words, { school: reader.school, closed, dueBy: now() })).map((one) => openStored(reader, one)));
      const hits = found.filter(({ stored, route: { model } }) => isFoundBy(`${stored.number} ${subjectText(model, stored.state)}`, words));
      await store.logSearch(reader.id, words, { school: reader.school, found: hits.map(({ stored }) => stored.id), now: now() });
      return hits.map(({ stored }) => stored.number);
    },
    open: async (reader, number, action, detail) => {
      const open = await find(reader, number);
      if (open === null) await store.refused(reader.id, number, now());
      else await looked(open, action, detail);
      return open;
    },
    openTask: async (reader, number, task) => {
      const found = await store.findTask(reader.id, number, task);
      if (found !== null && isHere(reader, found)) return { open: await openStored(reader, found), draft: found.draft };
      await store.refused(reader.id, number, now());
      return null;
    },
    looked,
    start: (reader, published, command, submission) => begin(reader, routeAt(published, reader.settings, null), command, submission),
    act: async (reader, number, command, submission) => {
      let version: string | null = null;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const open = (tries === 0 ? submission.open : undefined) ?? await find(reader, number);
        if (open === null) return { type: 'notFound' };
        version ??= open.route.hash;
        // The case moved meanwhile: the answers were checked against another form.
        if (open.route.hash !== version) return { type: 'busy' };
        const at = now();
        const isChanged = submission.seen !== undefined && !isAsSeen(open, submission.seen);
        const result = isChanged ? null : apply(open.route.model, open.stored.state, command, actorOf(reader), at);
        if (result?.ok !== true) {
          // What stands in the way may be what the same post did before.
          const repeated = await store.answerOf(reader.id, submission.key);
          if (repeated !== null) return { type: 'repeated', number: repeated };
          return result === null ? { type: 'changed', open } : { type: 'refused', refusal: result, open };
        }
        const { outcome } = await write(reader, { route: open.route, before: open.stored, result, at }, submission, reader);
        if (outcome === 'done') return { type: 'done', number, state: result.state, events: result.events };
        if (outcome !== 'conflict') return { type: 'repeated', number: outcome.repeated };
      }
      return { type: 'busy' };
    },
    overview: overviewOf,
    taskView: ({ route, stored, viewer }, key) => taskOverview(route.model, stored.state, readTaskKey(key), viewer, now()),
    mayAdd: ({ route, stored, viewer }, key) => mayAddTo(route.model, stored.state, readTaskKey(key), viewer, now()),
    maySee,
    laterOf: ({ route, stored, viewer }, record) => {
      const task = route.model.tasks.get(record.task);
      if (task === undefined || (stored.status !== 'open' && !task.isSubject) || !mayUpdate(task, record, viewer, stored.state)) return [];
      return [...task.later];
    },
    beginsWith: async (reader, open, result) => (await sistersOf(reader, { id: open.stored.id, route: open.route, before: open.stored, result, at: now() })).map(({ route: { model } }) => model.workflow.title),
    preview: (open, command) => apply(open.route.model, open.stored.state, command, { id: open.viewer.id, roles: open.viewer.roles }, now()),
    events: (open) => store.events(open.stored.id),
    versions: async (open, record) => versionsEntered(await store.versions(open.stored.id, record.id), await store.events(open.stored.id)),
    people: (open) => store.peopleOf(open.stored.id),
    shutOut: (open) => store.shutOut(open.stored.id),
    linked: async (reader, open) => {
      if (open.access !== 'full') return [];
      const { from } = open.stored.state;
      const source = from === undefined ? null : await store.byId(from.case);
      const others = [...(source === null ? [] : [{ other: source, from: source, link: from?.link ?? '' }]), ...(open.route.model.workflow.links === undefined ? [] : await store.linkedTo(open.stored.id)).map((other) => ({ other, from: open.stored, link: other.state.from?.link ?? '' }))];
      const shown = await Promise.all(others.map(async ({ other, from: start, link }): Promise<LinkedCase[]> => {
        const show = (await library.route(start.bundle)).model.workflow.links?.[link]?.show ?? 'status';
        if (other.state.restriction !== null || other.status === 'cancelled' || show === 'nothing') return [];
        const { workflow } = (await library.route(other.bundle)).model;
        const mayOpen = isHere(reader, await store.find(reader.id, other.number));
        return [{
          link, startedHere: start.id === open.stored.id, title: workflow.shortTitle ?? workflow.title, status: other.status,
          outcome: other.outcome === null ? null : (workflow.outcomes[other.outcome]?.title ?? other.outcome), number: mayOpen ? other.number : null
        }];
      }));
      return shown.flat();
    },
    sameSubject: async (reader, open, { answers, closed }) => {
      const identities = answers.flatMap((one) => identityOf(open.route.model, one) ?? []);
      const found = await Promise.all(identities.map(({ name }) => store.search(reader.id, name.slice(0, mostWords), { school: reader.school, closed })));
      const others = new Map(found.flat().filter(({ case: { id } }) => id !== open.stored.id).map((one) => [one.case.id, one]));
      const opened = await Promise.all([...others.values()].map((one) => openStored(reader, one)));
      const same = opened.filter(({ route: { model }, stored: { state } }) => {
        const about = caseIdentity(model, state);
        return about !== null && identities.some((one) => isSame(one, about));
      });
      await store.log(same.map(({ stored }) => ({ person: reader.id, case: stored.id, action: 'list' as const })), now());
      return same;
    },
    pack: async (open, words) => {
      const routeText = bundleText((await library.route(open.route.hash)).model.bundle);
      for (let tries = 0; tries < mostTries; tries += 1) {
        const again = tries === 0 ? open : await find({ ...open.viewer, roles: [...open.viewer.roles], school: open.stored.school, settings: {} }, open.stored.number);
        if (again === null) return null;
        const packed = await exportCase({ store, open: { ...again, route: open.route, earlier: open.earlier }, chains: await store.chains(open.stored.id), routeText, ...words, now: now() });
        if (packed !== null) return packed;
      }
      return null;
    },
    accessLines: async (open) => (await store.chains(open.stored.id)).rows.accessLog.map(({ at, person_id: person, action, detail }) => ({ at, person, action, detail })),
    drafts: store.drafts,
    files: store.files,
    emergency: store.emergency,
    subjectNotices: store.subjectNotices,
    newId,
    openFile: async (reader, number, id) => {
      const open = await find(reader, number);
      const found = open === null || open.stored.status === 'cancelled' ? null : await store.files.read(open.stored.id, id);
      if (open === null || found === null || !await mayFetch(open, found)) {
        await store.refused(reader.id, number, now());
        return null;
      }
      await store.log([{ person: reader.id, case: open.stored.id, action: 'download', detail: id }], now());
      return found;
    },
    destroy: async (reader, number, revision) => {
      const open = await find(reader, number);
      if (open === null || open.access !== 'full') return { type: 'notFound' };
      const { stored, route: { model }, viewer } = open;
      const refusal = refuseSecond({ model, state: stored.state }, viewer, 'destroy');
      if (refusal !== null) return { type: 'refused', refusal, open };
      if (stored.revision !== revision) return { type: 'changed', open };
      const proposed = stored.state.keeping?.proposed;
      const reason = proposed?.ground === 'request' ? 'request' : 'retention';
      const isDone = await store.erase(stored.id, { by: reader.id, at: now(), reason, proposedBy: proposed?.by ?? null, basis: model.workflow.retention?.basis ?? null, revision });
      return isDone ? { type: 'done', number, state: stored.state, events: [] } : { type: 'busy' };
    },
    showToDecide: async (school) => {
      const staff = await staffOf(school);
      const at = now();
      for (const stored of await store.toDecide(school, at)) {
        const seeing = new Set((await store.peopleOf(stored.id)).filter(({ access }) => access === 'full').map(({ person }) => person));
        const add = lookers((await library.route(stored.bundle)).model, stored.state, staff).filter(({ person }) => !seeing.has(person));
        if (add.length === 0) continue;
        // Should somebody else write just now, then what they decide counts.
        await store.write({
          person: clockwork.id, now: at, key: null, draft: null, answer: stored.number, events: [], case: stored, expected: stored, findBy: null, records: [],
          people: { add, remove: [], release: [], exclude: [] }, log: [{ person: null, case: stored.id, action: 'change' }]
        });
      }
    },
    destroyed: async (reader, isAdmin) => (await store.tombstones(reader.school)).filter(({ restricted, workflow, by, proposedBy }) => {
      if ([by, proposedBy].includes(reader.id)) return true;
      const read = library.published().find(({ model }) => model.workflow.id === workflow)?.model.workflow.access.read ?? [];
      return !restricted && (isAdmin || reader.roles.some((role) => read.includes(role)));
    }),
    passTime: async (caseId) => {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const stored = await store.byId(caseId);
        if (stored === null) return true;
        const settings = await settingsOf(stored.school);
        const route = routeAt(await library.route(stored.bundle), settings, null);
        const at = now();
        if (goesByItself(route.model, stored.state, at)) {
          const reason = stored.status === 'cancelled' ? 'cancelled' : 'retention';
          if (await store.erase(stored.id, { by: null, at, reason, basis: route.model.workflow.retention?.basis ?? null, revision: stored.revision })) return true;
          continue;
        }
        const result = apply(route.model, stored.state, { type: 'passTime' }, clockwork, at);
        if (!result.ok) return true;
        const { outcome } = await write({ ...clockwork, school: stored.school, settings }, { route, before: stored, result, at }, { key: null, draft: null }, await responsibleFor(stored, settings));
        if (outcome === 'done') return true;
      }
      return false;
    },
    answerOf: (reader, key) => store.answerOf(reader.id, key)
  };
}

/** All tasks of an overview, those of the active steps first. */
export function allTasks({ activeSteps, tasks, unfinished }: Overview): TaskView[] {
  return [...activeSteps.flatMap((step) => step.tasks), ...tasks, ...unfinished];
}

function actorOf({ id, roles }: Reader): Actor {
  return { id, roles };
}

/** Gives the clear columns of a case: what lists and timers need (storage.md, rule 6). */
export function headOf({ model }: Route, state: CaseState, at: Moment) {
  return {
    status: state.status, responsible: state.responsible, openedAt: state.openedAt, closedAt: state.closedAt, outcome: state.outcome,
    activeSteps: activeVisits(model, state).map(({ step }) => step),
    nextDue: nextDue(model, state, at)
  };
}

/** Nothing is written when the moment stays the same, but for what time brought: that frees the case for its next moment. */
function timerIfChanged({ model }: Route, before: CaseState | null, after: CaseState, at: Moment, always: boolean): { timer?: Moment | null } {
  const timer = nextTimer(model, after, at);
  return always || timer !== (before === null ? null : nextTimer(model, before, at)) ? { timer } : {};
}

function textIfChanged({ model }: Route, before: CaseState | null, after: CaseState): string | null {
  const text = subjectText(model, after);
  return before === null || text !== subjectText(model, before) ? text : null;
}

function changedRecords(before: CaseRecord[], after: CaseRecord[]): CaseRecord[] {
  const versions = new Map(before.map(({ id, version }) => [id, version]));
  return after.filter(({ id, version }) => versions.get(id) !== version);
}
