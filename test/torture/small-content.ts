import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormDefinition } from '../../src/definitions/form.types.ts';
import { makeBundle } from '../../src/definitions/make-bundle.ts';
import type { WorkflowDefinition } from '../../src/definitions/workflow.types.ts';

/** A definition that asks for one thing, over and over: what is measured is the server. */
const workflow = {
  $schema: './.schemas/workflow.json', id: 'proef', version: '1.0.0', language: 'nl', title: 'Proef',
  introduction: 'Een route om de server mee te beproeven.',
  legalBasis: { validFrom: '2020-01-01', requirements: null, reviewBy: '2099-01-01', text: 'Geen.' },
  roles: { lid: { title: 'Lid' } },
  offer: { title: 'Proef', text: 'Een zaak om mee te proberen.' },
  start: 'bezig',
  tasks: { melding: { form: 'melding', repeat: true, opensCase: true, check: false, title: 'Melding' }, einde: { form: 'einde', title: 'Einde' } },
  steps: { bezig: { title: 'Bezig', performers: ['lid'], transitions: { klaar: { title: 'Klaar', close: 'klaar' } } } },
  outcomes: { klaar: { title: 'Klaar' } },
  access: { read: ['lid'] },
  retention: { from: 'einde.datum', keep: { years: 2 }, basis: 'schoolbesluit', then: 'review', destroyWithin: { weeks: 8 } }
};

const form = {
  $schema: './.schemas/form.json', id: 'melding', version: '1.0.0', language: 'nl', title: 'Melding', summary: '{tekst}',
  schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false, required: ['tekst'], properties: { tekst: { type: 'string', title: 'Wat is er?', 'x-name': 'wat er is', maxLength: 10_000 } } },
  uischema: { type: 'VerticalLayout', elements: [{ type: 'Control', scope: '#/properties/tekst' }] }
};

const end = {
  $schema: './.schemas/form.json', id: 'einde', version: '1.0.0', language: 'nl', title: 'Einde',
  schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false, required: ['datum'], properties: { datum: { type: 'string', format: 'date', title: 'Wanneer?', 'x-name': 'de datum' } } },
  uischema: { type: 'VerticalLayout', elements: [{ type: 'Control', scope: '#/properties/datum' }] }
};

export const task = 'melding';
export const field = '/tekst';

/** The definition as a bundle, without reading files. */
export const bundle = makeBundle(workflow as unknown as WorkflowDefinition, { forms: { melding: form, einde: end } as unknown as { [id: string]: FormDefinition }, documents: {}, partials: {} });

/** Writes that definition in a folder and gives the folder. */
export function writeSmallContent(folder: string): string {
  for (const name of ['workflows', 'forms', 'documents']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'workflows', 'proef.json'), JSON.stringify(workflow, null, 2));
  writeFileSync(join(folder, 'forms', 'melding.json'), JSON.stringify(form, null, 2));
  writeFileSync(join(folder, 'forms', 'einde.json'), JSON.stringify(end, null, 2));
  return folder;
}
