/**
 * Without a connection the browser would put its own page in the place of what was typed, and forget it. So nothing is sent then, it
 * is said, and the same button works once there is a connection again.
 */
export function connectOffline(page: Document): void {
  const bar = page.querySelector<HTMLElement>('[data-offline-bar]');
  const words = bar?.querySelector<HTMLElement>('[role="alert"]');
  if (bar == null || words == null) return;
  const show = (isShown: boolean): void => {
    bar.hidden = !isShown;
    words.textContent = isShown ? (bar.dataset['offlineBar'] ?? '') : '';
  };
  page.addEventListener('submit', (event) => {
    if (navigator.onLine || !(event.target instanceof HTMLFormElement) || event.target.method !== 'post') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    show(true);
  }, { capture: true });
  window.addEventListener('online', () => { show(false); });
}
