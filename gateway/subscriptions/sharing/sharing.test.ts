import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

describe('sharing', () => {
  it('gives a hundred equal subscribers one stream, one execution and every event in order', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => shop.client()));
    const query = 'subscription { priceChanged { newPrice product { rating } } }';
    const watchers = clients.flatMap((client) =>
      Array.from({ length: 10 }, () => new Watcher(client, { query })),
    );
    const { priceChanged, priceEvent } = shop.catalog;
    await until(() => shop.subscribers() === 100 && priceChanged.listeners > 0);
    expect(shop.groups()).toBe(1);
    expect(priceChanged.listeners).toBe(1);

    const prices = Array.from({ length: 50 }, (_, index) => index);
    for (const newPrice of prices) priceChanged.push({ ...priceEvent('1'), newPrice });
    for (const watcher of watchers) {
      expect(await watcher.values(50, ({ priceChanged: { newPrice } }) => newPrice)).toEqual(
        prices,
      );
    }
    // Events that arrive together share their fetches.
    expect(shop.subgraphs.social.requests.length).toBeLessThanOrEqual(50);
  });

  it('is not hindered by how an operation is written', async () => {
    const client = await shop.client();
    new Watcher(client, { query: 'subscription { priceChanged { at } }' });
    new Watcher(client, {
      query: 'subscription ($y: Boolean!) {\n priceChanged @include(if: $y) { at } }',
      variables: { y: true, unknown: 1 },
    });
    await until(() => shop.subscribers() === 2);
    expect(shop.groups()).toBe(1);
  });

  it('never crosses claim sets, operations or variables', async () => {
    const query = 'subscription ($min: Int) { priceChanged(min: $min) { at } }';
    const nrw = await shop.client({ areas: ['05'] });
    const bavaria = await shop.client({ areas: ['09'] });
    const partner = await shop.client({ role: 'partner', areas: ['05'] });
    new Watcher(nrw, { query });
    new Watcher(nrw, { query, variables: { min: 1 } });
    new Watcher(nrw, { query: query.replace('{ at }', '{ newPrice }') });
    new Watcher(bavaria, { query });
    new Watcher(partner, { query });
    await until(() => shop.catalog.priceChanged.listeners === 5);
    expect(shop.groups()).toBe(5);
    const rights = shop.subgraphs.catalog.subscribed.map(({ caller: { claims } }) =>
      [...claims.roles, ...claims.areas].join(' '),
    );
    expect(new Set(rights)).toEqual(new Set(['crisis-staff 05', 'crisis-staff 09', 'partner 05']));
  });

  it('does not send the subscriber to subgraphs', async () => {
    const one = await shop.client({ subject: 'anna' });
    const other = await shop.client({ subject: 'bernd' });
    for (const client of [one, other]) new Watcher(client, { query: 'subscription { ticks }' });
    await until(() => shop.subscribers() === 2 && shop.catalog.ticks.listeners === 1);
    expect(shop.subgraphs.catalog.subscribed.map(({ caller }) => caller.subject)).toEqual([
      undefined,
    ]);
  });

  it('ends upstream when the last one leaves, and not before', async () => {
    const staying = await shop.client();
    const leaving = await shop.client();
    const [first, second] = [staying, leaving].map(
      (client) => new Watcher(client, { query: 'subscription { ticks }' }),
    );
    await until(() => shop.subscribers() === 2 && shop.catalog.ticks.listeners === 1);
    second!.leave();
    await until(() => shop.subscribers() === 1);
    expect(shop.catalog.ticks.listeners).toBe(1);
    shop.catalog.ticks.push(1);
    expect(await first!.values(1, ({ ticks }) => ticks)).toEqual([1]);
    first!.leave();
    await until(() => shop.catalog.ticks.listeners === 0);
    expect(second!.results).toEqual([]);
  });

  it('ends upstream when a client breaks off', async () => {
    const client = await shop.client();
    new Watcher(client, { query: 'subscription { ticks }' });
    await until(() => shop.catalog.ticks.listeners === 1);
    client.terminate();
    await until(() => shop.catalog.ticks.listeners === 0);
    expect(shop.groups()).toBe(0);
  });
});
