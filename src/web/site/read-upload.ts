import type { FastifyRequest } from 'fastify';
import { type FileRefusal, type KnownFile, readFileKind } from '../../trust/file-kind.ts';
import { emergencyScanMs } from '../../trust/scan.ts';
import type { Site } from './site.ts';
import type { Upload } from './uploads.ts';

/** `code`: the sentence forms.file.refused.<code>. */
type Refused = { refused: FileRefusal | 'virus' | 'unscanned'; name: string };

/**
 * Says what a file of a post is, or why it is not taken: by what is in it, and by what the scanner of the school says. In an emergency a
 * scanner that cannot look, or not at once, holds nothing up.
 */
export async function readUpload({ scan }: Pick<Site, 'scan'>, request: FastifyRequest, { name, content }: Upload, { isEmergency = false } = {}): Promise<KnownFile | Refused> {
  const kind = await readFileKind(name, content);
  if ('refused' in kind) return kind;
  const scanned = await scan(content, isEmergency ? { timeoutMs: emergencyScanMs } : {});
  if (scanned === 'clean') return kind;
  request.log.warn({ scan: scanned, emergency: isEmergency }, scanned === 'found' ? 'the scanner found something in a file' : 'the scanner could not look at a file');
  if (scanned === 'failed' && isEmergency) return kind;
  return { refused: scanned === 'found' ? 'virus' : 'unscanned', name: kind.name };
}
