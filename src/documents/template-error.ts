/** A template that cannot make its document: which file, where, and why, in a Dutch sentence without answers or names. */
export class TemplateError extends Error {
  /** Path from the content folder, such as documents/melding.hbs. */
  readonly file: string;
  /** Counts from 1; 0 when the place is not known. */
  readonly line: number;
  readonly column: number;
  readonly text: string;

  constructor(place: { file: string; line: number; column: number }, text: string) {
    super(`${place.file}:${String(place.line)}: ${text}`);
    this.name = 'TemplateError';
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.text = text;
  }
}
