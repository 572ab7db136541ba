import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../../../shared/identity/development-issuer.js';
import { Shop, type HubResponse } from '../../testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

async function foreignToken(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vierblatt-foreign-'));
  const requested = { role: 'crisis-staff', areas: [], facilities: [], ttl: 60 };
  const token = await issueDevelopmentToken(folder, 'vierblatt', requested);
  await rm(folder, { recursive: true });
  return token;
}

const refused: [what: string, authorization: () => Promise<string | null>, reason: string][] = [
  ['no token', async () => null, 'needs a token'],
  ['something else than a bearer token', async () => 'Basic YTpi', 'must read "Bearer <token>"'],
  ['what is no JSON Web Token', async () => 'Bearer a.b.c', 'no signed JSON Web Token'],
  ['a token of another issuer', async () => `Bearer ${await foreignToken()}`, 'not signed by'],
  [
    'a token for another audience',
    async () => `Bearer ${await shop.token({ audience: 'elsewhere' })}`,
    'expected is vierblatt',
  ],
  ['an expired token', async () => `Bearer ${await shop.token({ ttl: -60 })}`, 'expired at 2'],
];

describe.each(refused)('%s', (_, authorization, reason) => {
  it('is refused over HTTP with status 401, the reason, and the way to get one', async () => {
    const { status, data, errors } = await shop.request(
      '{ products { upc } }',
      {},
      await authorization(),
    );
    expect(status).toBe(401);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(errors?.[0]?.message).toContain(reason);
    expect(errors?.[0]?.message).toContain('npm run -s token -- --role crisis-staff --area 05');
  });

  it('closes a WebSocket', async () => {
    const header = await authorization();
    const { code, reason: said } = await closeOf(header === null ? {} : { authorization: header });
    expect(code).toBe(header === null ? 4401 : 4403);
    expect(said).toContain(reason);
  });

  it('opens no event stream', async () => {
    const header = await authorization();
    const response = await fetch(`${shop.gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(header === null ? {} : { authorization: header }),
      },
      body: JSON.stringify({ query: 'subscription { ticks }' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});

it.each([
  ['by POST', (query: string) => shop.request(query, {}, null)],
  [
    'by GET',
    async (query: string) => {
      const url = `${shop.gateway.url}/graphql?query=${encodeURIComponent(query)}`;
      const response = await fetch(url, { headers: { 'apollo-require-preflight': 'yes' } });
      return { status: response.status, ...((await response.json()) as Partial<HubResponse>) };
    },
  ],
])('an operation without a token is refused %s before it is validated', async (_, request) => {
  for (const query of [
    '{ nonsense }',
    '{ ...F } fragment F on Nothing { nonsense }',
    'mutation { nonsense }',
    'query A { __typename } query B { __typename }',
    'query Q { nonsense } subscription S($y: Boolean!) { ticks @skip(if: $y) }',
  ]) {
    const { status, errors } = await request(query);
    expect([query, status]).toEqual([query, 401]);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
  expect((await request('{ __typename __schema { queryType { name } } }')).status).toBe(200);
  expect((await request('{ __nonsense }')).errors).toMatchObject([
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ]);
});

async function closeOf(connectionParams: Record<string, unknown>) {
  const client: Client = createClient({
    url: `${shop.gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
  });
  return new Promise<{ code: number; reason: string }>((resolve) => {
    client.on('closed', (event) => resolve(event as { code: number; reason: string }));
    client.subscribe({ query: '{ __typename }' }, { next() {}, error() {}, complete() {} });
  });
}

describe('without a token', () => {
  it('the schema can be read', async () => {
    const { status, data } = await shop.request(
      'query Q { ...T __schema { queryType { name } } } fragment T on Query { __typename }',
      {},
      null,
    );
    expect(status).toBe(200);
    expect(data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } } });
  });

  it('nothing can be read beside the schema', async () => {
    const { status } = await shop.request(
      '{ __typename ...P } fragment P on Query { products { upc } }',
      {},
      null,
    );
    expect(status).toBe(401);
  });
});
