import type { Answers, Json } from '../../definitions/bundle.ts';
import type { FormDefinition } from '../../definitions/form.types.ts';
import { fieldsOf } from '../../definitions/lookup.ts';
import type { LinkDefinition } from '../../definitions/workflow.types.ts';
import type { CaseContext } from '../model/case-context.ts';
import type { CaseState } from '../state/case-state.ts';
import { isAnswer } from '../conditions/conditions.ts';
import type { Model } from '../model/prepare.ts';

/** A sister case that may be started from this one. */
export type OfferedLink = { id: string; definition: LinkDefinition };

/** Gives the sister cases that a way that was taken or an event that fired has offered, in the order of the definition; also of a closed case. */
export function offeredLinks({ model, state }: { model: Model; state: CaseState }): OfferedLink[] {
  const ways = [...model.transitions, ...[...model.steps.values()].flatMap(({ transitions }) => transitions)];
  const taken = ways.filter(({ id, step }) => state.visits.some((visit) => visit.endedVia?.split(' ').includes(id) === true && (step === null || visit.step === step)));
  const fired = model.events.filter(({ id }) => state.fired.some((key) => key === id || key.startsWith(`${id}:`)));
  const named = new Set([...taken, ...fired].map(({ definition }) => definition.link));
  return Object.entries(model.workflow.links ?? {}).flatMap(([id, definition]) => (named.has(id) ? [{ id, definition }] : []));
}

/**
 * Gives what a sister case may take over, by its task or subject: the latest answers to the questions that the link names and both forms
 * have. Nothing else goes along, and it goes once (semantics 19). `forms`: those of the other route, by task or subject.
 */
export function answersToCopy(context: CaseContext, { copy = {} }: LinkDefinition, forms: { [target: string]: FormDefinition }): { [target: string]: Answers } {
  return Object.fromEntries(Object.entries(copy).flatMap(([target, wish]): [string, Answers][] => {
    const { from, ask } = typeof wish === 'string' ? { from: wish, ask: null } : { from: wish.from, ask: wish.ask ?? null };
    const task = context.model.tasks.get(from);
    const form = forms[target];
    if (task === undefined || form === undefined) return [];
    const record = context.recordsOf(task).at(-1);
    const names = Object.keys(fieldsOf(form)).filter((name) => ask === null || ask.includes(name));
    return [[target, Object.fromEntries(names.flatMap((name): [string, Json][] => (isAnswer(record?.answers[name]) ? [[name, record.answers[name] ?? null]] : [])))]];
  }));
}
