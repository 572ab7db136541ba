import { Shop } from '../testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

test('a query joins what several subgraphs know', async () => {
  const { status, data, errors } = await shop.request(
    '{ product(upc: "1") { name cheap reviews { author { name } } } }',
  );
  expect(errors).toBeUndefined();
  expect(status).toBe(200);
  expect(data).toEqual({
    product: {
      name: 'P1-en',
      cheap: true,
      reviews: [{ author: { name: 'U1' } }, { author: { name: 'U2' } }],
    },
  });
});

test('subgraphs receive the rights of the caller, and the subject only for a mutation', async () => {
  const query = await shop.request('{ whoAmI { areas roles subject } }');
  expect(query.data).toEqual({
    whoAmI: { areas: ['05'], roles: ['crisis-staff'], subject: null },
  });
  const mutation = await shop.request('mutation { rename(upc: "1", name: "x") { areas subject } }');
  expect(mutation.data).toEqual({
    rename: { areas: ['05'], subject: 'development-crisis-staff' },
  });
});

test.each([
  ['is passed on to every subgraph', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, true],
  ['that is none is not', 'a secret', false],
])('a trace %s', async (_, traceparent, isPassedOn) => {
  const { catalog, social } = shop.subgraphs;
  const before = [catalog.headers.length, social.headers.length];
  await fetch(`${shop.gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await shop.token()}`,
      traceparent,
      tracestate: 'vendor=1',
    },
    body: JSON.stringify({ query: '{ product(upc: "1") { name rating } }' }),
  });
  const sent = [catalog.headers.slice(before[0]), social.headers.slice(before[1])].flat();
  const expected = isPassedOn ? [traceparent, 'vendor=1'] : [undefined, undefined];
  expect(sent.map((headers) => [headers['traceparent'], headers['tracestate']])).toEqual([
    expected,
    expected,
  ]);
});
