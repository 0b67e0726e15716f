/** Makes "Toon" show what was typed in the field named by data-show-password. The form always posts it hidden, so browsers keep offering to save it. */
export function connectPasswordButtons(page: Document): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>('button[data-show-password]')) {
    const field = page.getElementById(button.dataset['showPassword'] ?? '');
    if (!(field instanceof HTMLInputElement)) continue;
    const show = (visible: boolean): void => {
      field.type = visible ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(visible));
    };
    button.addEventListener('click', () => { show(field.type === 'password'); });
    field.form?.addEventListener('submit', () => { show(false); });
  }
}
