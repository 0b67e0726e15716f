import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AskedNeed, readPlan, writePlan } from '../cases/move-plan.ts';
import { askedNeeds, moveLines, undoLines } from '../cases/move-report.ts';
import type { MovedCase } from '../cases/move-cases.ts';
import { asVersion, findVersion, versionName } from '../cases/version-list.ts';
import { differences, weightOf } from '../engine/versions/differences.ts';
import { type Choices, noChoices } from '../engine/state/move-choices.ts';
import type { Model } from '../engine/model/prepare.ts';
import { StartProblem } from '../errors.ts';
import type { Translate } from '../texts.ts';
import type { OpenRoutes } from './open-routes.ts';
import type { MoveArguments } from './route-arguments.ts';

/**
 * Moves the running cases of a route, or takes moves back, and says what became of each. With a plan that is not there yet, or that misses
 * choices, the plan is written and no case moves. False when a case asks for a choice.
 */
export async function moveRoute({ store, library, moves }: OpenRoutes, { id, to, planFile, dryRun, undo }: MoveArguments, { t, say }: { t: Translate; say: (line: string) => void }): Promise<boolean> {
  if (undo) {
    for (const line of undoLines(await moves.undoAll(id, !dryRun), { t, isDone: !dryRun })) say(line);
    return true;
  }
  const { hash } = await findVersion(store, to === null ? id : `${id}@${to}`);
  const { model: after } = await library.route(hash);
  const choices = planFile === null || !existsSync(planFile) ? noChoices : readPlan(readFileSync(planFile, 'utf8'), { after, file: planFile });
  const tried = await moves.moveAll(id, hash, choices, false);
  const models = new Map<string, Model>();
  for (const { from } of tried) models.set(from, (await library.route(from)).model);
  const modelOf = (from: string): Model => models.get(from) ?? after;
  say(t('versions.move.heading', { route: id, after: versionName(asVersion(after.bundle)) }));
  for (const [from, before] of models) {
    if (from !== hash) say(t('versions.move.from', { before: versionName(asVersion(before.bundle)), weight: t(`versions.weight.${weightOf(differences(before, after))}`) }));
  }
  const report = (moved: MovedCase[], isDone: boolean): void => {
    for (const line of moved.length === 0 ? [t('versions.move.none', { route: id })] : moveLines(moved, { after, modelOf, isDone })) say(line);
  };
  const asked = askedNeeds(tried, modelOf);
  if (asked.length > 0 && planFile !== null) {
    report(tried, false);
    keepPlan(planFile, asked, { choices, after, say });
    return false;
  }
  report(dryRun ? tried : await moves.moveAll(id, hash, choices, true), !dryRun);
  if (asked.length > 0) say(t('versions.choices.make', { route: id }));
  return asked.length === 0;
}

function keepPlan(file: string, asked: AskedNeed[], { choices, after, say }: { choices: Choices; after: Model; say: (line: string) => void }): void {
  try {
    writeFileSync(file, writePlan(asked, choices, { after, file }));
  } catch (error) {
    throw new StartProblem('versions.choices.unwritten', { file, code: (error as NodeJS.ErrnoException).code ?? '' }, { cause: error });
  }
  say(after.t('versions.choices.written', { file, n: asked.length }));
}
