/** Forms that do not save by themselves ask before the page is left with something typed in them. Gives whether something is. */
export function connectUnsaved(page: Document): () => boolean {
  if (page.querySelector('[data-session]') === null) return () => false;
  const touched = new Set<HTMLFormElement>();
  let isSending = false;
  page.addEventListener('input', ({ target }) => {
    const form = target instanceof Element ? target.closest<HTMLFormElement>('main form[method="post"]:not([data-draft])') : null;
    if (form !== null) touched.add(form);
  });
  page.addEventListener('submit', ({ target }) => {
    isSending = true;
    touched.delete(target as HTMLFormElement);
  });
  window.addEventListener('pageshow', () => { isSending = false; });
  window.addEventListener('beforeunload', (event) => { if (touched.size > 0 && !isSending) event.preventDefault(); });
  return () => touched.size > 0;
}
