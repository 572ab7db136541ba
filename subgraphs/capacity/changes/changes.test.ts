import { Outbox } from '../../../shared/outbox/outbox.js';
import { MARK_MS } from '../../../shared/subgraph/bring-up.js';
import { nextChange } from '../../../shared/testing/next-change.js';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf, report, send, sendAll } from '../testing/reports.js';
import { BedStore } from '../beds/store.js';
import { openDatabase } from '../database/database.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

const WATCH = `subscription ($area: String, $facility: ID, $category: BedCategory, $after: String) {
  capacityChanged(area: $area, facility: $facility, category: $category, after: $after) {
    cursor at facility { id area beds(category: ICU_UNSPECIFIED) { operable occupied free stale } } } }`;

/** Watches from now: the cursor is read first, so that nothing sent afterwards can be missed. */
const watchFromNow = (variables: object = {}) => world.watchFromNow(WATCH, variables);

test('a report reaches who watches, with the facility as it is now', async () => {
  const [facility] = await facilitiesOf(world, '05315');
  const watch = await watchFromNow();
  await send(world, report(world, facility!));
  expect(await nextChange(watch)).toEqual({
    cursor: expect.any(String),
    at: world.clock.now.toISOString(),
    facility: {
      id: facility,
      area: '05315',
      beds: [{ operable: 10, occupied: 4, free: 6, stale: false }],
    },
  });
  await watch.return!();
});

test('only what was requested is delivered: area, facility, category', async () => {
  const [cologne] = await facilitiesOf(world, '05315');
  const [munich] = await facilitiesOf(world, '09162');
  const byArea = await watchFromNow({ area: '09' });
  const byFacility = await watchFromNow({ facility: munich });
  const byCategory = await watchFromNow({ category: 'BURN' });
  world.later(1);
  await sendAll(world, [
    report(world, cologne!),
    report(world, munich!),
    report(world, munich!, { category: 'BURN' }),
  ]);
  world.later(1);
  await sendAll(world, [report(world, cologne!, { category: 'BURN' })]);
  expect((await nextChange(byArea)).facility.id).toBe(munich);
  expect((await nextChange(byFacility)).facility.id).toBe(munich);
  expect((await nextChange(byCategory)).facility.id).toBe(munich);
  expect((await nextChange(byCategory)).facility.id).toBe(cologne);
  await Promise.all([byArea, byFacility, byCategory].map((watch) => watch.return!()));
});

test('one message per facility and change, in the order of the changes', async () => {
  const facilities = await facilitiesOf(world, '11', 30);
  const watch = await watchFromNow({ area: '11' });
  const reportAll = async (occupied: number) => {
    world.later(1);
    await sendAll(
      world,
      facilities.map((facility) => report(world, facility, { occupied })),
    );
  };
  // A subscriber that is not there yet when something changes gets the newest of each facility; after these it is there.
  await reportAll(4);
  for (const _ of facilities) await nextChange(watch);
  for (const occupied of [1, 2, 3]) await reportAll(occupied);
  const delivered: string[] = [];
  for (let n = 0; n < 90; n++) delivered.push((await nextChange(watch)).facility.id);
  for (const facility of facilities)
    expect(delivered.filter((id) => id === facility)).toHaveLength(3);
  await watch.return!();
});

test('a subscriber who comes back with a cursor gets each facility that changed since once, then goes on live', async () => {
  const [a, b, c] = await facilitiesOf(world, '15', 3);
  const cursor = await world.cursor();
  for (const occupied of [1, 2, 3]) {
    world.later(1);
    await sendAll(world, [report(world, a!, { occupied }), report(world, b!, { occupied })]);
  }
  const watch = await world.watch(WATCH, { area: '15', after: cursor });
  const missed = [await nextChange(watch), await nextChange(watch)];
  expect(missed.map(({ facility }) => [facility.id, facility.beds[0].occupied]).sort()).toEqual(
    [
      [a, 3],
      [b, 3],
    ].sort(),
  );
  await send(world, report(world, c!));
  expect((await nextChange(watch)).facility.id).toBe(c);
  await watch.return!();
});

test('a cursor taken in the middle of a bulk continues in the middle', async () => {
  const facilities = await facilitiesOf(world, '03', 20);
  const watch = await watchFromNow({ area: '03' });
  await sendAll(
    world,
    facilities.map((facility) => report(world, facility)),
  );
  const first = await nextChange(watch);
  await watch.return!();
  const rest = await world.watch(WATCH, { area: '03', after: first.cursor });
  const delivered = [first.facility.id];
  for (let n = 1; n < 20; n++) delivered.push((await nextChange(rest)).facility.id);
  expect(delivered.sort()).toEqual([...facilities].sort());
  await rest.return!();
});

test('marks say that nothing is missing: after a catch-up, and when the clock says so', async () => {
  const [facility] = await facilitiesOf(world, '10');
  const after = await world.cursor();
  await send(world, report(world, facility!));
  const watch = await world.watchWithMarks(
    'subscription ($after: String) { capacityChanged(area: "10", after: $after) { cursor at caughtUp facility { id } } }',
    { after },
  );
  expect(await nextChange(watch)).toMatchObject({ caughtUp: false, facility: { id: facility } });
  const mark = {
    cursor: expect.any(String),
    at: world.clock.now.toISOString(),
    caughtUp: true,
    facility: null,
  };
  expect(await nextChange(watch)).toEqual(mark);
  world.later(5);
  await world.elapse(MARK_MS);
  expect(await nextChange(watch)).toEqual({ ...mark, at: world.clock.now.toISOString() });
  await watch.return!();
});

test('a number that goes stale is a change, published once', async () => {
  const [facility] = await facilitiesOf(world, '13');
  await send(world, report(world, facility!));
  const watch = await watchFromNow({ facility });
  world.later(DAY_MINUTES);
  const database = openDatabase(world.databaseUrl);
  await new BedStore(database, world.clock.now).publishStaleness();
  await new BedStore(database, world.clock.now).publishStaleness();
  await database.close();
  expect((await nextChange(watch)).facility.beds[0].stale).toBe(true);
  await send(world, report(world, facility!));
  expect((await nextChange(watch)).facility.beds[0].stale).toBe(false);
  await watch.return!();
});

test('a refused report sends no event', async () => {
  const [facility] = await facilitiesOf(world, '16');
  const before = await world.eventCount();
  await send(world, report(world, facility!, { operable: -1 }));
  expect(await world.eventCount()).toBe(before);
});

test('the cursor of a query is read before its data, wherever it stands in the query', async () => {
  const [facility] = await facilitiesOf(world, '12');
  const before = await world.cursor();
  const { data } = await world.request(
    `query ($id: ID!) { facility(id: $id) { id } ...late } fragment late on Query { ... { there: capacityCursor } }`,
    { id: facility },
  );
  const outbox = await Outbox.open(world.pool, 'capacity');
  expect(await outbox.positionOf(data.there)).toEqual(await outbox.positionOf(before));
});

describe('a cursor is refused', () => {
  const refusal = async (after: string) => {
    const watch = await world.watch(WATCH, { after });
    return watch.next().then(
      () => 'accepted',
      (errors: unknown) => (errors as { extensions: { code: string } }[])[0]!.extensions.code,
    );
  };

  test.each(['', 'tomorrow', 'MTIzNDU2Nzg5MDEyMzQ1Ng==', '1'])(
    'when it is none: "%s"',
    async (cursor) => {
      expect(await refusal(cursor)).toBe('BAD_USER_INPUT');
    },
  );

  test('when it is of another database', async () => {
    const other = await capacityWorld();
    const foreign = (await other.request('{ capacityCursor }')).data.capacityCursor;
    await other.close();
    expect(await refusal(foreign)).toBe('CURSOR_EXPIRED');
  });

  test('when its events are no longer kept', async () => {
    const [facility] = await facilitiesOf(world, '06');
    const old = await world.cursor();
    await send(world, report(world, facility!));
    await world.pool.query(
      `WITH deleted AS (DELETE FROM outbox_batch RETURNING pos) UPDATE outbox_epoch SET pruned_to = (SELECT max(pos) FROM deleted)`,
    );
    expect(await refusal(old)).toBe('CURSOR_EXPIRED');
  });

  test('when it is ahead of the database, as after a backup was restored', async () => {
    const [facility] = await facilitiesOf(world, '07');
    world.later(1);
    await send(world, report(world, facility!));
    const ahead = await world.cursor();
    await world.pool.query(`DELETE FROM outbox_batch`);
    expect(await refusal(ahead)).toBe('CURSOR_EXPIRED');
  });
});

test.each([
  ['an area that is none', { area: 'NRW' }],
  ['a facility that does not exist', { facility: '00000000-0000-0000-0000-000000000000' }],
])('watching %s is refused, because it would be silent for ever', async (_, variables) => {
  const watch = await world.watch(WATCH, variables);
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a partner may not watch facilities', async () => {
  const watch = await world.watch(WATCH, {}, { role: 'partner' });
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
