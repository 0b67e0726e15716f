/** Moves the focus to the list of problems after a refused post; without JavaScript its role=alert and the title say so. */
export function focusProblems(page: Document): void {
  page.querySelector<HTMLElement>('[data-focus]')?.focus();
}
