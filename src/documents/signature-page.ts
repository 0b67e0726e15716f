import { signersOf } from '../engine/commands/document-versions.ts';
import type { DocumentVersion, Signing } from '../engine/state/document-types.ts';
import type { PersonId } from '../engine/state/case-state.ts';
import type { Translate } from '../texts.ts';
import type { Block, Cell, Row } from './document-blocks.ts';
import { formatDay, formatTime } from './dutch-time.ts';

/** What a signature page says: the names of who recorded it, by id, and the title and number that say what it belongs to. */
export type SignaturePage = { version: DocumentVersion; title: string; number: string; people: { readonly [id: PersonId]: string }; t: Translate };

/** The page behind a document that was signed: who, in which capacity, how and when, and who recorded it, with the whole fingerprint they signed for. */
export function signaturePage({ version, title, number, people, t }: SignaturePage): Block[] {
  const nameOf = (id: PersonId): string => people[id] ?? t('documents.unknownPerson');
  const words = { title, number, version: version.version, when: momentOf(version.at, t), name: nameOf(version.by) };
  const row = ({ signer, signing }: ReturnType<typeof signersOf>[number]): Row => ({
    whole: true,
    cells: [
      cell([line(signer.name)]), cell([line(signer.capacity)]),
      cell([line(t(`documents.sign.${signing?.how ?? 'open'}`)), ...(signing === null || signing.note === '' ? [] : [line(signing.note)]), ...drawingOf(signer.name, signing, t)]),
      cell(signing === null ? [] : [line(t('documents.sign.audit', { when: momentOf(signing.at, t), name: nameOf(signing.by) })), ...(signing.how === 'scanned' && signing.file !== null ? [line(t('documents.sign.scan', { name: signing.file.naam, sha256: signing.file.sha256.slice(0, 16) }))] : [])])
    ]
  });
  return [
    { kind: 'heading', level: 2, runs: run(t('documents.sign.heading')), small: false, breakBefore: true },
    line(t('documents.sign.intro', words)),
    line(t('documents.sign.mark', { sha256: inGroups(version.sha256) })),
    {
      kind: 'table', caption: [], small: false, breakBefore: false, sign: false, shares: [22, 18, 32, 28],
      head: [{ whole: true, cells: ['name', 'capacity', 'how', 'when'].map((id) => cell([line(t(`documents.sign.${id}`))], true)) }], body: signersOf(version).map(row)
    },
    { ...line(t('documents.sign.meaning')), small: true }
  ];
}

/** The name under which the drawing of a signer comes along with a document. */
export function drawingName({ id }: { id: string }): string {
  return `sign-${id}.png`;
}

/** In groups of eight, to compare with the eye; whole it fits no line. */
function inGroups(sha256: string): string {
  return (sha256.match(/.{1,8}/g) ?? []).join(' ');
}

function drawingOf(name: string, signing: Signing | null, t: Translate): Block[] {
  return signing?.how !== 'drawn' || signing.file === null ? [] : [{ kind: 'picture', file: drawingName(signing.file), text: t('documents.sign.drawing', { name }), widthMm: 42, small: false, breakBefore: false }];
}

function line(text: string): Block {
  return { kind: 'paragraph', runs: run(text), small: false, breakBefore: false };
}

function run(text: string): { text: string; strong: boolean; em: boolean }[] {
  return text === '' ? [] : [{ text, strong: false, em: false }];
}

function cell(blocks: Block[], header = false): Cell {
  return { header, small: false, span: 1, blocks };
}

function momentOf(at: string, t: Translate): string {
  return t('documents.moment', { day: formatDay(at), time: formatTime(at) });
}
