import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field, FormDefinition } from '../src/definitions/form.types.ts';
import type { WorkflowDefinition } from '../src/definitions/workflow.types.ts';

/** Questions of five kinds, in turn. */
export const kindsInTurn: Field[] = [
  { type: 'string', title: 'Wat hebt u gezien?', maxLength: 4000 }, { type: 'string', title: 'Wie was erbij?', maxLength: 100 },
  { type: 'string', title: 'Hoe vaak?', oneOf: [{ const: 'a', title: 'Een keer' }, { const: 'b', title: 'Vaker' }] },
  { type: 'string', title: 'Wanneer?', format: 'date' }, { type: 'boolean', title: 'Weet de ouder het?' }
];

/** Writes a route with one form of 20 questions, all to be answered, into an empty folder. */
export function writeTwentyQuestions(folder: string): void {
  const names = Array.from({ length: 20 }, (_, index) => `v${String(index)}`);
  const form: FormDefinition = {
    id: 'vragen', version: '1.0.0', language: 'nl', title: 'Meting',
    schema: { type: 'object', properties: Object.fromEntries(names.map((name, index) => [name, kindsInTurn[index % 5] ?? {}])), required: names }
  };
  const opening: FormDefinition = { id: 'begin', version: '1.0.0', language: 'nl', title: 'Begin', schema: { type: 'object', properties: { waarom: { type: 'string', title: 'Waarom?' } } } };
  const workflow: WorkflowDefinition = {
    $schema: './.schemas/workflow.json', id: 'meting', version: '1.0.0', language: 'nl', title: 'Meting', start: 'meten', offer: { title: 'Meten', text: 'Om te meten.' },
    roles: { meter: { title: 'Meter' } }, performers: ['meter'], access: { read: ['meter'] }, outcomes: { klaar: { title: 'Klaar' } },
    tasks: { begin: { title: 'Begin', form: 'begin', opensCase: true, emergency: true }, vragen: { title: 'Meting', form: 'vragen', repeat: true } },
    steps: { meten: { title: 'Meten', performers: ['meter'], transitions: { stop: { title: 'Stop', close: 'klaar' } } } },
    retention: { from: 'case.closedAt', keep: { years: 2 }, basis: 'schoolbesluit' }
  };
  for (const [kind, definition] of [['workflows', workflow], ['forms', form], ['forms', opening]] as const) {
    mkdirSync(join(folder, kind), { recursive: true });
    writeFileSync(join(folder, kind, `${definition.id}.json`), JSON.stringify(definition, null, 2));
  }
}
