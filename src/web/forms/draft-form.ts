import type { OpenCase } from '../../cases/cases.ts';
import type { Route } from '../../cases/library.ts';
import { hiddenFields } from '../../definitions/lookup.ts';
import type { CompiledForm, Pairs, PrintedAnswer, References } from '../../forms/form-types.ts';
import { leftOver } from '../../forms/left-over.ts';
import { isSamePairs } from '../../forms/same-pairs.ts';
import { valueIn, visitorOf } from '../site/http.ts';
import type { FastifyRequest } from 'fastify';
import { subjectPrefix, type Opening } from './opening.ts';
import type { Site } from '../site/site.ts';
import type { Notice } from '../views/view-models.ts';

/** The forms of a draft as they are now. `version`: of the route; `isChanged`: one of them is not what it was when the draft was begun. */
export type DraftForm = { version: string; isChanged: boolean; parts: Part[] };

/** `former`: what may have been typed in, the form of then first; `hidden`: questions that this person may not read. */
type Part = { form: CompiledForm; former: CompiledForm[]; hidden: string[]; prefix: string; only: string[] | undefined };

/** Under which version of the route a draft was begun; and, in words, what was typed and has no place in the form of now. */
const [versionName, leftName] = ['_form', '_left'];

/** The form of a task or record of a case, as somebody has it open; `id`: of the form, `task`: in which it was asked. */
export function draftFormIn({ route, earlier, viewer }: OpenCase, { id, task, form, only }: { id: string; task: string | null; form: CompiledForm; only?: string[] | undefined }, begun: Pairs | null): DraftForm {
  const then = earlier.get(valueIn(begun ?? [], versionName)) ?? null;
  return draftForm(route, then, [{ id, then: task === null ? id : (then?.model.tasks.get(task)?.definition.form ?? id), form, prefix: '', only }], viewer.roles);
}

/** The forms with which a case is started. */
export async function draftFormAtStart(site: Site, request: FastifyRequest, { route, task, form, asked, subject }: Opening, begun: Pairs | null): Promise<DraftForm> {
  const { reader } = visitorOf(request);
  const hash = valueIn(begun ?? [], versionName);
  const found = hash === '' || hash === route.hash || await site.bundles.find(hash) === null ? null : await site.library.route(hash);
  const about = route.model.workflow.subject;
  return draftForm(route, found === null ? null : { ...found, ...found.readBy(reader.roles) }, [
    { id: task.definition.form, then: found?.model.tasks.get(task.id)?.definition.form ?? task.definition.form, form, prefix: '', only: asked },
    ...(subject === null || about === undefined ? [] : [{ id: about, then: found?.model.workflow.subject ?? about, form: subject.form, prefix: subjectPrefix, only: subject.only }])
  ], reader.roles);
}

function draftForm(route: Route, then: Route | null, parts: { id: string; then: string; form: CompiledForm; prefix: string; only: string[] | undefined }[], roles: readonly string[]): DraftForm {
  const formOf = (of: Route, id: string): CompiledForm[] => (Object.hasOwn(of.model.bundle.forms, id) ? [of.form(id)] : []);
  const read = parts.map(({ id, then: before, form, prefix, only }) => ({ part: { form, prefix, only, former: [...(then === null ? [] : formOf(then, before)), ...formOf(route, id)] }, id }));
  return {
    version: route.hash,
    isChanged: then !== null && read.some(({ part: { former } }) => new Set(former.map(({ definition }) => JSON.stringify(definition))).size > 1),
    parts: read.map(({ part, id }) => ({ ...part, hidden: [route, ...(then === null ? [] : [then])].flatMap(({ model: { bundle: { forms } } }) => (forms[id] === undefined ? [] : hiddenFields(forms[id], roles))) }))
  };
}

/**
 * Gives what is kept of a page: what the form of now has no place for is set aside in words, and stays with the draft until it is handed
 * in, so that a change of the form loses nothing that was typed. `begun`: the pairs of the draft; null: there is none yet.
 */
export function withLeftOver(site: Site, draft: DraftForm, { begun, typed }: { begun: Pairs | null; typed: Pairs }, references: References): Pairs {
  const kept = (begun ?? []).filter(isBeside);
  const version = begun === null ? draft.version : valueIn(kept, versionName);
  const before = kept.filter(([name]) => name === leftName);
  const beside = (pairs: Pairs, left: Pairs): Pairs => [...pairs.filter((pair) => !isBeside(pair)), ...(version === '' ? [] : [[versionName, version] as [string, string]]), ...left];
  // What is the same stays the same list, so that what was worked out of it holds.
  const list = beside(typed, before);
  const all = isSamePairs(list, typed) ? typed : list;
  const now = setAside(site, draft, all, references);
  // A page that shows what was begun has nothing else.
  const then = begun === typed ? now : setAside(site, draft, begun ?? [], references);
  const left = [...new Set([...before.map(([, text]) => text), ...then.left, ...now.left])];
  return left.length === before.length && now.pairs === all ? all : beside(now.pairs, left.map((text) => [leftName, text]));
}

/** What stands beside the answers: the version of the form, and what has no place in it. */
function isBeside([name]: [string, string]): boolean {
  return name === versionName || name === leftName;
}

function setAside(site: Site, { parts }: DraftForm, pairs: Pairs, references: References): { pairs: Pairs; left: string[] } {
  return parts.reduce<{ pairs: Pairs; left: string[] }>((all, { form, former, hidden, prefix, only }) => {
    const isHidden = ([name]: [string, string]): boolean => hidden.some((one) => name === `${prefix}/${one}` || name.startsWith(`${prefix}/${one}/`) || name.startsWith(`${prefix}/${one}#`));
    const found = leftOver(form, hidden.length === 0 ? all.pairs : all.pairs.filter((pair) => !isHidden(pair)), { former, prefix, only, print: { references, now: site.now(), t: form.t, zone: form.zone } });
    return { pairs: found.pairs, left: [...all.left, ...found.leftOver.map(({ label, lines }) => JSON.stringify([label, ...lines]))] };
  }, { pairs, left: [] });
}

/** Gives what was set aside, to be read and copied. */
export function leftAnswers(pairs: Pairs): PrintedAnswer[] {
  return pairs.filter(([name]) => name === leftName).map(([, text]) => {
    const [label = '', ...lines] = JSON.parse(text) as string[];
    return { pointer: `${leftName}/${label}`, label, lines, rows: null, href: '', source: null };
  });
}

/** Says on the page of a form that it changed since it was begun, and shows what has no place in it any more. */
export function changedNotices({ t }: Site, { isChanged }: DraftForm, pairs: Pairs): Notice[] {
  const answers = leftAnswers(pairs);
  if (!isChanged && answers.length === 0) return [];
  return [{
    kind: 'warn', title: t(isChanged ? 'drafts.form.changed' : 'drafts.form.left'), bullets: [], numbers: [],
    paragraphs: [t(answers.length === 0 ? 'drafts.form.changedText' : 'drafts.form.leftText')],
    ...(answers.length === 0 ? {} : { answers })
  }];
}
