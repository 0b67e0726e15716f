import type { EngineEvent } from '../../engine/state/case-state.ts';
import { isSigned } from '../../engine/commands/document-versions.ts';
import type { Model } from '../../engine/model/prepare.ts';
import type { Translate } from '../../texts.ts';
import { versionPath } from '../documents/document-path.ts';
import type { TimelineItem } from '../views/view-models.ts';

type VersionEvent = EngineEvent & { type: 'documentFrozen' | 'documentFileAdded' | 'documentSigned' };

/** What the timeline says of the versions of documents. `system`: makes a grey line. */
export function versionItems(id: string, event: VersionEvent, { meta, name, system }: { meta: string; name: string; system: (text: string) => TimelineItem[] }, { route: { model }, number, t }: { route: { model: Model }; number: string; t: Translate }): TimelineItem[] {
  const title = model.documents.find((one) => one.id === event.document)?.title ?? event.document;
  const words = { document: title, version: event.version, name };
  const link = { href: versionPath(number, { ...event, source: event.source ?? null }), text: t('web.timeline.open') };
  if (event.type === 'documentFileAdded') return system(t('papers.timeline.fileAdded', words));
  if (event.type === 'documentFrozen') return [{ kind: 'record', id, title: t('papers.timeline.frozen', words), lines: [], meta, link }];
  const { signer: { name: who, capacity }, how, note } = event;
  const kind = isSigned(how) ? 'signed' : how === 'later' ? 'later' : 'notSigned';
  return [{ kind: 'record', id, title: t(`papers.timeline.${kind}`, words), lines: [capacity === '' ? who : t('papers.timeline.who', { name: who, capacity }), ...(note === '' ? [] : [note])], meta, link }];
}
