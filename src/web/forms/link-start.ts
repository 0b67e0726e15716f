import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { FormDefinition } from '../../definitions/form.types.ts';
import { caseContext } from '../../engine/model/case-context.ts';
import type { CaseOrigin } from '../../engine/state/case-state.ts';
import { answersToCopy, offeredLinks, type OfferedLink } from '../../engine/reading/links.ts';
import { AppError } from '../../errors.ts';
import { filesIn } from '../../forms/file-answer.ts';
import type { CompiledForm, Pairs, References } from '../../forms/form-types.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';
import type { ChoiceField } from '../views/view-models.ts';

/** A sister case that is being started: from which case, by which of its links. */
export type LinkStart = { source: OpenCase; link: OfferedLink };

/** Reads from which case a sister case is started; null: from none. Only who sees the whole case may, and only where it is offered. */
export async function linkStart(site: Site, request: FastifyRequest, { from, link: id }: { from: string; link: string }): Promise<LinkStart | null> {
  if (from === '') return null;
  const source = await site.cases.open(visitorOf(request).reader, from, 'view');
  if (source === null || source.access !== 'full') throw new AppError('notFound');
  const link = offeredLinks({ model: source.route.model, state: source.stored.state }).find((one) => one.id === id);
  if (link === undefined) throw new AppError('notFound');
  return { source, link };
}

/** Gives what may be taken over, by the task and the subject of the other route. */
export function copied(site: Site, { source, link }: LinkStart, forms: { [target: string]: FormDefinition }): { [target: string]: Answers } {
  const { route: { model }, stored: { state }, viewer } = source;
  const all = answersToCopy(caseContext(model, state, site.now(), viewer), link.definition, forms);
  // A file belongs to one case, and goes with it.
  return Object.fromEntries(Object.entries(all).map(([target, answers]) => [target, Object.fromEntries(Object.entries(answers).filter(([, value]) => filesIn(value).length === 0))]));
}

export function originOf({ source, link }: LinkStart): CaseOrigin {
  return { case: source.stored.id, link: link.id };
}

/** One target of what is taken over: its form, and the questions the page asks itself. */
export type CopyTarget = { id: string; form: CompiledForm; asked: string[] };

/** Asks what else goes along: each answer that the page does not ask itself, to be ticked. Null: there is nothing. */
export function copyChoice(site: Site, targets: CopyTarget[], answers: { [target: string]: Answers }, { ticked, references }: { ticked: string[]; references: References }): ChoiceField | null {
  const choices = targets.flatMap(({ id, form, asked }) => (
    printAnswers(form, answers[id] ?? {}, { references, now: site.now() })
      .filter(({ pointer, lines, rows }) => !asked.includes(pointer.slice(1)) && (lines.length > 0 || (rows !== null && rows.length > 0)))
      .map(({ pointer, label, lines, rows }) => {
        const words = [...lines, ...(rows ?? []).map((row) => row.flatMap((cell) => cell.lines).join(', '))];
        return { value: `${id}${pointer}`, text: label, hint: words.join('; ') };
      })
  ));
  if (choices.length === 0) return null;
  return {
    id: 'meenemen', name: '_copy', label: site.t('web.start.copy'), hint: null, error: null, multiple: true,
    choices: choices.map((choice, index) => ({ ...choice, id: index === 0 ? 'meenemen' : `meenemen-${String(index)}`, checked: ticked.includes(choice.value) }))
  };
}

/** Gives the answers of one target that were ticked. */
export function tickedAnswers({ id }: Pick<CopyTarget, 'id'>, answers: { [target: string]: Answers }, ticked: string[]): Answers {
  return Object.fromEntries(Object.entries(answers[id] ?? {}).filter(([field]) => ticked.includes(`${id}/${field}`)));
}

/** Gives what somebody ticked. */
export function ticksIn(pairs: Pairs): string[] {
  return pairs.filter(([name]) => name === '_copy').map(([, value]) => value);
}
