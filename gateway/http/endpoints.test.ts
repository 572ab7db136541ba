import { existsSync } from 'node:fs';
import { request } from 'undici';
import { projectPath } from '../../shared/root.js';
import { Shop } from '../testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

describe('a subscription over plain HTTP', () => {
  const query = 'subscription ($y: Boolean!) { ticks @include(if: $y) }';

  it('is refused with the address for subscriptions', async () => {
    const { status, errors } = await shop.request(query, { y: true });
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_OVER_HTTP' } }]);
    expect(errors?.[0]?.message).toContain('WebSocket at /graphql');
    expect(errors?.[0]?.message).toContain('/graphql/stream');
  });

  it('is refused by GET too', async () => {
    const response = await fetch(`${shop.gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': 'yes' },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('SUBSCRIPTION_OVER_HTTP');
  });

  it('that cannot be judged without its variables is no fault of the server beside a query', async () => {
    for (const condition of ['@skip(if: $y)', '@skip', '@include(if: "no")']) {
      const response = await post({
        query: `query Q { products { upc } } subscription S($y: Boolean!) { ticks ${condition} }`,
        operationName: 'Q',
      });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it('is no hindrance in a document from which another operation is run', async () => {
    const response = await post({
      query: 'query Q { products { upc } } subscription S { ticks }',
      operationName: 'Q',
    });
    expect(response.status).toBe(200);
  });
});

describe('over HTTP', () => {
  it('what is no JSON is a fault of the caller, said in GraphQL', async () => {
    const response = await post('{"query":');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  it.each([
    ['a response', { query: '{ products { upc } }' }],
    ['an operation that is refused', { query: '{ nothing }' }],
    ['a subscription that is refused', { query: 'subscription { ticks }' }],
    ['what is no JSON', '{"query":'],
  ])('nobody on the way may store %s', async (_, body) => {
    expect((await post(body)).headers.get('cache-control')).toBe('no-store');
  });

  it('operations in batches are refused', async () => {
    const response = await post([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
    expect(response.status).toBe(400);
  });

  it('requests that a foreign page could send without a preflight are refused', async () => {
    const response = await fetch(
      `${shop.gateway.url}/graphql?query=${encodeURIComponent('{ __typename }')}`,
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });

  it('the plan of a query is never exposed', async () => {
    const response = await post(
      { query: '{ products { upc rating } }' },
      {
        'apollo-query-plan-experimental': 'yes',
      },
    );
    expect(await response.text()).not.toContain('__queryPlanExperimental');
  });
});

describe('health', () => {
  it('says that the process lives and can answer, also with a subgraph down', async () => {
    await shop.subgraphs.social.kill();
    for (const path of ['/healthz', '/readyz']) {
      expect((await fetch(shop.gateway.url + path)).status).toBe(200);
    }
    await shop.subgraphs.social.start();
  });
});

describe('the sandbox', () => {
  const isBuilt = existsSync(projectPath('gateway/sandbox/dist/index.html'));

  it('is a page that may talk to this hub alone, or says how to build it', async () => {
    const response = await fetch(`${shop.gateway.url}/sandbox`);
    const page = await response.text();
    if (!isBuilt) {
      expect(page).toContain('npm run build');
      return;
    }
    expect(page).toContain('<!doctype html>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self';");
  });

  it.each([
    ['https://studio.apollographql.com', 'https://studio.apollographql.com'],
    ['https://elsewhere.example', null],
  ])('lets a browser page of %s send requests to the hub: %s', async (origin, admitted) => {
    const response = await fetch(`${shop.gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    const allowed = response.headers.get('access-control-allow-origin');
    expect(allowed === origin ? allowed : null).toBe(admitted);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  const tokenFor = (query: string, headers: Record<string, string> = {}) =>
    request(`${shop.gateway.url}/sandbox/token?${query}`, { headers });

  it('gets a development token for a role and an area', async () => {
    const { statusCode, body } = await tokenFor('role=crisis-staff&area=05');
    expect(statusCode).toBe(200);
    const { token } = (await body.json()) as { token: string };
    const { data } = await shop.request('{ whoAmI { areas roles } }', {}, `Bearer ${token}`);
    expect(data).toEqual({ whoAmI: { areas: ['05'], roles: ['crisis-staff'] } });
  });

  it.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['a name that was pointed at this machine', { host: 'evil.example:4000' }],
    ['a name that begins like this machine', { host: 'localhost.evil.example' }],
  ])('gives none to %s', async (_, headers) => {
    const { statusCode, body } = await tokenFor('role=crisis-staff', headers);
    expect(statusCode).toBe(403);
    expect(await body.text()).not.toContain('"token"');
  });

  it.each([
    ['role=emperor', 'role must be one of hospital'],
    ['role=dispatch&area=5x', 'area must be an AGS prefix'],
  ])('says what is wrong with %s', async (query, message) => {
    const { statusCode, body } = await tokenFor(query);
    expect(statusCode).toBe(400);
    expect(await body.text()).toContain(message);
  });
});

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${shop.gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await shop.token()}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
