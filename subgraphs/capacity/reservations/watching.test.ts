import { nextChange } from '../../../shared/testing/next-change.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf, report, sendAll } from '../testing/reports.js';
import { RESERVATION, reserve, transition, slotRequest } from '../testing/reservations.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

const WATCH = `subscription ($area: String, $facility: ID, $after: String) {
  reservationChanged(area: $area, facility: $facility, after: $after) {
    cursor at reservation { ${RESERVATION} } } }`;
const WATCH_FACILITY = `subscription ($facility: ID, $category: BedCategory, $after: String) {
  capacityChanged(facility: $facility, category: $category, after: $after) {
    facility { beds(category: ICU_UNSPECIFIED) { occupied reserved free } } } }`;

type Watch = Awaited<ReturnType<CapacityWorld['watch']>>;
const facilitiesWith = async (free: number, area: string, count = 1) => {
  const facilities = await facilitiesOf(world, area, count);
  world.later(1);
  await sendAll(
    world,
    facilities.map((facility) => report(world, facility, { operable: free + 4, occupied: 4 })),
  );
  return facilities;
};

test('every change of a reservation reaches who watches, with the reservation as it is now', async () => {
  const [facility] = await facilitiesWith(3, '05315');
  const watch = await world.watch(WATCH, { facility, after: await world.cursor() });
  const { id, items } = await reserve(world, [
    slotRequest(facility!),
    slotRequest(facility!),
    slotRequest(facility!),
  ]);
  expect(await nextChange(watch)).toMatchObject({
    cursor: expect.any(String),
    at: world.clock.now.toISOString(),
    reservation: { id, status: 'OPEN' },
  });
  await transition(world, 'confirm', id);
  expect(await nextChange(watch)).toMatchObject({ reservation: { id, status: 'CONFIRMED' } });
  await transition(world, 'redeem', id, { items: [items[0].id] });
  expect((await nextChange(watch)).reservation.items[0]).toMatchObject({ status: 'REDEEMED' });
  await transition(world, 'release', id, { items: [items[1].id] });
  expect((await nextChange(watch)).reservation.items[1]).toMatchObject({ status: 'RELEASED' });
  await watch.return!();
});

test('the timer publishes that a reservation lapsed, without any request', async () => {
  const [facility] = await facilitiesWith(1, '06');
  const watch = await world.watch(WATCH, { facility, after: await world.cursor() });
  const { id } = await reserve(world, [slotRequest(facility!)]);
  await nextChange(watch);
  world.later(30);
  expect(await nextChange(watch)).toMatchObject({ reservation: { id, status: 'LAPSED' } });
  await watch.return!();
});

test('one reservation over several facilities is one change, whichever of them is watched', async () => {
  const [a] = await facilitiesWith(1, '01');
  const [b] = await facilitiesWith(1, '14');
  const after = await world.cursor();
  const watches = await Promise.all(
    [{ area: '' }, { area: '01' }, { area: '14' }, { facility: a }, { facility: b }].map((where) =>
      world.watch(WATCH, { ...where, after }),
    ),
  );
  const elsewhere = await world.watch(WATCH, { area: '09', after });
  const [far] = await facilitiesWith(1, '09');
  const { id } = await reserve(world, [slotRequest(a!), slotRequest(b!)]);
  const later = await reserve(world, [slotRequest(far!)]);
  for (const watch of watches) expect((await nextChange(watch)).reservation.id).toBe(id);
  expect((await nextChange(watches[0]!)).reservation.id).toBe(later.id);
  expect((await nextChange(elsewhere)).reservation.id).toBe(later.id);
  await Promise.all([...watches, elsewhere].map((watch) => watch.return!()));
});

test('a subscriber of the facility sees its numbers change, and only with the categories concerned', async () => {
  const [facility] = await facilitiesWith(1, '07');
  const after = await world.cursor();
  const watch = await world.watch(WATCH_FACILITY, { facility, after });
  const burns = await world.watch(WATCH_FACILITY, { facility, category: 'BURN', after });
  const beds = async (from: Watch) => (await nextChange(from)).facility.beds[0];
  const { id } = await reserve(world, [slotRequest(facility!)]);
  expect(await beds(watch)).toEqual({ occupied: 4, reserved: 1, free: 0 });
  world.later(1);
  await transition(world, 'redeem', id);
  expect(await beds(watch)).toEqual({ occupied: 5, reserved: 0, free: 0 });
  world.later(1);
  await sendAll(world, [report(world, facility!, { operable: 6, occupied: 5 })]);
  expect(await beds(watch)).toEqual({ occupied: 5, reserved: 0, free: 1 });
  const { id: second } = await reserve(world, [slotRequest(facility!)]);
  expect(await beds(watch)).toEqual({ occupied: 5, reserved: 1, free: 0 });
  await transition(world, 'release', second);
  expect(await beds(watch)).toEqual({ occupied: 5, reserved: 0, free: 1 });
  await sendAll(world, [report(world, facility!, { category: 'BURN' })]);
  expect(await beds(burns)).toMatchObject({ reserved: 0 });
  await Promise.all([watch, burns].map((one) => one.return!()));
});

test.each([
  ['an area that is none', { area: 'NRW' }],
  ['a facility that does not exist', { facility: '00000000-0000-0000-0000-000000000000' }],
])('watching %s is refused, because it would be silent for ever', async (_, where) => {
  const watch = await world.watch(WATCH, where);
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a role that does not read reservations may not watch them', async () => {
  const watch = await world.watch(WATCH, {}, { role: 'supplier', areas: [''] });
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

describe('the list of reservations', () => {
  const list = async (filter: object, page: object = {}) => {
    const { data, errors } = await world.request(
      `query ($filter: ReservationFilter, $first: Int, $after: String) {
        reservations(filter: $filter, first: $first, after: $after) {
          nodes { id status } totalCount pageInfo { endCursor hasNextPage hasPreviousPage } } }`,
      { filter, ...page },
    );
    return errors ?? data.reservations;
  };
  const idsIn = ({ nodes }: { nodes: { id: string }[] }) => nodes.map(({ id }) => id);

  test('goes from the newest on, page by page, each once', async () => {
    const [facility] = await facilitiesWith(10, '10');
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      made.unshift((await reserve(world, [slotRequest(facility!), slotRequest(facility!)])).id);
      world.later(1);
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: any = await list({ facility }, { first: 2, after });
      expect(page.totalCount).toBe(5);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...idsIn(page));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(made);
  });

  test('is narrowed to a slot, and to what keeps slots there', async () => {
    const [a] = await facilitiesWith(3, '16051');
    const [b] = await facilitiesWith(3, '16052');
    const both = (await reserve(world, [slotRequest(a!), slotRequest(b!)])).id;
    world.later(1);
    const { id: released } = await reserve(world, [slotRequest(a!)]);
    await transition(world, 'release', released);
    expect(idsIn(await list({ area: '16' }))).toEqual([released, both]);
    expect(idsIn(await list({ area: '16052' }))).toEqual([both]);
    expect(idsIn(await list({ facility: a, keeping: true }))).toEqual([both]);
    expect(idsIn(await list({ facility: a, keeping: false }))).toEqual([released]);
    world.later(30);
    expect(idsIn(await list({ area: '16', keeping: true }))).toEqual([]);
  });

  test.each([
    ['a page of none', {}, { first: 0 }, 'BAD_USER_INPUT'],
    ['a page of too many', {}, { first: 501 }, 'TOO_MUCH'],
    ['a cursor that is none', {}, { after: 'tomorrow' }, 'BAD_USER_INPUT'],
    [
      'a cursor that was made up',
      {},
      { after: Buffer.from('["age",1,"x"]').toString('base64url') },
      'BAD_USER_INPUT',
    ],
    ['an area that is none', { area: 'NRW' }, {}, 'BAD_USER_INPUT'],
    ['a facility that does not exist', { facility: 'x' }, {}, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, filter, page, code) => {
    expect(await list(filter, page)).toMatchObject([{ extensions: { code } }]);
  });
});

test.each(['00000000-0000-0000-0000-000000000000', 'not an id'])(
  'a reservation that does not exist is null: %s',
  async (id) => {
    const { data, errors } = await world.request(
      `query ($id: ID!) { reservation(id: $id) { id } }`,
      {
        id,
      },
    );
    expect({ data, errors }).toEqual({ data: { reservation: null }, errors: undefined });
  },
);

test.each(['{ reservation(id: "x") { id } }', '{ reservations { totalCount } }'])(
  'a caller who may not read reservations is denied: %s',
  async (query) => {
    const { errors } = await world.request(query, {}, { role: 'chamber', areas: [''] });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  },
);
