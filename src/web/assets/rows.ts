/** The number of the row in the template, in names and in its title. */
const blank = '__';

/** Adds and removes rows of a list without a round trip; the same buttons do it on the server. */
export function connectRows(page: Document): void {
  page.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button[data-add], button[data-remove]') : null;
    const list = button?.closest<HTMLElement>('[data-rows]');
    const template = list?.querySelector<HTMLTemplateElement>(':scope > template');
    if (button == null || list == null || template == null) return;
    event.preventDefault();
    const focus = button.hasAttribute('data-add') ? addRow(list, template) : removeRow(list, button);
    numberRows(list, template);
    // As typing does: conditions look again, the draft is saved.
    list.dispatchEvent(new Event('input', { bubbles: true }));
    focus?.focus();
  });
}

function addRow(list: HTMLElement, template: HTMLTemplateElement): HTMLElement | null {
  const name = list.dataset['rows'] ?? '';
  const numbers = rowsOf(list).map((row) => Number(row.dataset['row']?.slice(name.length + 1)));
  const fresh = document.importNode(template.content, true);
  const number = String(Math.max(-1, ...numbers) + 1);
  for (const element of fresh.querySelectorAll('*')) {
    for (const attribute of [...element.attributes]) element.setAttribute(attribute.name, attribute.value.replaceAll(`/${blank}`, `/${number}`));
  }
  const row = fresh.querySelector<HTMLElement>('[data-row]');
  template.before(fresh);
  return row === null ? null : firstControl(row);
}

function removeRow(list: HTMLElement, button: HTMLElement): HTMLElement | null {
  const rows = rowsOf(list);
  const index = rows.findIndex((row) => row.contains(button));
  rows[index]?.remove();
  const next = rows[index + 1] ?? rows[index - 1];
  return next === undefined ? list.querySelector<HTMLElement>(':scope > button[data-add]') : firstControl(next);
}

/** Titles count the rows that are left; the button to add one goes when the list is full. */
function numberRows(list: HTMLElement, template: HTMLTemplateElement): void {
  const rows = rowsOf(list);
  rows.forEach((row, index) => {
    for (const selector of ['.sp-row__number', 'button[data-remove] span']) {
      const words = template.content.querySelector(selector)?.textContent;
      const target = row.querySelector(selector);
      if (words !== undefined && target !== null) target.textContent = words.replace(blank, String(index + 1));
    }
  });
  const add = list.querySelector<HTMLElement>(':scope > button[data-add]');
  if (add !== null) add.hidden = rows.length >= Number(list.dataset['most']);
}

function rowsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(':scope > [data-row]')];
}

function firstControl(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea');
}
