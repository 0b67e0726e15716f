import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { AccessAction } from '../../cases/stores/case-store.ts';
import { type FrozenContent, readContent } from '../../documents/frozen-content.ts';
import type { DocumentVersion, KeptFile } from '../../engine/state/document-types.ts';
import { versionsOf } from '../../engine/commands/document-versions.ts';
import { readTaskKey } from '../../engine/model/instances.ts';
import { AppError } from '../../errors.ts';
import { param } from '../site/http.ts';
import { openCase } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';

/** A version of a document as somebody has it open. `all`: every version of that document, oldest first. */
export type OpenVersion = { open: OpenCase; version: DocumentVersion; all: DocumentVersion[]; content: FrozenContent };

/** Opens the version of a request; also of a document that its route has no more. */
export async function openVersion(site: Site, request: FastifyRequest, action: AccessAction): Promise<OpenVersion> {
  const open = await openCase(site, request, action);
  const { id, source } = readTaskKey(param(request, 'document'));
  const all = versionsOf(open.stored.state, { document: id, source });
  const version = all.find((one) => String(one.version) === param(request, 'version'));
  if (version === undefined) throw new AppError('notFound');
  return { open, all, version, content: await contentOf(site, open, version) };
}

/** Reads what a version says. */
export async function contentOf(site: Site, open: OpenCase, { content }: DocumentVersion): Promise<FrozenContent> {
  return readContent((await keptFile(site, open, content)).toString('utf8'));
}

/** Reads a file of a case. Throws when it is not there as the case says. */
export async function keptFile({ cases }: Site, { stored }: OpenCase, { id, sha256 }: KeptFile): Promise<Buffer> {
  const found = await cases.files.read(stored.id, id);
  if (found === null || found.file.sha256 !== sha256) throw new Error(`File ${id} of case ${stored.id} is not there.`);
  return found.content;
}
