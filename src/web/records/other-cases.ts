import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { readAnswers } from '../../cases/entered.ts';
import { subjectRecord } from '../../cases/same-subject.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { CaseRecord } from '../../engine/state/case-state.ts';
import { isAnswer } from '../../engine/conditions/conditions.ts';
import type { PreparedTask } from '../../engine/model/prepare.ts';
import { filesIn } from '../../forms/file-answer.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { compareAnswers, type Compared } from '../words/compare-answers.ts';
import { visitorOf } from '../site/http.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';

/** Another case with the last change of this one's subject that is not in it. `answers`: what would be filled in there. */
export type OtherCase = { open: OpenCase; record: CaseRecord; answers: Answers; differences: Compared[] };

/** A record as this person has it open. `later`: the questions they may still fill in. */
export type ReadRecord = { open: OpenCase; record: CaseRecord; task: PreparedTask | null; later: string[] };

/** The address of that page when there is a case to carry the last change of the subject over to; null: there is none. */
export async function otherCasesHref(site: Site, request: FastifyRequest, work: ReadRecord): Promise<string | null> {
  return (await othersOf(site, request, work)).length === 0 ? null : `/cases/${work.open.stored.number}/records/${String(work.record.id)}/other-cases`;
}

/** Gives the other cases of this person where the last change of the subject is not in. Files stay in their own case. */
export async function othersOf(site: Site, request: FastifyRequest, { open, record, task, later }: ReadRecord): Promise<OtherCase[]> {
  if (task?.isSubject !== true || record.version === 1 || later.length === 0) return [];
  const before = (await site.cases.versions(open, record)).find(({ version }) => version === record.version - 1)?.answers ?? {};
  const changed = Object.fromEntries(Object.entries(record.answers).filter(([name, answer]) => (
    isAnswer(answer) && JSON.stringify(answer) !== JSON.stringify(before[name]) && filesIn({ [name]: answer }).length === 0
  )));
  if (Object.keys(changed).length === 0) return [];
  const cases = await site.cases.sameSubject(visitorOf(request).reader, open, { answers: [record.answers, before], closed: true });
  const others = await Promise.all(cases.map(async (other): Promise<OtherCase[]> => {
    const stored = subjectRecord(other.route.model, other.stored.state);
    if (stored === null || !site.cases.maySee(other, stored)) return [];
    const theirs = { ...stored, answers: readAnswers(other, stored) };
    const form = other.route.form(theirs.form);
    const may = site.cases.laterOf(other, stored).filter((field) => form.questions.some(({ name }) => name === field));
    const answers = Object.fromEntries(Object.entries(changed).filter(([name]) => may.includes(name)));
    const options = { references: await referencesIn(site, other), now: site.now(), only: Object.keys(answers) };
    const { different } = compareAnswers(printAnswers(form, answers, options), printAnswers(form, theirs.answers, options));
    return different.length === 0 ? [] : [{ open: other, record: theirs, answers, differences: different }];
  }));
  return others.flat();
}
