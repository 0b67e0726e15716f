/** What the server sends in data-when and data-writable: names of controls and the texts they post. */
type Condition = { all: Condition[] } | { any: Condition[] } | { none: Condition[] } | { name: string; is: string[] } | { name: string; answered: boolean }
  | { name: string; atLeast: number } | { name: string; atMost: number };

/** A condition in a condition in a condition; what goes on after this many rounds goes round in circles. */
const mostRounds = 20;

/** Shows, hides and locks conditional questions as their answers change. The server decides the same again at every post. */
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
function updateConditions(form: HTMLFormElement): void {
  for (let round = 0; round < mostRounds; round += 1) {
    const changed = [...form.querySelectorAll<HTMLFieldSetElement>('.sp-when[data-when]')].filter((fieldset) => {
      const shown = holdsIn(fieldset.dataset['when'], form);
      const disabled = !shown || !holdsIn(fieldset.dataset['writable'], form);
      if (fieldset.hidden === !shown && fieldset.disabled === disabled) return false;
      fieldset.hidden = !shown;
      fieldset.disabled = disabled;
      return true;
    });
    if (changed.length === 0) return;
  }
}

function holdsIn(written: string | undefined, form: HTMLFormElement): boolean {
  return written === undefined || holds(JSON.parse(written) as Condition, form);
}

function holds(condition: Condition, form: HTMLFormElement): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, form));
  if ('any' in condition) return condition.any.some((part) => holds(part, form));
  if ('none' in condition) return !condition.none.some((part) => holds(part, form));
  const values = valuesOf(condition.name, form);
  if ('atLeast' in condition) return values.some((value) => numberOf(value) >= condition.atLeast);
  if ('atMost' in condition) return values.some((value) => numberOf(value) <= condition.atMost);
  return 'is' in condition ? values.some((value) => condition.is.includes(value)) : (values.length > 0) === condition.answered;
}

/** As people write one, with a comma; what is no number compares with nothing. */
function numberOf(text: string): number {
  return Number(text.replaceAll(' ', '').replace(',', '.'));
}

/** The answers to a question, its parts and its rows; none to what is hidden. */
function valuesOf(name: string, form: HTMLFormElement): string[] {
  return [...form.elements].flatMap((element) => {
    if (!isControl(element) || element.closest('.sp-when[hidden]') !== null) return [];
    if (element.name !== name && !element.name.startsWith(`${name}#`) && !element.name.startsWith(`${name}/`)) return [];
    if (element instanceof HTMLInputElement && (element.type === 'radio' || element.type === 'checkbox') && !element.checked) {
      return element.hasAttribute('data-alone') ? ['false'] : [];
    }
    // As the server reads it: what is on one line without the spaces around it, several lines as they are.
    const value = element.value.trim();
    return value === '' ? [] : [element instanceof HTMLTextAreaElement ? element.value : value];
  });
}

function isControl(element: Element): element is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}
