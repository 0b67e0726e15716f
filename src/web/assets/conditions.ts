/** What the server sends in data-when: names of controls and the texts they post. */
type Condition = { all: Condition[] } | { any: Condition[] } | { none: Condition[] } | { name: string; is: string[] } | { name: string; answered: boolean };

/** A condition in a condition in a condition; what goes on after this many rounds goes round in circles. */
const mostRounds = 20;

/** Shows and hides conditional questions as their answers change. The server decides the same again at every post. */
export function connectConditions(page: Document): void {
  for (const form of page.querySelectorAll('form')) {
    const conditional = [...form.querySelectorAll('.sp-when')];
    if (conditional.length === 0) continue;
    form.addEventListener('input', () => updateConditions(form));
    form.addEventListener('change', () => updateConditions(form));
    updateConditions(form);
    const update = form.querySelector<HTMLElement>('button[name="_action"][value="update"]');
    if (update !== null && conditional.every((fieldset) => fieldset.hasAttribute('data-when'))) update.hidden = true;
  }
}

/** Brings the conditional questions of a form up to date; what is hidden has no answer for the others. */
export function updateConditions(form: HTMLFormElement): void {
  for (let round = 0; round < mostRounds; round += 1) {
    const changed = [...form.querySelectorAll<HTMLFieldSetElement>('.sp-when[data-when]')].filter((fieldset) => {
      const shown = holds(JSON.parse(fieldset.dataset['when'] ?? '{"all":[]}') as Condition, form);
      if (fieldset.hidden !== shown) return false;
      fieldset.hidden = !shown;
      fieldset.disabled = !shown;
      return true;
    });
    if (changed.length === 0) return;
  }
}

function holds(condition: Condition, form: HTMLFormElement): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, form));
  if ('any' in condition) return condition.any.some((part) => holds(part, form));
  if ('none' in condition) return !condition.none.some((part) => holds(part, form));
  const values = valuesOf(condition.name, form);
  return 'is' in condition ? values.some((value) => condition.is.includes(value)) : (values.length > 0) === condition.answered;
}

/** What a post would carry of a question, its parts and its rows; nothing of what is switched off. */
function valuesOf(name: string, form: HTMLFormElement): string[] {
  return [...form.elements].flatMap((element) => {
    if (!isControl(element) || element.matches(':disabled')) return [];
    if (element.name !== name && !element.name.startsWith(`${name}#`) && !element.name.startsWith(`${name}/`)) return [];
    if (element instanceof HTMLInputElement && (element.type === 'radio' || element.type === 'checkbox') && !element.checked) {
      return element.hasAttribute('data-alone') ? ['false'] : [];
    }
    const value = element.value.trim();
    return value === '' ? [] : [value];
  });
}

function isControl(element: Element): element is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}
