import type { Finding, Verified } from '../cases/verify.ts';
import type { Translate } from '../texts.ts';

/** Gives what a check found as sentences, the summary last. */
export function verifiedLines({ findings, anchor, destroyed: { last, ...destroyed }, ...counts }: Verified, t: Translate): string[] {
  const summary = findings.length === 0 ? t('upkeep.verified', counts) : t('upkeep.notVerified', { ...counts, n: findings.length });
  const lawful = last === null ? [] : [t('upkeep.destroyed', { ...destroyed, n: destroyed.lines, last })];
  return [...findings.map((finding) => findingLine(finding, t)), ...lawful, t('upkeep.anchor', { anchor }), summary];
}

function findingLine({ table, chain, sequence, problem }: Finding, t: Translate): string {
  const what = { table, chain, problem: t(`upkeep.problem.${problem}`) };
  return sequence === null ? t('upkeep.finding', what) : t('upkeep.findingRow', { ...what, sequence });
}
