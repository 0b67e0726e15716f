import { AppError } from '../errors.ts';

/** Did this statement break a unique key? */
export function isDuplicate(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '23505' || (code === 'SQLITE_CONSTRAINT' && /UNIQUE|PRIMARY KEY/.test(message ?? ''));
}

/** Is the database out of reach or unable to work now, so that the same may succeed later? */
export function isOutage(error: unknown): boolean {
  const code = codeOf(error);
  if (outage.test(code) || worthAnotherTry.has(code)) return true;
  // Knex and the driver of PostgreSQL give these no code.
  return error instanceof Error && (error.name === 'KnexTimeoutError' || /Connection terminated|is not queryable/.test(error.message));
}

/** Tries again what the database refused only for this moment. What it cannot do now becomes AppError('unavailable'). */
export async function retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const began = Date.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const code = codeOf(error);
      const again = worthAnotherTry.has(code) && tries < mostTries && Date.now() - began < 5_000;
      if (!again) throw isOutage(error) ? new AppError('unavailable', null, { cause: error }) : error;
    }
  }
}

/** Gives the code of an error of a driver or of the system; empty when it has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

const mostTries = 3;

/** SQLITE_BUSY comes after busy_timeout; the PostgreSQL codes are a serialization failure and a deadlock. */
const worthAnotherTry = new Set(['SQLITE_BUSY', '40001', '40P01']);
/** A full disk, a failing disk, a locked or read-only file, a server that is gone or shows no certificate that counts. */
const outage = /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)|08...|53...|57P0.|ECONN\w+|EPIPE|ETIMEDOUT|(ERR_TLS|ERR_SSL|CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_\w+)$/;
