import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const STOCK = 'subscription ($after: String) { stockChanged(after: $after) { count } }';

interface Opening {
  after?: string;
  lastEventId?: string;
  query?: string;
  method?: 'GET' | 'POST';
}

/** Opens a stream as an `EventSource` does, or with a body. */
async function open({ after, lastEventId, query = STOCK, method = 'GET' }: Opening = {}) {
  const operation = { query, ...(after !== undefined && { variables: { after } }) };
  const inQuery = new URLSearchParams({
    query,
    variables: JSON.stringify(operation.variables ?? {}),
  });
  const disconnect = new AbortController();
  const response = await fetch(
    `${shop.gateway.url}/graphql/stream${method === 'GET' ? `?${inQuery.toString()}` : ''}`,
    {
      method,
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${await shop.token()}`,
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      ...(method === 'POST' && { body: JSON.stringify(operation) }),
      signal: disconnect.signal,
    },
  );
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    leave: () => disconnect.abort(),
    /** The ids and counts of the first events. */
    async events(count: number) {
      const events = () => [...text.matchAll(/(?:id: (.*)\n)?event: next\ndata: (.*)\n\n/g)];
      while (events().length < count) text += (await reader.read()).value ?? '';
      return events().map(([, id, data]) => [id, JSON.parse(data!).data.stockChanged.count]);
    },
  };
}

it('every event has its cursor as id, also if the client does not select it', async () => {
  const stream = await open();
  await until(() => shop.warehouse.live.listeners === 1);
  for (const count of [1, 2]) shop.warehouse.change(count);
  expect(await stream.events(2)).toEqual([
    ['cursor-1', 1],
    ['cursor-2', 2],
  ]);
  stream.leave();
});

it.each(['GET', 'POST'] as const)(
  'a client that reconnects by %s with the last id gets what it missed',
  async (method) => {
    for (const count of [1, 2, 3]) shop.warehouse.change(count);
    const stream = await open({ lastEventId: 'cursor-1', method });
    expect((await stream.events(2)).map(([id]) => id)).toEqual(['cursor-2', 'cursor-3']);
    stream.leave();
  },
);

it('the last id counts, and not the cursor with which the client once began', async () => {
  for (const count of [1, 2, 3]) shop.warehouse.change(count);
  const stream = await open({ after: 'cursor-0', lastEventId: 'cursor-2' });
  expect(await stream.events(1)).toEqual([['cursor-3', 3]]);
  stream.leave();
});

it('a last id that is empty is none', async () => {
  shop.warehouse.change(1);
  const stream = await open({ after: 'cursor-0', lastEventId: '' });
  expect(await stream.events(1)).toEqual([['cursor-1', 1]]);
  stream.leave();
});

it('an expired last id is refused as an expired cursor is', async () => {
  const response = await fetch(`${shop.gateway.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${await shop.token()}`,
      'last-event-id': shop.warehouse.expiredCursor,
    },
    body: JSON.stringify({ query: STOCK }),
  });
  expect(await response.text()).toContain('CURSOR_EXPIRED');
});

it('a subscription that cannot be resumed has no ids, and ignores a last id', async () => {
  const stream = await fetch(`${shop.gateway.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${await shop.token()}`,
      'last-event-id': 'cursor-1',
    },
    body: JSON.stringify({ query: 'subscription { lastPrices(count: 2) { newPrice } }' }),
  });
  const text = await stream.text();
  expect(text).toContain('"newPrice":2');
  expect(text).not.toContain('id:');
});
