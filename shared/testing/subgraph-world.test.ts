import {
  capacityWorld,
  type CapacityWorld,
} from '../../subgraphs/capacity/testing/capacity-world.js';
import { MINUTE_MS } from '../time/rules.js';

let first: CapacityWorld;
let second: CapacityWorld;
beforeAll(async () => {
  [first, second] = await Promise.all([capacityWorld(), capacityWorld()]);
});
afterAll(() => Promise.all([first.close(), second.close()]));

const CURSOR = '{ capacityCursor }';

test('two worlds have the same reference data and do not touch each other', async () => {
  const countOf = async ({ pool }: CapacityWorld) =>
    (await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM facility')).rows[0]!
      .count;
  const before = await countOf(second);
  expect(before).toBeGreaterThan(2_000);
  await first.pool.query('UPDATE region SET name = $1', ['changed']);
  expect(await countOf(first)).toBe(before);
  const { rowCount } = await second.pool.query("SELECT FROM region WHERE name = 'changed'");
  expect(rowCount).toBe(0);
});

test('a cursor of one world means nothing to another', async () => {
  const { data } = await first.request(CURSOR);
  const watch = await second.watch(
    'subscription ($after: String) { capacityChanged(after: $after) { cursor } }',
    { after: data.capacityCursor },
  );
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }]);
});

test('a world answers an identity that the test chooses, at the time that the test chooses', async () => {
  const denied = await first.request('{ facilities { totalCount } }', {}, { role: 'partner' });
  expect(denied.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const start = first.clock.now.getTime();
  first.later(90);
  expect(first.clock.now.getTime() - start).toBe(90 * MINUTE_MS);
});

test('a world that was stopped comes back at the same address', async () => {
  await second.stop();
  await expect(second.request(CURSOR)).rejects.toThrow();
  await second.restart();
  expect((await second.request(CURSOR)).data.capacityCursor).toEqual(expect.any(String));
});
