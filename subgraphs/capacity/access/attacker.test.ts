import { eachOnce } from '../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { capacityWorld, type CapacityWorld, type TestIdentity } from '../testing/capacity-world.js';
import { searchRaw } from '../testing/facility-search.js';
import { facilitiesOf, report, send } from '../testing/reports.js';
import {
  declareIntake,
  RESERVATION,
  reserve,
  reserveInput,
  reserveRaw,
  transitionRaw,
  transition,
  slotRequest,
} from '../testing/reservations.js';

let world: CapacityWorld;
let facilities: string[];
beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, AREA, 250);
});
afterAll(() => world.close());

const AREA = '05';
const newFacility = eachOnce(() => facilities);
/** A facility that takes that many SK_I. */
const admitting = async (immediate: number) => {
  const facility = newFacility();
  await declareIntake(world, facility, { immediate });
  return facility;
};
const casualty = (facility: string) => slotRequest(facility, { category: null, intake: 'SK_I' });

/** Everyone who must not learn of a single casualty at a facility that is not theirs. */
const ATTACKERS: [string, () => TestIdentity][] = [
  ['another hospital', () => ({ role: 'hospital', facilities: [facilities.at(-1)!] })],
  ['a hospital whose token names the area', () => ({ role: 'hospital', areas: [AREA] })],
  ['a SPoC of the Kleeblatt', () => ({ role: 'spoc', areas: [AREA] })],
  ['a SPoC of all of Germany', () => ({ role: 'spoc', areas: [''] })],
  ['a health office of the area', () => ({ role: 'health-office', areas: [''] })],
  ['a chamber', () => ({ role: 'chamber', areas: [''] })],
  ['a supplier', () => ({ role: 'supplier', areas: [''] })],
  ['a supplier that names the facility', () => ({ role: 'supplier', facilities })],
  ['family information', () => ({ role: 'family-information', areas: [''] })],
  ['a machine of a partner', () => ({ role: 'service', areas: [''] })],
];
const READERS = ATTACKERS.filter(([name]) => /hospital|SPoC|machine/.test(name));

/** All that an attacker can read of a facility, and of every list in which it stands or a reservation of it could. */
async function readingOf(facility: string, who: TestIdentity): Promise<unknown> {
  const filter = (area: string) => ({ area, intake: ['SK_I'], acceptStale: true });
  const intake = await world.request(
    `query ($id: ID!) { facility(id: $id) { beds { category reserved free overcommitted held }
      intake { category limit reserved free immediate source } } }`,
    { id: facility },
    who,
  );
  const lists = await Promise.all(
    ['', '05', await kreisOf(facility)].map((area) =>
      searchRaw(world, filter(area), { first: 500 }, who),
    ),
  );
  const reservations = await Promise.all(
    [{}, { facility }, { area: '05' }, { keeping: true }, { keeping: false }].map((narrow) =>
      world.request(
        `query ($filter: ReservationFilter) { reservations(filter: $filter, first: 500) {
          totalCount pageInfo { hasNextPage endCursor } nodes { ${RESERVATION} createdBy } } }`,
        { filter: narrow },
        who,
      ),
    ),
  );
  return { intake, lists, reservations };
}
const kreisOf = async (facility: string) =>
  (await world.pool.query('SELECT area FROM facility WHERE id = $1', [facility])).rows[0]
    .area as string;

describe.each(ATTACKERS)('%s', (_, who) => {
  test('reads the same before, while and after a facility’s last slot is reserved', async () => {
    const facility = await admitting(1);
    const before = await readingOf(facility, who());
    const { id } = await reserve(world, [casualty(facility)]);
    expect(await readingOf(facility, who())).toEqual(before);
    await transition(world, 'confirm', id);
    expect(await readingOf(facility, who())).toEqual(before);
    await transition(world, 'redeem', id);
    expect(await readingOf(facility, who())).toEqual(before);
  });

  test('cannot distinguish a facility that is full from one that is empty', async () => {
    const [full, empty] = [await admitting(2), await admitting(2)];
    await reserve(world, [casualty(full), casualty(full)]);
    const intakeOf = async (id: string) =>
      (
        await world.request(
          `query ($id: ID!) { facility(id: $id) { intake { category limit reserved free } } }`,
          { id },
          who(),
        )
      ).data.facility.intake;
    expect(await intakeOf(full)).toEqual(await intakeOf(empty));
    expect(await intakeOf(full)).toEqual([
      { category: 'SK_I', limit: 2, reserved: null, free: null },
    ]);
    const { data } = await searchRaw(
      world,
      { area: AREA, intake: ['SK_I'] },
      { first: 500, leftOut: 1 },
      who(),
    );
    const positionOf = (id: string) =>
      data.places.nodes.find(({ facility }: { facility: { id: string } }) => facility.id === id)
        .intake;
    expect(positionOf(full)).toEqual(positionOf(empty));
    expect(positionOf(full)).toMatchObject([
      { usable: null, limit: 2, reserved: null, free: null },
    ]);
  });

  test('is sent nothing at the time a casualty comes, live or from a cursor', async () => {
    const facility = await admitting(1);
    const after = await world.cursor();
    const WATCH = `subscription ($after: String) { capacityChanged(after: $after) { at facility { id } } }`;
    const live = await world.watch(WATCH, { after }, who());
    const { id } = await reserve(world, [casualty(facility)]);
    await transition(world, 'confirm', id);
    await transition(world, 'release', id);
    const other = newFacility();
    await send(world, report(world, other));
    const resumed = await world.watch(WATCH, { after }, who());
    for (const watch of [live, resumed]) {
      expect((await watch.next()).value!.data!['capacityChanged'].facility.id).toBe(other);
      await watch.return!();
    }
  });
});

describe.each(READERS)('%s', (_, who) => {
  test('receives no reservation but its own', async () => {
    const own = facilities.at(-1)!;
    const after = await world.cursor();
    const watch = await world.watch(
      `subscription ($after: String) { reservationChanged(after: $after) { reservation { id } } }`,
      { after },
      who(),
    );
    const { id } = await reserve(world, [casualty(await admitting(1))]);
    await transition(world, 'release', id);
    await declareIntake(world, own, { immediate: 50 });
    const mine = await reserve(world, [casualty(own)], {
      origin: { area: AREA, approvedBySpoc: true },
    });
    if (who().facilities || who().role === 'spoc') {
      const { data } = (await watch.next()).value!;
      expect(data!['reservationChanged'].reservation.id).toBe(mine.id);
    }
    await watch.return!();
  });

  test('gets the same result for a reservation that is hidden and one that is missing', async () => {
    const { id, items } = await reserve(world, [casualty(await admitting(1))]);
    for (const step of ['confirm', 'redeem', 'release'] as const) {
      for (const named of [undefined, [items[0].id]]) {
        const [hidden, none] = await Promise.all(
          [id, UNKNOWN_ID].map((reservation) =>
            transitionRaw(world, step, { reservation, items: named }, who()),
          ),
        );
        expect(JSON.stringify(hidden).replaceAll(id, UNKNOWN_ID)).toBe(JSON.stringify(none));
      }
    }
    const read = (one: string) =>
      world.request('query ($id: ID!) { reservation(id: $id) { status } }', { id: one }, who());
    expect(await read(id)).toEqual(await read(UNKNOWN_ID));
  });
});

test.each([
  ['health office', { role: 'health-office', areas: [''] }],
  ['supplier', { role: 'supplier', areas: [''] }],
])('a %s reads no reservations at all', async (_, who) => {
  const { errors } = await world.request('{ reservations { totalCount } }', {}, who);
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test.each<[string, TestIdentity]>([
  ['SPoC', { role: 'spoc', areas: [AREA] }],
  ['machine of a partner', { role: 'service', areas: [''] }],
])('a %s cannot find out by reserving what is left of an intake', async (_, who) => {
  const [full, empty] = [await admitting(1), await admitting(1)];
  await reserve(world, [casualty(full)]);
  const probe = async (facility: string) =>
    JSON.stringify(await reserveRaw(world, reserveInput([casualty(facility)]), who));
  expect(await probe(full)).toBe(await probe(empty));
  expect(await probe(full)).toContain('FORBIDDEN');
});

test('a hospital that is refused is not shown what is left elsewhere', async () => {
  const [own, full, empty] = [await admitting(0), await admitting(1), await admitting(1)];
  await reserve(world, [casualty(full)]);
  const { data } = await reserveRaw(world, reserveInput([casualty(own)]), {
    role: 'hospital',
    facilities: [own],
  });
  const [{ free, alternatives }] = data.reserveBeds.shortfalls;
  expect(free).toBe(0);
  expect(alternatives.map((one: { free: number | null }) => one.free)).toEqual(
    alternatives.map(() => null),
  );
  const control = await reserveRaw(world, reserveInput([casualty(own)]), {
    role: 'dispatch',
    areas: [AREA],
  });
  const exact = control.data.reserveBeds.shortfalls[0].alternatives;
  expect(exact.every((one: { free: number | null }) => one.free! > 0)).toBe(true);
  expect([full, empty]).toHaveLength(2);
});

describe('a reservation over two facilities in two areas', () => {
  let id: string;
  let here: string;
  let there: string;
  beforeAll(async () => {
    here = newFacility();
    [there] = (await facilitiesOf(world, '14', 1)) as [string];
    for (const facility of [here, there]) await declareIntake(world, facility, { immediate: 9 });
    const origin = { area: '06411' };
    ({ id } = await reserve(world, [casualty(here), casualty(there)], { origin }));
    const { items } = (
      await world.request(`query ($id: ID!) { reservation(id: $id) { items { id } } }`, { id })
    ).data.reservation;
    await transition(world, 'redeem', id, { items: [items[1].id] });
  });
  const seenBy = async (who: TestIdentity, filter: object = {}) => {
    const { data } = await world.request(
      `query ($filter: ReservationFilter) { reservations(filter: $filter, first: 500) { totalCount
        nodes { id status items { facility { id } } } } }`,
      { filter },
      who,
    );
    const { nodes, totalCount } = data.reservations;
    expect(totalCount).toBe(nodes.length);
    return nodes.find((node: { id: string }) => node.id === id);
  };
  const itemsOf = (node: any) => node.items.map(({ facility }: any) => facility.id);

  test.each([
    [
      'the facility that waits',
      () => ({ role: 'hospital', facilities: [here] }),
      'OPEN',
      () => [here],
    ],
    [
      'the facility that has them',
      () => ({ role: 'hospital', facilities: [there] }),
      'REDEEMED',
      () => [there],
    ],
    ['the control room of one', () => ({ role: 'dispatch', areas: ['05'] }), 'OPEN', () => [here]],
    [
      'the staff of the other',
      () => ({ role: 'crisis-staff', areas: ['14'] }),
      'REDEEMED',
      () => [there],
    ],
    [
      'the control room of the scene',
      () => ({ role: 'dispatch', areas: ['06411'] }),
      'OPEN',
      () => [here, there],
    ],
    [
      'the staff around the scene',
      () => ({ role: 'crisis-staff', areas: ['06'] }),
      'OPEN',
      () => [here, there],
    ],
  ])('%s sees its own part, with the status of that part', async (_, who, status, facilities) => {
    const node = await seenBy(who());
    expect(node.status).toBe(status);
    expect(itemsOf(node)).toEqual(facilities());
  });

  test('no filter shows a facility where else its reservation has slots', async () => {
    const who = { role: 'hospital', facilities: [here] };
    expect(await seenBy(who, { facility: there })).toBeUndefined();
    expect(await seenBy(who, { area: '14' })).toBeUndefined();
    expect(await seenBy(who, { area: '05' })).toBeDefined();
    expect(await seenBy(who, { keeping: true })).toBeDefined();
    const other = { role: 'hospital', facilities: [there] };
    expect(await seenBy(other, { keeping: true })).toBeUndefined();
    expect(await seenBy(other, { keeping: false })).toBeDefined();
  });

  test('nested, overlapping and complementary areas of a stranger add up to nothing', async () => {
    const stranger = { role: 'dispatch', areas: ['09'] };
    for (const area of ['', '0', '05', '14', '06'].filter((each) => each.length !== 1)) {
      expect(await seenBy(stranger, { area })).toBeUndefined();
    }
    expect(await seenBy({ role: 'spoc', areas: [''] })).toBeUndefined();
  });
});

test.each<[string, (facility: string) => TestIdentity]>([
  ['the facility itself', (facility) => ({ role: 'hospital', facilities: [facility] })],
  ['a machine of the facility', (facility) => ({ role: 'service', facilities: [facility] })],
  ['a control room anywhere', () => ({ role: 'dispatch', areas: ['09162'] })],
  ['crisis staff anywhere', () => ({ role: 'crisis-staff', areas: ['09'] })],
])('%s sees exactly what is left of an intake', async (_, who) => {
  const facility = await admitting(2);
  await reserve(world, [casualty(facility)]);
  const { data } = await world.request(
    `query ($id: ID!) { facility(id: $id) { intake { limit reserved free } } }`,
    { id: facility },
    who(facility),
  );
  expect(data.facility.intake).toEqual([{ limit: 2, reserved: 1, free: 1 }]);
  await reserve(world, [casualty(facility)]);
  const search = await searchRaw(
    world,
    { area: AREA, intake: ['SK_I'] },
    { leftOut: 500 },
    who(facility),
  );
  const left = search.data.places.leftOut.nodes.find((one: any) => one.facility.id === facility);
  expect(left.reasons).toMatchObject([
    { code: 'NO_PLACE_LEFT', message: 'The intake of SK_I is 2, and 2 are reserved.' },
  ]);
});

test('the slots of a SPoC’s own transfers are seen by it, those of clinical ones are not', async () => {
  const facility = newFacility();
  await send(world, report(world, facility, { category: 'BURN', operable: 5, occupied: 0 }));
  const burn = slotRequest(facility, { category: 'BURN' });
  const spoc = { role: 'spoc', areas: ['14'] };
  const origin = (approvedBySpoc: boolean) => ({ area: '14612', approvedBySpoc });
  const strategic = await reserve(world, [burn], { kind: 'STRATEGIC', origin: origin(true) });
  const clinical = await reserve(world, [burn], { kind: 'STRATEGIC', origin: origin(false) });
  const read = async (id: string) =>
    (
      await world.request(
        'query ($id: ID!) { reservation(id: $id) { id createdBy } }',
        { id },
        spoc,
      )
    ).data.reservation;
  expect(await read(strategic.id)).toMatchObject({ id: strategic.id });
  expect(await read(clinical.id)).toBeNull();
});
