/** Makes the print buttons work; without JavaScript they are hidden and the browser's own menu prints. */
export function connectPrintButtons(page: Document): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>('button[data-print]')) {
    button.addEventListener('click', () => { window.print(); });
  }
}
