import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type BundleStore, makeBundleStore } from '../cases/stores/bundle-store.ts';
import { asVersion, findVersion, versionName } from '../cases/version-list.ts';
import type { Config } from '../config.ts';
import type { Bundle } from '../definitions/bundle.ts';
import { loadContent } from '../documents/load-content.ts';
import { differences, weightOf } from '../engine/versions/differences.ts';
import { differenceText } from '../engine/versions/difference-text.ts';
import { prepare } from '../engine/model/prepare.ts';
import { StartProblem } from '../errors.ts';
import type { Translate } from '../texts.ts';
import { uuid7 } from '../trust/ids.ts';
import { withDatabase } from './run-command.ts';

/** Gives two versions of a route. A version is a file, or what findVersion finds. Throws a StartProblem for one that is not there. */
export async function twoVersions(words: [string, string], { config, t, now }: { config: Config; t: Translate; now: () => string }): Promise<[Bundle, Bundle]> {
  const isFile = (word: string): boolean => word.endsWith('.json') && existsSync(word);
  const read = (store: BundleStore | null) => async (word: string): Promise<Bundle> => {
    if (isFile(word)) return bundleInFile(word, t);
    if (store === null) throw new StartProblem('versions.noRoute', { word });
    return findVersion(store, word);
  };
  const [before, after] = words.every(isFile)
    ? await Promise.all(words.map(read(null)))
    : await withDatabase({ config, now }, (database) => Promise.all(words.map(read(makeBundleStore({ database, newId: () => uuid7(new Date(now()), randomBytes) })))));
  if (before === undefined || after === undefined) throw new Error('Two versions are two words.');
  return [before, after];
}

/** Gives what changed between two bundles as sentences, with what it means for running cases in front. */
export function differenceLines(before: Bundle, after: Bundle, t: Translate): string[] {
  if (before.hash === after.hash) return [t('versions.same')];
  const found = differences(prepare(before, t), prepare(after, t));
  return [
    t('versions.heading', { route: after.workflow.id, before: versionName(asVersion(before)), after: versionName(asVersion(after)) }),
    t(`versions.weight.${weightOf(found)}`),
    ...(found.length === 0 ? [t('versions.order.only')] : found.map((one) => `- ${differenceText(one, t)}`))
  ];
}

/** The same for programs: every difference with its sentence, in the order of the file, and the heaviest weight; null when nothing differs. */
export function differenceReport(before: Bundle, after: Bundle, t: Translate): string {
  const found = before.hash === after.hash ? [] : differences(prepare(before, t), prepare(after, t));
  const version = (bundle: Bundle): { name: string; hash: string } => ({ name: versionName(asVersion(bundle)), hash: bundle.hash });
  return JSON.stringify({
    route: after.workflow.id, before: version(before), after: version(after), weight: found.length === 0 ? null : weightOf(found),
    differences: found.map((one) => ({ ...one, text: differenceText(one, t) }))
  }, null, 2);
}

/** The route in a file of a content folder, with the forms and templates beside it. */
function bundleInFile(file: string, t: Translate): Bundle {
  const folder = dirname(dirname(resolve(file)));
  const found = loadContent(folder, t).workflows.find(({ workflow }) => `${workflow.id}.json` === basename(file));
  if (found === undefined) throw new StartProblem('versions.faultyFile', { file });
  return found;
}
