import type { Answers } from '../src/definitions/bundle.ts';
import type { FormDefinition } from '../src/definitions/form.types.ts';
import { checkAnswers } from '../src/forms/check-answers.ts';
import { compileForm } from '../src/forms/compile-form.ts';
import { decode } from '../src/forms/decode.ts';
import { encode } from '../src/forms/encode.ts';
import type { CompiledForm, FieldProblem, Pairs, References } from '../src/forms/form-types.ts';
import { formView } from '../src/forms/form-view.ts';
import { printAnswers } from '../src/forms/print-answers.ts';
import { readTexts } from '../src/texts.ts';
import { makeRenderer } from '../src/web/site/page.ts';
import type { Model } from '../src/web/views/view-models.ts';
import { median, say } from './figures.ts';
import { kindsInTurn } from './twenty-questions.ts';

/**
 * CPU of drawing a form, of a post that is refused and of one that is taken, without the database: a form of 200 questions against one of
 * 20, and 200 questions that each have a condition against 200 that have none (budget P9). In turn in one process: ratios count, not times.
 */
const rounds = 15;
const warmUps = 5;
const now = '2026-03-18T10:00:00.000Z';
const today = '2026-03-18';
const t = readTexts('nl');
const { render } = makeRenderer({ t, development: false });
const references: References = { partners: [], staff: [], partnerRoles: {}, national: [], fromCase: () => ({ from: '', choices: [] }) };

type Work = { name: string; form: CompiledForm; filled: Pairs; empty: Pairs };
const works = [workOf('20 questions', 20, false), workOf('200 questions', 200, false), workOf('200 conditions', 200, true)];
const acts: { [act: string]: (work: Work) => void } = {
  'page': ({ form, filled }) => { draw(form, filled, []); },
  'refused post': ({ form, empty }) => { draw(form, empty, check(form, empty).problems); },
  'taken post': ({ form, filled }) => {
    const { answers, problems } = check(form, filled);
    if (problems.length > 0) throw new Error(`The answers were not taken: ${problems[0]?.text ?? ''}`);
    printAnswers(form, answers, { references, now });
  }
};
for (const [act, run] of Object.entries(acts)) {
  const times = works.map((): number[] => []);
  for (let round = 0; round < warmUps + rounds; round += 1) {
    works.forEach((work, index) => {
      const { user } = process.cpuUsage();
      for (let count = 0; count < 20; count += 1) run(work);
      if (round >= warmUps) times[index]?.push((process.cpuUsage().user - user) / 20);
    });
  }
  const [few = 1, many = 1, conditional = 1] = times.map(median);
  say(`${act.padEnd(13)} ${few.toFixed(0).padStart(6)} us of 20 questions; of 200: ${(many / few).toFixed(1)} times; each with a condition: ${(conditional / many).toFixed(2)} times that`);
}

/** Questions of five kinds in turn; with conditions each but the first asks after the answer to it. */
function workOf(name: string, count: number, isConditional: boolean): Work {
  const values: Answers[string][] = ['Een gewone zin over wat er is gezien en gehoord op school.', 'De juf.', 'a', '2026-03-02', true];
  const names = Array.from({ length: count }, (_, index) => `v${String(index)}`);
  const properties = Object.fromEntries(names.map((one, index) => [one, { ...kindsInTurn[index % 5], ...(isConditional && index > 0 ? { when: { v0: { answered: true } } } : {}) }]));
  const definition: FormDefinition = { id: 'meting', version: '1.0.0', language: 'nl', title: 'Meting', schema: { type: 'object', properties, required: names } };
  const form = compileForm(definition, { t });
  const filled = encode(form, Object.fromEntries(names.map((one, index) => [one, values[index % 5] ?? null])));
  return { name, form, filled, empty: filled.filter(([one]) => one === '/v0') };
}

function check(form: CompiledForm, pairs: Pairs): { answers: Answers; problems: FieldProblem[] } {
  return checkAnswers(form, decode(form, pairs), { today, now, references });
}

function draw(form: CompiledForm, pairs: Pairs, problems: FieldProblem[]): void {
  const view = formView(form, { pairs, problems, references, now });
  const page: Model<'task'> = {
    frame: { title: 'Meting', hasProblems: problems.length > 0, school: null, theme: null, person: null, schools: null, nav: [], crumbs: [], csrf: 'x', coverAction: null, signOutAction: null, emergency: { numbers: [] }, flash: null, demo: false, session: null },
    stepLabel: null, heading: 'Meting', description: null, guidance: null, action: '/', multipart: false, draftAction: '/draft', hidden: [], problems: view.problems, notices: [], waivers: [], saved: null, nodes: view.nodes, shown: [],
    pages: null, button: 'Verder', buttonWish: 'check', backButton: null, laterButton: null, updateButton: null, back: { href: '/', text: 'Terug' }
  };
  if (render('task', page).length === 0) throw new Error('Nothing was drawn.');
}
