import type { Drafts } from './autosave.ts';

/** Covering must not wait longer for what is still being saved. */
const saveMs = 1_500;
const pressesMs = 5_000;

/**
 * "Scherm afdekken": hides the page at once, saves what was typed, then sends the form as it does without JavaScript. Shift three times
 * does the same. Other tabs of this browser hide as well: they show what the session that ends could see.
 */
export function connectCover(page: Document, drafts: Drafts): void {
  const form = page.querySelector<HTMLFormElement>('form[data-cover]');
  if (form === null) return;
  const tabs = new BroadcastChannel('stappenplan-cover');
  tabs.addEventListener('message', () => {
    page.documentElement.classList.add('sp-covered');
    void saved(drafts).then(() => { location.replace('/cover'); });
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    page.documentElement.classList.add('sp-covered');
    tabs.postMessage('cover');
    // Unlocking leads back to the question they were in.
    const focus = page.querySelector('form[data-draft] input[name="_focus"]')?.cloneNode();
    if (focus !== undefined) form.append(focus);
    void saved(drafts).then(() => { form.submit(); });
  });
  let presses: number[] = [];
  page.addEventListener('keydown', (event) => {
    if (event.repeat) return;
    const now = event.timeStamp;
    presses = event.key === 'Shift' ? [...presses.filter((one) => now - one < pressesMs), now] : [];
    if (presses.length === 3) form.requestSubmit();
  });
}

/** When what was typed is kept, or it has taken too long. */
async function saved(drafts: Drafts): Promise<void> {
  await Promise.race([drafts.flush(), new Promise((resolve) => { setTimeout(resolve, saveMs); })]);
}
