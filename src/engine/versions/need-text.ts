import { answerKey, type Need } from '../state/move-choices.ts';
import { questionAt } from './move-targets.ts';
import type { Model } from '../model/prepare.ts';

/** Gives the words of what must be chosen: its title in the version the case runs on, or of an event in the one it goes to. */
export function needTitle(before: Model, after: Model, need: Need): string {
  switch (need.kind) {
    case 'step': return before.steps.get(need.id)?.definition.title ?? need.id;
    case 'task': return before.tasks.get(need.id)?.title ?? need.id;
    case 'event': return after.workflow.events?.[need.id]?.reason ?? need.id;
    case 'field': return questionOf(before, need.path)?.title ?? need.path;
    case 'answer': return questionOf(before, need.path)?.options?.find(({ value }) => answerKey(value) === need.answer)?.title ?? need.answer;
  }
}

/** Gives what must be chosen as a sentence. */
export function needText(before: Model, after: Model, need: Need): string {
  const title = needTitle(before, after, need);
  if (need.kind === 'answer') return after.t('versions.need.answer', { title: questionOf(before, need.path)?.title ?? need.path, answer: title });
  return after.t(`versions.need.${need.kind}`, { title });
}

function questionOf({ tasks }: Model, path: string): ReturnType<typeof questionAt> {
  const [task = '', ...names] = path.split('.');
  return questionAt(tasks.get(task)?.form ?? null, names);
}
