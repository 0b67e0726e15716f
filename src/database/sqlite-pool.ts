import { AppError } from '../errors.ts';
import type { RawConnection } from './sqlite-statements.ts';

/**
 * The connections to one SQLite database, opened as they are needed and kept. Knex takes one for each question, by the names that are
 * below; what is asked over and over takes one itself (kept-query.ts), which costs nothing where one is free.
 */
export class SqlitePool {
  readonly #open: () => Promise<RawConnection>;
  readonly #waitMs: number;
  readonly #free: RawConnection[] = [];
  readonly #waiting: ((raw: RawConnection) => void)[] = [];
  #most: number;
  #opened = 0;

  /** `most`: so many connections at once; who asks while all are at work waits `waitMs` and is then refused. */
  constructor({ open, most, waitMs }: { open: () => Promise<RawConnection>; most: number; waitMs: number }) {
    this.#open = open;
    this.#most = most;
    this.#waitMs = waitMs;
  }

  /** A connection that is free; null: there is none, so wait for one. */
  take(): RawConnection | null {
    return this.#free.pop() ?? null;
  }

  /** The next connection that is free. Throws AppError('unavailable') when none is in time, and what opening one throws. */
  async wait(): Promise<RawConnection> {
    const free = this.take();
    if (free !== null) return free;
    if (this.#opened < this.#most) return this.#openOne();
    return new Promise((resolve, reject) => {
      const refuse = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(given), 1);
        reject(new AppError('unavailable'));
      }, this.#waitMs);
      const given = (raw: RawConnection): void => {
        clearTimeout(refuse);
        resolve(raw);
      };
      this.#waiting.push(given);
    });
  }

  /** Gives back what was taken: to whoever waits longest. */
  give(raw: RawConnection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(raw);
    else next(raw);
  }

  acquire(): { promise: Promise<RawConnection> } {
    return { promise: this.wait() };
  }

  release(raw: RawConnection): boolean {
    this.give(raw);
    return true;
  }

  /** Closes each connection once it is free. */
  async destroy(): Promise<void> {
    this.#most = 0;
    for (; this.#opened > 0; this.#opened -= 1) {
      const raw = this.take() ?? await new Promise<RawConnection>((resolve) => { this.#waiting.push(resolve); });
      await new Promise<void>((resolve, reject) => { raw.close((error) => { if (error === null) resolve(); else reject(error); }); });
    }
  }

  numFree(): number {
    return this.#free.length;
  }

  numUsed(): number {
    return this.#opened - this.#free.length;
  }

  numPendingAcquires(): number {
    return this.#waiting.length;
  }

  async #openOne(): Promise<RawConnection> {
    this.#opened += 1;
    try {
      return await this.#open();
    } catch (error) {
      this.#opened -= 1;
      throw error;
    }
  }
}
