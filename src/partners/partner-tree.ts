import type { DocumentTree } from '../documents/document-tree.ts';
import { formatDay, formatTime } from '../documents/dutch-time.ts';
import { element, table, text } from '../documents/tree-parts.ts';
import type { Translate } from '../texts.ts';
import type { Partner } from './partner-store.ts';

/** `emergency`: the numbers of the block on top, in order. `roles`: titles by id. `madeOn`: UTC ISO. */
export type PartnerSheet = { school: string; emergency: { name: string; phone: string; note: string | null }[]; partners: Partner[]; roles: ReadonlyMap<string, string>; madeOn: string; t: Translate };

/** Rows to write in what changed since it was printed. */
const emptyRows = 3;

/** Gives the partner directory as a document for the wall of the staff room: emergency numbers first, room to write last. */
export function partnerTree({ school, emergency, partners, roles, madeOn, t }: PartnerSheet): DocumentTree {
  const word = (key: string): string => t(`documents.partners.${key}`);
  const roleText = (partner: Partner): string => partner.roles.flatMap((role) => roles.get(role) ?? []).join(', ');
  const all = partners.map((partner) => [
    [text(partner.organisation, true), ...[partner.contactPerson, partner.address, partner.email, partner.services.join(', ') || null].flatMap((line) => (line === null ? [] : [element('br'), text(line)]))],
    // The day below the number keeps the column so wide that the number stays on one line.
    [text(partner.phone ?? '', true), ...(partner.verifiedOn === null ? [] : [element('br'), text(partner.verifiedOn.split('-').reverse().join('-'))])],
    [text(roleText(partner))]
  ]);
  return [
    element('section', [element('p', [text(school)])], { classes: ['meta'] }),
    element('h1', [text(word('heading'))]),
    element('h2', [text(word('emergency'))]),
    // The number first, as the head of its row, which has a width of its own: a number in two pieces is misread when it matters.
    element('table', [element('tbody', emergency.map(({ name, phone, note }) => element('tr', [
      element('th', [text(phone)], { attributes: { scope: 'row' } }), element('td', [text(name, true), ...(note === null ? [] : [element('br'), text(note)])])
    ])))]),
    element('h2', [text(word('all'))]),
    ...(all.length === 0 ? [element('p', [text(word('none'))])] : [table([word('organisation'), word('verified'), word('roles')], all)]),
    element('h2', [text(word('room'))]),
    table([word('organisation'), word('phone'), word('roles')], Array.from({ length: emptyRows }, () => [[], [], []]), 'sign'),
    element('section', [element('p', [text(t('documents.partners.madeOn', { day: formatDay(madeOn), time: formatTime(madeOn) }))])], { classes: ['meta'] })
  ];
}
