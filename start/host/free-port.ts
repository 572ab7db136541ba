import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Whether a server could listen there now; otherwise the error's code, such as EADDRINUSE. */
export function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/**
 * A free port for a program that cannot ask the system for one. It lies below 32768, where systems begin to number
 * outgoing connections: a port above may be taken by one of those at any moment.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if ((await listenProblem('127.0.0.1', port)) === undefined) return port;
  }
}
