/** Closes the folds that the server sends open, on a phone only: without JavaScript everything stays readable. A fold that #... points into stays open. */
export function closeFolds(page: Document, isPhone: boolean): void {
  if (!isPhone) return;
  const target = page.getElementById(decodeURIComponent(page.location.hash.slice(1)));
  for (const fold of page.querySelectorAll<HTMLDetailsElement>('details.sp-fold')) {
    if (target === null || !fold.contains(target)) fold.open = false;
  }
}
