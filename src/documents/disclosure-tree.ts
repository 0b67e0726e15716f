import { own } from '../definitions/json-values.ts';
import type { Translate } from '../texts.ts';
import type { Grounds, Settled, SettledPart, SettledSection } from './disclosure-types.ts';
import type { DocumentNode, DocumentTree } from './document-tree.ts';
import { formatDay } from './dutch-time.ts';
import { element, text } from './tree-parts.ts';

/** What stands on top. `madeOn`: the day in words; null: not approved yet, so that the same content is the same every day. */
export type DisclosureHead = { school: string; number: string; about: string; asker: string; route: string; madeOn: string | null };

type Rest = Pick<Settled, 'left' | 'files'> & { grounds: Grounds; head: DisclosureHead; t: Translate };

/** Makes the paper for who asks, of what is given alone; where something is left out stands a mark with its ground. */
export function disclosureTree(sections: SettledSection[], { left, files, grounds, head, t }: Rest): DocumentTree {
  const word = (key: string, params: { [name: string]: string | number } = {}): string => t(`disclosure.paper.${key}`, params);
  const markOf = (ground: string): string => t('disclosure.mark', { ground: own(grounds, ground)?.title ?? '' });
  const rows = ([['about', head.about], ['asker', head.asker], ['route', head.route], ['number', head.number], ...(head.madeOn === null ? [] : [['made', head.madeOn] as const])] as const)
    .map(([key, value]) => element('tr', [element('th', [text(word(key))], { attributes: { scope: 'row' } }), element('td', [text(value)])]));
  const documents = sections.flatMap(({ whole, parts }) => (whole === null ? parts.flatMap(({ part: { tree, question }, give }) => (give && tree !== null ? [{ tree, question }] : [])) : []));
  return [
    element('section', [element('p', [text(head.school)]), element('p', [text(word('confidential'), true)])], { classes: ['meta'] }),
    element('h1', [text(word('heading'))]),
    element('table', [element('tbody', rows)]),
    element('p', [text(word('intro'))]),
    ...(left.length === 0 ? [] : [element('p', [text(word('introLeft'))])]),
    ...sections.flatMap(({ section, whole, parts }) => [
      element('h2', [text(whole !== null && section.day !== null ? word('record') : section.day === null ? section.title : word('titled', { title: section.title, day: formatDay(section.day) }))]),
      ...(whole === null ? [element('dl', parts.flatMap((one) => [element('dt', [text(one.part.question)]), element('dd', one.give ? lined(givenOf(one, files, t)) : [text(markOf(one.ground))])]))] : [element('p', [text(markOf(whole))])])
    ]),
    element('h2', [text(word('left'))]),
    ...(left.length === 0 ? [element('p', [text(word('nothingLeft'))])] : [
      element('p', [text(word('leftIntro'))]),
      ...[...new Set(left.map(({ ground }) => ground))].flatMap((ground) => [
        element('h3', [text(own(grounds, ground)?.title ?? '')]), element('p', [text(own(grounds, ground)?.text ?? '')]),
        element('ul', left.filter((one) => one.ground === ground).map(({ what }) => element('li', [text(what)])))
      ])
    ]),
    element('h2', [text(word('rights'))]),
    element('p', [text(word('rightsText'))]),
    ...documents.map(({ tree }) => element('section', tree, { classes: ['pagebreak'] }))
  ];
}

function givenOf({ part: { file, tree }, text: given }: SettledPart, files: Rest['files'], t: Translate): string {
  const added = files.find((one) => one.file.id === file?.id);
  return added !== undefined ? t('disclosure.paper.file', { name: given, number: added.number }) : tree !== null ? t('disclosure.paper.document', { text: given }) : given;
}

function lined(words: string): DocumentNode[] {
  return words.split('\n').flatMap((line, index) => [...(index === 0 ? [] : [element('br')]), text(line)]);
}
