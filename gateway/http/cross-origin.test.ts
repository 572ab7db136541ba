import { RawClient } from '../conformance/testing/raw-client.js';
import { Shop } from '../testing/shop.js';

const BOARD = 'https://board.example';
let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open({
    corsOrigins: [BOARD],
    rateLimitCostPerMinute: 50_000,
    timeouts: { headersMs: 1_000, bodyMs: 2_000, keepAliveMs: 65_000, writeMs: 30_000 },
  });
});
afterAll(() => shop.close());

/** The differences from a request that is accepted. */
type RequestChange = Pick<RequestInit, 'body' | 'method'> & { headers?: Record<string, string> };

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

  it('may read the response and the rest of its budget', async () => {
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

describe.each(['/graphql', '/graphql/stream'])('a page of a listed origin at %s', (path) => {
  const large = JSON.stringify({ query: `{ __typename } #${'x'.repeat(20_000)}` });
  const spent = () => shop.token({ subject: 'spender' });
  const refusals: [string, number, () => Promise<RequestChange>][] = [
    ['a large body without a token', 413, async () => ({ body: large })],
    ['a body larger than all may be', 413, async () => ({ body: '"'.padEnd(3 << 20) })],
    [
      'a large body with a token that is not accepted',
      401,
      async () => ({ body: large, headers: { authorization: 'Bearer a.b.c' } }),
    ],
    [
      'a large body of a caller with nothing left',
      429,
      async () => ({ body: large, headers: { authorization: `Bearer ${await spent()}` } }),
    ],
    ['another type of body', 415, async () => ({ headers: { 'content-type': 'text/csv' } })],
    ['another encoding', 415, async () => ({ headers: { 'content-encoding': 'gzip' } })],
    ['another method', 404, async () => ({ method: 'PATCH' })],
  ];

  it.each(refusals)('may read why %s is refused with %i', async (_, status, sent) => {
    const { headers, ...init } = await sent();
    if (status === 429) {
      for (let count = 0, left = true; left && count < 200; count += 1) {
        const body = JSON.stringify({ query: '{ nothing }' });
        const authorization = `Bearer ${await spent()}`;
        const response = await fetch(`${shop.gateway.url}/graphql`, {
          method: 'POST',
          body,
          headers: { ...HEADERS, authorization },
        });
        await response.text();
        left = response.status !== 429;
      }
    }
    const response = await fetch(`${shop.gateway.url}${path}`, {
      method: 'POST',
      body: '{}',
      ...init,
      headers: { ...HEADERS, ...headers },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe(BOARD);
    expect(response.headers.get('vary')).toContain('Origin');
  });

  it('may read that its body did not arrive in time', async () => {
    const client = await RawClient.connect(shop.gateway.url);
    client.send(
      `POST ${path} HTTP/1.1\r\nHost: hub\r\nOrigin: ${BOARD}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    await client.ended();
    expect(client.received).toMatch(/^HTTP\/1.1 408 /);
    expect(client.received).toContain(`access-control-allow-origin: ${BOARD}\r\n`);
    client.close();
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
