/** The least contrast of text with what is behind it (WCAG 2.2, 1.4.3). */
export const leastContrast = 4.5;

/** "#0B5563", "0b5563" or "#15f" as #rrggbb; null when it is no such colour. */
export function readColour(text: string): string | null {
  const [, digits] = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const full = digits.length === 6 ? digits : Array.from(digits).map((digit) => digit + digit).join('');
  return `#${full.toLowerCase()}`;
}

/** The contrast of two colours as WCAG 2.2 counts it, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** "8,4"; cut off, not rounded, so that 4,49 never reads as enough. */
export function contrastInWords(contrast: number): string {
  return (Math.floor(contrast * 10) / 10).toFixed(1).replace('.', ',');
}

/**
 * The stylesheet of a school: bar, buttons, links and tints in its colour, with a light twin for the dark. The twin and the tints are
 * made so that text in the colour stays readable on them; the bar keeps the colour as it is, with white on it.
 */
export function themeCss(colour: string): string {
  const tint = mix('#ffffff', colour, 0.09);
  const text = until(colour, (shade) => contrastOf(shade, tint) >= leastContrast && contrastOf(shade, '#f4f7f8') >= leastContrast, darker);
  const darkTint = mix(darkPage, colour, 0.3);
  const twin = until(calm(colour), (shade) => contrastOf(shade, darkPage) >= 7 && contrastOf(shade, darkTint) >= leastContrast, lighter);
  const light = declarations({ brand: text, bar: colour, tint, 'tint-line': mix('#ffffff', colour, 0.35) });
  const dark = declarations({ brand: twin, bar: colour, tint: darkTint, 'tint-line': mix(darkPage, colour, 0.55), 'on-brand': mix('#000000', colour, 0.2) });
  return `:root{${light}}@media screen and (prefers-color-scheme:dark){:root{${dark}}}\n`;
}

const darkPage = '#12191d';
const brandNames = ['govuk-brand-colour', 'govuk-link-colour', 'govuk-link-visited-colour'];

function declarations(values: { [name: string]: string }): string {
  const all = { ...values, ...Object.fromEntries(brandNames.map((name) => [name, values['brand'] ?? ''])) };
  return Object.entries(all).map(([name, value]) => `--${name}:${value}`).join(';');
}

function until(colour: string, isGood: (shade: string) => boolean, next: (shade: string) => string): string {
  let shade = colour;
  for (let tries = 0; tries < 60 && !isGood(shade); tries += 1) shade = next(shade);
  return shade;
}

function darker(shade: string): string {
  return mix(shade, '#000000', 0.04);
}

function lighter(shade: string): string {
  return mix(shade, '#ffffff', 0.06);
}

/** Strong colours glare on a dark page. */
function calm(colour: string): string {
  const [red = 0, green = 0, blue = 0] = partsOf(colour);
  const grey = Math.max(red, green, blue);
  const strength = grey === 0 ? 1 : 255 / grey;
  return toHex([red, green, blue].map((part) => part * (0.6 + 0.4 * strength) * 0.9));
}

/** So much of the other colour, 0 to 1. */
function mix(colour: string, other: string, share: number): string {
  const others = partsOf(other);
  return toHex(partsOf(colour).map((part, index) => part + ((others[index] ?? 0) - part) * share));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour).map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Red, green and blue, 0 to 255. */
function partsOf(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

function toHex(parts: number[]): string {
  return `#${parts.map((part) => Math.min(255, Math.max(0, Math.round(part))).toString(16).padStart(2, '0')).join('')}`;
}
