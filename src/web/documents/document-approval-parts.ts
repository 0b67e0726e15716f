import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { documentsOf } from '../../cases/documents-of.ts';
import type { CaseDocument } from '../../engine/reading/case-documents.ts';
import type { Approval } from '../../engine/state/case-state.ts';
import { approvalOf, contentStamp } from '../../engine/commands/document-approval.ts';
import type { Translate } from '../../texts.ts';
import { keyField } from '../site/answer-to.ts';
import type { DocumentPage } from '../views/case-view-models.ts';
import { documentPath } from './document-path.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { visitorOf } from '../site/http.ts';
import { namesIn } from '../site/names.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import type { Link, Notice } from '../views/view-parts.ts';

/** What somebody chose and typed, with what is wrong with it. */
export type FilledApproval = { verdict: string; reason: string; problem: string };

/** May a document leave the case: does it ask no second person, or has one approved it as it reads now? */
export function mayLeave({ stored }: OpenCase, document: CaseDocument): boolean {
  return !document.fourEyes || lastOf(stored.state, document)?.verdict === 'approved';
}

/** How a document with `fourEyes` stands, in a few words. */
export function approvalStatus({ stored }: OpenCase, document: CaseDocument, t: Translate): { status: string; statusKind: 'plain' | 'ok' } {
  const verdict = lastOf(stored.state, document)?.verdict ?? 'none';
  return { status: t(`changes.approval.status.${verdict}`), statusKind: verdict === 'approved' ? 'ok' : 'plain' };
}

/** Says how a document stands with the second person, and asks what this person may say of it. */
export async function approvalParts(site: Site, request: FastifyRequest, open: OpenCase, document: CaseDocument, filled: FilledApproval | null): Promise<{ notices: Notice[]; approval: DocumentPage['approval'] }> {
  if (!document.fourEyes) return { notices: [], approval: null };
  const { t } = site;
  const last = lastOf(open.stored.state, document);
  const nameOf = await namesIn(site, open, [last?.askedBy ?? null, last?.by ?? null]);
  const words = last === null ? { name: '', when: '' } : { name: nameOf(last.by), when: formatWhen(last.at, dayOf(site.now()), t) };
  const notice = (kind: Notice['kind'], title: string | null, paragraphs: string[]): Notice => ({ kind, title, paragraphs, bullets: [], numbers: [] });
  const notices: { [verdict in Approval['verdict'] | 'none']: () => Notice } = {
    none: () => notice('warn', t('changes.approval.none'), [t('changes.approval.noneText')]),
    asked: () => notice('warn', t('changes.approval.asked'), [t('changes.approval.askedText', words)]),
    approved: () => notice('info', null, [t('changes.approval.approved', words)]),
    returned: () => notice('warn', t('changes.approval.returned', words), [last?.reason ?? '', t('changes.approval.returnedText')])
  };
  return { notices: [notices[last?.verdict ?? 'none']()], approval: approvalForm(site, request, open, document, { last, filled }) };
}

function approvalForm(site: Site, request: FastifyRequest, open: OpenCase, document: CaseDocument, { last, filled }: { last: Approval | null; filled: FilledApproval | null }): DocumentPage['approval'] {
  const { t } = site;
  const isAsked = last?.verdict === 'asked';
  if (open.access !== 'full' || last?.verdict === 'approved' || (isAsked && last.askedBy === visitorOf(request).person.id)) return null;
  const problem = filled?.problem ?? null;
  const common = {
    action: `${documentPath(open.stored.number, document.id, document.source?.key ?? null)}/approval`, heading: t('changes.approval.heading'),
    hidden: [keyField(site), { name: '_seen', value: contentStamp(open.stored.state) }], problems: problem === null ? [] : [{ text: problem, href: isAsked ? '#oordeel' : '#goedkeuren' }]
  };
  if (!isAsked) return { ...common, hidden: [...common.hidden, { name: 'verdict', value: 'asked' }], intro: t('changes.approval.askIntro'), choice: null, reason: null, button: t('changes.approval.ask') };
  return {
    ...common, intro: t('changes.approval.intro'),
    choice: {
      id: 'oordeel', name: 'verdict', label: t('changes.approval.question'), hint: null, error: problem, multiple: false,
      choices: ['approved', 'returned'].map((value, index) => ({ id: index === 0 ? 'oordeel' : `oordeel-${value}`, value, text: t(`changes.approval.${value}Choice`), hint: null, checked: filled?.verdict === value }))
    },
    reason: textField({ id: 'reden', name: 'reason', label: t('changes.approval.reason'), hint: t('changes.approval.reasonHint'), value: filled?.reason ?? '', rows: 3 }),
    button: t('changes.approval.button')
  };
}

/** The documents that wait for this person as the second one, each as a line with a link to it. */
export function approvalLines(open: OpenCase, now: string, t: Translate): { text: string; link: Link }[] {
  const { stored, access, viewer } = open;
  if (access !== 'full' || (stored.state.approvals ?? []).length === 0) return [];
  return documentsOf(open, now).filter((document) => {
    const last = document.fourEyes ? lastOf(stored.state, document) : null;
    return last?.verdict === 'asked' && last.askedBy !== viewer.id;
  }).map((document) => ({
    text: t('changes.approval.waiting', { document: document.title }),
    link: { href: documentPath(stored.number, document.id, document.source?.key ?? null), text: t('changes.approval.waitingLink') }
  }));
}

function lastOf(state: OpenCase['stored']['state'], { id, source }: CaseDocument): Approval | null {
  return approvalOf(state, id, source?.key ?? null);
}
