import { createClient } from 'graphql-sse';
import { Shop, type RequestedToken } from '../../testing/shop.js';
import { until } from '../../testing/until.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const STOCK = 'subscription { stockChanged { count product { rating } } }';
const stock = (count: number) => ({ data: { stockChanged: { count, product: { rating: 4.5 } } } });

async function eventClient(singleConnection: boolean) {
  return createClient({
    url: `${shop.gateway.url}/graphql/stream`,
    singleConnection: singleConnection as never,
    headers: { authorization: `Bearer ${await shop.token()}` },
    retryAttempts: 0,
  });
}

describe.each([
  ['one stream per operation', false],
  ['one reserved stream for all', true],
])('Server-Sent Events, %s', (_, singleConnection) => {
  it('deliver to equal subscribers from one stream upstream, with those on WebSockets', async () => {
    const events = await eventClient(singleConnection);
    const sockets = await shop.client();
    const all = [events, events, sockets].map((client) => client.iterate({ query: STOCK }));
    const firsts = all.map((results) => results.next());
    await until(() => shop.subscribers() === 3);
    await until(() => shop.warehouse.live.listeners === 1);
    expect(shop.groups()).toBe(1);
    shop.warehouse.change(1);
    shop.warehouse.change(2);
    for (const first of firsts) expect((await first).value).toEqual(stock(1));
    for (const results of all) expect((await results.next()).value).toEqual(stock(2));
    for (const results of all) await results.return?.(undefined);
    await until(() => shop.warehouse.live.listeners === 0);
    events.dispose();
  });

  it('answer queries and mutations too', async () => {
    const events = await eventClient(singleConnection);
    const results = events.iterate({ query: '{ product(upc: "1") { name } }' });
    expect((await results.next()).value).toEqual({ data: { product: { name: 'P1-en' } } });
    expect((await results.next()).done).toBe(true);
    events.dispose();
  });

  it('say what is wrong with a subscription', async () => {
    const events = await eventClient(singleConnection);
    const results = events.iterate({ query: 'subscription { nothing }' });
    expect((await results.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect((await results.next()).done).toBe(true);
    events.dispose();
  });
});

describe('Server-Sent Events', () => {
  it('end upstream when the client breaks off', async () => {
    const disconnect = new AbortController();
    const response = await openStream({ query: STOCK }, disconnect.signal);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await until(() => shop.warehouse.live.listeners === 1);
    disconnect.abort();
    await until(() => shop.warehouse.live.listeners === 0);
  });

  it('end without a word in the log when the gateway ends', async () => {
    const response = await openStream({ query: STOCK }, new AbortController().signal);
    await until(() => shop.warehouse.live.listeners === 1);
    await shop.gateway.close();
    await expect(response.text()).rejects.toThrow('terminated');
    await until(() => shop.warehouse.live.listeners === 0);
    expect(shop.log.filter((line) => line.includes('a subscription broke'))).toEqual([]);
  });

  it('end with TOO_MUCH for a client that does not read, and no other', async () => {
    const disconnect = new AbortController();
    const slow = await openStream(
      { query: 'subscription { stockChanged { note } }' },
      disconnect.signal,
    );
    await until(() => shop.warehouse.live.listeners === 1);
    const note = 'x'.repeat(1024 * 1024);
    let sent = 0;
    while (shop.subscribers() === 1) {
      shop.warehouse.change((sent += 1), note);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const received = await slow.text();
    expect(received).toContain('"code":"TOO_MUCH"');
    expect(received.trimEnd().endsWith('event: complete\ndata:')).toBe(true);
    disconnect.abort();
  });

  it('do not change anything by GET', async () => {
    const query = encodeURIComponent('mutation { rename(upc: "1", name: "x") { subject } }');
    const response = await fetch(`${shop.gateway.url}/graphql/stream?query=${query}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${await shop.token()}` },
    });
    expect(await response.text()).toContain('GET requests only support query operations');
    expect(shop.subgraphs.catalog.requests).toEqual([]);
  });

  it('reserve streams under names that nobody can guess or choose', async () => {
    const reserve = async () => {
      const response = await fetch(`${shop.gateway.url}/graphql/stream`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${await shop.token()}`,
          'x-graphql-event-stream-token': 'chosen',
        },
      });
      expect(response.status).toBe(201);
      return response.text();
    };
    const [one, other] = [await reserve(), await reserve()];
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(other).not.toBe(one);
  });

  it('of a reserved stream belong to the client that reserved it', async () => {
    const stream = async (
      method: string,
      requested: RequestedToken,
      token?: string,
      body?: object,
    ) => {
      const response = await fetch(
        `${shop.gateway.url}/graphql/stream${method === 'DELETE' ? '?operationId=1' : ''}`,
        {
          method,
          headers: {
            authorization: `Bearer ${await shop.token(requested)}`,
            ...(method === 'GET' && { accept: 'text/event-stream' }),
            ...(body && { 'content-type': 'application/json' }),
            ...(token && { 'x-graphql-event-stream-token': token }),
          },
          ...(body && { body: JSON.stringify(body) }),
        },
      );
      const { status, headers } = response;
      const isOpen = headers.get('content-type')?.startsWith('text/event-stream') ?? false;
      if (!isOpen) return { status, text: await response.text() };
      await response.body!.cancel();
      return { status, text: 'a stream' };
    };
    const anna = { subject: 'anna' };
    const { text: token } = await stream('PUT', anna);
    const start = { query: STOCK, extensions: { operationId: '1' } };
    for (const other of [{ subject: 'bert' }, { subject: 'anna', areas: ['09'] }]) {
      for (const [method, body] of [
        ['POST', start],
        ['DELETE', undefined],
        ['GET', undefined],
      ] as const) {
        expect(await stream(method, other, token, body)).toEqual(
          await stream(method, other, 'nobody’s'.replace('’', ''), body),
        );
      }
    }
    expect(shop.subscribers()).toBe(0);
    expect(await stream('POST', anna, token, start)).toMatchObject({ status: 202 });
    expect(await stream('GET', anna, token)).toEqual({ status: 200, text: 'a stream' });
  });
});

async function openStream(body: object, signal: AbortSignal): Promise<Response> {
  return fetch(`${shop.gateway.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${await shop.token()}`,
    },
    body: JSON.stringify(body),
    signal,
  });
}
