import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { textOnly } from '../../no-text.ts';
import type { Visitor } from './site.ts';

/** More fields than any form has; above it a post is refused whole, never cut (forms.md, section 5). */
export const mostPairs = 2_000;

/** A form without files is never larger, in bytes, not even where files may come along. */
const mostFormBytes = 1_048_576;

/** Reads a form post as pairs, in order, without signs that are no text. Throws tooLarge above 1 MiB or 2,000 fields. */
export function readPairs(body: string): Pairs {
  if (Buffer.byteLength(body) > mostFormBytes) throw new AppError('tooLarge');
  const pairs = [...new URLSearchParams(body)].map(([name, value]): Pairs[number] => [textOnly(name), textOnly(value)]);
  if (pairs.length > mostPairs) throw new AppError('tooLarge');
  return pairs;
}

/** The pairs of a post; empty for a post without a form. */
export function pairsOf(request: FastifyRequest): Pairs {
  return Array.isArray(request.body) ? (request.body as Pairs) : [];
}

/** The last value of a name, trimmed of nothing; empty when it is not there. */
export function valueIn(pairs: Pairs, name: string): string {
  return pairs.findLast(([own]) => own === name)?.[1] ?? '';
}

/** The pairs of the form itself, without what the machinery adds (names that start with _, but for what was asked). */
export function answerPairs(pairs: Pairs): Pairs {
  return pairs.filter(([name]) => !name.startsWith('_') || name === '_asked');
}

/** Pairs with the revision of what they were based on, as a draft keeps them. */
export function withRevision(pairs: Pairs, revision: string): Pairs {
  const own: Pairs = pairs.filter(([name]) => name !== '_rev');
  return revision === '' ? own : [...own, ['_rev', revision]];
}

/** Answers with a page. */
export async function sendPage(reply: FastifyReply, html: string, status = 200): Promise<FastifyReply> {
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

/** Answers a post that did its work: the browser asks for the next page with GET. */
export async function seeOther(reply: FastifyReply, path: string): Promise<FastifyReply> {
  return reply.code(303).header('location', path).send();
}

/** A part of the path of the request. */
export function param(request: FastifyRequest, name: string): string {
  const params = request.params as { [name: string]: string | undefined };
  return params[name] ?? '';
}

/** A value of the query of the request; empty when it is not there or comes twice. */
export function query(request: FastifyRequest, name: string): string {
  const value = (request.query as { [name: string]: unknown })[name];
  return typeof value === 'string' ? value : '';
}

/** The person who is signed in; the guard has let nobody else come here. */
export function visitorOf(request: FastifyRequest): Visitor {
  if (request.visitor === null) throw new AppError('notSignedIn');
  return request.visitor;
}
