import { Shop } from '../testing/shop.js';
import { Watcher } from '../testing/watcher.js';
import { until } from '../testing/until.js';
import { FEES } from './limits.js';

const BUDGET = 5_000;
const QUERY = '{ me { name } }';
/** One object. */
const COST = 1;
/** Of planning it, once: a field with fields, and one without. */
const PLANNING = 28 + 8;

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open({ limits: { costPerMinute: BUDGET } });
});
afterEach(() => shop.close());

async function headersOf(query: string, authorization?: string) {
  const response = await fetch(`${shop.gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: authorization ?? `Bearer ${await shop.token({ subject: 'ina' })}`,
    },
    body: JSON.stringify({ query }),
  });
  await response.body?.cancel();
  const rate = /^"cost";r=(\d+);t=(\d+);cost=(\d+)$/.exec(response.headers.get('ratelimit') ?? '');
  const [left, seconds, cost] = (rate ?? []).slice(1).map(Number);
  return { policy: response.headers.get('ratelimit-policy'), left, seconds, cost };
}

test('a response states its cost, the rest of the budget, and until when', async () => {
  const first = await headersOf(QUERY);
  const cost = FEES.request + FEES.unknownText + PLANNING + COST;
  expect(first).toMatchObject({ policy: '"cost";q=5000;w=60', left: BUDGET - cost, cost });
  expect(first.seconds).toBeGreaterThan(0);
  expect(first.seconds).toBeLessThanOrEqual(60);
  const second = FEES.request + COST;
  expect(await headersOf(QUERY)).toMatchObject({ left: BUDGET - cost - second, cost: second });
});

test('a refusal states its charge, and the last one that the budget is used up', async () => {
  const cost = FEES.request + FEES.unknownText + FEES.refusal;
  expect(await headersOf('{ nothing }')).toMatchObject({ left: BUDGET - cost, cost });
  for (let n = 0; n < 8; n++) await headersOf(`{ nothing${n} }`);
  expect(await headersOf(QUERY)).toMatchObject({ left: 0, cost: 0 });
});

test('over a WebSocket a result states it in its extensions on request', async () => {
  const client = await shop.client({ subject: 'ina' });
  const request = async (extensions?: Record<string, unknown>) => {
    const watcher = new Watcher(client, { query: QUERY, ...(extensions ? { extensions } : {}) });
    await until(() => watcher.results.length > 0);
    return watcher.results[0];
  };
  expect(await request()).toEqual({ data: { me: { name: expect.any(String) } } });
  expect(await request({ rateLimit: true })).toEqual({
    data: { me: { name: expect.any(String) } },
    extensions: {
      rateLimit: {
        cost: FEES.request + COST,
        left: BUDGET - 2 * (FEES.request + COST) - FEES.unknownText - PLANNING,
        budget: BUDGET,
        windowSeconds: 60,
        resetSeconds: expect.any(Number),
      },
    },
  });
});
