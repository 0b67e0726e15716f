import type { Translate } from '../../texts.ts';
import type { Difference, Place } from './differences.ts';

/** Keywords that have words of their own; the rest is named as it stands in the file. */
const worded = new Set([
  'title', 'shortTitle', 'text', 'introduction', 'guidance', 'notice', 'message', 'description', 'summary', 'reason', 'label', 'version', 'layoutTexts', 'when', 'unless', 'must', 'on', 'done', 'until',
  'required', 'repeat', 'every', 'next', 'for', 'form', 'later', 'performers', 'correct', 'waivable', 'hint', 'due', 'within', 'from', 'remind', 'escalateTo', 'to', 'close', 'stay', 'skips', 'unfinished',
  'decide', 'waitForAll', 'restrict', 'never', 'lift', 'notify', 'write', 'read', 'own', 'access', 'start', 'retention', 'default', 'type', 'each', 'format', 'maxLength', 'minLength'
]);

/** Of a long text only what differs is shown, with so many characters around it. */
const around = 40;
const longest = 160;

/** Gives a difference as one Dutch sentence. */
export function differenceText(one: Difference, t: Translate): string {
  const place = one.place.length === 0 ? '' : t('versions.at', { place: placeText(one.place, t) });
  switch (one.kind) {
    case 'added': case 'removed': return t(`versions.${one.kind}`, { place: placeText(one.place, t) });
    case 'order': return t('versions.order', { place, part: t(`versions.parts.${one.part}`) });
    case 'lines': return t('versions.lines', { place, added: t('versions.lines.added', { n: one.added }), removed: t('versions.lines.removed', { n: one.removed }) });
    case 'changed': {
      if (one.keyword[0] === 'layout') return t('versions.changed.layout', { place });
      const [was, is] = shortened(one.before, one.after);
      const keyword = one.keyword.map((word) => (worded.has(word) ? t(`versions.keyword.${word}`) : t('versions.keyword.other', { keyword: word }))).join(', ');
      const value = (text: string): string => t('versions.value', { text });
      if (was === null) return t('versions.changed.new', { place, keyword, after: value(is ?? '') });
      return is === null ? t('versions.changed.gone', { place, keyword, before: value(was) }) : t('versions.changed', { place, keyword, before: value(was), after: value(is) });
    }
  }
}

/** Gives where something stands, such as: stap "Kijken" (kijken), taak "Gesprek" (gesprek). */
function placeText(place: Place, t: Translate): string {
  return place.map(({ part, id, title }) => t(title === null ? 'versions.id' : 'versions.title', { part: t(`versions.part.${part}`), id, title: title ?? '' })).join(', ');
}

/** Cuts what two long texts have in common at both ends. */
function shortened(before: string | null, after: string | null): [string | null, string | null] {
  if (before === null || after === null) return [cut(before), cut(after)];
  if (before.length <= longest && after.length <= longest) return [before, after];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const part = (text: string): string => {
    const [from, to] = [Math.max(0, start - around), Math.min(text.length, text.length - end + around)];
    return cut(`${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`) ?? '';
  };
  return [part(before), part(after)];
}

function cut(text: string | null): string | null {
  const line = text?.replace(/\s+/g, ' ').trim() ?? null;
  return line === null || line.length <= 2 * longest ? line : `${line.slice(0, 2 * longest)}…`;
}
