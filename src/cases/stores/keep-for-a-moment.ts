export type Kept<Value> = {
  find(name: string): Value | null;
  keep(name: string, value: Value): void;
};

/** As many as people are filling in forms at one moment. */
const mostKept = 100;

/**
 * Makes what keeps opened content for a moment, `keptMs` at most: the requests of one form (page, saving, check, handing in, and the page
 * after that) read the same. Whoever finds something here compares it with what the database has: it is never older than that,
 * however many servers there are.
 */
export function keepForAMoment<Value>(keptMs = 60_000): Kept<Value> {
  const all = new Map<string, Value>();
  let forgetting: NodeJS.Timeout | null = null;
  return {
    find: (name) => all.get(name) ?? null,
    keep: (name, value) => {
      if (all.size >= mostKept) all.clear();
      all.set(name, value);
      // Nothing of a case stays in memory for longer than its requests take.
      forgetting ??= setTimeout(() => {
        all.clear();
        forgetting = null;
      }, keptMs).unref();
    }
  };
}
