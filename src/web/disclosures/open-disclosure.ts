import type { FastifyRequest } from 'fastify';
import type { AccessAction } from '../../cases/stores/case-store.ts';
import type { OpenCase } from '../../cases/cases.ts';
import type { StoredDisclosure } from '../../cases/stores/disclosure-store.ts';
import { enteredIn } from '../../cases/entered.ts';
import type { DisclosureDefinition } from '../../definitions/workflow.types.ts';
import { settle } from '../../documents/disclosure.ts';
import { disclosureSections } from '../../documents/disclosure-sections.ts';
import type { Asker, DisclosureSection, Disclosure, Settled } from '../../documents/disclosure-types.ts';
import { documentData } from '../../documents/document-data.ts';
import { chosenText } from '../../engine/model/case-choices.ts';
import { caseContext } from '../../engine/model/case-context.ts';
import { AppError } from '../../errors.ts';
import { definitionOf } from '../documents/disclosure-path.ts';
import { formatDay } from '../words/format.ts';
import { param, visitorOf } from '../site/http.ts';
import { openCase } from '../site/open-case.ts';
import { contentOf } from '../documents/open-version.ts';
import { contextOf } from '../documents/rendered-document.ts';
import type { Site } from '../site/site.ts';
import { subjectOf } from '../site/subject.ts';

/** What is prepared for somebody who asks, as a person has it open. */
export type OpenDisclosure = { open: OpenCase; stored: StoredDisclosure; definition: DisclosureDefinition; settled: Settled };

/** Opens the preparation of a request. Throws notFound where there is none. */
export async function openDisclosure(site: Site, request: FastifyRequest, action: AccessAction = 'view'): Promise<OpenDisclosure> {
  const open = await openCase(site, request, action);
  const definition = definitionOf(site, open);
  const stored = await site.disclosures.find(open.stored.id, param(request, 'disclosure'));
  if (stored === null || definition === null) throw new AppError('notFound');
  return { open, stored, definition, settled: await settledOf(site, request, { open, definition, disclosure: stored.content }) };
}

/** Works out what a preparation comes to, of the case as it is now. `madeOn`: the day it is taken along; absent: as it is approved. */
export async function settledOf(site: Site, request: FastifyRequest, { open, definition, disclosure }: { open: OpenCase; definition: DisclosureDefinition; disclosure: Disclosure }, madeOn: string | null = null): Promise<Settled> {
  const { t } = site;
  const { school } = visitorOf(request);
  const { model } = open.route;
  const subject = subjectOf(open.route, open.stored.state, t);
  const route = model.workflow.shortTitle ?? model.workflow.title;
  return settle({
    disclosure, grounds: definition.grounds, t, sections: await sectionsOf(site, request, open, definition, disclosure.asker),
    known: [disclosure.asker.name, subject.full, school.name, school.board ?? '', model.workflow.title, route],
    head: { school: school.name, number: open.stored.number, about: subject.full, asker: disclosure.asker.name, route, madeOn: madeOn === null ? null : formatDay(madeOn) }
  });
}

async function sectionsOf(site: Site, request: FastifyRequest, open: OpenCase, definition: DisclosureDefinition, asker: Asker): Promise<DisclosureSection[]> {
  const { t } = site;
  const { route: { model }, stored: { state }, viewer } = open;
  const context = caseContext(model, state, site.now(), viewer);
  const versions = [...new Map((state.versions ?? []).map((version) => [`${version.document} ${version.source ?? ''}`, version])).values()];
  return disclosureSections({
    asker, askers: definition.askers ?? null, data: documentData(model, state, await contextOf(site, request, open)),
    entries: state.records.flatMap((record) => {
      const entered = enteredIn(open, record);
      const form = entered.route.model.bundle.forms[entered.record.form];
      return form === undefined ? [] : [{ record: entered.record, form }];
    }),
    documents: await Promise.all(versions.map(async (version) => {
      const { title, tree } = await contentOf(site, open, version);
      return { id: `${version.document}${version.source === null ? '' : `~${version.source}`}`, title, line: t('disclosure.section.documentLine', { version: version.version, day: formatDay(version.at) }), tree };
    })),
    words: { t, chosen: (field, answer) => chosenText(context, field, answer), leavesOut: () => false }
  });
}

/** How a preparation stands. stale: something changed since it was asked or approved. */
export function standingOf({ content: { verdict } }: Pick<StoredDisclosure, 'content'>, { stamp }: Settled): 'preparing' | 'asked' | 'approved' | 'returned' | 'stale' {
  if (verdict === null) return 'preparing';
  if (verdict.verdict === 'returned') return 'returned';
  return verdict.seen === stamp ? verdict.verdict : 'stale';
}
