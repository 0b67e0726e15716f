/** A screen reader hears the number so long after the last key, and only when a tenth or less is left. */
const pauseMs = 1_000;

/** Says under a text how many characters may still be typed; without JavaScript the sentence there says how many there may be. */
export function connectCounts(page: Document): void {
  const spoken = page.createElement('p');
  spoken.className = 'govuk-visually-hidden';
  spoken.setAttribute('role', 'status');
  const counted = [...page.querySelectorAll('textarea')].filter((area) => count(page, area) !== null);
  if (counted.length === 0 && page.querySelector('[data-rows]') === null) return;
  page.querySelector('main')?.append(spoken);
  let timer: number | undefined;
  page.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement)) return;
    const said = count(page, target);
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = said ?? ''; }, pauseMs);
  });
}

/** Writes the sentence under a text. Gives what is to be spoken: empty while there is room enough; null when nothing is counted here. */
function count(page: Document, area: HTMLTextAreaElement): string | null {
  const place = page.getElementById(`${area.id}-aantal`);
  if (place === null) return null;
  const most = Number(place.dataset['most']);
  // In characters as people see them, like the check on the server: most emoji are one.
  const left = most - Array.from(area.value).length;
  const words = left >= 0 ? 'left' : 'over';
  const sentence = (place.dataset[Math.abs(left) === 1 ? `${words}One` : words] ?? '').replace('__', String(Math.abs(left)));
  place.textContent = sentence;
  place.classList.toggle('govuk-error-message', left < 0);
  place.classList.toggle('govuk-hint', left >= 0);
  return left > most / 10 ? '' : sentence;
}
