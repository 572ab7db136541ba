import { Shop } from '../testing/shop.js';
import { until } from '../testing/until.js';
import { Watcher } from '../testing/watcher.js';

const SUBJECT = 'subject-of-a-person';
const SECRET = 'Erika Mustermann';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({ subgraphTimeoutMs: { social: 200 } });
});
afterAll(() => shop.close());

it('the log contains faults, and never a token, a variable or a person', async () => {
  const token = await shop.token({ subject: SUBJECT });
  const authorization = `Bearer ${token}`;
  const variables = { upc: SECRET, first: 1 };
  const request = (query: string) => shop.request(query, variables, authorization);

  await request('query ($upc: ID!) { product(upc: $upc) { name } }');
  await request('mutation ($upc: ID!) { rename(upc: $upc, name: $upc) { subject } }');
  await request(`{ product(upc: "${SECRET}") { nothing } }`);
  await request('query ($upc: Even) { me(even: $upc) { name } }');
  await request('query ($upc: Int) { product(upc: $upc) { name } }');
  await request('{ product(upc: "1") { name broken brokenStrict slow } }');
  await shop.request('{ me { name } }', {}, `${authorization}x`);
  const watcher = new Watcher(await shop.client({ subject: SUBJECT }), {
    query: 'subscription ($upc: ID) { priceChanged(upc: $upc) { newPrice product { broken } } }',
    variables,
  });
  await until(() => shop.catalog.priceChanged.listeners > 0);
  shop.catalog.priceChanged.push(shop.catalog.priceEvent('1'));
  await watcher.values(1, (data) => data);
  await shop.subgraphs.social.kill();
  await request('mutation ($upc: ID!) { rename(upc: $upc, name: $upc) { subject } }');
  await request('query ($upc: Even) { me(even: $upc) { name } }');
  await shop.subgraphs.catalog.kill();
  await request('mutation ($upc: ID!) { rename(upc: $upc, name: $upc) { subject } }');

  const log = shop.log.join('');
  expect(shop.log.length).toBeGreaterThan(3);
  expect(() => shop.log.map((line) => JSON.parse(line) as unknown)).not.toThrow();
  for (const secret of [SUBJECT, SECRET, token.split('.')[2]!, /eyJ/, /Bearer/i]) {
    expect(log).not.toMatch(secret);
  }
});
