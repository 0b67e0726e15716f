/** So long after the last key the draft is saved (interface.md, progressive enhancement). */
const pauseMs = 1_500;
const retryMs = 10_000;
const answerMs = 20_000;
/** Somebody who sends a form does not wait longer for a saving that is under way. */
const sendMs = 3_000;
/** Browsers let a request of at most 64 kB outlive its page. */
const mostAfterLeaving = 60_000;

type Answer = { draft?: string; beside?: string; text?: string | null; link?: { href: string; text: string } | null; seconds?: number };

/** The forms of a page that save by themselves. */
export type Drafts = {
  /** Saves what was typed and not saved yet. False: something could not be saved. */
  flush(): Promise<boolean>;
  /** Does work that saves the draft of a form as well; saving by itself waits until that is done. */
  meanwhile(form: HTMLFormElement, work: () => Promise<void>): Promise<void>;
};

type Kept = { form: HTMLFormElement; flush(): Promise<boolean>; meanwhile(work: () => Promise<void>): Promise<void> };

/**
 * Saves what is typed as the draft of its form, one request at a time, and says truly whether that worked. Without JavaScript the button
 * "Later verder" does the same. Nothing is stored in the browser: school laptops are shared. `extend` hears how many seconds the session goes on.
 */
export function connectAutosave(page: Document, extend: (seconds: number) => void): Drafts {
  const forms = [...page.querySelectorAll<HTMLFormElement>('form[data-draft]')].map((form) => keepDraft(page, form, extend));
  return {
    flush: async () => (await Promise.all(forms.map((form) => form.flush()))).every((saved) => saved),
    meanwhile: (form, work) => forms.find((one) => one.form === form)?.meanwhile(work) ?? work()
  };
}

function keepDraft(page: Document, form: HTMLFormElement, extend: (seconds: number) => void): Kept {
  const say = statusOf(form);
  const mark = fieldOf(form, '_draft');
  const beside = fieldOf(form, '_beside');
  const focus = fieldOf(form, '_focus');
  let typed = 0;
  let saved = 0;
  let isTrusted = true;
  let isLeaving = false;
  let running: Promise<void> | null = null;
  let timer: number | undefined;

  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => { void save(); }, ms);
  };
  const save = (): Promise<void> => (running ??= send().finally(() => { running = null; }));
  const send = async (): Promise<void> => {
    clearTimeout(timer);
    const upTo = typed;
    let again = pauseMs;
    try {
      const { status, answer } = await post(form);
      isTrusted = status === 200;
      if (status === 200) {
        saved = upTo;
        if (answer.draft !== undefined) mark.value = answer.draft;
        beside.value = answer.beside ?? '';
        extend(answer.seconds ?? 0);
        say(answer.text ?? '', answer.link ?? null);
      } else if (status === 401) say('signedOut');
      else if (status === 403 && await renewToken(page, form)) again = 0;
      else if (status === 403) say('otherPerson');
      else if (status >= 500 || status === 429) say('trouble', again = retryMs);
      else say(answer.text ?? 'refused');
      if (status !== 200 && again === pauseMs) return;
    } catch {
      isTrusted = false;
      say('offline', again = retryMs);
    }
    if (typed > saved) later(again);
  };
  const flush = async (): Promise<boolean> => {
    if (running !== null) await running;
    if (typed > saved) await save();
    return typed <= saved;
  };

  form.addEventListener('input', () => { typed += 1; later(pauseMs); });
  form.addEventListener('focusin', ({ target }) => { if (target instanceof HTMLElement && target.matches('input, select, textarea')) focus.value = target.id; });
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    isLeaving = true;
    if (running === null) return;
    // The post tells which draft it is made from, so the saving under way comes first.
    event.preventDefault();
    void Promise.race([running, new Promise((resolve) => { setTimeout(resolve, sendMs); })]).then(() => {
      running = null;
      form.requestSubmit(event.submitter);
    });
  });
  page.addEventListener('visibilitychange', () => { if (page.visibilityState === 'hidden' && typed > saved && !isLeaving) void save(); });
  window.addEventListener('beforeunload', (event) => {
    if (isLeaving || typed <= saved) return;
    if (isTrusted && bodyOf(form).length <= mostAfterLeaving) void save();
    else event.preventDefault();
  });
  window.addEventListener('pageshow', () => { isLeaving = false; });
  const meanwhile = async (work: () => Promise<void>): Promise<void> => {
    if (running !== null) await running;
    running = work().finally(() => { running = null; });
    await running;
    if (typed > saved) later(pauseMs);
  };
  return { form, flush, meanwhile };
}

async function post(form: HTMLFormElement): Promise<{ status: number; answer: Answer }> {
  const body = bodyOf(form);
  const response = await fetch(form.dataset['draft'] ?? '', {
    method: 'POST', body, headers: { 'accept': 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    keepalive: body.length <= mostAfterLeaving, signal: AbortSignal.timeout(answerMs)
  });
  return { status: response.status, answer: await response.json().catch(() => ({})) as Answer };
}

function bodyOf(form: HTMLFormElement): string {
  const pairs = [...new FormData(form)].flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []));
  return new URLSearchParams(pairs).toString();
}

/** Somebody who signed in again in another window has a new token; the draft is still of the same person. */
async function renewToken(page: Document, form: HTMLFormElement): Promise<boolean> {
  const response = await fetch('/session', { headers: { accept: 'application/json' } });
  const { csrf, person } = await response.json().catch(() => ({})) as { csrf?: string; person?: string };
  const old = fieldOf(form, '_csrf').value;
  if (csrf === undefined || csrf === old || person !== page.querySelector<HTMLElement>('[data-session]')?.dataset['person']) return false;
  for (const field of page.querySelectorAll<HTMLInputElement>('input[name="_csrf"]')) field.value = csrf;
  return true;
}

type Say = (text: string, next?: number | { href: string; text: string } | null) => void;

/** Says a sentence, or one that the page holds under its name; with seconds until the next try, or where to go. */
function statusOf(form: HTMLFormElement): Say {
  const place = form.querySelector<HTMLElement>('[data-draft-status]');
  const [words, link, button] = ['[role="status"]', 'a', 'button'].map((part) => place?.querySelector<HTMLElement>(part) ?? null);
  return (text, next = null) => {
    if (words == null || link == null || button == null) return;
    const sentence = (place?.dataset[text] ?? text).replace('__', String(Number(next) / 1_000));
    // Said anew only when it is new: a screen reader would read it after every pause.
    if (words.textContent !== sentence) words.textContent = sentence;
    place?.classList.toggle('sp-draft--not', place.dataset[text] !== undefined);
    button.hidden = text !== 'signedOut';
    link.hidden = next === null || typeof next === 'number';
    if (next !== null && typeof next !== 'number') {
      link.textContent = next.text;
      link.setAttribute('href', next.href);
    }
  };
}

function fieldOf(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`) ?? document.createElement('input');
}
