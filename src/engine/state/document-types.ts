/** A file as the case keeps it: `naam`, `type` and size as it was stored, and its fingerprint (sha256, hexadecimals). */
export type KeptFile = { id: string; naam: string; type: string; bytes: number; sha256: string };

/** Who signs: the name, and in which capacity ("ouder", "intern begeleider"; may be empty). */
export type Signer = { name: string; capacity: string };

/** typed, drawn, scanned: signed. refused, notAsked, remote: not signed, for a reason. later: still to come. */
export const signWays = ['typed', 'drawn', 'scanned', 'refused', 'notAsked', 'remote', 'later'] as const;

export type SignWay = (typeof signWays)[number];

/** What was said last of one signer. `note`: the reason, or when and how it is still to come; `file`: the drawing or the scan. */
export type Signing = { signer: Signer; how: SignWay; note: string; file: KeptFile | null; by: string; at: string };

/**
 * A document as it was at one moment and stays. `sha256`: fingerprint of `content` (documents/frozen-content.ts), to which signing binds.
 * `seen`: what it was made of (contentStamp). `pdf` null: the server could not make one. `signers`: whom the document itself names.
 * `added`: edited copies that were put beside it. Moments are UTC ISO, `by` is the id of a person.
 */
export type DocumentVersion = {
  document: string;
  /** As of a record; null without one. */
  source: string | null;
  /** From 1, for each document apart. */
  version: number;
  seen: string;
  sha256: string;
  content: KeptFile;
  pdf: KeptFile | null;
  word: KeptFile;
  signers: Signer[];
  by: string;
  at: string;
  added: { file: KeptFile; by: string; at: string }[];
  signed: Signing[];
};
