const sentences = new Intl.Segmenter('nl', { granularity: 'sentence' });

/** Cuts a text into its sentences, in order, with the white space around them; each line ends one. */
export function sentencePieces(text: string): string[] {
  return [...sentences.segment(text)].map(({ segment }) => segment);
}
