import { isWarning } from '../../forms/appeared.ts';
import type { Translate } from '../../texts.ts';
import type { Notice } from '../views/view-models.ts';

/** Says that an answer brought questions to the page, or only a warning; nothing where it brought none. `shown` is what `appeared` gave. */
export function appearedNotices(shown: string[], t: Translate): Notice[] {
  return shown.length === 0 ? [] : [{ kind: 'info', title: null, paragraphs: [t(shown.every(isWarning) ? 'web.task.appearedWarning' : 'web.task.appeared')], bullets: [], numbers: [] }];
}
