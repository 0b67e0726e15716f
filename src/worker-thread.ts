import { Worker, type ResourceLimits } from 'node:worker_threads';

/** `tooLong`: the job took longer than it may. `busy`: too many wait. `failed`: the thread ended, as it does when its memory is full. */
export type ThreadProblem = 'tooLong' | 'busy' | 'failed';

export type Thread<Job, Answer> = {
  /** Does a job after those before it. `job` is made for the thread that does it, so that what a thread has already need not be sent again. Never throws. */
  ask(job: (thread: object) => Job): Promise<{ answer: Answer } | { problem: ThreadProblem }>;
  /** Ends the thread; the next job begins a new one. */
  close(): Promise<void>;
};

/** `entry`: the module of the thread; it says `ready` once it can begin. `mostJobs`: after so many the thread is replaced. `breaks`: an answer after which it may be broken. */
export type ThreadOptions<Answer> = { breaks?: (answer: Answer) => boolean; entry: URL; workerData?: unknown; resourceLimits?: ResourceLimits; mostJobs: number; timeLimitMs: number; mostWaiting: number };

/** What a thread says first. */
export const ready = 'ready';

/** A thread that cannot begin in this time does not begin at all. */
const longestStartMs = 60_000;

const tooLong = Symbol('tooLong');
const ended = Symbol('ended');

/**
 * Makes a thread that does one job after another and begins with the first. The time limit is for the job alone: reading its
 * modules does not count. A thread is given up when a job takes too long or ends it.
 */
export function makeThread<Job, Answer>({ entry, workerData, resourceLimits, mostJobs, timeLimitMs, mostWaiting, breaks = () => false }: ThreadOptions<Answer>): Thread<Job, Answer> {
  let worker: Worker | null = null;
  let done = 0;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  const close = async (): Promise<void> => {
    const ending = worker;
    worker = null;
    done = 0;
    await ending?.terminate();
  };
  const begin = async (): Promise<Worker | null> => {
    const begun = new Worker(entry, { workerData, ...(resourceLimits === undefined ? {} : { resourceLimits }) });
    begun.unref();
    // Without a listener an error in a thread ends the server.
    begun.on('error', () => undefined);
    begun.on('exit', () => { if (worker === begun) worker = null; });
    worker = begun;
    return (await heard(begun, longestStartMs)) === ready ? begun : null;
  };
  const one = async (job: (thread: object) => Job): Promise<{ answer: Answer } | { problem: ThreadProblem }> => {
    const doing = worker ?? (await begin());
    if (doing === null) {
      void close();
      return { problem: 'failed' };
    }
    const listening = heard(doing, timeLimitMs);
    doing.postMessage(job(doing));
    const answer = await listening;
    done += 1;
    // A thread that hangs ends by itself once its module gives control back; nobody waits for that.
    if (answer === tooLong || answer === ended || done >= mostJobs || breaks(answer as Answer)) void close();
    return answer === tooLong ? { problem: 'tooLong' } : answer === ended ? { problem: 'failed' } : { answer: answer as Answer };
  };
  return {
    ask: async (job) => {
      if (waiting >= mostWaiting) return { problem: 'busy' };
      waiting += 1;
      const turn = last.then(() => one(job)).finally(() => { waiting -= 1; });
      last = turn.catch(() => null);
      return turn;
    },
    close
  };
}

/** The address of a module beside another one; built, it is .js. */
export function moduleBeside(here: string, name: string): URL {
  return new URL(`./${name}${here.endsWith('.ts') ? '.ts' : '.js'}`, here);
}

/** Gives the next thing a thread says. */
async function heard(worker: Worker, limitMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const done = (said: unknown): void => {
      clearTimeout(timer);
      worker.off('message', done).off('exit', over);
      resolve(said);
    };
    const over = (): void => { done(ended); };
    const timer = setTimeout(() => { done(tooLong); }, limitMs);
    worker.once('message', done).once('exit', over);
  });
}
