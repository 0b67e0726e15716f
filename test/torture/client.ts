import { field, task } from './small-content.ts';
import type { Person, RunningServer } from './server.ts';

/** Where requests go. */
export type Server = Pick<RunningServer, 'address'>;

/** `location`: where a 303 leads; empty otherwise. */
export type Answer = { status: number; location: string; html: string };

type Pairs = [name: string, value: string][];

/** Asks for a page; null when the server was gone before it answered. */
export function get(server: Server, person: Person, path: string): Promise<Answer | null> {
  return send(server, person, path, {});
}

/** Posts a form with the token of the person. */
export function post(server: Server, person: Person, path: string, pairs: Pairs): Promise<Answer | null> {
  return send(server, person, path, { method: 'POST', body: new URLSearchParams([...pairs, ['_csrf', person.csrf]]) });
}

/** Hands in one record with this text, which is its key as well. */
export function handIn(server: Server, person: Person, number: string, text: string): Promise<Answer | null> {
  return post(server, person, taskPath(number), [[field, text], ['_key', text]]);
}

/** Keeps this text as a draft. */
export function keepDraft(server: Server, person: Person, number: string, text: string): Promise<Answer | null> {
  return post(server, person, taskPath(number), [[field, text], ['_action', 'later']]);
}

/** Starts a case with this text and gives its number; null when that was not answered with a case. */
export async function startCase(server: Server, person: Person, text: string): Promise<string | null> {
  const answer = await post(server, person, '/cases/new', [['_route', 'proef'], [field, text], ['_key', text]]);
  return /^\/cases\/(\d{4}-[A-Z0-9]{4})\?/.exec(answer?.location ?? '')?.[1] ?? null;
}

/** Address of the one task. */
export function taskPath(number: string): string {
  return `/cases/${number}/tasks/${task}`;
}

/** The value of a hidden field on a page; empty when it is not there. */
export function hiddenIn(answer: Answer | null, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(answer?.html ?? '')?.[1] ?? '';
}

async function send({ address }: Server, { cookie }: Person, path: string, init: RequestInit): Promise<Answer | null> {
  try {
    const response = await fetch(`${address}${path}`, { ...init, redirect: 'manual', headers: { cookie } });
    return { status: response.status, location: response.headers.get('location') ?? '', html: await response.text() };
  } catch {
    return null;
  }
}
