import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

/** A message of graphql-transport-ws, as far as the tests read it. */
interface Message {
  id: string;
  type: string;
  payload?: { data: { stockChanged: { note: string } } };
}

const NOTES = 'subscription { stockChanged { note } }';

describe('over a WebSocket', () => {
  const subscribe = (id: string, query = NOTES) => ({ id, type: 'subscribe', payload: { query } });
  const complete = (id: string) => ({ id, type: 'complete' });

  /** A client that does not wait, and the messages it received. */
  async function open(): Promise<{
    socket: WebSocket;
    received: Message[];
    send(...m: object[]): void;
  }> {
    const socket = shop.socket();
    await once(socket, 'open');
    const payload = { authorization: `Bearer ${await shop.token()}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    const received: Message[] = [];
    socket.on('message', (data) =>
      received.push(JSON.parse((data as Buffer).toString()) as Message),
    );
    return {
      socket,
      received,
      send: (...messages) => messages.forEach((message) => socket.send(JSON.stringify(message))),
    };
  }

  it('an id that is completed and used again at once has one subscription, which ends', async () => {
    const { socket, received, send } = await open();
    for (let times = 0; times < 20; times += 1) send(subscribe('1'), complete('1'));
    send(subscribe('1'));
    await until(() => shop.subscribers() === 1 && shop.warehouse.live.listeners === 1);
    shop.warehouse.change(1, 'a');
    await until(() => received.length > 0);
    send(complete('1'));
    await until(() => shop.subscribers() === 0 && shop.warehouse.live.listeners === 0);
    send(subscribe('2'));
    await until(() => shop.subscribers() === 1 && shop.warehouse.live.listeners === 1);
    shop.warehouse.change(2, 'b');
    await until(() => received.some(({ id }) => id === '2'));
    const notes = received.map(({ id, type, payload }) => [
      id,
      type,
      payload?.data.stockChanged.note,
    ]);
    expect(notes).toEqual([
      ['1', 'next', 'a'],
      ['2', 'next', 'b'],
    ]);
    socket.close();
    await until(() => shop.subscribers() === 0 && shop.warehouse.live.listeners === 0);
  });

  it('a second subscription that is completed before it began leaves nothing behind', async () => {
    const { socket, received, send } = await open();
    send(subscribe('1'), complete('1'), subscribe('1'), complete('1'));
    send(subscribe('2', '{ product(upc: "1") { name } }'));
    await until(() => received.some(({ id, type }) => id === '2' && type === 'complete'));
    expect(shop.subscribers()).toBe(0);
    socket.close();
  });

  it('a query and a subscription may use one id after the other', async () => {
    const { socket, received, send } = await open();
    const query = '{ product(upc: "1") { name delayed } }';
    send(subscribe('1', query), complete('1'), subscribe('1'));
    await until(() => shop.subscribers() === 1 && shop.warehouse.live.listeners === 1);
    shop.warehouse.change(1, 'a');
    await until(() => received.length > 0);
    expect(received).toMatchObject([
      { id: '1', payload: { data: { stockChanged: { note: 'a' } } } },
    ]);
    socket.close();
  });

  it('a socket that closes meanwhile leaves nothing behind', async () => {
    const { socket, send } = await open();
    const messages = [subscribe('1'), complete('1'), subscribe('1'), subscribe('2')];
    send(...messages);
    socket.terminate();
    const other = await open();
    other.send(subscribe('1'));
    await until(() => shop.subscribers() === 1 && shop.warehouse.live.listeners === 1);
    other.socket.close();
    await until(() => shop.subscribers() === 0 && shop.warehouse.live.listeners === 0);
  });

  it('an id that is in use closes the socket', async () => {
    for (const messages of [
      [subscribe('1'), subscribe('1')],
      [subscribe('1'), complete('1'), subscribe('1'), subscribe('1')],
    ]) {
      const { socket, send } = await open();
      send(...messages);
      const [code] = await once(socket, 'close');
      expect(code).toBe(4409);
    }
    await until(() => shop.subscribers() === 0);
  });
});

describe('on a reserved event stream', () => {
  const request = async (method: string, path: string, token?: string, body?: object) =>
    fetch(`${shop.gateway.url}/graphql/stream${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await shop.token()}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { 'x-graphql-event-stream-token': token }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const reserve = async () => (await request('PUT', '')).text();
  const begin = (token: string, operationId: string, query = NOTES) =>
    request('POST', '', token, { query, extensions: { operationId } });
  const end = (token: string, operationId: string) =>
    request('DELETE', `?operationId=${operationId}`, token);

  it('an id that is ended and used again at once has one subscription, which ends', async () => {
    const token = await reserve();
    for (let times = 0; times < 10; times += 1) {
      await Promise.all([begin(token, '1'), end(token, '1'), begin(token, '1')]);
      await end(token, '1');
    }
    expect(shop.subscribers()).toBe(0);
    expect((await begin(token, '1')).status).toBe(202);
    expect(shop.subscribers()).toBe(1);
    expect((await end(token, '1')).status).toBe(200);
    expect(shop.subscribers()).toBe(0);
  });

  it('subscriptions that are prepared while their stream is closed leave nothing behind', async () => {
    const token = await reserve();
    const disconnect = new AbortController();
    const stream = await fetch(`${shop.gateway.url}/graphql/stream?token=${token}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${await shop.token()}` },
      signal: disconnect.signal,
    });
    expect(stream.status).toBe(200);
    await begin(token, 'first');
    const begun = Array.from({ length: 10 }, (_, index) => begin(token, String(index)));
    disconnect.abort();
    await Promise.all(begun);
    await until(() => shop.subscribers() === 0 && shop.warehouse.live.listeners === 0);
  });

  it.each(['__proto__', 'toString', 'constructor', 'unknown'])(
    'there is none under the token %s',
    async (token) => {
      for (const response of [
        await request('GET', `?token=${token}`),
        await begin(token, '1'),
        await end(token, '1'),
      ]) {
        expect(response.status).toBe(404);
        expect(await response.text()).toContain('BAD_USER_INPUT');
      }
      expect(shop.log).toEqual([]);
    },
  );

  it.each(['__proto__', 'toString', 'constructor'])('no operation has the id %s', async (id) => {
    const token = await reserve();
    expect((await begin(token, id)).status).toBe(400);
    expect((await end(token, id)).status).toBe(400);
    expect(shop.subscribers()).toBe(0);
  });
});

it('an event stream whose client disconnects before it begins leaves nothing behind', async () => {
  const authorization = `Bearer ${await shop.token()}`;
  for (let times = 0; times < 10; times += 1) {
    const disconnect = new AbortController();
    const requests = fetch(`${shop.gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: NOTES }),
      signal: disconnect.signal,
    });
    setImmediate(() => disconnect.abort());
    await requests.then(
      () => undefined,
      () => undefined,
    );
  }
  expect((await shop.request('{ product(upc: "1") { name } }')).status).toBe(200);
  await until(() => shop.subscribers() === 0 && shop.warehouse.live.listeners === 0);
});
