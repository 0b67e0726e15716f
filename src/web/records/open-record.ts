import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { enteredIn, readAnswers } from '../../cases/entered.ts';
import type { DraftKey } from '../../cases/stores/case-store.ts';
import type { CaseRecord } from '../../engine/state/case-state.ts';
import type { Answers } from '../../definitions/bundle.ts';
import { askedForm } from '../../engine/model/asked-form.ts';
import { caseContext } from '../../engine/model/case-context.ts';
import { instanceOf } from '../../engine/model/instances.ts';
import type { PreparedTask } from '../../engine/model/prepare.ts';
import { AppError } from '../../errors.ts';
import type { CompiledForm } from '../../forms/form-types.ts';
import { initialPairs } from '../../forms/initial-pairs.ts';
import { readIn } from '../../forms/read-in.ts';
import type { CaseForm } from '../forms/case-form.ts';
import { param, visitorOf } from '../site/http.ts';
import { openCase } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';

/** `form`: as it is asked now of this record; `base`: what stands in it, with the rows that come from elsewhere as they are now. */
export type OpenRecord = { open: OpenCase; record: CaseRecord; task: PreparedTask | null; form: CompiledForm; formHash: string | null; base: Answers; later: string[]; draft: DraftKey };

/** Opens a record of the case of a request; what this person may not read is not there. */
export async function openRecord(site: Site, request: FastifyRequest): Promise<OpenRecord> {
  const open = await openCase(site, request, 'viewRecord');
  const id = Number(param(request, 'record'));
  const stored = open.stored.state.records.find((one) => one.id === id);
  if (stored === undefined || !site.cases.maySee(open, stored)) throw new AppError('notFound');
  const record = { ...stored, answers: readAnswers(open, stored) };
  const { model } = open.route;
  const { state } = open.stored;
  const task = model.tasks.get(record.task) ?? null;
  const asked = task === null ? null : askedForm(caseContext(model, state, site.now(), open.viewer), instanceOf({ model, state }, task, record.source), stored.answers);
  const form = asked !== null ? open.route.askedForm(asked) : isInRoute({ open, record }) ? open.route.form(record.form) : enteredIn(open, record).form;
  return {
    open, record, task, form, formHash: asked?.hash ?? null, base: { ...record.answers, ...readIn(form, asked?.given ?? {}) },
    later: site.cases.laterOf(open, record).filter((field) => form.questions.some(({ name }) => name === field)),
    draft: { person: visitorOf(request).reader.id, case: open.stored.id, task: record.task, record: record.id }
  };
}

/** The questions of a record that may still be filled in. */
export async function laterForm(site: Site, { open, record, form, base, later, draft }: OpenRecord): Promise<CaseForm> {
  const path = `/cases/${open.stored.number}/records/${String(record.id)}`;
  return { open, form, id: record.form, path, draft, begun: await site.cases.drafts.find(draft), first: initialPairs(form, { only: later, answers: base }), base, only: later };
}

/** Does the version of now still have the form of this record? What it has no more is only read. */
export function isInRoute({ open, record }: Pick<OpenRecord, 'open' | 'record'>): boolean {
  return Object.hasOwn(open.route.model.bundle.forms, record.form);
}
