import { randomUUID } from 'node:crypto';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MINUTES, HOUR_MS } from '../../../shared/time/rules.js';
import { facilitiesIn } from '../testing/facilities.js';
import { itemNamed } from '../testing/items.js';
import { untilDone } from '../testing/jobs.js';
import { fuel, report } from '../testing/lifelines.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { receiveLitres, requestLitres, send } from '../testing/requests.js';
import { book, bookAllRaw, bookRaw, booking } from '../testing/stocks.js';
import { MOVEMENTS_OF_FACILITIES } from './statements.js';
import { staffOf, CLOCK_MS, supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
let supplier: string;
let diesel: string;
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05', 100);
  supplier = await newOrganisation(world);
  diesel = await itemNamed(world, 'Diesel');
});
afterAll(() => world.close());

const litres = (facility: string, quantity: number, changes: object = {}) => ({
  facility,
  item: diesel,
  kind: 'RECEIPT' as const,
  quantity,
  unit: 'LITRE' as const,
  ...changes,
});
const lifelineOf = async (facility: string, kind = 'GENERATOR_FUEL') => {
  const { data } = await world.request(
    `{ lifelines(filter: { area: "05", kind: ${kind} }, first: 500) { nodes {
      stock moved hoursRemaining failsAt status facility { id } nextDelivery { quantity } provenance { observedAt } } } }`,
  );
  return data.lifelines.nodes.find(
    (one: { facility: { id: string } }) => one.facility.id === facility,
  );
};

/** A shipment of diesel to a facility that is on its way. */
async function shipmentTo(facility: string, quantity: number): Promise<string> {
  await receiveLitres(world, { organisation: supplier }, diesel, quantity);
  const { lines } = await requestLitres(world, { facility, item: diesel, quantity });
  const who = { ...supplierOf(supplier), areas: ['05'], subject: supplier };
  const part = { quantity, unit: 'LITRE' };
  const commitment = { line: lines[0].id, organisation: supplier, ...part };
  const { id } = await send(world, 'commitSupply', commitment, who);
  return (await send(world, 'dispatchShipment', { commitment: id, ...part }, who)).id;
}
const receive = (facility: string, shipment: string, quantity: number, changes: object = {}) =>
  send(
    world,
    'receiveShipment',
    { shipment, quantity, unit: 'LITRE', ...changes },
    staffOf(facility),
  );

/** The last declaration for a bed of intensive care in capacity. */
const declared = async (facility: string) =>
  (
    await world.capacity.pool.query<{ beds: number | null; from: Date }>(
      `SELECT beds, from_at AS from FROM sustainability_declaration
       WHERE facility_id = $1 AND category = 'ICU_HIGH_CARE' ORDER BY observed_at DESC LIMIT 1`,
      [facility],
    )
  ).rows[0];
/** The events of a lifeline, the oldest first. */
const topicsOf = async (id: string) =>
  (await world.eventsOf({ entity: id })).map(({ topic }) => topic.replace('supply.lifeline-', ''));

describe('a delivery that a facility receives', () => {
  test('moves the hour of failure of a level that was reported three hours before', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 600, observedAt: world.inMinutes(-180) }));
    expect(await lifelineOf(facility)).toMatchObject({ stock: 300, hoursRemaining: 3, moved: 0 });
    const shipment = await shipmentTo(facility, 2_000);
    expect(await lifelineOf(facility)).toMatchObject({ stock: 300 });
    expect(await receive(facility, shipment, 2_000)).toMatchObject({ received: 2_000 });
    expect(await lifelineOf(facility)).toMatchObject({
      stock: 2_300,
      moved: 2_000,
      hoursRemaining: 23,
      failsAt: world.inMinutes(23 * 60),
      provenance: { observedAt: world.inMinutes(-180) },
    });
  });

  test('is contained in a report of five minutes later, which counts as it says', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 300 }));
    world.later(1);
    await receive(facility, await shipmentTo(facility, 2_000), 2_000);
    world.later(5);
    await report(world, fuel(world, facility, { stock: 2_290 }));
    expect(await lifelineOf(facility)).toMatchObject({ stock: 2_290, moved: 0 });
  });

  test('is added to a report that was observed before it and arrives after it', async () => {
    const facility = newFacility();
    await book(world, litres(facility, 2_000));
    await report(world, fuel(world, facility, { stock: 350, observedAt: world.inMinutes(-30) }));
    expect(await lifelineOf(facility)).toMatchObject({ stock: 2_300, moved: 2_000 });
    await report(world, fuel(world, facility, { stock: 325, observedAt: world.inMinutes(-15) }));
    expect(await lifelineOf(facility)).toMatchObject({ stock: 2_300, moved: 2_000 });
  });

  test('is not added to a report that shows it already, booked after it without its time', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 400 }));
    world.later(60);
    await report(world, fuel(world, facility, { stock: 2_300 }));
    world.later(6);
    await receive(facility, await shipmentTo(facility, 2_000), 2_000);
    expect(await lifelineOf(facility)).toMatchObject({ stock: 2_290, moved: 0 });
    // A report from before the lorry that arrives only now is not newer, and changes nothing either.
    await report(world, fuel(world, facility, { stock: 310, observedAt: world.inMinutes(-10) }));
    expect(await lifelineOf(facility)).toMatchObject({ stock: 2_290 });
  });

  test('is not added to a later report if it says when it arrived', async () => {
    const facility = newFacility();
    const shipment = await shipmentTo(facility, 2_000);
    world.later(20);
    await report(world, fuel(world, facility, { stock: 2_300 }));
    world.later(60);
    await receive(facility, shipment, 2_000, { arrivedAt: world.inMinutes(-70) });
    expect(await lifelineOf(facility)).toMatchObject({ stock: 2_200, moved: 0 });
  });

  test.each([
    ['before it was dispatched', -1],
    ['in the future', 6],
  ])('is refused where it arrived %s', async (_, minutes) => {
    const facility = newFacility();
    const shipment = await shipmentTo(facility, 10);
    const refused = await receive(facility, shipment, 10, { arrivedAt: world.inMinutes(minutes) });
    expect(refused).toMatchObject({ __typename: 'SupplyTimeOutOfRange' });
    expect(refused.message).toContain('arrivedAt lies between');
  });

  test('is subtracted from what was expected, so that no litre counts twice', async () => {
    const facility = newFacility();
    const nextDelivery = { at: world.inMinutes(120), quantity: 2_000 };
    await report(world, fuel(world, facility, { stock: 1_000, nextDelivery }));
    expect(await lifelineOf(facility)).toMatchObject({ hoursRemaining: 30 });
    world.later(60);
    await book(world, litres(facility, 1_500));
    const partly = await lifelineOf(facility);
    expect(partly).toMatchObject({ hoursRemaining: 29, nextDelivery: { quantity: 500 } });
    await book(world, litres(facility, 500));
    expect(await lifelineOf(facility)).toMatchObject({ hoursRemaining: 29, nextDelivery: null });
  });

  test('counts once where the call is repeated, and not at all where it is refused', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 300 }));
    world.later(1);
    const key = randomUUID();
    await bookRaw(world, litres(facility, 2_000), undefined, key);
    await bookRaw(world, litres(facility, 2_000), undefined, key);
    await book(world, litres(facility, 5_000, { kind: 'ISSUE' }));
    expect((await lifelineOf(facility)).moved).toBe(2_000);
  });

  test('of many facilities at once moves the hour of each', async () => {
    const some = Array.from({ length: 5 }, newFacility);
    for (const one of some) await report(world, fuel(world, one, { stock: 300 }));
    world.later(1);
    const calls = some.map((_, n) =>
      bookAllRaw(
        world,
        [...some.slice(n), ...some.slice(0, n)].map((one) => booking(litres(one, 100))),
      ),
    );
    for (const { errors } of await Promise.all(calls)) expect(errors).toBeUndefined();
    for (const one of some) expect((await lifelineOf(one)).moved).toBe(500);
  });
});

describe('a receipt that was mistyped', () => {
  const correct = (facility: string, quantity: number) =>
    book(world, litres(facility, quantity, { kind: 'CORRECTION', reason: 'mistyped' }));

  test('is reversed by its correction, and leaves no hour that nobody has', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 300 }));
    world.later(1);
    await book(world, litres(facility, 20_000));
    world.later(59);
    await correct(facility, -18_000);
    expect(await lifelineOf(facility)).toMatchObject({
      stock: expect.closeTo(2_200, 3),
      moved: 2_000,
    });
    const { rows } = await world.pool.query('SELECT fell_at FROM lifeline WHERE facility_id = $1', [
      facility,
    ]);
    expect(rows).toEqual([{ fell_at: null }]);
    // A report that was observed before the receipt and arrives now is increased by what is left of it.
    await report(
      world,
      fuel(world, facility, { stock: 310, observedAt: world.inMinutes(-60 + 0.5) }),
    );
    expect((await lifelineOf(facility)).moved).toBe(2_000);
  });

  test('is reversed at most as it was booked, and never below nothing', async () => {
    const facility = newFacility();
    await book(world, litres(facility, 5_000));
    world.later(1);
    await report(world, fuel(world, facility, { stock: 5_000 }));
    world.later(60);
    await book(world, litres(facility, 500));
    await correct(facility, -3_000);
    expect(await lifelineOf(facility)).toMatchObject({
      stock: expect.closeTo(4_900, 3),
      moved: 0,
    });
  });

  test.each([
    ['was contained in a later report', 10, true],
    ['was booked more than a day ago', DAY_MINUTES + 1, false],
  ])('stays where it %s', async (_, minutes, isReported) => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 300, load: 1 }));
    world.later(1);
    await book(world, litres(facility, 2_000));
    world.later(minutes);
    if (isReported) await report(world, fuel(world, facility, { stock: 300, load: 1 }));
    const { stock } = await lifelineOf(facility);
    await correct(facility, -1_800);
    expect((await lifelineOf(facility)).stock).toBe(stock);
  });
});

describe('the effect of bookings', () => {
  test('oxygen issued from the pharmacy to a ward stays in the facility, and what is passed on does not', async () => {
    const [facility, neighbour] = [newFacility(), newFacility()];
    const item = await itemNamed(world, 'Oxygen, cylinder of 50 l');
    const oxygen = { kind: 'BOTTLED_OXYGEN', unit: 'CUBIC_METRE', stock: 200, load: 10 };
    await report(world, fuel(world, facility, oxygen));
    await report(world, fuel(world, neighbour, oxygen));
    world.later(1);
    const bottles = { facility, item, unit: 'PIECE' as const, reason: 'test' };
    await book(world, { ...bottles, kind: 'RECEIPT', quantity: 20 });
    expect((await lifelineOf(facility, 'BOTTLED_OXYGEN')).moved).toBe(200);
    await book(world, { ...bottles, kind: 'ISSUE', quantity: 4 });
    await book(world, { ...bottles, kind: 'COUNT', quantity: 10 });
    await book(world, { ...bottles, kind: 'CORRECTION', quantity: 3 });
    expect((await lifelineOf(facility, 'BOTTLED_OXYGEN')).moved).toBe(200);
    await book(world, { ...bottles, kind: 'RELOCATION', quantity: 5, toFacility: neighbour });
    expect((await lifelineOf(facility, 'BOTTLED_OXYGEN')).moved).toBe(150);
    expect((await lifelineOf(neighbour, 'BOTTLED_OXYGEN')).moved).toBe(50);
  });

  test.each([
    ['Oxygen, liquid', 'LITRE', 'LIQUID_OXYGEN', 'CUBIC_METRE', 853],
    ['Drinking water', 'CUBIC_METRE', 'WATER', 'CUBIC_METRE', 1_000],
    ['Meal', 'PIECE', 'FOOD', 'PORTION', 1_000],
    ['Heating oil', 'LITRE', 'HEAT', 'KILOWATT_HOUR', 10_000],
    ['Red cell concentrate, A Rh positive', 'PIECE', 'BLOOD', 'BLOOD_UNIT', 1_000],
    ['Medical air', 'PIECE', 'COMPRESSED_AIR', 'CUBIC_METRE', 9_500],
  ] as const)('1,000 of %s in %s are so much of %s', async (name, unit, kind, ofKind, moved) => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { kind, unit: ofKind, stock: 100, load: 1 }));
    world.later(1);
    const item = await itemNamed(world, name);
    await book(world, { facility, item, unit, kind: 'RECEIPT', quantity: 1_000 });
    expect((await lifelineOf(facility, kind)).moved).toBe(moved);
    const { data } = await world.request(
      `{ item(id: "${item}") { feeds { kind quantity unit } } }`,
    );
    expect(data.item.feeds).toEqual({ kind, unit: ofKind, quantity: moved / 1_000 });
  });

  test('petrol feeds no generator, and fuel in the store of a supplier no facility', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 300 }));
    world.later(1);
    await book(world, litres(facility, 500, { item: await itemNamed(world, 'Petrol') }));
    await receiveLitres(world, { organisation: supplier }, diesel, 500);
    expect((await lifelineOf(facility)).moved).toBe(0);
  });
});

describe('the consequences of a delivery', () => {
  test('capacity learns the later hour, and nothing any more where it lies beyond a day', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 300 }));
    await untilDone(world);
    expect(await declared(facility)).toMatchObject({ beds: 0 });
    world.later(1);
    const before = await lifelineOf(facility);
    await receive(facility, await shipmentTo(facility, 1_000), 1_000);
    await untilDone(world);
    const from = new Date(new Date(before.failsAt).getTime() + 10 * HOUR_MS);
    expect(await declared(facility)).toEqual({ beds: 0, from });
    await receive(facility, await shipmentTo(facility, 2_000), 2_000);
    await untilDone(world);
    expect(await declared(facility)).toMatchObject({ beds: null });
  });

  test('those who watch are notified of the rise, and of the thresholds again at the next fall', async () => {
    const facility = newFacility();
    const { id } = await report(world, fuel(world, facility, { stock: 700 }));
    world.later(61);
    await world.elapse(CLOCK_MS);
    const watch = await world.watch(
      'subscription ($facility: ID) { lifelineChanged(facility: $facility, below: 6) { lifeline { hoursRemaining } } }',
      { facility },
    );
    await book(world, litres(facility, 1_000));
    const risen = (await watch.next()).value!.data!['lifelineChanged'].lifeline;
    expect(risen.hoursRemaining).toBeCloseTo(16, 1);
    world.later(11 * 60);
    await world.elapse(CLOCK_MS);
    expect(await topicsOf(id)).toEqual([
      'threshold-passed',
      'threshold-passed',
      'changed',
      'threshold-passed',
    ]);
  });

  test('a modelled level rises, and still limits no bed', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { stock: 300, method: 'MODELLED' }));
    world.later(1);
    await book(world, litres(facility, 1_000));
    await untilDone(world);
    expect((await lifelineOf(facility)).moved).toBe(1_000);
    expect(await declared(facility)).toBeUndefined();
  });
});

test('thousands of bookings are judged by a bounded number of rows, and lose nothing', async () => {
  const facility = newFacility();
  await world.pool.query(
    `INSERT INTO lifeline_movement (booking_id, facility_id, kind, quantity, at)
     SELECT gen_random_uuid(), $1, 'GENERATOR_FUEL', 1, $2::timestamptz - n * '1 second'::interval FROM generate_series(1, 5000) n`,
    [facility, world.clock.now],
  );
  const { rows } = await world.pool.query<{ quantity: number }>({
    ...MOVEMENTS_OF_FACILITIES,
    values: [[facility], new Date(world.clock.now.getTime() - 6 * HOUR_MS), 500],
  });
  expect(rows.length).toBeLessThan(520);
  expect(rows.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(5_000);
  const observedAt = new Date(world.clock.now.getTime() - 3 * HOUR_MS).toISOString();
  await report(
    world,
    fuel(world, facility, { stock: 1_000, load: 0, supplied: false, observedAt }),
  );
  expect(await lifelineOf(facility)).toMatchObject({ stock: 6_000, moved: 5_000 });
});
