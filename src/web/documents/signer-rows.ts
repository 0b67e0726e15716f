import type { OpenCase } from '../../cases/cases.ts';
import type { DocumentVersion } from '../../engine/state/document-types.ts';
import { isSigned, signersOf } from '../../engine/commands/document-versions.ts';
import { versionPath } from './document-path.ts';
import { drawingIn } from './drawing.ts';
import { fileHrefIn } from '../forms/file-pages.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import type { NameOf } from '../site/names.ts';
import { keptFile } from './open-version.ts';
import type { Site } from '../site/site.ts';
import type { SignerRow } from '../views/version-view-models.ts';

/** Everybody who signs a version, with what was said of it. `mayAct`: with a link to say it, or to say it anew. */
export async function signerRows(site: Site, open: OpenCase, version: DocumentVersion, { nameOf, mayAct }: { nameOf: NameOf; mayAct: boolean }): Promise<SignerRow[]> {
  const { t } = site;
  const { number } = open.stored;
  return Promise.all(signersOf(version).map(async ({ signer, signing }, index) => ({
    name: signer.name, capacity: signer.capacity === '' ? null : signer.capacity,
    icon: signing !== null && isSigned(signing.how) ? 'done' as const : signing === null || signing.how === 'later' ? 'waiting' as const : 'notApplicable' as const,
    status: signing === null ? t('papers.sign.open') : t(`papers.sign.${signing.how}`, { when: formatWhen(signing.at, dayOf(site.now()), t), name: nameOf(signing.by) }),
    note: signing === null || signing.note === '' ? null : signing.note,
    drawing: signing?.how === 'drawn' && signing.file !== null ? drawingIn(await keptFile(site, open, signing.file)) : null,
    scan: signing?.how === 'scanned' && signing.file !== null ? { href: fileHrefIn(number)(signing.file.id), text: t('papers.scan') } : null,
    link: mayAct ? { href: `${versionPath(number, version)}/signers/${String(index + 1)}`, text: t(signing === null || signing.how === 'later' ? 'papers.record' : 'papers.recordAgain') } : null
  })));
}
