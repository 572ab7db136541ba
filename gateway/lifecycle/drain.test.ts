import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { Shop } from '../testing/shop.js';
import { until } from '../testing/until.js';

const SOCKETS = 150;

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({ drainSeconds: 3, subgraphTimeoutMs: { social: 1_000 } });
});
afterAll(() => shop.close());

function connect(): WebSocket {
  return shop.socket();
}

const statusOf = async (path: string) => (await fetch(shop.gateway.url + path)).status;

test('a gateway that drains is not ready, disconnects its clients in slices, and finishes running requests', async () => {
  const sockets = Array.from({ length: SOCKETS }, connect);
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  const codes: number[] = [];
  let openAtFirst = 0;
  for (const socket of sockets) {
    socket.on('close', (code) => {
      codes.push(code);
      if (codes.length === 1)
        openAtFirst = sockets.filter((other) => other.readyState === 1).length;
    });
  }
  const begun = shop.request('{ product(upc: "1") { name slow } }');
  await until(() => shop.subgraphs.social.requests.some(({ query }) => query.includes('slow')));

  const end = shop.gateway.close();
  expect(await statusOf('/readyz')).toBe(503);
  expect(await statusOf('/healthz')).toBe(200);
  expect(await statusOf('/graphql/stream')).toBe(503);
  const [refused] = (await once(connect(), 'error')) as [Error];
  expect(refused.message).toContain('503');

  await end;
  expect(codes).toEqual(Array.from({ length: SOCKETS }, () => 1001));
  expect(openAtFirst).toBeGreaterThan(SOCKETS / 2);
  expect((await begun).data).toEqual({ product: { name: 'P1-en', slow: null } });
});
