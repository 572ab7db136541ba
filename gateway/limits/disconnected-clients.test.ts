import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../../shared/identity/development-issuer.js';
import { startGateway, type Gateway } from '../gateway.js';
import { composed } from '../testing/hospital.js';
import { ScriptedServer, type Exchange } from '../testing/scripted-server.js';
import { until } from '../testing/until.js';

const WARD = {
  name: 'ward',
  typeDefs: parse(/* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost"])
    type Query {
      beds(ward: String): Int
      all: Int @cost(weight: 5000)
    }
    type Mutation {
      close(ward: String): Boolean
    }
  `),
};

let dataFolder: string;
let server: ScriptedServer;
let gateway: Gateway;
let lines: string[];
const clients: Client[] = [];

async function open(timeoutMs = 60_000) {
  server = await ScriptedServer.open({ respondsToProbe: true });
  lines = [];
  gateway = await startGateway(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder,
      oidcIssuer: undefined,
      oidcAudience: 'vierblatt',
      subgraphUrl: { ward: server.url },
      subgraphTimeoutMs: { ward: timeoutMs },
      operationLimits: { operations: 2 },
      drainSeconds: 0,
    },
    composed([WARD]),
    pino({ level: 'warn' }, { write: (line) => void lines.push(line) }),
  );
}

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-leaving-'));
});
beforeEach(() => open());
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  await gateway.close();
  await server.close();
});
afterAll(() => rm(dataFolder, { recursive: true }));

async function authorization(subject = 'ina') {
  const identity = { role: 'dispatch', areas: ['05'], facilities: [], ttl: 600, subject };
  return `Bearer ${await issueDevelopmentToken(dataFolder, 'vierblatt', identity)}`;
}

/** One who waits for the result of an operation, until `leave`. */
interface Waiter {
  leave(): Promise<void>;
  result: Promise<unknown>;
}
type SendRequest = (query: string, subject?: string) => Promise<Waiter>;

const posting =
  (path: string, accept: string): SendRequest =>
  async (query, subject) => {
    const leaving = new AbortController();
    const result = fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: await authorization(subject),
        'content-type': 'application/json',
        accept,
      },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    })
      .then((response) => response.text())
      .catch(() => 'left');
    const leave = async () => {
      leaving.abort();
      await result;
    };
    return { leave, result };
  };
const overHttp = posting('/graphql', 'application/json');

async function socketOf(subject?: string): Promise<Client> {
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: await authorization(subject) },
    retryAttempts: 0,
  });
  clients.push(client);
  return client;
}

const overSocket =
  (leave: (client: Client, unsubscribe: () => void) => void): SendRequest =>
  async (query, subject) => {
    const client = await socketOf(subject);
    let unsubscribe = () => {};
    const result = new Promise((resolve) => {
      unsubscribe = client.subscribe(
        { query },
        { next: resolve, error: resolve, complete: () => resolve('left') },
      );
    });
    return { leave: async () => leave(client, unsubscribe), result };
  };

const TRANSPORTS: [string, SendRequest][] = [
  ['over HTTP', overHttp],
  ['over an event stream', posting('/graphql/stream', 'text/event-stream')],
  ['by unsubscribing on a WebSocket', overSocket((_, unsubscribe) => unsubscribe())],
  ['by closing a WebSocket', overSocket((client) => client.terminate())],
];

async function requests(count: number): Promise<Exchange> {
  return (await server.received(count))[count - 1]!;
}

/** Waits for nothing for so long that the gateway has noticed clients that left before, and passed it on. */
async function disconnectAnother(request: SendRequest, count: number): Promise<void> {
  const another = await request(`{ beds(ward: "${count}") }`);
  const sent = await requests(count);
  await another.leave();
  await until(() => sent.isAbandoned());
}

describe.each(TRANSPORTS)('a client that leaves %s', (_, request) => {
  it('ends the request to the subgraph, which is no outage', async () => {
    for (let number = 1; number <= 6; number++) {
      const waiter = await request(`{ beds(ward: "${number}") }`);
      const sent = await requests(number);
      await waiter.leave();
      await until(() => sent.isAbandoned());
    }
    const other = await overHttp('{ beds }');
    (await requests(7)).respond({ data: { beds: 3 } });
    expect(await other.result).toContain('"beds":3');
    expect(lines).toEqual([]);
  });

  it('does not end what others wait for', async () => {
    const other = await overHttp('{ beds }', 'tom');
    const sent = await requests(1);
    const waiter = await request('{ beds }');
    await disconnectAnother(request, 2);
    await waiter.leave();
    await disconnectAnother(request, 3);
    expect(sent.isAbandoned()).toBe(false);
    sent.respond({ data: { beds: 3 } });
    expect(await other.result).toContain('"beds":3');
  });

  it('does not end a mutation', async () => {
    const waiter = await request('mutation { close }');
    const sent = await requests(1);
    await waiter.leave();
    await disconnectAnother(request, 2);
    expect(sent.isAbandoned()).toBe(false);
    sent.respond({ data: { close: true } });
  });
});

test('when all clients that wait for an operation disconnect, it ends, and a later request executes it again', async () => {
  const waiters = [await overHttp('{ beds }'), await overHttp('{ beds }', 'tom')];
  const sent = await requests(1);
  for (const waiter of waiters) await waiter.leave();
  await until(() => sent.isAbandoned());
  const later = await overHttp('{ beds }');
  (await requests(2)).respond({ data: { beds: 3 } });
  expect(await later.result).toContain('"beds":3');
});

test('further operations of a caller wait for one of theirs to end, those of others do not', async () => {
  const running = [await overHttp('{ beds }'), await overHttp('{ beds(ward: "b") }')];
  await requests(2);
  const waiting = await overHttp('{ beds(ward: "c") }');
  const left = await overHttp('{ beds(ward: "d") }');
  const others = await overHttp('{ beds(ward: "e") }', 'tom');
  await untilWaiting(2);
  (await requests(3)).respond({ data: { beds: 5 } });
  expect(await others.result).toContain('"beds":5');
  await left.leave();
  await untilWaiting(1);
  server.sent[0]!.respond({ data: { beds: 1 } });
  await running[0]!.result;
  const sent = await requests(4);
  expect(sent.requests[0]!.query).toContain('"c"');
  server.sent[1]!.respond({ data: { beds: 2 } });
  sent.respond({ data: { beds: 3 } });
  expect(await waiting.result).toContain('"beds":3');
  expect(await metric('vierblatt_longest_caller_queue')).toBe(2);
});

async function metric(name: string): Promise<number> {
  const response = await fetch(`${gateway.url}/metrics`);
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await response.text())?.[1]);
}

async function untilWaiting(count: number): Promise<void> {
  while ((await metric('vierblatt_operations_waiting')) !== count);
}

test('an operation that makes a subgraph read much is marked, and exceeding its time it is refused and no outage', async () => {
  await gateway.close();
  await server.close();
  await open(300);
  for (let number = 1; number <= 6; number++) {
    const waiter = await overHttp(`query Q${number} { all }`);
    expect((await requests(number)).headers['x-vierblatt-work']).toBe('heavy');
    expect(JSON.parse((await waiter.result) as string).errors).toMatchObject([
      { message: expect.stringContaining('within 0.3 s'), extensions: { code: 'TOO_MUCH' } },
    ]);
  }
  const other = await overHttp('{ beds }');
  const sent = await requests(7);
  expect(sent.headers['x-vierblatt-work']).toBeUndefined();
  sent.respond({ data: { beds: 3 } });
  expect(await other.result).toContain('"beds":3');
});
