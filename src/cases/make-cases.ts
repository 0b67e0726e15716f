import type { RouteSettings } from '../definitions/setting-values.ts';
import { type CaseRecord, clockwork, type Command } from '../engine/state/case-state.ts';
import { goesByItself, refuseSecond } from '../engine/commands/keeping.ts';
import { versionFiles } from '../engine/commands/document-versions.ts';
import { readTaskKey } from '../engine/model/instances.ts';
import { mayAddTo, overview, taskOverview } from '../engine/overview/overview.ts';
import type { Overview } from '../engine/model/overview-types.ts';
import { mayUpdate } from '../engine/model/performers.ts';
import { apply } from '../engine/commands/transition.ts';
import { filesIn } from '../forms/file-answer.ts';
import { isFoundBy, searchWords } from '../trust/blind-index.ts';
import { bundleText } from '../definitions/make-bundle.ts';
import { type CaseAccess, lookers } from './stores/access-changes.ts';
import { exportCase } from './case-export.ts';
import type { AccessAction, FoundCase, StoredCase } from './stores/case-store.ts';
import { actorOf, type Carried, makeCaseWriter } from './case-writer.ts';
import type { ActResult, Cases, CasesParts, LinkedCase, OpenCase, Reader } from './cases.ts';
import { readAnswers, versionsEntered } from './entered.ts';
import type { StoredFile } from './stores/file-store.ts';
import { type Route, routeAt } from './library.ts';
import { caseIdentity, identityOf, isSame } from './same-subject.ts';
import { isAsSeen } from './seen.ts';
import { mostWords, subjectText } from './subject-text.ts';

/** Others may change the case between reading and writing this often before the person is asked to try again (storage.md, rule 1). */
const mostTries = 3;

/** Makes everything staff can do with cases. Access is decided by the store's one query; the engine decides the rest. */
export function makeCases(parts: CasesParts): Cases {
  const { store, library, staffOf, settingsOf, now, newId } = parts;
  const writer = makeCaseWriter(parts);
  const openStored = async (reader: Reader, { case: stored, access }: { case: StoredCase; access: CaseAccess }): Promise<OpenCase> => {
    const read = async (hash: string): Promise<Route> => routeAt(await library.route(hash), reader.settings, reader.roles);
    const earlier = new Map<string, Route>();
    for (const hash of stored.state.earlier ?? []) earlier.set(hash, await read(hash));
    return { stored, access, route: await read(stored.bundle), earlier, viewer: { id: reader.id, roles: reader.roles, sees: access } };
  };
  /** Roles are those at the school where somebody is now: a case of another one is opened from there. */
  const isHere = ({ school }: Reader, found: FoundCase | null): found is FoundCase => found?.case.school === school;
  const find = async (reader: Reader, number: string): Promise<OpenCase | null> => {
    const found = await store.find(reader.id, number);
    return isHere(reader, found) ? openStored(reader, found) : null;
  };
  const looked = ({ viewer, stored }: OpenCase, action: AccessAction, detail: string | null = null): Promise<void> => store.log([{ person: viewer.id, case: stored.id, action, detail }], now());
  const overviewOf = ({ route, stored, viewer }: OpenCase): Overview => overview(route.model, stored.state, viewer, now());

  const begin = async (reader: Reader, route: Route, command: Command & { type: 'open' }, submission: Carried): Promise<ActResult> => {
    const at = now();
    const result = apply(route.model, null, command, actorOf(reader), at);
    if (!result.ok) return { type: 'refused', refusal: result, open: null };
    for (let tries = 0; tries < mostTries; tries += 1) {
      const { outcome, number } = await writer.write(reader, { route, before: null, result, at }, submission, command.from === undefined ? reader : null);
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
        const { outcome } = await writer.write(reader, { route: open.route, before: open.stored, result, at }, submission, reader);
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
    beginsWith: async (reader, open, result) => (await writer.sistersOf(reader, { id: open.stored.id, route: open.route, before: open.stored, result, at: now() })).map(({ route: { model } }) => model.workflow.title),
    preview: (open, command) => apply(open.route.model, open.stored.state, command, { id: open.viewer.id, roles: open.viewer.roles }, now()),
    events: (open, types) => store.events(open.stored.id, types),
    eventsBeside: (open, place) => store.eventsBeside(open.stored, place),
    eventCounts: (open) => store.eventCounts(open.stored.id),
    versions: async (open, record) => {
      const all = await store.versions(open.stored.id, record.id);
      // In a case that never moved everything was entered under the version of now.
      return open.stored.state.earlier === undefined ? all : versionsEntered(all, await store.events(open.stored.id));
    },
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
      const found = await Promise.all(identities.map(({ name }) => store.search(reader.id, name.slice(0, mostWords), { school: reader.school, closed, but: open.stored.id })));
      const others = new Map(found.flat().map((one) => [one.case.id, one]));
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
    passTime: async (caseId, { erases } = { erases: true }) => {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const stored = await store.byId(caseId);
        if (stored === null) return true;
        const settings = await settingsOf(stored.school);
        const route = routeAt(await library.route(stored.bundle), settings, null);
        const at = now();
        if (goesByItself(route.model, stored.state, at)) {
          if (!erases) return true;
          const reason = stored.status === 'cancelled' ? 'cancelled' : 'retention';
          if (await store.erase(stored.id, { by: null, at, reason, basis: route.model.workflow.retention?.basis ?? null, revision: stored.revision })) return true;
          continue;
        }
        const result = apply(route.model, stored.state, { type: 'passTime' }, clockwork, at);
        if (!result.ok) return true;
        const { outcome } = await writer.write({ ...clockwork, school: stored.school, settings }, { route, before: stored, result, at }, { key: null, draft: null }, await responsibleFor(stored, settings));
        if (outcome === 'done') return true;
      }
      return false;
    },
    answerOf: (reader, key) => store.answerOf(reader.id, key)
  };
}
