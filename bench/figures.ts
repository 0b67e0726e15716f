/** The middle one; NaN without any. */
export function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

/** The middle one, with the lowest and the highest. */
export function spread(values: number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
