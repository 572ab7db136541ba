import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const NOTES = 'subscription { stockChanged { note count } }';
const watched = () => shop.warehouse.live.listeners === 1;

/** A client that speaks the protocol by hand, to misbehave in a way no library does. */
async function bareClient(): Promise<WebSocket> {
  const socket = shop.socket();
  await once(socket, 'open');
  const payload = { authorization: `Bearer ${await shop.token()}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await once(socket, 'message');
  return socket;
}

describe('over a WebSocket', () => {
  it('messages of every length and alphabet arrive whole and in order', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => shop.client()));
    const watchers = clients.map((client) => new Watcher(client, { query: NOTES }));
    await until(() => watched() && shop.subscribers() === 3);
    const notes = [
      'short',
      'Grüße "zitiert" \\ \n 🎉',
      'x'.repeat(20),
      'y'.repeat(1_000),
      'z'.repeat(70_000),
      'é'.repeat(40_000),
      ...Array.from({ length: 200 }, (_, index) => `note ${index}`),
    ];
    for (const note of notes) shop.warehouse.change(1, note);
    for (const watcher of watchers) {
      expect(await watcher.values(notes.length, (data) => data.stockChanged.note)).toEqual(notes);
    }
  });

  it('one socket carries several subscriptions, queries and mutations', async () => {
    const client = await shop.client({ subject: 'anna' });
    const stock = new Watcher(client, { query: NOTES });
    const ticks = new Watcher(client, { query: 'subscription { ticks }' });
    await until(() => watched() && shop.catalog.ticks.listeners === 1);
    const query = new Watcher(client, { query: '{ product(upc: "1") { name rating } }' });
    const mutation = new Watcher(client, {
      query: 'mutation ($upc: ID!) { rename(upc: $upc, name: "x") { subject } }',
      variables: { upc: '1' },
    });
    shop.warehouse.change(1, 'a');
    shop.catalog.ticks.push(5);
    expect(await query.ended()).toBe('complete');
    expect(query.results).toEqual([{ data: { product: { name: 'P1-en', rating: 4.5 } } }]);
    expect(await mutation.ended()).toBe('complete');
    expect(mutation.results).toEqual([{ data: { rename: { subject: 'anna' } } }]);
    expect(await stock.values(1, (data) => data.stockChanged.note)).toEqual(['a']);
    expect(await ticks.values(1, (data) => data.ticks)).toEqual([5]);
  });

  it('a query that is not valid is refused as an error', async () => {
    const watcher = new Watcher(await shop.client(), { query: '{ nothing }' });
    expect(await watcher.ended()).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  it('events leave in order though their executions overlap', async () => {
    const query = 'subscription { priceChanged { newPrice product { delayed } } }';
    const watcher = new Watcher(await shop.client(), { query });
    await until(() => shop.catalog.priceChanged.listeners === 1);
    const prices = Array.from({ length: 100 }, (_, index) => index);
    for (const newPrice of prices) {
      // The odd ones take the longer way through the other subgraph.
      const event = shop.catalog.priceEvent(newPrice % 2 === 0 ? '1' : '2');
      shop.catalog.priceChanged.push({ ...event, newPrice });
    }
    const values = await watcher.values(100, (data) => data.priceChanged.newPrice);
    expect(values).toEqual(prices);
  });

  it('a client that does not read is closed with 4408 when 4 MiB wait, others are not', async () => {
    const slow = await bareClient();
    const quick = new Watcher(await shop.client(), { query: NOTES });
    slow.send(JSON.stringify({ id: 's', type: 'subscribe', payload: { query: NOTES } }));
    await until(() => shop.subscribers() === 2 && watched());
    slow.pause();
    const note = 'x'.repeat(1024 * 1024);
    let sent = 0;
    while (shop.subscribers() === 2) {
      shop.warehouse.change((sent += 1), note);
      await quick.values(sent, () => undefined);
    }
    const closed = once(slow, 'close');
    slow.resume();
    const [code, reason] = await closed;
    expect(code).toBe(4408);
    expect(String(reason)).toContain('4 MiB');
    expect(quick.end).toBeUndefined();
  });

  it('what is no message of the protocol closes that socket and harms nobody', async () => {
    const watcher = new Watcher(await shop.client(), { query: 'subscription { ticks }' });
    await until(() => shop.catalog.ticks.listeners === 1);
    const socket = await bareClient();
    socket.send('{"type":"nonsense"');
    const [code] = await once(socket, 'close');
    expect(code).toBe(4400);
    shop.catalog.ticks.push(1);
    expect(await watcher.values(1, ({ ticks }) => ticks)).toEqual([1]);
  });

  it('nothing is served at another path', async () => {
    const socket = new WebSocket(`${shop.gateway.url.replace('http', 'ws')}/elsewhere`);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });
});

describe('when the gateway ends', () => {
  it('clients get the code to reconnect, and upstream is released', async () => {
    const client = await shop.client();
    const watcher = new Watcher(client, { query: NOTES });
    await until(watched);
    const closed = new Promise((resolve) => client.on('closed', resolve));
    await shop.gateway.close();
    expect(await closed).toMatchObject({ code: 1001 });
    expect(await watcher.ended()).not.toBe('complete');
    await until(() => shop.warehouse.live.listeners === 0);
  });
});
