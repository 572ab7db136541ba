import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { tokenMint, tokenVerifier } from '../identity/internal-tokens.js';
import type { Outbox } from '../outbox/outbox.js';
import { serveSubgraph } from './serve.js';

/** The watchers of the beds, and how to notify them of a change. */
const watchers = new Set<(beds: number) => void>();

function changes(): AsyncIterableIterator<object> {
  let wake: (result: IteratorResult<object>) => void = () => {};
  const page = { readAhead: () => undefined };
  const watcher = (beds: number) => wake({ done: false, value: { page, bedsChanged: beds } });
  watchers.add(watcher);
  const iterator: AsyncIterableIterator<object> = {
    next: () => new Promise((resolve) => (wake = resolve)),
    return: async () => {
      watchers.delete(watcher);
      const over = { done: true, value: undefined } as const;
      wake(over);
      return over;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

let dataFolder: string;
let subgraph: Awaited<ReturnType<typeof serveSubgraph>>;
let authorization: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-subgraph-'));
  subgraph = await serveSubgraph(
    {
      name: 'wards',
      typeDefs: parse('type Query { beds: Int } type Subscription { bedsChanged: Int! }'),
      resolvers: [
        { Query: { beds: () => 4 }, Subscription: { bedsChanged: { subscribe: changes } } },
      ],
      cursorField: '',
      context: (caller) => ({ caller, outbox: undefined as unknown as Outbox }),
    },
    {
      host: '127.0.0.1',
      port: 0,
      verify: tokenVerifier(dataFolder, 'wards', ['gateway']),
      log: pino({ level: 'silent' }),
      now: () => new Date(),
    },
  );
  const mint = await tokenMint(dataFolder, 'gateway');
  const claims = { roles: [], scopes: [], areas: [], facilities: [], organisations: [] };
  authorization = `Bearer ${await mint({ claims }, 'wards')}`;
});
afterAll(async () => {
  await subgraph.close();
  await rm(dataFolder, { recursive: true });
});

const nextTick = () => new Promise((resolve) => setImmediate(resolve));
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await nextTick();
}

const complete = { id: '1', type: 'complete' };
const subscribe = () => ({
  id: '1',
  type: 'subscribe',
  payload: { query: 'subscription { bedsChanged }', extensions: { authorization } },
});

test('an id that is completed and used again at once has one subscription, which ends', async () => {
  const socket = new WebSocket(subgraph.url.replace('http', 'ws'), 'graphql-transport-ws');
  const received: unknown[] = [];
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization } });
  await once(socket, 'message');
  socket.on('message', (data) => received.push(JSON.parse((data as Buffer).toString())));

  for (let times = 0; times < 20; times += 1) {
    send(subscribe());
    send(complete);
  }
  send(subscribe());
  await until(() => watchers.size === 1);
  const payload = { query: 'subscription { unknown }', extensions: { authorization } };
  send({ id: '2', type: 'subscribe', payload });
  await until(() => received.length === 1);
  expect(watchers.size).toBe(1);
  for (const notify of watchers) notify(7);
  await until(() => received.length === 2);
  expect(received[1]).toEqual({ id: '1', type: 'next', payload: { data: { bedsChanged: 7 } } });

  send(complete);
  await until(() => watchers.size === 0);
  socket.close();
  await once(socket, 'close');
});
