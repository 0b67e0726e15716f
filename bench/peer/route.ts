import { readState, stateText } from '../../src/cases/stores/state-text.ts';
import type { FormDefinition } from '../../src/definitions/form.types.ts';
import { makeBundle } from '../../src/definitions/make-bundle.ts';
import type { WorkflowDefinition } from '../../src/definitions/workflow.types.ts';
import type { Actor, Command } from '../../src/engine/state/case-state.ts';
import { type Model, prepare } from '../../src/engine/model/prepare.ts';
import { apply } from '../../src/engine/commands/transition.ts';
import type { Translate } from '../../src/texts.ts';

const form = (id: string, properties: FormDefinition['schema']['properties']): FormDefinition => ({ id, version: '1.0.0', language: 'en', title: id, schema: { type: 'object', properties } });
const text = { type: 'string', title: 'Text', maxLength: 500 } as const;
const choice = (...values: string[]): FormDefinition['schema']['properties'][string] => ({ type: 'string', title: 'Choice', oneOf: values.map((value) => ({ const: value, title: value })) });

const workflow: WorkflowDefinition = {
  id: 'compared', version: '1.0.0', language: 'en', title: 'Compared', start: 'look', performers: ['worker'],
  roles: { worker: {} }, access: { read: ['worker'] }, outcomes: { done: {} },
  tasks: { signal: { form: 'signal', repeat: true, opensCase: true } },
  rules: { talk: { when: { signal: { some: { kind: 'urgent' } } }, must: { 'tasks.talk': 'done' }, message: 'Talk first.' } },
  steps: {
    look: { title: 'Look', performers: ['worker'], tasks: { talk: { form: 'talk', required: true } }, transitions: { on: { title: 'On', to: 'choose' } } },
    choose: {
      title: 'Choose', performers: ['worker'], decide: 'one', tasks: { choice: { form: 'choice', required: true } },
      transitions: { again: { title: 'Again', to: 'look', when: { 'choice.help': 'yes' } }, stop: { title: 'Stop', close: 'done', when: { 'choice.help': 'no' } } }
    }
  }
};

/** What one person does from the first signal to the end; the same for us and for the peer. */
export const walk = [
  { type: 'open', task: 'signal', answers: { what: 'A bruise, said to be from a fall.', kind: 'urgent' } },
  { type: 'submit', task: 'signal', answers: { what: 'The same again, a week later.', kind: 'plain' } },
  { type: 'submit', task: 'talk', answers: { what: 'The parents tell the same story.' } },
  { type: 'take', step: 'look', transition: 'on' },
  { type: 'submit', task: 'choice', answers: { help: 'yes' } },
  { type: 'take', step: 'choose', transition: 'again' },
  { type: 'submit', task: 'talk', answers: { what: 'A second talk.' } },
  { type: 'take', step: 'look', transition: 'on' },
  { type: 'submit', task: 'choice', answers: { help: 'no' } },
  { type: 'take', step: 'choose', transition: 'stop' }
] as const;

export const now = '2026-03-18T10:30:00.000Z';
const actor: Actor = { id: 'worker', roles: ['worker'] };

export function comparedModel(translate: Translate): Model {
  const forms = { signal: form('signal', { what: text, kind: choice('plain', 'urgent') }), talk: form('talk', { what: text }), choice: form('choice', { help: choice('yes', 'no') }) };
  return prepare(makeBundle(workflow, { forms, documents: {}, partials: {} }), translate);
}

/** Walks the route once; before each act the state is read from its text, after it written back. Gives the last text. */
export function walkOnce(model: Model): string {
  let kept = '';
  for (const act of walk) kept = step(model, kept, commandOf(act));
  return kept;
}

/** Gives the text of the case after each act. */
export function walkTexts(model: Model): string[] {
  let kept = '';
  return walk.map((act) => (kept = step(model, kept, commandOf(act))));
}

/** One act on a case kept as text. */
export function step(model: Model, kept: string, command: Command): string {
  const result = apply(model, kept === '' ? null : readState(kept), command, actor, now);
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result)}`);
  return stateText(result.state);
}

function commandOf(act: (typeof walk)[number]): Command {
  switch (act.type) {
    case 'open': return { type: 'open', task: act.task, answers: act.answers, subject: null };
    case 'submit': return act;
    // Written out: copying an object would be counted as ours.
    case 'take': return { type: 'take', step: act.step, transition: act.transition, answers: null };
  }
}
