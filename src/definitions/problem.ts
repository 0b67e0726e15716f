import type { TextParams, Translate } from '../texts.ts';

/** Keys and indexes from the root of a JSON file to a value. */
export type Path = (string | number)[];

/** `info` is good to know and needs nothing to be done. */
export type Severity = 'error' | 'warning' | 'info';

/** What a check found, before it is placed in a file. `code` is the key of its sentence in texts/<language>/definitions.json. */
export type Finding = {
  code: string;
  severity: Severity;
  path: Path;
  /** Does the finding concern the key at the end of the path, or its value? */
  at: 'key' | 'value';
  params: TextParams;
  /** What was probably meant. */
  proposal: string | null;
};

/** One finding in a file, for a person. `line` and `column` count from 1. */
export type Problem = {
  code: string;
  severity: Severity;
  /** Path from the content folder, with forward slashes, such as forms/gesprek.json. */
  file: string;
  line: number;
  column: number;
  /** JSON Pointer of the value; empty for the whole file and for files that are no JSON. */
  pointer: string;
  /** The text found there, shortened; empty when something is missing. */
  found: string;
  text: string;
  /** What `text` was made of, to say it in another language (problemText). */
  sentence: Sentence;
  proposal: string | null;
};

/** A key of src/texts with what is filled in. */
export type Sentence = { key: string; params: TextParams };

/** Makes a finding about a value; `more` turns it into one about a key, into a warning, or adds a proposal. */
export function finding(
  code: string, path: Path, params: TextParams = {}, more: Partial<Pick<Finding, 'at' | 'severity' | 'proposal'>> = {}
): Finding {
  return { code, severity: 'error', path, at: 'value', params, proposal: null, ...more };
}

/** Writes a problem as one line: file:line:column: text Bedoelde u "x"? */
export function formatProblem(problem: Problem, translate: Translate): string {
  const proposal = problem.proposal === null ? '' : ` ${translate('definitions.proposal', { proposal: problem.proposal })}`;
  const kind = problem.severity === 'error' ? '' : `${translate(`definitions.${problem.severity}`)} `;
  return `${problem.file}:${String(problem.line)}:${String(problem.column)}: ${kind}${problem.text}${proposal}`;
}

/** Gives the sentence of a problem in the language of `translate`. In `expected`, kinds of value such as string|boolean are put in words. */
export function problemText({ sentence: { key, params } }: Pick<Problem, 'sentence'>, translate: Translate): string {
  if (key !== 'definitions.wrongType') return translate(key, params);
  const kinds = String(params['expected']).split('|').map((kind) => translate(`definitions.type.${kind}`));
  return translate(key, { ...params, expected: kinds.join(` ${translate('definitions.or')} `) });
}

/** Gives the part of a problem that says what is wrong, for a finding in a content file. */
export function wordsOf({ code, params }: Pick<Finding, 'code' | 'params'>, translate: Translate): Pick<Problem, 'text' | 'sentence'> {
  const sentence = { key: `definitions.${code}`, params };
  return { text: problemText({ sentence }, translate), sentence };
}

/** A JSON file that knows where its keys and values stand: a `JsonFile`. */
export type Located = {
  file: string;
  parsed: {
    offsetOf: (path: Path, at: 'key' | 'value') => number;
    position: (offset: number) => { line: number; column: number };
    textAt: (path: Path, at: 'key' | 'value') => string;
  };
};

/** Places a finding in its file: at its offset when it has one, else at its path. */
export function placeProblem({ file, parsed }: Located, { finding: found, offset }: { finding: Finding; offset: number | null }, translate: Translate): Problem {
  const { code, severity, path, at, proposal } = found;
  return {
    code, severity, file, proposal,
    ...parsed.position(offset ?? parsed.offsetOf(path, at)),
    pointer: pointerOf(path),
    found: offset === null ? parsed.textAt(path, at) : '',
    ...wordsOf(found, translate)
  };
}

/** Writes a path as a JSON Pointer (RFC 6901). */
export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
