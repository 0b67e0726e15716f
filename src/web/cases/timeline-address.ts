import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { query } from '../site/http.ts';
import type { TimelineFilter } from './timeline-kinds.ts';
import type { AskedPart } from './timeline-part.ts';

/** The part of a timeline that an address asks for. What is no part of it is the newest: "?before=970" is what came before event 970. */
export function askedPart(request: FastifyRequest, { stored }: OpenCase): AskedPart {
  const filter = filterOf(query(request, 'timeline'));
  const [before, after] = [numberOf(query(request, 'before')), numberOf(query(request, 'after'))];
  if (before !== null && before <= stored.tail.count) return { filter, beside: { side: 'before', sequence: before } };
  if (after !== null && after < stored.tail.count) return { filter, beside: { side: 'after', sequence: after } };
  return { filter, beside: null };
}

/** The address of a part; the heading of the timeline is where it begins. */
export function timelineHref(number: string, { filter, beside }: AskedPart): string {
  const pairs = [...(filter === 'all' ? [] : [`timeline=${filter}`]), ...(beside === null ? [] : [`${beside.side}=${String(beside.sequence)}`])];
  return `/cases/${number}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}#tijdlijn`;
}

function filterOf(word: string): TimelineFilter {
  return word === 'decisions' || word === 'records' || word === 'system' ? word : 'all';
}

function numberOf(word: string): number | null {
  return /^\d{1,9}$/.test(word) ? Number(word) : null;
}
