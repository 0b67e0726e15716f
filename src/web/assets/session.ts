import type { Drafts } from './autosave.ts';

/** So long before a session ends it is said. */
const warnMs = 120_000;
/** The server counts in whole seconds. */
const marginMs = 1_000;

export type Session = { /** It goes on for so many seconds from now. */ extend(seconds: number): void };

/**
 * Warns before the session ends, with a button to stay. At the end what was typed is saved first, then the page goes to the sign-in,
 * which leads back to the same field. Without JavaScript the next post asks to sign in and goes on after that.
 */
export function connectSession(page: Document, drafts: Drafts, isTouched: () => boolean): Session {
  const bar = page.querySelector<HTMLElement>('[data-session]');
  const words = bar?.querySelector<HTMLElement>('[role="alert"]');
  const button = bar?.querySelector('button');
  if (bar == null || words == null || button == null) return { extend: () => undefined };
  let endsAt = 0;
  let timer: number | undefined;
  let before: Element | null = null;

  const extend = (seconds: number): void => {
    endsAt = Date.now() + seconds * 1_000;
    bar.hidden = true;
    look();
  };
  // A computer that slept wakes up late: what counts is the clock.
  const look = (): void => {
    clearTimeout(timer);
    const left = endsAt - Date.now();
    if (left > warnMs) timer = setTimeout(look, Math.min(left - warnMs, warnMs));
    else if (left > 0) void warn(left);
    else void end();
  };
  const warn = async (left: number): Promise<void> => {
    const ends = endsAt;
    await drafts.flush();
    // Saving was a sign of life.
    if (endsAt !== ends) return;
    if (bar.hidden) say('soon');
    timer = setTimeout(look, Math.max(Math.min(left, endsAt - Date.now()), 0) + marginMs);
  };
  const end = async (): Promise<void> => {
    const isSaved = await drafts.flush();
    // Another window may have kept it going.
    const answer = await ask();
    if (typeof answer === 'number') extend(answer);
    else if (answer === 'ended' && isSaved && !isTouched()) location.assign(`/sign-in?why=ended&next=${encodeURIComponent(here(page))}`);
    else {
      say('ended');
      button.hidden = true;
    }
  };
  const say = (key: 'soon' | 'last' | 'ended'): void => {
    before = page.activeElement;
    bar.hidden = false;
    words.textContent = (bar.dataset[key] ?? '').replace('__', new Date(endsAt).toLocaleTimeString('nl-NL', { hour: '2-digit', minute: '2-digit' }));
  };
  button.addEventListener('click', () => {
    void ask().then((answer) => {
      if (typeof answer !== 'number') return end();
      extend(answer);
      if (before instanceof HTMLElement) before.focus();
      // After a whole working day it ends, whatever is asked.
      button.hidden = answer * 1_000 <= warnMs;
      if (button.hidden) say('last');
      return undefined;
    });
  });
  page.addEventListener('visibilitychange', () => { if (page.visibilityState === 'visible') look(); });
  extend(Number(bar.dataset['session']));
  return { extend };
}

async function ask(): Promise<number | 'ended' | 'offline'> {
  try {
    const response = await fetch('/session', { headers: { accept: 'application/json' } });
    if (response.status === 401) return 'ended';
    return (await response.json() as { seconds: number }).seconds;
  } catch {
    return 'offline';
  }
}

/** This page, and the field somebody is in. */
function here({ activeElement, location: { pathname, search } }: Document): string {
  return `${pathname}${search}${activeElement?.id ? `#${activeElement.id}` : ''}`;
}
