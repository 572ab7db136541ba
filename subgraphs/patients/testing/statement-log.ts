import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The statements that a subgraph sends to its database, as they go over the line. */
export interface StatementLog {
  /** Connection string that leads through the log. */
  url: string;
  /** Every statement executed so far. */
  statements: string[];
  close(): Promise<void>;
}

/** Stands between a subgraph and its database and writes down what is executed (PostgreSQL's frontend protocol 3). */
export async function statementLog(databaseUrl: string): Promise<StatementLog> {
  const { hostname, port } = new URL(databaseUrl);
  const statements: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => open.delete(one));
    }
    client.on('data', reader(statements));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    statements,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Reads one connection's messages: texts come with Parse or Query, and are executed with each Bind or at once. */
function reader(statements: string[]): (chunk: Buffer) => void {
  const texts = new Map<string, string>();
  let waiting = Buffer.alloc(0);
  let started = false;
  const act = (type: string, body: Buffer) => {
    const [first, second] = body.toString('utf8').split('\0');
    if (type === 'Q') statements.push(first!);
    if (type === 'P') texts.set(first!, second!);
    if (type === 'B') statements.push(texts.get(second!)!);
  };
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      // The first message of a connection has no type.
      const head = started ? 1 : 0;
      if (waiting.length < head + 4) return;
      const length = head + waiting.readInt32BE(head);
      if (waiting.length < length) return;
      if (started) act(waiting.toString('latin1', 0, 1), waiting.subarray(5, length));
      started = true;
      waiting = waiting.subarray(length);
    }
  };
}
