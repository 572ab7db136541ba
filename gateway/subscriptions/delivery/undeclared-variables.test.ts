import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RawClient } from '../../conformance/testing/raw-client.js';
import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({ rateLimitCostPerMinute: 1e9 });
});
afterAll(() => shop.close());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapBytes = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const SUBSCRIBERS = 40;
const LARGE_BYTES = 1_000_000;
/** The variables that the client sends; nobody but the gateway keeps it. */
function operation(index: number): object {
  return {
    query: 'subscription ($min: Int) { priceChanged(min: $min) { newPrice } }',
    variables: { min: 1, unused: `${index}`.padEnd(LARGE_BYTES, 'v') },
    extensions: { unused: `${index}`.padEnd(LARGE_BYTES / 2, 'e') },
  };
}

type Client = { subscribe(index: number): Promise<void>; close(): void };

async function overWebSocket(): Promise<Client> {
  const authorization = `Bearer ${await shop.token({ subject: 'watcher' })}`;
  const socket = shop.socket();
  await once(socket, 'open');
  const acknowledged = once(socket, 'message');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  await acknowledged;
  return {
    async subscribe(index) {
      const payload = operation(index);
      socket.send(JSON.stringify({ type: 'subscribe', id: String(index), payload }));
    },
    close: () => socket.close(),
  };
}

async function overEventStreams(): Promise<Client> {
  const authorization = `Bearer ${await shop.token({ subject: 'listener' })}`;
  const clients: RawClient[] = [];
  return {
    async subscribe(index) {
      const client = await RawClient.connect(shop.gateway.url);
      clients.push(client);
      const body = JSON.stringify(operation(index));
      client.send(
        `POST /graphql/stream HTTP/1.1\r\nHost: hub\r\nAuthorization: ${authorization}\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    },
    close: () => clients.forEach((client) => client.close()),
  };
}

test.each([
  ['over a WebSocket', overWebSocket],
  ['over an event stream', overEventStreams],
])('a subscription %s does not keep what its operation does not declare', async (_, open) => {
  const client = await open();
  const before = heapBytes();
  for (let index = 0; index < SUBSCRIBERS; index += 1) {
    await client.subscribe(index);
    await until(() => shop.subscribers() === index + 1);
  }

  expect(heapBytes() - before).toBeLessThan((SUBSCRIBERS * LARGE_BYTES) / 3);

  client.close();
  await until(() => shop.subscribers() === 0);
});
