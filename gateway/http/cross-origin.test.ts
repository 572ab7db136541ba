import { Shop } from '../testing/shop.js';

const BOARD = 'https://board.example';
let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({ corsOrigins: [BOARD] });
});
afterAll(() => shop.close());

const HEADERS = { origin: BOARD, 'content-type': 'application/json' };

describe.each(['/graphql', '/graphql/stream'])('a page of a listed origin at %s', (path) => {
  it('may send what front ends send', async () => {
    const response = await fetch(`${shop.gateway.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: BOARD,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,traceparent',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(BOARD);
    expect(response.headers.get('access-control-allow-headers')).toContain('traceparent');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may read the answer and what is left of its budget', async () => {
    const response = await fetch(`${shop.gateway.url}${path}`, {
      method: 'POST',
      headers: {
        ...HEADERS,
        authorization: `Bearer ${await shop.token()}`,
        accept: path === '/graphql' ? 'application/json' : 'text/event-stream',
      },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(await response.text()).toContain('"__typename":"Query"');
    expect(response.headers.get('access-control-allow-origin')).toBe(BOARD);
    expect(response.headers.get('access-control-expose-headers')).toContain('ratelimit');
    expect(response.headers.get('vary')).toContain('Origin');
    expect(response.headers.get('cache-control')).toContain('no-store');
  });

  it('may read a refusal', async () => {
    const response = await fetch(`${shop.gateway.url}${path}`, {
      method: 'POST',
      headers: HEADERS,
      body: '{"query":',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe(BOARD);
  });
});

test('a page of another origin may read nothing', async () => {
  const response = await fetch(`${shop.gateway.url}/graphql`, {
    method: 'POST',
    headers: { ...HEADERS, origin: 'https://elsewhere.example' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test.each(['/sandbox/token?role=crisis-staff', '/metrics'])(
  'a page of a listed origin may not read %s',
  async (path) => {
    const response = await fetch(`${shop.gateway.url}${path}`, { headers: { origin: BOARD } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  },
);
