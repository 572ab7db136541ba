import { once } from 'node:events';
import { createHash } from 'node:crypto';
import type { WebSocket } from 'ws';
import { Shop, type HubResponse } from '../testing/shop.js';
import { Watcher } from '../testing/watcher.js';
import { until } from '../testing/until.js';
import type { Limits } from './limits.js';

type Send = (
  shop: Shop,
  query: string,
  subject?: string,
) => Promise<Pick<HubResponse, 'data' | 'errors'>>;

const overHttp: Send = async (shop, query, subject) =>
  shop.request(query, {}, `Bearer ${await shop.token(subject === undefined ? {} : { subject })}`);
const overWebSocket: Send = async (shop, query, subject) => {
  const client = await shop.client(subject === undefined ? {} : { subject });
  const watcher = new Watcher(client, { query });
  await until(() => watcher.results.length > 0 || watcher.end !== undefined);
  if (Array.isArray(watcher.end)) return { errors: watcher.end };
  watcher.leave();
  return watcher.results[0]!;
};
const overEventStream: Send = async (shop, query, subject) => {
  const token = await shop.token(subject === undefined ? {} : { subject });
  const response = await fetch(`${shop.gateway.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text);
};
const TRANSPORTS: [string, Send][] = [
  ['HTTP', overHttp],
  ['WebSocket', overWebSocket],
  ['an event stream', overEventStream],
];

async function withShop(limits: Partial<Limits>, use: (shop: Shop) => Promise<void>) {
  const shop = await Shop.open({ limits });
  try {
    await use(shop);
  } finally {
    await shop.close();
  }
}

const refusalOf = ({ errors = [] }: Pick<HubResponse, 'errors'>) => {
  expect(errors).toHaveLength(1);
  expect(errors[0]!.extensions).toEqual({ code: 'TOO_MUCH' });
  return errors[0]!.message;
};

describe.each(TRANSPORTS)('over %s', (_, send) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open({
      limits: {
        textLength: 300,
        tokens: 40,
        depth: 3,
        aliases: 1,
        directives: 1,
        breadth: 3,
        fields: 4,
        comparisons: 7,
        cost: 80,
      },
    });
  });
  afterAll(() => shop.close());

  it.each([
    ['long', `{ products { upc } } # ${'x'.repeat(300)}`, '300 characters'],
    ['of many tokens', `{ ${'a(b: 1) '.repeat(20)} }`, '40 tokens'],
    ['deep', '{ me { favourite { reviews { id } } } }', '3 levels'],
    ['aliased', '{ a: me { id } b: me { id } }', '1 aliases'],
    ['full of directives', '{ me @skip(if: false) @include(if: true) { id } }', '1 directives'],
    ['wide', '{ products { upc name price rating } }', '3 fields side by side'],
    ['large', '{ products { upc name } me { id name } }', '4 fields'],
    ['repetitive', '{ ... { me { id } } ... { me { id } } }', '7 comparisons'],
    ['costly', '{ products { reviews { id } } }', 'cost at most 80'],
  ])('an operation that is too %s is refused, and says so', async (_what, query, limit) => {
    const message = refusalOf(await send(shop, query));
    expect(message).toContain(limit);
    expect(message).toMatch(/\. (Ask|Send|Use) /);
  });

  it('one within the limits is answered', async () => {
    expect((await send(shop, '{ me { favourite { upc } } }')).errors).toBeUndefined();
  });
});

describe.each(TRANSPORTS.slice(1))('a subscription over %s', (_, send) => {
  it('has the same limits', async () => {
    await withShop({ cost: 20, depth: 4 }, async (shop) => {
      const deep = 'subscription { priceChanged { product { reviews { author { name } } } } }';
      expect(refusalOf(await send(shop, deep))).toContain('4 levels');
      const costly = 'subscription { priceChanged { product { reviews { id } } } }';
      expect(refusalOf(await send(shop, costly))).toContain(
        'cost at most 20; this one costs up to 27',
      );
    });
  });
});

describe.each(TRANSPORTS)('a caller who has spent his minute over %s', (_, send) => {
  it('gets the time to retry after, and others do not notice', async () => {
    await withShop({ costPerMinute: 250 }, async (shop) => {
      const query = '{ me { id } }';
      expect((await send(shop, query, 'busy')).errors).toBeUndefined(); // 10 + 100 for the new text + 36 to plan it + 1
      for (let spent = 147; spent + 11 <= 250; spent += 11) {
        expect((await send(shop, query, 'busy')).errors).toBeUndefined();
      }
      expect(refusalOf(await send(shop, query, 'busy'))).toMatch(/250 a minute.+Wait \d+ s/);
      expect((await send(shop, query, 'calm')).errors).toBeUndefined();
    });
  });

  it('pays for what is refused', async () => {
    await withShop({ costPerMinute: 600 }, async (shop) => {
      const { errors } = await send(shop, '{ nonsense }', 'busy');
      expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(refusalOf(await send(shop, '{ me { id } }', 'busy'))).toContain('600 a minute');
    });
  });
});

describe('over HTTP', () => {
  it('a spent minute is status 429 with Retry-After', async () => {
    await withShop({ costPerMinute: 5 }, async (shop) => {
      const response = await post(shop, { query: '{ me { id } }' });
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    });
  });

  it('an address without a token is charged for introspection', async () => {
    await withShop({ costPerMinute: 20_200 }, async (shop) => {
      const request = () => shop.request('{ __schema { queryType { name } } }', {}, null);
      expect((await request()).status).toBe(200);
      expect((await request()).status).toBe(429);
      expect((await shop.request('{ me { id } }')).status).toBe(200);
    });
  });

  it('an address without a token pays for what it is refused', async () => {
    await withShop({ costPerMinute: 600 }, async (shop) => {
      const request = () => shop.request('{ me { id } }', {}, null);
      expect((await request()).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
      expect((await request()).status).toBe(429);
      expect((await shop.request('{ me { id } }')).status).toBe(200);
    });
  });

  it('a service may spend 20 times as much, by default', async () => {
    const shop = await Shop.open({ rateLimitCostPerMinute: 100 });
    expect((await shop.request('{ me { id } }')).status).toBe(429);
    const service = `Bearer ${await shop.token({ role: 'service' })}`;
    expect((await shop.request('{ me { id } }', {}, service)).status).toBe(200);
    await shop.close();
  });

  it('a batch is refused and paid for like any refusal', async () => {
    await withShop({ costPerMinute: 100 }, async (shop) => {
      const batch = [{ query: '{ me { id } }' }, { query: '{ me { id } }' }];
      expect((await post(shop, batch)).status).toBe(429);
    });
  });

  it('a body above 2 MiB is refused before it is read', async () => {
    await withShop({}, async (shop) => {
      const response = await post(shop, { query: `{ a } #${'x'.repeat(2 * 1024 * 1024)}` });
      expect(response.status).toBe(413);
      const { errors = [] } = (await response.json()) as HubResponse;
      expect(errors[0]!.extensions['code']).toBe('TOO_MUCH');
      expect(errors[0]!.message).toContain('2 MiB');
    });
  });

  it('an operation too large is status 400', async () => {
    await withShop({ depth: 1 }, async (shop) => {
      expect((await shop.request('{ me { id } }')).status).toBe(400);
    });
  });

  it('a text that was sent once with its hash needs no sending again', async () => {
    await withShop({}, async (shop) => {
      const query = '{ me { id } }';
      const persistedQuery = {
        version: 1,
        sha256Hash: createHash('sha256').update(query).digest('hex'),
      };
      const unknown = await (await post(shop, { extensions: { persistedQuery } })).json();
      expect(unknown).toMatchObject({
        errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      });
      await post(shop, { query, extensions: { persistedQuery } });
      const known = await (await post(shop, { extensions: { persistedQuery } })).json();
      expect(known).toMatchObject({ data: { me: { id: expect.anything() } } });
    });
  });
});

describe('WebSockets of one address', () => {
  const outcome = (shop: Shop) =>
    new Promise<{ status: number; socket?: WebSocket }>((resolve) => {
      const socket = shop.socket();
      socket.once('open', () => resolve({ status: 101, socket }));
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0 });
      });
      socket.on('error', () => {});
    });

  it('are bounded in number, and make room when they close', async () => {
    await withShop({ connections: 1 }, async (shop) => {
      const first = await outcome(shop);
      expect(first.status).toBe(101);
      expect((await outcome(shop)).status).toBe(429);
      first.socket?.terminate();
      let next = await outcome(shop);
      while (next.status === 429) next = await outcome(shop);
      next.socket?.terminate();
    });
  });

  it('whose token is accepted count for their caller, and others at the address cannot use theirs up', async () => {
    await withShop({ connectionsPerMinute: 3 }, async (shop) => {
      /** Resolves to the code with which it is closed, 1000 if its client does so. */
      const open = async (subject: string) => {
        const authorization = `Bearer ${await shop.token({ subject })}`;
        const { status, socket } = await outcome(shop);
        if (!socket) return status;
        socket.on('message', () => socket.close(1000));
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
        return ((await once(socket, 'close')) as [number])[0];
      };
      // Together more than the address may open without a token.
      for (let index = 0; index < 3; index += 1) expect(await open('one')).toBe(1000);
      expect(await open('another')).toBe(1000);
      expect(await open('one')).toBe(1013);
      expect(await open('another')).toBe(1000);
      // The one that was refused counts for the address.
      for (let index = 0; index < 2; index += 1) (await outcome(shop)).socket?.terminate();
      expect((await outcome(shop)).status).toBe(429);
    });
  });

  it('are bounded in how many open in a minute', async () => {
    await withShop({ connectionsPerMinute: 1 }, async (shop) => {
      (await outcome(shop)).socket?.terminate();
      expect((await outcome(shop)).status).toBe(429);
    });
  });
});

describe('without introspection', () => {
  const misspelt = ['{ product { upc } prodcts { upc } }', 'subscription { tickss }'] as const;

  it('nothing of the schema is said, nor what may have been meant', async () => {
    const shop = await Shop.open({ introspection: false, sandbox: false });
    const schema = await overHttp(shop, '{ __schema { types { name } } }');
    expect(schema.errors![0]!.message).toContain('introspection');
    for (const [, send] of TRANSPORTS.slice(1)) {
      for (const query of misspelt) {
        expect(JSON.stringify(await send(shop, query))).not.toContain('Did you mean');
      }
    }
    expect(JSON.stringify(await overHttp(shop, misspelt[0]))).not.toContain('Did you mean');
    expect((await fetch(`${shop.gateway.url}/sandbox`)).status).toBe(404);
    expect((await fetch(`${shop.gateway.url}/sandbox/token?role=service`)).status).toBe(404);
    await shop.close();
  });

  it('is another mode: in development both are helpful', async () => {
    await withShop({}, async (shop) => {
      expect(JSON.stringify(await overHttp(shop, misspelt[0]))).toContain('Did you mean');
      expect(JSON.stringify(await overEventStream(shop, misspelt[1]))).toContain('Did you mean');
    });
  });
});

async function post(shop: Shop, body: unknown): Promise<Response> {
  return fetch(`${shop.gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await shop.token()}`,
    },
    body: JSON.stringify(body),
  });
}
