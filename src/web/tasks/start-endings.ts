import type { Tree } from '../../engine/conditions/condition-tree.ts';
import { roleTitles } from '../../engine/model/labels.ts';
import type { Model, PreparedTask } from '../../engine/model/prepare.ts';
import { browserCondition } from '../../forms/browser-condition.ts';
import type { Translate } from '../../texts.ts';
import { formatChoice } from '../words/format.ts';
import type { StartForm } from '../views/view-models.ts';

type Ending = StartForm['endings'][number];
/**
 * `to`: the roles a restriction leaves the case with when the answers of now are handed in; null: there is none. `isPaged`: the browser
 * does not have all answers. `isAnswer`: nothing runs on after it, such as questions that tell which route fits.
 */
type Options = { to: string[] | null; audience: string; isPaged: boolean; isAnswer: boolean; t: Translate };

/**
 * Makes the button of a start form with who will see the case: as it stands now, and, where the browser can weigh the answer that
 * restricts the case, as it would stand otherwise, so that nobody reads the wrong promise while choosing.
 */
export function startEndings(model: Model, task: PreparedTask, { to, audience, isPaged, isAnswer, t }: Options): Ending[] {
  const open: Omit<Ending, 'when' | 'hidden'> = { button: t(isAnswer ? 'web.start.answer' : 'web.start.button'), audience };
  const only = (roles: string[]): Omit<Ending, 'when' | 'hidden'> => ({
    button: t('web.start.onlyTo', { roles: formatChoice(roleTitles(model, roles.filter((role) => role !== 'author')).map(lower)) }), audience: t('web.start.onlyYou')
  });
  const asked = isPaged ? null : restrictionOf(model, task);
  if (asked === null) return [{ ...(to === null ? open : only(to)), when: null, hidden: false }];
  return [
    { ...open, when: `{"none":[${asked.when}]}`, hidden: to !== null },
    { ...only(to ?? asked.to), when: asked.when, hidden: to === null }
  ];
}

/** The only event that restricts the case for an answer of this form; null where the browser cannot tell. */
function restrictionOf({ events }: Model, task: PreparedTask): { when: string; to: string[] } | null {
  const [event, ...more] = events.filter(({ definition }) => definition.restrict !== undefined);
  if (event === undefined || more.length > 0 || event.on === null || event.at !== null || event.for?.join('.') !== task.id) return null;
  const own = ofThisForm(event.on);
  const when = own === null ? null : browserCondition(own, { at: '', isHere: () => true, holds: () => true });
  return when === null ? null : { when, to: event.definition.restrict?.to ?? [] };
}

/** The condition without `for`, which is the record this form becomes; null when it reads more than that. */
function ofThisForm(tree: Tree): Tree | null {
  if (tree.type === 'path') return tree.path[0] === 'for' ? { ...tree, path: tree.path.slice(1) } : null;
  const trees = tree.trees.map(ofThisForm);
  return trees.includes(null) ? null : { ...tree, trees: trees.filter((part) => part !== null) };
}

function lower(text: string): string {
  return text.charAt(0).toLocaleLowerCase('nl') + text.slice(1);
}
