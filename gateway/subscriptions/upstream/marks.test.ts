import { Shop } from '../../testing/shop.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const FRESH = 'subscription { stockWatched { product { count } } }';
const RESUMED =
  'subscription ($after: String) { stockWatched(after: $after) { product { count } } }';
const upstreams = () => shop.warehouse.watched.listeners;
/** The counts of all changes, and `mark` for each mark, as soon as there are `count` of them. */
const received = (watcher: Watcher, count: number) =>
  watcher.values(count, ({ stockWatched: { product } }) => product?.count ?? 'mark');
const resume = async (after: string) =>
  new Watcher(await shop.client(), { query: RESUMED, variables: { after } });

it('a client that begins now gets no mark before that of the clock', async () => {
  const watcher = new Watcher(await shop.client(), { query: FRESH });
  await until(() => upstreams() === 1);
  shop.warehouse.change(1);
  shop.warehouse.mark();
  shop.warehouse.change(2);
  expect(await received(watcher, 3)).toEqual([1, 'mark', 2]);
});

it('a client that resumes gets what it missed, then a mark', async () => {
  for (const count of [1, 2, 3]) shop.warehouse.change(count);
  const watcher = await resume(shop.warehouse.cursorOf(1));
  expect(await received(watcher, 3)).toEqual([2, 3, 'mark']);
  shop.warehouse.change(4);
  expect(await received(watcher, 4)).toEqual([2, 3, 'mark', 4]);
});

it('a client that resumes gets a mark also when it missed nothing', async () => {
  shop.warehouse.change(1);
  const watcher = await resume(shop.warehouse.cursorOf(1));
  expect(await received(watcher, 1)).toEqual(['mark']);
});

it('a client that resumes gets one mark, and then shares the stream of those who watch already', async () => {
  const live = new Watcher(await shop.client(), { query: FRESH });
  await until(() => upstreams() === 1);
  for (const count of [1, 2, 3]) shop.warehouse.change(count);
  await received(live, 3);
  const resumed = [];
  for (const position of [1, 2, 3]) resumed.push(await resume(shop.warehouse.cursorOf(position)));
  for (const [index, watcher] of resumed.entries())
    expect(await received(watcher, 3 - index)).toEqual([...[2, 3].slice(index), 'mark']);
  await until(() => shop.groups() === 1 && upstreams() === 1);
  shop.warehouse.change(4);
  expect(await received(live, 4)).toEqual([1, 2, 3, 4]);
  for (const [index, watcher] of resumed.entries())
    expect(await received(watcher, 4 - index)).toEqual([...[2, 3].slice(index), 'mark', 4]);
});

it('a client that resumes from a mark of the clock misses nothing', async () => {
  const query = 'subscription { stockWatched { cursor product { count } } }';
  const watcher = new Watcher(await shop.client(), { query });
  await until(() => upstreams() === 1);
  shop.warehouse.mark();
  await received(watcher, 1);
  const { cursor } = watcher.results[0]!.data.stockWatched;
  watcher.leave();
  shop.warehouse.change(1);
  expect(await received(await resume(cursor), 2)).toEqual([1, 'mark']);
});

it('clients that resume at once and get marks of the clock come together', async () => {
  for (const count of [1, 2, 3]) shop.warehouse.change(count);
  const watchers = [];
  for (const position of [0, 1, 2]) watchers.push(await resume(shop.warehouse.cursorOf(position)));
  await until(() => shop.subscribers() === 3);
  for (const [index, watcher] of watchers.entries()) await received(watcher, 4 - index);
  shop.warehouse.mark();
  await until(() => shop.groups() === 1 && upstreams() === 1);
  shop.warehouse.change(4);
  for (const watcher of watchers) {
    await until(() => watcher.results.at(-1)!.data.stockWatched.product?.count === 4);
    const changes = watcher.results.flatMap(({ data }) => data.stockWatched.product?.count ?? []);
    expect(changes).toEqual([1, 2, 3, 4].slice(-changes.length));
    expect(new Set(changes).size).toBe(changes.length);
  }
});

it('a client gets no mark because the gateway resumes for it', async () => {
  const watcher = new Watcher(await shop.client(), { query: FRESH });
  await until(() => upstreams() === 1);
  shop.warehouse.change(1);
  await received(watcher, 1);
  await shop.subgraphs.warehouse.kill();
  shop.warehouse.change(2);
  await shop.subgraphs.warehouse.start();
  await until(() => upstreams() === 1);
  shop.warehouse.change(3);
  expect(await received(watcher, 3)).toEqual([1, 2, 3]);
});
