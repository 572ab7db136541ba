import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Returns undefined when a server can listen there now, otherwise the error's code, such as EADDRINUSE. */
export function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/**
 * Returns a free port for a program that cannot let the system choose one. It lies below 32768, because systems number outgoing
 * connections from there: one of those may occupy a port above at any moment.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if ((await listenProblem('127.0.0.1', port)) === undefined) return port;
  }
}
