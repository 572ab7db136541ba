import { once } from 'node:events';
import { createClient } from 'graphql-sse';
import { WebSocket } from 'ws';
import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';
import { atInstant } from './expiry.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const TICKS = { query: 'subscription { ticks }' };
/** Seconds; enough for a busy machine to have subscribed before. */
const shortly = { ttl: 5 };

describe('when the token of a WebSocket expires', () => {
  it('it is closed with 4419, and all that went on on it ends', async () => {
    const lasting = new Watcher(await shop.client(), TICKS);
    const client = await shop.client(shortly);
    const closed = new Promise((resolve) => client.on('closed', resolve));
    new Watcher(client, TICKS);
    new Watcher(client, { query: 'subscription { stockChanged { count } }' });
    await until(() => shop.subscribers() === 3);
    expect(await closed).toMatchObject({
      code: 4419,
      reason: 'The token expired: connect again with a new one',
    });
    await until(() => shop.subscribers() === 1);
    shop.catalog.ticks.push(1);
    expect(await lasting.values(1, ({ ticks }) => ticks)).toEqual([1]);
  });

  it('subscriptions end though the client never says goodbye', async () => {
    const socket = shop.socket();
    await once(socket, 'open');
    const payload = { authorization: `Bearer ${await shop.token(shortly)}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ id: 'a', type: 'subscribe', payload: TICKS }));
    await until(() => shop.subscribers() === 1);
    socket.pause();
    await until(() => shop.subscribers() === 0);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });
});

describe('when the token of an event stream expires', () => {
  it('the subscription ends with an error and completes', async () => {
    const response = await fetch(`${shop.gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${await shop.token(shortly)}`,
      },
      body: JSON.stringify(TICKS),
    });
    const received = await response.text();
    expect(received).toContain('"code":"UNAUTHENTICATED"');
    expect(received.trimEnd().endsWith('event: complete\ndata:')).toBe(true);
    expect(shop.subscribers()).toBe(0);
  });

  it('so does each subscription on a reserved one, and then the stream itself', async () => {
    const headers = { authorization: `Bearer ${await shop.token(shortly)}` };
    const client = createClient({
      url: `${shop.gateway.url}/graphql/stream`,
      singleConnection: true,
      headers,
      retryAttempts: 0,
    });
    const short = client.iterate(TICKS);
    const [last] = await Promise.all([short.next(), until(() => shop.subscribers() === 1)]);
    expect(JSON.stringify(last)).toContain('UNAUTHENTICATED');
    expect((await short.next()).done).toBe(true);
    client.dispose();
  });
});

describe('an instant beyond the longest timer', () => {
  it('has not come yet', async () => {
    let hasCome = false;
    const callOff = atInstant(new Date(8.64e15), () => (hasCome = true));
    const before = new Promise<void>((resolve) => atInstant(new Date(Date.now() + 20), resolve));
    await before;
    expect(hasCome).toBe(false);
    callOff();
  });
});
