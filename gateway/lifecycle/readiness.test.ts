import { pino } from 'pino';
import { until } from '../../tests/until.js';
import { startGateway, type Gateway } from '../gateway.js';
import { Shop } from '../testing/shop.js';

let shop: Shop;
let gateway: Gateway | undefined;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(async () => {
  await gateway?.close();
  await shop.close();
});

async function readiness() {
  const response = await fetch(`${gateway!.url}/readyz`);
  return { code: response.status, ...((await response.json()) as { status: string }) };
}

test('a gateway is ready when every subgraph has answered it once, and stays so while one is unavailable', async () => {
  const { social } = shop.subgraphs;
  await social.kill();
  gateway = await startGateway(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder: shop.dataFolder,
      oidcIssuer: undefined,
      oidcAudience: 'vierblatt',
      subgraphUrl: Object.fromEntries(
        Object.values(shop.subgraphs).map(({ name, url }) => [name, url]),
      ),
    },
    shop.supergraph,
    pino({ level: 'silent' }),
  );
  expect(await readiness()).toEqual({
    code: 503,
    status: 'not ready: no response yet from social',
  });

  await social.start();
  await until(async () => (await readiness()).code === 200);
  expect(await readiness()).toMatchObject({ status: 'ready' });

  await social.kill();
  expect(await readiness()).toMatchObject({ code: 200, status: 'ready' });
});
