/** Says while somebody types a colour whether white on it can be read, as the server does after posting; the sample button follows. */
export function connectColours(page: Document): void {
  for (const field of page.querySelectorAll<HTMLInputElement>('input[data-colour]')) {
    const sample = page.getElementById(`${field.id}-voorbeeld`);
    const words = page.getElementById(`${field.id}-oordeel`);
    if (sample === null || words === null) continue;
    field.addEventListener('input', () => {
      const [, digits] = /^#?([0-9a-f]{6})$/i.exec(field.value.trim()) ?? [];
      const contrast = digits === undefined ? null : 1.05 / (luminance(digits) + 0.05);
      const number = contrast === null ? '' : (Math.floor(contrast * 10) / 10).toFixed(1).replace('.', ',');
      const sentence = contrast === null ? '' : (contrast < 4.5 ? words.dataset['bad'] : words.dataset['good']);
      words.textContent = (sentence ?? '').replace('{contrast}', number);
      words.classList.toggle('sp-colour__bad', contrast !== null && contrast < 4.5);
      sample.style.setProperty('background', digits === undefined ? '' : `#${digits}`);
      sample.style.setProperty('color', digits === undefined ? '' : '#fff');
    });
  }
}

function luminance(digits: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => {
    const value = Number.parseInt(digits.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
