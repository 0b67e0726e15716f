import { fork } from 'node:child_process';

/** What a server says when it can be asked: its address, and what else a cycle needs. */
export type Ready = { address: string; size?: number; cookie?: string; cases?: string[]; task?: string; fields?: [string, string][] };

export type Server = { ready: Ready; cpuUs: () => Promise<number>; stop: () => void };

/** Starts a file of this folder as a process of its own, whose CPU can be asked for. */
export function startServer(file: string, args: string[]): Promise<Server> {
  const child = fork(file, args);
  return new Promise((resolve, reject) => {
    const answers: ((cpu: number) => void)[] = [];
    child.on('message', (message: Ready | { cpu: number }) => {
      if ('cpu' in message) answers.shift()?.(message.cpu);
      else {
        resolve({
          ready: message, stop: () => { child.send('stop'); },
          cpuUs: () => new Promise((answer) => { answers.push(answer); child.send('cpu'); })
        });
      }
    });
    child.once('exit', (code) => { reject(new Error(`The server stopped with ${String(code)}.`)); });
  });
}

/** The other side: says what is ready, then answers with CPU in microseconds until it is told to stop. */
export function answerParent(ready: Ready, stop: () => Promise<void>): void {
  process.on('message', (message) => {
    if (message === 'cpu') {
      const { user, system } = process.cpuUsage();
      process.send?.({ cpu: user + system });
    } else {
      void stop().then(() => { process.exit(0); });
    }
  });
  process.send?.(ready);
}

/** Posts a form as a browser does; the answer is read whole and no redirect followed. */
export async function postForm(url: string, pairs: [string, string][], cookie: string): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams(pairs).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, origin: new URL(url).origin }
  });
  await response.text();
  return response;
}
