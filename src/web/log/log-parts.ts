import type { Model } from '../../engine/model/prepare.ts';
import { readTaskKey } from '../../engine/model/instances.ts';
import type { AccessAction } from '../../trust/access-log-store.ts';
import type { Translate } from '../../texts.ts';

/** What ids in the log mean: the routes they may be of, the first that knows one counts. `recordTitle`: of a record of the case at hand; null where there is none. */
export type Titles = { models: readonly Model[]; recordTitle: ((id: number) => string | null) | null };

/** Words that stand for a whole, not for a document. */
const wholes = ['log', 'dossier', 'file'];

/** The part of the case that a line names, in words: the title of a task, record or document. Null: it names none. An id that no route knows stays as it is. */
export function partText({ action, detail }: { action: AccessAction; detail: string | null }, t: Translate, titles: Titles): string | null {
  if (detail === null) return null;
  const [key = '', ...rest] = detail.split(' ');
  if (action === 'disclose') return t(`log.part.disclose.${key}`);
  if (action === 'viewTask') return known(titles, key, (model, id) => model.tasks.get(id)?.title);
  if (action === 'viewRecord') return titles.recordTitle?.(Number(key)) ?? t('log.part.record', { id: key });
  if (!['viewDocument', 'print', 'export'].includes(action)) return null;
  if (wholes.includes(detail)) return t(`log.part.${detail}`);
  const title = known(titles, key, (model, id) => model.documents.find((document) => document.id === id)?.title);
  return [title, ...rest.map((word) => (/^\d+$/.test(word) ? t('log.part.version', { n: word }) : word))].join(', ');
}

function known({ models }: Titles, key: string, titleIn: (model: Model, id: string) => string | undefined): string {
  const { id } = readTaskKey(key);
  return models.map((model) => titleIn(model, id)).find((title) => title !== undefined) ?? key;
}
