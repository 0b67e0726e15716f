import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import type { FormDefinition } from '../src/definitions/form.types.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { formView } from '../src/forms/form-view.ts';
import { initialPairs } from '../src/forms/initial-pairs.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { decode } from '../src/forms/decode.ts';
import { makeRenderer } from '../src/web/page.ts';
import { samples, texts } from './fixtures/view-samples.ts';

const { render } = makeRenderer({ t: texts, development: false });
const now = '2026-03-18T13:32:00.000Z';
const references = { partners: [], staff: [] };
for (const file of readdirSync(join(projectRoot, 'forms'))) {
  void t.test(`${file} compiles and is drawn`, async (t) => {
    const definition = JSON.parse(readFileSync(join(projectRoot, 'forms', file), 'utf8')) as FormDefinition;
    const form = compileForm(definition, { t: texts });
    const pairs = initialPairs(form, {});
    const { problems } = checkAnswers(form, decode(form, pairs), { today: '2026-03-18', now, references });
    const view = formView(form, { pairs, problems, references, now });
    const html = render('task', { ...samples.task, problems: view.problems, nodes: view.nodes });
    t.notMatch(html, /undefined|\[object|\{\{/);
    t.comment(view.problems.map(({ text }) => text).join(' '));
  });
}
