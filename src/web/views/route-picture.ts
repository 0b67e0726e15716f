import type { Day, PersonId } from '../../engine/state/case-state.ts';
import type { StepView } from '../../engine/model/overview-types.ts';
import type { Translate } from '../../texts.ts';
import { formatShortDay } from '../words/format.ts';

export type RouteOptions = {
  t: Translate;
  today: Day;
  /** The name of a person, "u" for the reader. */
  nameOf: (person: PersonId) => string;
  /** Where the title of a step leads; null: no link. */
  hrefOf: (step: StepView) => string | null;
  /** Words behind "Nu bezig", such as "4 van 8 taken open"; null: none. */
  busyOf: (step: StepView) => string | null;
  /** The last row. `text` says when closing can be reached, or how the case was closed. */
  closing: { closed: boolean; text: string | null };
};

/** One row of the route: words, and the part of the drawing beside them. */
export type RouteRow = {
  state: StepView['status'] | 'end' | 'closed';
  current: boolean;
  title: string;
  href: string | null;
  status: string | null;
  /** Where it leads, in words, for who does not see the lines. */
  next: string | null;
  drawing: RouteDrawing;
};

/** In px; vertical lines end in % because a row is as high as its words. */
export type RouteDrawing = {
  /** Number of lanes of the whole picture, for the width: 0 to 5. */
  lanes: number;
  width: number;
  lines: { x: number; y1: string; y2: string; done: boolean }[];
  curves: { d: string; done: boolean }[];
  node: { x: number; y: number; kind: 'done' | 'now' | 'ahead' | 'passed'; text: string };
};

type Edge = { from: number; to: number; lane: number; done: boolean };

const nodeX = 14;
const nodeY = 14;
const nodeRadius = 13;
const firstLaneX = 36;
const laneGap = 13;
const corner = 9;
const maxLanes = 5;

/**
 * Draws the steps as a metro list in the order of the definition, with closing as the last row.
 * An edge to the next row is a straight line, one that skips rows gets a lane (shortest inside); edges backward are only words.
 * The same steps give the same picture.
 */
export function routePicture(steps: StepView[], options: RouteOptions): RouteRow[] {
  const edges = edgesOf(steps);
  const lanes = Math.max(0, ...edges.map((edge) => edge.lane + 1));
  const rows = steps.map((step, index): RouteRow => ({
    state: step.status,
    current: step.status === 'active',
    title: step.shortTitle,
    href: options.hrefOf(step),
    status: statusOf(step, options),
    next: nextOf(step, index, steps, options.t),
    drawing: drawRow(index, edges, lanes, { kind: nodeKinds[step.status], text: step.label ?? String(index + 1) })
  }));
  const { closed, text } = options.closing;
  return [...rows, {
    state: closed ? 'closed' : 'end',
    current: false,
    title: options.t('web.route.close'),
    href: null,
    status: text,
    next: null,
    drawing: drawRow(steps.length, edges, lanes, { kind: closed ? 'done' : 'ahead', text: '' })
  }];
}

const nodeKinds: { [status in StepView['status']]: RouteDrawing['node']['kind'] } = {
  ahead: 'ahead', waiting: 'ahead', active: 'now', completed: 'done', left: 'passed', skipped: 'passed'
};

function statusOf(step: StepView, { t, today, nameOf, busyOf }: RouteOptions): string | null {
  const day = step.at === null ? '' : formatShortDay(step.at, today);
  const by = step.by === null ? null : nameOf(step.by);
  switch (step.status) {
    case 'completed': return by === null ? t('web.route.completed', { day }) : t('web.route.completedBy', { day, name: by });
    case 'left': return by === null ? t('web.route.left', { day }) : t('web.route.leftBy', { day, name: by });
    case 'active': {
      const busy = busyOf(step);
      return busy === null ? t('web.route.active') : t('web.route.activeWith', { text: busy });
    }
    case 'waiting': return t('web.route.waiting');
    case 'skipped': return step.reason === null ? t('web.route.skipped') : t('web.route.skippedBecause', { reason: step.reason });
    case 'ahead': return step.text;
  }
}

function nextOf(step: StepView, index: number, steps: StepView[], t: Translate): string | null {
  const targets = step.leadsTo.flatMap((id) => {
    const at = steps.findIndex((other) => other.id === id);
    const target = steps[at];
    if (target === undefined) return [];
    const title = target.label === null ? target.shortTitle : t('web.route.numbered', { label: target.label, title: target.shortTitle });
    return [at <= index ? t('web.route.backTo', { title }) : title];
  });
  if (step.closes) targets.push(t('web.route.closing'));
  return targets.length === 0 ? null : t('web.route.next', { steps: targets.join(t('web.route.or')) });
}

/** Edges forward, those that skip rows with the lane they run in; what finds no lane is left to the words. */
function edgesOf(steps: StepView[]): Edge[] {
  const pairs = steps.flatMap((step, from) => {
    const targets = step.leadsTo.map((id) => steps.findIndex((other) => other.id === id));
    if (step.closes) targets.push(steps.length);
    return [...new Set(targets)].filter((to) => to > from).map((to) => ({ from, to }));
  });
  const isWalked = (from: number, to: number): boolean => {
    const target = steps[to];
    return (target === undefined ? steps[from]?.closed : steps[from]?.wentTo.includes(target.id)) === true;
  };
  const byLength = pairs.toSorted((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  const edges: Edge[] = [];
  for (const { from, to } of byLength) {
    const lane = to === from + 1 ? -1 : freeLane(edges, from, to);
    if (lane < maxLanes) edges.push({ from, to, lane, done: isWalked(from, to) });
  }
  return edges;
}

function freeLane(edges: Edge[], from: number, to: number): number {
  const taken = edges.filter((edge) => edge.lane >= 0 && edge.from <= to && edge.to >= from).map((edge) => edge.lane);
  let lane = 0;
  while (taken.includes(lane)) lane += 1;
  return lane;
}

/** Lines overlap the next row by a pixel, so that no seam shows. */
function drawRow(index: number, edges: Edge[], lanes: number, node: Pick<RouteDrawing['node'], 'kind' | 'text'>): RouteDrawing {
  const lines: RouteDrawing['lines'] = [];
  const curves: RouteDrawing['curves'] = [];
  for (const { from, to, lane, done } of edges) {
    const x = lane < 0 ? nodeX : firstLaneX + lane * laneGap;
    const gap = lane < 0 ? nodeRadius : corner;
    if (to === index) lines.push({ x, y1: '-1', y2: String(nodeY - gap), done });
    if (from === index) lines.push({ x, y1: String(nodeY + gap), y2: '100%', done });
    if (from < index && index < to) lines.push({ x, y1: '-1', y2: '100%', done });
    if (lane >= 0 && to === index) curves.push({ d: `M${String(x)} ${String(nodeY - corner)}a${String(corner)} ${String(corner)} 0 0 1 -${String(corner)} ${String(corner)}H${String(nodeX + nodeRadius)}`, done });
    if (lane >= 0 && from === index) curves.push({ d: `M${String(nodeX + nodeRadius)} ${String(nodeY)}H${String(x - corner)}a${String(corner)} ${String(corner)} 0 0 1 ${String(corner)} ${String(corner)}`, done });
  }
  return { lanes, width: lanes === 0 ? nodeX * 2 : firstLaneX + laneGap * lanes, lines, curves, node: { x: nodeX, y: nodeY, ...node } };
}
