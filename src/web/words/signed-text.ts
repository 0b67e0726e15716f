import type { DocumentVersion } from '../../engine/state/document-types.ts';
import { isSigned, signersOf } from '../../engine/commands/document-versions.ts';
import type { Translate } from '../../texts.ts';

/** "1 van 3 getekend": who did not sign, for whatever reason, counts among the three. */
export function signedText(version: DocumentVersion, t: Translate): string {
  const signers = signersOf(version);
  return t('papers.counter', { signed: signers.filter(({ signing }) => signing !== null && isSigned(signing.how)).length, n: signers.length });
}
