/** Every refusal a person can meet: code, HTTP status, and the key of its sentence in texts/. */
export const errorTable = {
  notFound: { status: 404 },
  notSignedIn: { status: 401 },
  notAllowed: { status: 404 },
  badRequest: { status: 400 },
  formExpired: { status: 403 },
  tooLarge: { status: 413 },
  conflict: { status: 409 },
  refused: { status: 422 },
  tooManyTries: { status: 429 },
  unavailable: { status: 503 },
  unexpected: { status: 500 }
} as const;

export type ErrorCode = keyof typeof errorTable;

/** A refusal for a person. `detail` is shown; it never holds answers of a form or names. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | null;

  constructor(code: ErrorCode, detail: string | null = null) {
    super(code);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}
