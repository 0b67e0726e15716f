import type { ConditionWords } from '../definitions/checks/missing-answers.ts';
import type { Translate } from '../texts.ts';
import { conditionText } from './condition-text.ts';
import { readCondition } from './condition-tree.ts';
import { prepare } from './prepare.ts';

/** Makes the words of conditions for the checker, in the language of `t`: one sentence, with the titles of tasks and questions. */
export function conditionWords(t: Translate): ConditionWords {
  return ({ workflow, forms }, { condition, record }) => {
    const model = prepare({ hash: '', workflow, forms, documents: {}, partials: {} }, t);
    const form = record !== null && Object.hasOwn(forms, record) ? (forms[record] ?? null) : null;
    return conditionText(model, readCondition(condition), { form, row: null });
  };
}
