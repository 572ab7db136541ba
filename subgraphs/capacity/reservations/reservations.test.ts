import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf, report, send, sendAll } from '../testing/reports.js';
import {
  claimsOf,
  declareIntake,
  reservationOf,
  reserve,
  reserveInput,
  reserveRaw,
  transition,
  slotRequest,
} from '../testing/reservations.js';

let world: CapacityWorld;
let facilities: string[];
let next = 0;
/** A facility no other test has touched. */
const newFacility = eachOnce(() => facilities);
/** Returns a facility with n free beds of intensive care. */
const facilityWith = async (free: number) => {
  const facility = newFacility();
  await send(world, report(world, facility, { operable: free + 4, occupied: 4 }));
  return facility;
};

beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '', 500);
});
afterAll(() => world.close());

test('a reserved slot is no longer free, and the reservation says until when', async () => {
  const facility = await facilityWith(6);
  const reservation = await reserve(world, [slotRequest(facility, { count: 2 })]);
  expect(reservation).toMatchObject({
    __typename: 'Reservation',
    kind: 'PRIMARY',
    status: 'OPEN',
    createdAt: world.clock.now.toISOString(),
    until: world.inMinutes(30),
    items: [
      {
        facility: { id: facility },
        category: 'ICU_UNSPECIFIED',
        intake: null,
        requested: 2,
        count: 2,
        status: 'OPEN',
        until: world.inMinutes(30),
        confirmedAt: null,
        redeemedAt: null,
        releasedAt: null,
      },
    ],
  });
  expect(await claimsOf(world, facility)).toMatchObject({ reserved: 2, free: 4, overcommitted: 0 });
  expect(await reservationOf(world, reservation.id)).toMatchObject({ id: reservation.id });
});

test('only the items of a reservation that are named are given, and none of another', async () => {
  const facility = await facilityWith(5);
  const { id, items } = await reserve(world, [
    slotRequest(facility),
    slotRequest(facility),
    slotRequest(facility),
  ]);
  const other = await reserve(world, [slotRequest(facility)]);
  const named = [items[2].id, items[0].id, items[0].id, other.items[0].id, 'no id'];
  const { data, errors } = await world.request(
    'query ($id: ID!, $named: [ID!]) { reservation(id: $id) { items(ids: $named) { id } } }',
    { id, named },
  );
  expect(errors).toBeUndefined();
  expect(data.reservation.items).toEqual([{ id: items[0].id }, { id: items[2].id }]);
});

test('a strategic reservation is kept for 6 hours when nobody says otherwise', async () => {
  const facility = await facilityWith(1);
  const reservation = await reserve(world, [slotRequest(facility)], { kind: 'STRATEGIC' });
  expect(reservation.until).toBe(world.inMinutes(6 * 60));
});

test('one item that cannot be given refuses all in all or nothing, and the refusal says what is missing', async () => {
  const [full, empty] = [await facilityWith(3), await facilityWith(0)];
  const before = await world.eventCount();
  const refusal = await reserve(world, [slotRequest(full, { count: 3 }), slotRequest(empty)]);
  expect(refusal).toMatchObject({
    __typename: 'NoFreeSlot',
    shortfalls: [{ item: 1, facility: { id: empty }, requested: 1, free: 0, stale: false }],
  });
  expect(await claimsOf(world, full)).toMatchObject({ reserved: 0, free: 3 });
  expect(await world.eventCount()).toBe(before);
});

test('each item gets, in order, what is left where as many as possible are wanted', async () => {
  const [a, b] = [await facilityWith(3), await facilityWith(1)];
  const { items } = await reserve(
    world,
    [slotRequest(a, { count: 2 }), slotRequest(a, { count: 2 }), slotRequest(b), slotRequest(b)],
    { mode: 'AS_MANY_AS_POSSIBLE' },
  );
  expect(
    items.map(({ count, status }: { count: number; status: string }) => [count, status]),
  ).toEqual([
    [2, 'OPEN'],
    [1, 'OPEN'],
    [1, 'OPEN'],
    [0, 'NOT_GIVEN'],
  ]);
  expect(await claimsOf(world, a)).toMatchObject({ reserved: 3, free: 0 });
  expect(await reserve(world, [slotRequest(b)], { mode: 'AS_MANY_AS_POSSIBLE' })).toMatchObject({
    __typename: 'NoFreeSlot',
  });
});

test('beds and intake of one facility are kept apart, each within its own limit', async () => {
  const facility = await facilityWith(5);
  await declareIntake(world, facility, { immediate: 2 });
  const intake = slotRequest(facility, { category: null, intake: 'SK_I', count: 2 });
  expect(await reserve(world, [intake, slotRequest(facility, { count: 5 })])).toMatchObject({
    items: [{ intake: 'SK_I', category: null, count: 2 }, { count: 5 }],
  });
  expect(await reserve(world, [{ ...intake, count: 1 }])).toMatchObject({
    __typename: 'NoFreeSlot',
    shortfalls: [{ intake: 'SK_I', category: null, free: 0 }],
  });
});

test('an intake that was never declared gives nothing', async () => {
  const facility = newFacility();
  expect(
    await reserve(world, [slotRequest(facility, { category: null, intake: 'SK_II' })]),
  ).toMatchObject({
    __typename: 'NoFreeSlot',
    shortfalls: [{ free: null }],
  });
});

test('stale numbers give nothing, unless the risk is accepted', async () => {
  const facility = await facilityWith(2);
  world.later(DAY_MINUTES);
  expect(await reserve(world, [slotRequest(facility)])).toMatchObject({
    __typename: 'NoFreeSlot',
    message: expect.stringContaining('2 left by numbers that are stale'),
    shortfalls: [{ free: 2, stale: true }],
  });
  expect(await reserve(world, [slotRequest(facility)], { acceptStale: true })).toMatchObject({
    __typename: 'Reservation',
  });
});

test('beds of which nothing is known give nothing, even at every risk', async () => {
  expect(await reserve(world, [slotRequest(newFacility())], { acceptStale: true })).toMatchObject({
    __typename: 'NoFreeSlot',
    message: expect.stringContaining('no numbers known'),
    shortfalls: [{ free: null, stale: true }],
  });
});

test('a refusal names the nearest facilities that have enough left now', async () => {
  const [full] = await facilitiesOf(world, '05315');
  await send(world, report(world, full!, { operable: 1, occupied: 1 }));
  const { data } = await world.request(
    `query ($id: ID!) { facility(id: $id) { position { latitude longitude } } }`,
    { id: full },
  );
  const near = await world.request(
    `query ($near: NearFilter!) { facilities(filter: { near: $near }, first: 10) { nodes { id } } }`,
    { near: { ...data.facility.position, km: 100 } },
  );
  const ids = near.data.facilities.nodes
    .map(({ id }: { id: string }) => id)
    .filter((id: string) => id !== full);
  // The nearest has too few, the third is reserved by another; the rest has enough.
  await sendAll(
    world,
    ids.map((id: string, n: number) =>
      report(world, id, { category: 'BURN', operable: n === 0 ? 1 : 3, occupied: 0 }),
    ),
  );
  await send(world, report(world, full!, { category: 'BURN', operable: 1, occupied: 1 }));
  await reserve(world, [slotRequest(ids[2], { category: 'BURN', count: 2 })]);
  const { shortfalls } = await reserve(world, [slotRequest(full!, { category: 'BURN', count: 2 })]);
  const found = shortfalls[0].alternatives;
  expect(found.map(({ facility }: { facility: { id: string } }) => facility.id)).toEqual([
    ids[1],
    ...ids.slice(3, 7),
  ]);
  expect(found.every(({ free }: { free: number }) => free === 3)).toBe(true);
  const km = found.map((slot: { km: number }) => slot.km);
  expect(km).toEqual([...km].sort((a, b) => a - b));
});

test('for the intake, too, the nearest facilities are named', async () => {
  const [full, near, far] = await facilitiesOf(world, '11', 3);
  for (const [facility, immediate] of [
    [full!, 0],
    [near!, 4],
    [far!, 4],
  ] as const) {
    await declareIntake(world, facility, { category: 'SK_II', immediate });
  }
  const { shortfalls } = await reserve(world, [
    slotRequest(full!, { category: null, intake: 'SK_II', count: 3 }),
  ]);
  const found = shortfalls[0].alternatives.map(
    ({ facility }: { facility: { id: string } }) => facility.id,
  );
  expect(found.sort()).toEqual([near, far].sort());
});

describe('nothing is reserved and the refusal says why', () => {
  const refused = (item: object, changes: object = {}) => reserve(world, [item], changes);

  test.each([
    ['neither beds nor intake', { category: null }, 'category'],
    ['both beds and intake', { intake: 'SK_I' }, 'category'],
    ['a slot for the dead', { category: null, intake: 'EX' }, 'intake'],
    ['no slot at all', { count: 0 }, 'count'],
    ['more slots than any facility has', { count: 5_001 }, 'count'],
  ])('for %s', async (_, changes, field) => {
    expect(await refused(slotRequest(newFacility(), changes))).toMatchObject({
      __typename: 'InvalidReservationItem',
      position: 0,
      field,
    });
  });

  test.each([
    ['now', 0],
    ['in the past', -1],
    ['more than a day ahead', DAY_MINUTES + 1],
  ])('for slots that lapse %s', async (_, minutes) => {
    const until = world.inMinutes(minutes);
    expect(await refused(slotRequest(newFacility()), { until })).toMatchObject({
      __typename: 'ExpiryOutOfRange',
      at: until,
      latest: world.inMinutes(DAY_MINUTES),
    });
  });

  test.each(['00000000-0000-0000-0000-000000000000', 'not an id'])(
    'for a facility that does not exist: %s',
    async (facility) => {
      expect(await refused(slotRequest(facility))).toMatchObject({
        __typename: 'UnknownFacility',
        facilityId: facility,
      });
    },
  );

  test('for a key that was used for another request', async () => {
    const facility = await facilityWith(2);
    const input = reserveInput([slotRequest(facility)]);
    await reserveRaw(world, input);
    const { data } = await reserveRaw(world, {
      ...input,
      items: [slotRequest(facility, { count: 2 })],
    });
    expect(data.reserveBeds).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: 'reserveBeds',
    });
    expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1 });
  });
});

test('a repeated request with the same key gets the result of the first, also after the reservation lapsed', async () => {
  const facility = await facilityWith(1);
  const input = reserveInput([slotRequest(facility)], { until: world.inMinutes(5) });
  const first = (await reserveRaw(world, input)).data.reserveBeds;
  world.later(60);
  const again = (await reserveRaw(world, input)).data.reserveBeds;
  expect(again).toMatchObject({ id: first.id, status: 'LAPSED' });
});

test('the same key with the same input and an origin is a repetition', async () => {
  const facility = await facilityWith(2);
  const input = reserveInput([slotRequest(facility)]);
  const first = (await reserveRaw(world, input)).data.reserveBeds;
  const origin = { area: '05315', approvedBySpoc: true };
  const again = (await reserveRaw(world, { ...input, origin })).data.reserveBeds;
  expect(again).toEqual(first);
  expect(await claimsOf(world, facility)).toMatchObject({ reserved: 1 });
});

test.each([
  ['no item', 0, 'BAD_USER_INPUT'],
  ['10,001 items', 10_001, 'TOO_MUCH'],
])('%s are a fault of the caller', async (_, count, code) => {
  const items = Array.from({ length: count }, () => slotRequest(facilities[0]!));
  const { errors } = await reserveRaw(world, reserveInput(items));
  expect(errors).toMatchObject([{ extensions: { code } }]);
});

describe('who may reserve', () => {
  test.each([
    [
      'the facility itself',
      (facility: string) => ({ role: 'hospital', facilities: [facility] }),
      true,
    ],
    ['a control room of its area', () => ({ role: 'dispatch', areas: ['05'] }), true],
    ['a control room of another area', () => ({ role: 'dispatch', areas: ['09'] }), false],
    ['a single point of contact of its Land', () => ({ role: 'spoc', areas: ['05'] }), true],
    ['a health office, which only reads', () => ({ role: 'health-office', areas: [''] }), false],
  ])('%s', async (_, who, mayReserve) => {
    const [facility] = await facilitiesOf(world, '05');
    await send(world, report(world, facility!, { operable: 50, source: `test ${next++}` }));
    const { data, errors } = await reserveRaw(
      world,
      reserveInput([slotRequest(facility!)]),
      who(facility!),
    );
    if (mayReserve) expect(data.reserveBeds).toMatchObject({ __typename: 'Reservation' });
    else expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('a right at one of two facilities reserves at neither', async () => {
    const [own, other] = [await facilityWith(1), await facilityWith(1)];
    const { errors } = await reserveRaw(
      world,
      reserveInput([slotRequest(own), slotRequest(other)]),
      {
        role: 'hospital',
        facilities: [own],
      },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await claimsOf(world, own)).toMatchObject({ reserved: 0 });
  });
});

test('10,000 items over 600 facilities are one call', async () => {
  const some = (await facilitiesOf(world, '09', 500)).concat(await facilitiesOf(world, '08', 100));
  await sendAll(
    world,
    some.map((facility) => report(world, facility, { category: 'NORMAL_WARD', operable: 40 })),
  );
  const items = Array.from({ length: 10_000 }, (_, n) =>
    slotRequest(some[n % some.length]!, { category: 'NORMAL_WARD' }),
  );
  const { data } = await world.request(
    `mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { __typename
      ... on Reservation { id status } } }`,
    { input: reserveInput(items) },
  );
  expect(data.reserveBeds).toMatchObject({ __typename: 'Reservation', status: 'OPEN' });
  const { rows } = await world.pool.query(
    'SELECT count(*)::int AS count, sum(count)::int AS slots FROM reservation_item WHERE reservation_id = $1',
    [data.reserveBeds.id],
  );
  expect(rows).toEqual([{ count: 10_000, slots: 10_000 }]);
  expect(await transition(world, 'release', data.reserveBeds.id)).toMatchObject({
    status: 'RELEASED',
  });
});
