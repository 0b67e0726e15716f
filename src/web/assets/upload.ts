import type { Drafts } from './autosave.ts';

/**
 * Sends a file as soon as it is chosen and says how far that is. The button beside it does the same without this, and what could not be
 * sent goes along with the form. Saving what is typed waits meanwhile: both tell which draft they are made from.
 */
export function connectUploads(page: Document, drafts: Drafts): void {
  page.addEventListener('change', (event) => {
    const field = event.target instanceof HTMLInputElement ? event.target : null;
    const place = field?.closest<HTMLElement>('[data-files]') ?? null;
    const form = field?.form ?? null;
    if (field === null || place === null || form === null || (field.files?.length ?? 0) === 0) return;
    const say = statusOf(place);
    if ([...(field.files ?? [])].some(({ size }) => size > Number(place.dataset['most']))) {
      say(place.dataset['tooLarge'] ?? '', null);
      return;
    }
    void drafts.meanwhile(form, async () => {
      const answer = await sent(form, place, (part) => { say(place.dataset['sending'] ?? '', part); });
      if (!hasTaken(form, place, field.id, answer)) say(place.dataset['notSent'] ?? '', null);
    });
  });
}

/** Posts the form with the button of this question. Null: no answer, or it took too long. A form that is sent itself stops this. */
function sent(form: HTMLFormElement, place: HTMLElement, progress: (part: number) => void): Promise<Document | null> {
  const body = new FormData(form);
  body.set('_action', place.dataset['files'] ?? '');
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.responseType = 'document';
  form.addEventListener('submit', () => { request.abort(); }, { once: true });
  return new Promise((resolve) => {
    request.upload.addEventListener('progress', ({ loaded, total }) => { progress(loaded / total); });
    request.addEventListener('loadend', () => { resolve(request.responseXML); });
    request.send(body);
  });
}

/** Puts the question as the server draws it now in the place of this one. False: the answer is no such page. */
function hasTaken(form: HTMLFormElement, place: HTMLElement, id: string, answer: Document | null): boolean {
  const drawn = answer?.getElementById(id)?.closest<HTMLElement>('[data-files]') ?? null;
  if (answer === null || drawn === null) return false;
  for (const name of ['_draft', '_beside']) {
    const [own, other] = [form, answer].map((where) => where.querySelector<HTMLInputElement>(`input[name="${name}"]`));
    if (own != null && other != null) own.value = other.value;
  }
  place.replaceWith(document.importNode(drawn, true));
  document.getElementById(id)?.focus();
  return true;
}

function statusOf(place: HTMLElement): (words: string, part: number | null) => void {
  const [status, bar, button] = ['[role="status"]', 'progress', '.sp-no-js'].map((part) => place.querySelector<HTMLElement>(part));
  return (words, part) => {
    if (status != null && status.textContent !== words) status.textContent = words;
    if (bar instanceof HTMLProgressElement) {
      bar.hidden = part === null;
      bar.value = part ?? 0;
    }
    // What did not go by itself can be tried by hand.
    if (part === null) button?.classList.remove('sp-no-js');
  };
}
