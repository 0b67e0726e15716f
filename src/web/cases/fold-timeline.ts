import type { TimelineItem } from '../views/view-models.ts';

/** Folds runs of two or more system lines into one item; `summarise` gives its sentence ("5 systeemregels, 3 tot 10 maart"). The order stays. */
export function foldTimeline(items: TimelineItem[], summarise: (run: { id: string; text: string }[]) => string): TimelineItem[] {
  return runsOf(items).flatMap((run) => {
    const lines = run.flatMap((item) => (item.kind === 'system' ? [item] : []));
    const [first] = lines;
    if (first === undefined || lines.length < 2) return run;
    return [{ kind: 'run' as const, id: `reeks-${first.id}`, summary: summarise(lines), lines: lines.map((line) => line.text) }];
  });
}

function runsOf(items: TimelineItem[]): TimelineItem[][] {
  const runs: TimelineItem[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run !== undefined && item.kind === 'system' && run[0]?.kind === 'system') run.push(item);
    else runs.push([item]);
  }
  return runs;
}
