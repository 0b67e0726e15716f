import type { OpenCase } from '../../cases/cases.ts';
import { enteredIn, readAnswers } from '../../cases/entered.ts';
import { besideField, besideOf, besides } from '../../engine/model/beside.ts';
import type { CaseRecord } from '../../engine/state/case-state.ts';
import { titleOfRecord } from '../../engine/model/instances.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { fileHrefIn } from '../forms/file-pages.ts';
import { dayOf, formatMoment } from '../words/format.ts';
import { namesIn } from '../site/names.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import type { Link, RecordPage } from '../views/view-models.ts';

/** What stands beside a record and this person may read, such as the view of a parent. */
export async function besideRecord(site: Site, open: OpenCase, record: CaseRecord): Promise<RecordPage['beside']> {
  const { t } = site;
  const { route: { model }, stored: { state, number } } = open;
  const found = besides(model, state, record).filter((one) => site.cases.maySee(open, one));
  if (found.length === 0) return [];
  const references = await referencesIn(site, open);
  const nameOf = await namesIn(site, open, found.map(({ by }) => by));
  return found.map((one) => {
    const { form, record: then } = enteredIn(open, { ...one, answers: readAnswers(open, one) });
    const own = besideField(form.definition);
    return {
      title: titleOfRecord({ model, state }, one), href: `/cases/${number}/records/${String(one.id)}`,
      meta: t('web.record.meta', { when: formatMoment(one.at, dayOf(site.now()), t), name: nameOf(one.by) }),
      answers: printAnswers(form, then.answers, { references, now: site.now(), fileHref: fileHrefIn(number) }).filter(({ pointer, lines, rows }) => pointer !== `/${own ?? ''}` && (lines.length > 0 || (rows?.length ?? 0) > 0))
    };
  });
}

/** The record that a record stands beside, where this person may read it; and the tasks that put something beside it. */
export function besideLinks({ cases, t }: Site, open: OpenCase, record: CaseRecord): Link[] {
  const { route: { model }, stored: { state, number } } = open;
  const other = state.records.find(({ id }) => id === besideOf(model.bundle, record));
  if (other !== undefined) return cases.maySee(open, other) ? [{ href: `/cases/${number}/records/${String(other.id)}`, text: t('web.record.standsBeside', { title: titleOfRecord({ model, state }, other) }) }] : [];
  if (model.tasks.get(record.task)?.isSubject !== false) return [];
  const tasks = [...model.tasks.values()].filter(({ id, form }) => form !== null && besideField(form) !== null && cases.mayAdd(open, id));
  return tasks.map(({ id, title }) => ({ href: `/cases/${number}/tasks/${id}?beside=${String(record.id)}`, text: t('web.record.putBeside', { task: title }) }));
}
