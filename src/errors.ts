/** Every refusal a person can meet: code, HTTP status, and the key of its sentence in texts/. */
const errorTable = {
  notFound: { status: 404 },
  notSignedIn: { status: 401 },
  codeNeeded: { status: 401 },
  notAllowed: { status: 404 },
  badRequest: { status: 400 },
  formExpired: { status: 403 },
  tooLarge: { status: 413 },
  conflict: { status: 409 },
  cancelled: { status: 410 },
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

  constructor(code: ErrorCode, detail: string | null = null, options?: ErrorOptions) {
    super(code, options);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}

/** Why the server cannot start: one sentence of texts/, for the person who runs it. */
export class StartProblem extends Error {
  readonly key: string;
  readonly params: { [name: string]: string };

  constructor(key: string, params: { [name: string]: string } = {}, options?: ErrorOptions) {
    super(`${key} ${JSON.stringify(params)}`, options);
    this.name = 'StartProblem';
    this.key = key;
    this.params = params;
  }
}
