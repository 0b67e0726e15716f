/** Says which file was chosen, in the words of the page; without JavaScript the browser's own control does. */
export function connectFileNames(page: Document): void {
  for (const words of page.querySelectorAll<HTMLElement>('[data-file-name]')) {
    const field = page.getElementById(words.dataset['fileName'] ?? '');
    if (!(field instanceof HTMLInputElement)) continue;
    const none = words.textContent;
    field.addEventListener('change', () => { words.textContent = field.files?.[0]?.name ?? none; });
  }
}
