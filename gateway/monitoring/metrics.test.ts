import { Shop } from '../testing/shop.js';
import { until } from '../testing/until.js';
import { Watcher } from '../testing/watcher.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

/** The numbers, by name with labels. */
async function numbers(): Promise<Record<string, number>> {
  const text = await (await fetch(`${shop.gateway.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

describe('/metrics', () => {
  it('counts requests by kind and outcome, and what subgraphs had to do with them', async () => {
    await shop.request('{ products { upc } }');
    await shop.request('mutation { rename(upc: "1", name: "x") { subject } }');
    await shop.request('{ nothing }');
    await shop.request('{ product(upc: "1") { broken } }');
    expect(await numbers()).toMatchObject({
      'vierblatt_request_duration_seconds_count{operation="query",outcome="answered"}': 1,
      'vierblatt_request_duration_seconds_count{operation="mutation",outcome="answered"}': 1,
      'vierblatt_request_duration_seconds_count{operation="unknown",outcome="refused"}': 1,
      'vierblatt_request_duration_seconds_count{operation="query",outcome="failed"}': 1,
      'vierblatt_subgraph_fetch_duration_seconds_count{subgraph="catalog",outcome="answered"}': 3,
      'vierblatt_subgraph_circuit{subgraph="social",state="closed"}': 1,
      vierblatt_supergraph_failures: 0,
      process_cpu_seconds_total: expect.any(Number),
    });
  });

  it('reports which subgraph is unavailable', async () => {
    await shop.subgraphs.social.kill();
    for (let time = 0; time < 6; time += 1) await shop.request('{ me { name } }');
    expect(await numbers()).toMatchObject({
      'vierblatt_subgraph_circuit{subgraph="social",state="open"}': 1,
      'vierblatt_subgraph_circuit{subgraph="catalog",state="open"}': 0,
      'vierblatt_subgraph_fetch_duration_seconds_count{subgraph="social",outcome="failed"}': 5,
      'vierblatt_subgraph_fetch_duration_seconds_count{subgraph="social",outcome="skipped"}': 1,
    });
    const ready = await fetch(`${shop.gateway.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { subgraphs: { catalog: 'answers', social: 'away', warehouse: 'answers' } },
    ]);
    await shop.subgraphs.social.start();
  });

  it('counts watchers, the streams they share and what they are sent', async () => {
    const watchers = [await shop.client(), await shop.client()].map(
      (client) => new Watcher(client, { query: 'subscription { ticks }' }),
    );
    await until(() => shop.subscribers() === 2);
    await until(() => shop.catalog.ticks.listeners > 0);
    shop.catalog.ticks.push(1);
    for (const watcher of watchers) await watcher.values(1, (data) => data.ticks);
    const size = Buffer.byteLength('{"data":{"ticks":1}}');
    expect(await numbers()).toMatchObject({
      vierblatt_subscription_groups: 1,
      vierblatt_subscription_members: 2,
      vierblatt_subscription_messages_total: 2,
      vierblatt_subscription_bytes_total: 2 * size,
    });
    for (const { leave } of watchers) leave();
  });

  it('has no label that a caller can make up', async () => {
    const named = async () =>
      Object.keys(await numbers()).filter((name) => name.startsWith('vierblatt_'));
    await shop.request('{ invented }');
    const before = await named();
    for (let time = 0; time < 20; time += 1) {
      await shop.request(`query Invented${time} { products { upc } }`);
      await shop.request(`{ invented${time} }`);
    }
    expect(await named()).toEqual(before);
  });
});
