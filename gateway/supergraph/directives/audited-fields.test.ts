import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const subjects = () => shop.subgraphs.catalog.requests.map(({ caller }) => caller.subject);

describe('a field whose subgraph audits who reads it', () => {
  it('has the subject sent to its subgraph, and only by the operations that select it', async () => {
    await shop.request('{ whoAmI { areas } }');
    const { data } = await shop.request('{ whoAmI { ...A } } fragment A on Caller { reader }');
    expect(data).toEqual({ whoAmI: { reader: 'development-crisis-staff' } });
    expect(subjects()).toEqual([undefined, 'development-crisis-staff']);
  });

  it('is watched by each human apart, and by nobody in the name of another', async () => {
    const watchers = await Promise.all(
      ['anna', 'bernd'].map(
        async (subject) =>
          new Watcher(await shop.client({ subject }), {
            query: 'subscription { watched { reader } }',
          }),
      ),
    );
    await until(() => shop.catalog.ticks.listeners === 2);
    expect(shop.groups()).toBe(2);
    shop.catalog.ticks.push(1);
    for (const [index, subject] of ['anna', 'bernd'].entries()) {
      const seen = await watchers[index]!.values(1, ({ watched }) => watched.reader);
      expect(seen).toEqual([subject]);
    }
  });
});
