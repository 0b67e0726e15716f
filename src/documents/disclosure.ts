import { textHash } from '../definitions/make-bundle.ts';
import { own } from '../definitions/json-values.ts';
import type { Translate } from '../texts.ts';
import { disclosureTree, type DisclosureHead } from './disclosure-tree.ts';
import type { Disclosure, DisclosureSection, Grounds, Settled, SettledPart, SettledSection } from './disclosure-types.ts';
import { leftoversIn, takeOut, takeOutOfTree } from './disclosure-words.ts';
import { sentencePieces } from './sentences.ts';

/** What a preparation is settled with. `known`: names that nobody need look at, such as those of who asks and of whom the case is about. */
export type Settling = { disclosure: Disclosure; sections: DisclosureSection[]; grounds: Grounds; known: string[]; head: DisclosureHead; t: Translate };

/**
 * Works out what is given and what is left out. Text that is left out is in nothing of it but `sections`, which is for who prepares it:
 * the tree is made of what is given alone. `stamp` stands for exactly this content, whoever makes it and whenever.
 */
export function settle({ disclosure, sections, grounds, known, head, t }: Settling): Settled {
  const chosen = sections.map((section) => settledSection(section, disclosure, grounds, t));
  const leftovers = leftoversIn(chosen, disclosure.words, known);
  const gone = Object.keys(disclosure.words).filter((words) => disclosure.words[words] === true);
  const given = chosen.map((section) => ({ ...section, parts: section.parts.map((one) => withoutWords(one, gone, t('disclosure.markWords'))) }));
  const files = chosen.flatMap(({ parts }) => parts.flatMap(({ part: { file }, give }) => (give && file !== null ? [file] : []))).map((file, index) => ({ number: index + 1, file }));
  const left = leftOut(chosen, gone.length > 0 ? (Object.keys(grounds)[0] ?? null) : null, t);
  const tree = takeOutOfTree(disclosureTree(given, { left, grounds, head, files, t }), gone, t('disclosure.markWords'));
  return {
    sections: given, leftovers, stuck: leftoversIn(given, {}, known).filter(({ words }) => disclosure.words[words] === true), left, tree, files,
    stamp: textHash(JSON.stringify([tree, files]))
  };
}

/** What still stands in the way of asking a second person, as counts and ids. */
export function openPoints({ sections, leftovers, stuck, left }: Settled, { weighing }: Disclosure): { sections: number; words: number; stuck: string[]; grounds: string[] } {
  return {
    sections: sections.filter(({ state }) => state !== 'done').length,
    words: leftovers.filter(({ choice }) => choice === null).length,
    stuck: stuck.map(({ words }) => words),
    grounds: [...new Set(left.map(({ ground }) => ground))].filter((ground) => (own(weighing, ground) ?? '').trim().length < shortestWeighing)
  };
}

/** A reason of fewer signs says nothing. */
export const shortestWeighing = 10;

function settledSection(section: DisclosureSection, disclosure: Disclosure, grounds: Grounds, t: Translate): SettledSection {
  const choice = own(disclosure.sections, section.id);
  const whole = choice?.whole ?? null;
  const first = Object.keys(grounds)[0] ?? '';
  return {
    section, whole, state: choice === undefined ? 'todo' : choice.of === section.of ? 'done' : 'changed',
    parts: section.parts.map((part): SettledPart => {
      const picked = own(choice?.parts ?? {}, part.id);
      const ground = whole ?? (picked?.ground === undefined || picked.ground === '' ? first : picked.ground);
      const give = whole === null && !part.locked && (picked?.give ?? part.proposal ?? false);
      const without = (picked?.without ?? []).filter((sentence) => part.sentences.includes(sentence));
      return { part, give, ground, without, text: give ? withoutSentences(part.lines.join('\n'), without, t('disclosure.mark', { ground: own(grounds, ground)?.title ?? '' })) : '' };
    })
  };
}

/** Puts one mark in the place of each run of sentences that is left out. */
function withoutSentences(text: string, without: string[], mark: string): string {
  if (without.length === 0) return text;
  const pieces = sentencePieces(text).map((piece) => (without.includes(piece.trim()) ? null : piece));
  return pieces.flatMap((piece, index) => (piece === null ? (pieces[index - 1] === null && index > 0 ? [] : [`${mark} `]) : [piece])).join('').trim();
}

function withoutWords(one: SettledPart, gone: string[], mark: string): SettledPart {
  const { part } = one;
  return { ...one, text: takeOut(one.text, gone, mark), part: { ...part, question: takeOut(part.question, gone, mark), tree: part.tree === null ? null : takeOutOfTree(part.tree, gone, mark) } };
}

function leftOut(sections: SettledSection[], wordsGround: string | null, t: Translate): Settled['left'] {
  return [
    ...sections.flatMap(({ section, whole, parts }) => (whole !== null ? [{ what: t(section.day === null ? 'disclosure.left.section' : 'disclosure.left.record', { title: section.title }), ground: whole }]
      : parts.flatMap(({ part, give, ground, without }) => (give && without.length === 0 ? [] : [{ what: t(`disclosure.left.${give ? 'partly' : part.file !== null ? 'file' : part.tree !== null ? 'document' : 'part'}`, { title: section.title, question: part.question }), ground }])))),
    ...(wordsGround === null ? [] : [{ what: t('disclosure.left.words'), ground: wordsGround }])
  ];
}
