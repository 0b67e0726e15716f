import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { enteredIn, routeThen } from '../../cases/entered.ts';
import { documentsOf } from '../../cases/documents-of.ts';
import { documentData, type DocumentData, type RecordData } from '../../documents/document-data.ts';
import type { DocumentNode, DocumentTree } from '../../documents/document-tree.ts';
import { element, table, text } from '../../documents/tree-parts.ts';
import { brokenByCorrections } from '../../engine/reading/passed-rules.ts';
import { versionsOf, signersOf } from '../../engine/commands/document-versions.ts';
import type { Translate } from '../../texts.ts';
import { formatDay, formatMoment, formatTime, labelBefore } from '../words/format.ts';
import { visitorOf } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import { contentOf } from '../documents/open-version.ts';
import { contextOf } from '../documents/rendered-document.ts';
import type { Site } from '../site/site.ts';
import { subjectOf } from '../site/subject.ts';
import { timelineItems } from './timeline-model.ts';

/** Far from every day of a case: on paper no day is "today", and every date has its year. */
const noDay = '1000-01-01';

/**
 * The whole dossier of a case on paper, for who supervises the school: what it is, what is missing and why, everything that happened,
 * every record, decisions with their motivation, documents as they were kept with who signed, and who saw it.
 */
export async function dossierOf(site: Site, request: FastifyRequest, open: OpenCase, reason: string): Promise<DocumentTree> {
  const { t } = site;
  const { stored, route } = open;
  const { school, person } = visitorOf(request);
  const now = site.now();
  const events = await site.cases.events(open);
  const lines = await site.cases.accessLines(open);
  const names = await namesFor(site, '', [...new Set([...events.map((event) => event.person), ...lines.map((line) => line.person), stored.state.starter, stored.responsible])]);
  const data = documentData(route.model, stored.state, await contextOf(site, request, open));
  const versions = documentsOf(open, now).map(({ id, source, title }) => ({ title, last: versionsOf(stored.state, { document: id, source: source?.key ?? null }).at(-1) ?? null }));
  const word = (key: string, params: { [name: string]: string | number } = {}): string => t(`papers.dossier.${key}`, params);
  const moment = (at: string): string => formatMoment(at, noDay, t);
  const rows = (pairs: [string, string][]): DocumentTree[number] => element('table', [element('tbody', pairs.map(([title, value]) => element('tr', [element('th', [text(title)], { attributes: { scope: 'row' } }), element('td', [text(value)])])))]);
  const written = ({ ingevoerdOp, door, vragen }: Pick<RecordData, 'ingevoerdOp' | 'door' | 'vragen'>): DocumentTree => [element('p', [text(`${moment(ingevoerdOp)}, ${door}`)]), answers(vragen, t)];
  const items = timelineItems(events, {
    route, routeThen: routeThen(open, events), entered: (record) => enteredIn(open, record), state: stored.state, number: stored.number, nameOf: names, today: noDay, t, reader: '', sees: 'full',
    broken: brokenByCorrections(events.map(({ event }) => event)), maySee: () => true
  }).toReversed();
  const gaps = [
    ...data.stappen.flatMap(({ titel, reden }) => (reden === null ? [] : [word('gap.skipped', { step: titel, reason: reden })])),
    ...data.afgezien.map(({ regel, reden, door }) => word('gap.waived', { rule: regel, reason: reden, name: door })),
    ...versions.flatMap(({ title, last }) => (last === null ? [word('gap.notKept', { title })] : signersOf(last).flatMap(({ signer, signing }) => (signing === null || !['typed', 'drawn', 'scanned'].includes(signing.how)
      ? [word('gap.notSigned', { title, version: last.version, name: signer.name, why: signing === null ? t('papers.sign.open') : [t(`documents.sign.${signing.how}`), signing.note].filter((part) => part !== '').join('. ') })] : []))))
  ];
  const kept = await Promise.all(versions.flatMap(({ last }) => (last === null ? [] : [contentOf(site, open, last)])));
  const tail = (title: string): DocumentTree[number] => element('h2', [text(title)]);
  return [
    element('section', [element('p', [text(school.name)]), element('p', [text(t('papers.dossier.confidential'), true)])], { classes: ['meta'] }),
    element('h1', [text(word('heading', { number: stored.number }))]),
    rows([
      [word('about'), subjectOf(route, stored.state, t).full], [word('school'), [school.name, school.board].filter((part) => part !== null).join(', ')], [word('route'), word('routeText', { title: route.model.workflow.title, version: route.model.workflow.version })],
      [word('hash'), (route.hash.match(/.{1,8}/g) ?? []).join(' ')], [word('period'), word('periodText', { from: formatDay(stored.openedAt), until: formatDay(stored.closedAt ?? now) })],
      [word('status'), data.zaak.uitkomst ?? t(`papers.dossier.${stored.status}`)], [word('responsible'), names(stored.responsible)], [word('made'), word('madeText', { day: formatDay(now), time: formatTime(now), name: person.name })], [word('reason'), reason]
    ]),
    tail(word('contents')),
    element('ol', ['gaps', 'chronology', 'decisions', 'records', 'documents', 'log'].map((id) => element('li', [text(word(id))]))),
    tail(word('gaps')),
    gaps.length === 0 ? element('p', [text(word('noGaps'))]) : element('ul', gaps.map((gap) => element('li', [text(gap)]))),
    tail(word('chronology')),
    table([word('what'), word('when')], items.map((item) => (item.kind === 'system' ? [[text(item.text)], []] : item.kind === 'run' ? [lined(item.lines.toReversed()), []]
      : [[text(item.title, true), ...item.lines.flatMap((line) => [element('br'), text(line)])], [text(item.meta)]]))),
    tail(word('decisions')),
    ...(data.overgangen.length === 0 ? [element('p', [text(word('none'))])] : data.overgangen.flatMap(({ titel, op, door, vragen }) => [element('h3', [text(titel)]), element('p', [text(`${moment(op)}, ${door}`)]), answers(vragen, t)])),
    tail(word('records')),
    ...Object.values(data.taken).flat().filter(({ bijWat }) => bijWat === null).sort((one, other) => (one.ingevoerdOp < other.ingevoerdOp ? -1 : 1)).flatMap((record) => [
      element('h3', [text(record.titel)]), ...written(record), ...record.ernaast.flatMap((one) => [element('p', [text(word('beside', { title: one.titel, other: one.bijWat }), true)]), ...written(one)])
    ]),
    tail(word('documents')),
    table([word('document'), word('version'), word('signatures')], versions.map(({ title, last }) => [
      [text(title)], last === null ? [text(word('notKept'))] : [text(word('versionText', { version: last.version, when: moment(last.at), name: names(last.by) })), element('br'), text((last.sha256.match(/.{1,8}/g) ?? []).join(' '))],
      last === null ? [] : signersOf(last).flatMap(({ signer, signing }, index) => [...(index === 0 ? [] : [element('br')]), text(`${signer.name}${signer.capacity === '' ? '' : ` (${signer.capacity})`}: ${signing === null ? t('papers.sign.open') : [t(`documents.sign.${signing.how}`), moment(signing.at), signing.note].filter((part) => part !== '').join(', ')}`)])
    ])),
    ...kept.map(({ tree }) => element('section', tree, { classes: ['pagebreak'] })),
    element('section', [tail(word('log')), table([word('when'), word('who'), word('did')], lines.map((line) => [[text(moment(line.at))], [text(names(line.person))], [text([t(`log.did.${line.action}`, { who: names(line.person), case: t('log.theCase') }), line.detail].filter((part) => part !== null).join(' · '))]]))], { classes: ['pagebreak'] }),
    element('section', [element('p', [text(word('madeText', { day: formatDay(now), time: formatTime(now), name: person.name }))])], { classes: ['meta'] })
  ];
}

function answers(questions: DocumentData['overgangen'][number]['vragen'], t: Translate): DocumentTree[number] {
  const filled = questions.filter(({ regels, rijen }) => regels.length > 0 || (rijen?.length ?? 0) > 0);
  if (filled.length === 0) return element('p', [text(t('documents.noAnswer'))]);
  return element('dl', filled.flatMap(({ vraag, regels, rijen }) => {
    const rows = (rijen ?? []).map((row) => Object.values(row).flatMap((field) => (field.regels.length === 0 ? [] : [`${labelBefore(field.vraag)} ${field.regels.join(', ')}`])).join('; '));
    return [element('dt', [text(vraag)]), element('dd', lined([...regels, ...rows]))];
  }));
}

/** Lines below each other. */
function lined(lines: string[]): DocumentNode[] {
  return lines.flatMap((line, index) => [...(index === 0 ? [] : [element('br')]), text(line)]);
}
