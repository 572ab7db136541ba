import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const STOCK = 'subscription { stockChanged { count product { rating } } }';
const STOCK_AFTER = `subscription ($after: String) { stockChanged(after: $after) { count product { rating } } }`;
const counts = (watcher: Watcher, count: number) =>
  watcher.values(count, (data) => data.stockChanged.count);
const upstreams = () => shop.warehouse.live.listeners;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('when the subgraph of a resumable subscription breaks', () => {
  it('resumes behind the last cursor, and clients notice nothing', async () => {
    const client = await shop.client();
    const watchers = upTo(20).map(() => new Watcher(client, { query: STOCK }));
    await until(() => upstreams() === 1);
    shop.warehouse.change(1);
    shop.warehouse.change(2);
    for (const watcher of watchers) await counts(watcher, 2);

    await shop.subgraphs.warehouse.kill();
    shop.warehouse.change(3);
    shop.warehouse.change(4);
    await shop.subgraphs.warehouse.start();
    await until(() => upstreams() === 1);
    shop.warehouse.change(5);

    for (const watcher of watchers) {
      expect(await counts(watcher, 5)).toEqual([1, 2, 3, 4, 5]);
      expect(watcher.end).toBeUndefined();
    }
    expect(shop.subgraphs.warehouse.subscribed.map(({ variables }) => variables)).toEqual([
      { gatewayAfter: 'cursor-0' },
      { gatewayAfter: 'cursor-2' },
    ]);
  });

  it('resumes even before the first message, from where the stream stood at the beginning', async () => {
    const watcher = new Watcher(await shop.client(), { query: STOCK });
    await until(() => upstreams() === 1);
    await shop.subgraphs.warehouse.kill();
    shop.warehouse.change(1);
    await shop.subgraphs.warehouse.start();
    expect(await counts(watcher, 1)).toEqual([1]);
  });

  it('resumes on the other side of a flood that comes faster than it can be worked off', async () => {
    const watcher = new Watcher(await shop.client(), { query: STOCK });
    await until(() => upstreams() === 1);
    for (const count of upTo(1_500)) shop.warehouse.change(count);
    expect(await counts(watcher, 1_500)).toEqual(upTo(1_500));
    expect(shop.subgraphs.warehouse.subscribed.length).toBeGreaterThan(1);
  });

  it('lets those watch who may not ask where the stream stands', async () => {
    const partner = await shop.client({ role: 'partner' });
    const watcher = new Watcher(partner, { query: STOCK });
    await until(() => upstreams() === 1);
    shop.warehouse.change(1);
    expect(await counts(watcher, 1)).toEqual([1]);
  });

  it('says so at once to those who begin while it is unavailable', async () => {
    await shop.subgraphs.warehouse.kill();
    const watcher = new Watcher(await shop.client(), { query: STOCK });
    const [error] = await watcher.refused();
    expect(error!.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', subgraph: 'warehouse' });
    const { id } = error!.extensions as unknown as { id: string };
    expect(shop.log.filter((line) => line.includes(id))).toHaveLength(1);
  });

  it('lets clients know when it cannot say where to resume from', async () => {
    const watcher = new Watcher(await shop.client(), {
      query: 'subscription { rumours { count } }',
    });
    await until(() => upstreams() === 1);
    await shop.subgraphs.warehouse.kill();
    const [error] = await watcher.refused();
    expect(error!.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', subgraph: 'warehouse' });
  });

  it('ends with CURSOR_EXPIRED when too much was missed', async () => {
    const watcher = new Watcher(await shop.client(), {
      query: STOCK_AFTER,
      variables: { after: shop.warehouse.expiredCursor },
    });
    expect(await watcher.ended()).toMatchObject([
      { message: 'too old, query again', extensions: { code: 'CURSOR_EXPIRED' } },
    ]);
    expect(shop.groups()).toBe(0);
  });
});

describe('an event whose entity could not be read', () => {
  it.each(['SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'])(
    'with %s is a break: the stream resumes before it, and no watcher misses the change',
    async (code) => {
      const client = await shop.client();
      const watchers = upTo(3).map(() => new Watcher(client, { query: STOCK }));
      await until(() => upstreams() === 1);
      shop.warehouse.change(1);
      for (const watcher of watchers) await counts(watcher, 1);
      shop.warehouse.failures.push(code, code);
      for (const count of [2, 3]) shop.warehouse.change(count);
      for (const watcher of watchers) expect(await counts(watcher, 3)).toEqual([1, 2, 3]);
      expect(watchers.flatMap(({ results }) => results.filter(({ errors }) => errors))).toEqual([]);
      expect(shop.subgraphs.warehouse.subscribed.at(-1)!.variables).toEqual({
        gatewayAfter: 'cursor-1',
      });
    },
  );

  it('during a longer outage is read again until it can be read', async () => {
    const watcher = new Watcher(await shop.client(), { query: STOCK });
    await until(() => upstreams() === 1);
    shop.warehouse.failures.push(...Array.from({ length: 7 }, () => 'SERVICE_UNAVAILABLE'));
    shop.warehouse.change(1);
    expect(await counts(watcher, 1)).toEqual([1]);
    expect(watcher.results[0]!.errors).toBeUndefined();
  });

  it('permanently is delivered with its error in the end, and blocks nothing', async () => {
    const watcher = new Watcher(await shop.client(), { query: STOCK });
    await until(() => upstreams() === 1);
    const { failures } = shop.warehouse;
    failures.push(...Array.from({ length: 7 }, () => 'INTERNAL_SERVER_ERROR'));
    shop.warehouse.change(1);
    await until(() => watcher.results.length === 1);
    expect(watcher.results[0]!.data).toEqual({ stockChanged: null });
    expect(watcher.results[0]!.errors![0]!.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(failures).toEqual([]);
    shop.warehouse.change(2);
    await until(() => watcher.results.length === 2);
    expect(watcher.results[1]!.data.stockChanged.count).toBe(2);
  });

  it('for a reason that lies with the caller is delivered at once', async () => {
    const watcher = new Watcher(await shop.client(), { query: STOCK });
    await until(() => upstreams() === 1);
    shop.warehouse.failures.push('FORBIDDEN');
    shop.warehouse.change(1);
    await until(() => watcher.results.length === 1);
    expect(watcher.results[0]!.errors![0]!.extensions.code).toBe('FORBIDDEN');
  });
});

describe('a message that lacks only fields of another subgraph', () => {
  const WITH_CURSOR = `subscription ($after: String) {
    stockChanged(after: $after) { cursor count product { rating } }
  }`;
  const ratings = (watcher: Watcher) =>
    watcher.results.map(({ data }) => [data.stockChanged.count, data.stockChanged.product.rating]);

  it.each(['SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'])(
    'because of %s is delivered once with its error, and read again for who resumes',
    async (code) => {
      const client = await shop.client();
      const live = new Watcher(client, { query: WITH_CURSOR });
      await until(() => upstreams() === 1);
      shop.warehouse.change(1);
      await live.values(1, () => 0);
      shop.social.failures.push(code);
      shop.warehouse.change(2);
      await live.values(2, () => 0);
      expect(live.results[1]!.errors![0]!.extensions.code).toBe(code);
      shop.warehouse.change(3);
      await live.values(3, () => 0);
      expect(ratings(live)).toEqual([
        [1, 4.5],
        [2, null],
        [3, 4.5],
      ]);

      const after = live.results[0]!.data.stockChanged.cursor as string;
      const resumed = new Watcher(client, { query: WITH_CURSOR, variables: { after } });
      await resumed.values(2, () => 0);
      expect(ratings(resumed)).toEqual([
        [2, 4.5],
        [3, 4.5],
      ]);
      expect(resumed.results.some(({ errors }) => errors)).toBe(false);
      await until(() => shop.groups() === 1);
    },
  );
});

describe('a stream that its subgraph completes', () => {
  const LAST = `subscription ($count: Int!) {
    lastPrices(count: $count) { newPrice product { delayed } }
  }`;

  it.each([0, 1, 3, 200])(
    'with %i events delivers every one of them, then completes',
    async (count) => {
      const watcher = new Watcher(await shop.client(), { query: LAST, variables: { count } });
      expect(await watcher.ended()).toBe('complete');
      expect(watcher.results).toEqual(
        upTo(count).map((newPrice) => ({
          data: { lastPrices: { newPrice, product: { delayed: '2' } } },
        })),
      );
      expect(shop.groups()).toBe(0);
      expect(shop.subscribers()).toBe(0);
    },
  );

  it('or that breaks delivers what was received before it says so', async () => {
    const watcher = new Watcher(await shop.client(), {
      query: 'subscription { priceChanged { newPrice product { delayed } } }',
    });
    const { priceChanged, priceEvent } = shop.catalog;
    await until(() => priceChanged.listeners === 1);
    priceChanged.push(priceEvent('2'));
    await until(() => shop.subgraphs.social.requests.length === 1);
    await shop.subgraphs.catalog.kill();
    expect(await watcher.ended()).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    expect(watcher.results).toHaveLength(1);
  });
});

describe('when the subgraph of another subscription breaks', () => {
  it('ends with SERVICE_UNAVAILABLE', async () => {
    const watcher = new Watcher(await shop.client(), { query: 'subscription { ticks }' });
    await until(() => shop.catalog.ticks.listeners === 1);
    await shop.subgraphs.catalog.kill();
    const errors = await watcher.ended();
    expect(errors).toMatchObject([
      { extensions: { code: 'SERVICE_UNAVAILABLE', subgraph: 'catalog' } },
    ]);
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
  });

  it('works again for who subscribes afterwards', async () => {
    const client = await shop.client();
    const first = new Watcher(client, { query: 'subscription { ticks }' });
    await until(() => shop.catalog.ticks.listeners === 1);
    await shop.subgraphs.catalog.kill();
    await first.ended();
    await shop.subgraphs.catalog.start();
    const second = new Watcher(client, { query: 'subscription { ticks }' });
    await until(() => shop.catalog.ticks.listeners === 1);
    shop.catalog.ticks.push(7);
    expect(await second.values(1, ({ ticks }) => ticks)).toEqual([7]);
  });
});

describe('a client that resumes with a cursor', () => {
  it('gets what it missed, then what happens, once', async () => {
    for (const count of upTo(3)) shop.warehouse.change(count);
    const watcher = new Watcher(await shop.client(), {
      query: STOCK_AFTER,
      variables: { after: shop.warehouse.cursorOf(1) },
    });
    await counts(watcher, 2);
    shop.warehouse.change(4);
    expect(await counts(watcher, 3)).toEqual([2, 3, 4]);
  });

  it('does not see what the gateway selects for itself, and may use its names', async () => {
    const watcher = new Watcher(await shop.client(), {
      query: 'subscription { stockChanged { gatewayCursor: note cursor gatewayAfter: count } }',
    });
    await until(() => upstreams() === 1);
    shop.warehouse.change(1, 'mine');
    await until(() => watcher.results.length === 1);
    expect(watcher.results).toEqual([
      { data: { stockChanged: { gatewayCursor: 'mine', cursor: 'cursor-1', gatewayAfter: 1 } } },
    ]);
  });

  it('that is far behind is caught up apart, then joins the live ones', async () => {
    const client = await shop.client();
    const live = new Watcher(client, { query: 'subscription { stockChanged { count note } }' });
    await until(() => upstreams() === 1);
    for (const count of upTo(10)) shop.warehouse.change(count, 'x'.repeat(100_000));
    await counts(live, 10);
    const late = new Watcher(client, {
      query: 'subscription ($c: String) { stockChanged(after: $c) { count note } }',
      variables: { c: shop.warehouse.cursorOf(1) },
    });
    await until(() => upstreams() === 2);
    expect(await counts(late, 9)).toEqual(upTo(10).slice(1));
    await until(() => shop.groups() === 1 && upstreams() === 1);
    shop.warehouse.change(11);
    expect(await counts(live, 11)).toEqual(upTo(11));
    expect(await counts(late, 10)).toEqual(upTo(11).slice(1));
  });

  it('ends in one group with a hundred others from other cursors and with the live ones', async () => {
    const client = await shop.client();
    const live = new Watcher(client, { query: STOCK });
    await until(() => upstreams() === 1);
    for (const count of upTo(100)) shop.warehouse.change(count);
    await counts(live, 100);
    const resumed = upTo(99).map(
      (position) =>
        new Watcher(client, {
          query: STOCK_AFTER,
          variables: { after: shop.warehouse.cursorOf(position) },
        }),
    );
    await until(() => shop.subscribers() === 100);
    shop.warehouse.change(101);
    expect(await counts(live, 101)).toEqual(upTo(101));
    for (const [index, watcher] of resumed.entries()) {
      expect(await counts(watcher, 100 - index)).toEqual(upTo(101).slice(index + 1));
    }
    await until(() => shop.groups() === 1);
    expect(upstreams()).toBe(1);
  });

  it('merges with others that catch up, without any live one', async () => {
    for (const count of upTo(20)) shop.warehouse.change(count);
    const client = await shop.client();
    const resumed = upTo(19).map(
      (position) =>
        new Watcher(client, {
          query: STOCK_AFTER,
          variables: { after: shop.warehouse.cursorOf(position) },
        }),
    );
    for (const [index, watcher] of resumed.entries()) {
      expect(await counts(watcher, 19 - index)).toEqual(upTo(20).slice(index + 1));
    }
    await until(() => shop.groups() === 1 && upstreams() === 1);
    shop.warehouse.change(21);
    for (const [index, watcher] of resumed.entries()) {
      expect(await counts(watcher, 20 - index)).toEqual(upTo(21).slice(index + 1));
    }
  });
});
