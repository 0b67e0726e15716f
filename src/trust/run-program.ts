import { spawn } from 'node:child_process';

/** What a program answered. `code`: its exit code; null: it could not be started, was ended or took too long. `output`: the first 64 kB that it wrote. */
export type Ran = { code: number | null; output: Buffer };

const mostOutput = 65_536;

/**
 * Runs a program that a setting names: its path or name, then its arguments, as they are and without a shell. `input` is what it reads. It
 * gets none of the settings of this server but PATH, HOME and LANG, and is ended after `timeoutMs`.
 */
export function runProgram([program = '', ...options]: readonly string[], { input, timeoutMs }: { input: Buffer; timeoutMs: number }): Promise<Ran> {
  return new Promise((resolve) => {
    const { PATH, HOME, LANG } = process.env;
    const parts: Buffer[] = [];
    let size = 0;
    const child = spawn(program, options, { env: { PATH, HOME, LANG }, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
    const end = (code: number | null): void => {
      clearTimeout(timer);
      // What it started itself may hold these open.
      child.stdin.destroy();
      child.stdout.destroy();
      resolve({ code, output: Buffer.concat(parts) });
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end(null);
    }, timeoutMs);
    child.on('error', () => { end(null); });
    child.on('close', (code) => { end(code); });
    child.stdout.on('data', (part: Buffer) => {
      if (size < mostOutput) parts.push(part.subarray(0, mostOutput - size));
      size += part.length;
    });
    // Whoever has seen enough stops reading.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
