/** Writes to the standard output. Whoever reads only the first lines (`| head`) closes the pipe: then there is nobody left to tell. */
export function writeOut(text: string): void {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error; });
  process.stdout.write(text);
}
