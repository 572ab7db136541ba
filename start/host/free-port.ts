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
 * Ports for programs that cannot let the system choose one, first to last. They lie below 32768, because systems number outgoing
 * connections from there: one of those may occupy a port above at any moment. Those of a hub's database lie apart, so that it never
 * takes a port on which the hub itself is about to listen.
 */
const PORTS = { program: [20_000, 27_999], database: [28_000, 32_767] } as const;

/** Returns a port of its kind on which nobody listens now. */
export async function freePort(kind: keyof typeof PORTS = 'program'): Promise<number> {
  const [first, last] = PORTS[kind];
  for (;;) {
    const port = randomInt(first, last + 1);
    if ((await listenProblem('127.0.0.1', port)) === undefined) return port;
  }
}
