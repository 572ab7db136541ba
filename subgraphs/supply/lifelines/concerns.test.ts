import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MINUTES, HOUR_MS } from '../../../shared/time/rules.js';
import { reportOccupied } from '../testing/beds.js';
import { facilitiesIn } from '../testing/facilities.js';
import { itemNamed } from '../testing/items.js';
import { fuel, listLifelines, report } from '../testing/lifelines.js';
import { book } from '../testing/stocks.js';
import {
  staffOf,
  CLOCK_MS,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
let diesel: string;
const newFacility = eachOnce(() => facilities);
beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05', 40);
  diesel = await itemNamed(world, 'Diesel');
});
afterAll(() => world.close());

/** Lifelines of a facility with what a person must look at of them. */
const lifelinesOf = async (facility: string, who?: TestIdentity) =>
  (
    await world.request(
      `query ($facility: ID!) { _entities(representations: [{ __typename: "Facility", id: $facility }]) { ... on Facility {
        lifelines { kind stock limitsBeds concerns hoursRemaining
          reports(first: 3) { source method observedAt stock load supplied nextDelivery { quantity } inForce } } } } }`,
      { facility },
      who,
    )
  ).data._entities[0].lifelines;
const concernsOf = async (facility: string) => (await lifelinesOf(facility))[0].concerns;

/** Why limits of a facility stand for review in capacity, once every declaration has reached it. */
async function reasonsOf(facility: string) {
  for (;;) {
    world.later(1 / 6);
    await world.elapse(CLOCK_MS);
    const { rowCount } = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
    if (rowCount === 0) break;
  }
  const { data } = await world.capacity.request(
    `{ sustainabilityToReview(area: "", first: 500) { nodes { cause reasons facility { id } } } }`,
    {},
    { role: 'crisis-staff', areas: [''], subject: 'test' },
  );
  const nodes = data.sustainabilityToReview.nodes as any[];
  return nodes
    .filter((node) => node.facility.id === facility)
    .map(({ cause, reasons }) => [cause, ...reasons]);
}

// Three nights that were thought through by hand before the rules were written:
// - somebody types 100,000 l for 10,000 l: it counts, and stands for review, because nothing explains it;
// - a lorry brings 20,000 l, somebody reads the gauge, and the receipt is booked half an hour later: for half an hour it stands for review;
// - the load is reported as 100 instead of 300: the same fuel lasts three times as long, and stands for review.
describe('a level that rises', () => {
  test('to ten times what was expected counts at once and stands for review, for a day', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility));
    world.later(30);
    const typed = await report(world, fuel(world, facility, { stock: 100_000 }));
    expect(typed).toMatchObject({ __typename: 'Lifeline', stock: 100_000, hoursRemaining: 1_000 });
    expect(await concernsOf(facility)).toEqual(['SUDDEN_RISE']);
    expect(await reasonsOf(facility)).toEqual([['POWER', 'SUDDEN_RISE']]);
    world.later(DAY_MINUTES);
    expect(await concernsOf(facility)).toEqual([]);
  });

  test('back to what was there some minutes before takes a fall back, and is no rise', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility));
    world.later(3);
    await report(world, fuel(world, facility, { stock: 1_000 }));
    expect(await concernsOf(facility)).toEqual(['SUDDEN_FALL']);
    world.later(3);
    await report(world, fuel(world, facility, { stock: 9_990 }));
    expect(await concernsOf(facility)).toEqual([]);
  });

  test('is explained by the receipt that is booked afterwards', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility));
    world.later(30);
    await report(world, fuel(world, facility, { stock: 29_900 }));
    expect(await concernsOf(facility)).toEqual(['SUDDEN_RISE']);
    expect(await reasonsOf(facility)).toEqual([['POWER', 'SUDDEN_RISE']]);
    world.later(30);
    await book(world, { facility, item: diesel, unit: 'LITRE', quantity: 20_000 });
    expect(await concernsOf(facility)).toEqual([]);
    expect(await reasonsOf(facility)).toEqual([]);
  });

  test.each<[string, object, object, string[]]>([
    ['by a delivery that was announced', { nextDelivery: { at: 1, quantity: 90_000 } }, {}, []],
    ['before it was due', { nextDelivery: { at: 9, quantity: 90_000 } }, {}, ['SUDDEN_RISE']],
    ['to just double', {}, { stock: 19_800 }, []],
    ['by the first own word after an estimate', { method: 'ESTIMATED' }, {}, []],
  ])('%s', async (_, before, after, expected) => {
    const facility = newFacility();
    const { nextDelivery, ...rest } = before as { nextDelivery?: { at: number } };
    const delivery = nextDelivery && { ...nextDelivery, at: world.inMinutes(nextDelivery.at * 60) };
    await report(world, fuel(world, facility, { ...rest, nextDelivery: delivery }));
    world.later(60);
    await report(world, fuel(world, facility, { stock: 99_000, ...after }));
    const { concerns } = (await lifelinesOf(facility))[0];
    expect(concerns.filter((one: string) => one === 'SUDDEN_RISE')).toEqual(expected);
  });

  test('above any tank is refused, and stores nothing', async () => {
    const facility = newFacility();
    const refused = await report(world, fuel(world, facility, { stock: 500_001 }));
    expect(refused).toMatchObject({ __typename: 'ImplausibleLevel', maximum: 500_000 });
    expect(await lifelinesOf(facility)).toEqual([]);
  });

  test('is no rise where batteries are charged by the grid', async () => {
    const facility = newFacility();
    const battery = { kind: 'IT', unit: 'KILOWATT_HOUR', load: 1 };
    await report(world, fuel(world, facility, { ...battery, stock: 10 }));
    world.later(60);
    await report(world, fuel(world, facility, { ...battery, stock: 90, supplied: true }));
    expect(await concernsOf(facility)).toEqual([]);
  });
});

test('a load that drops by more than half stands for review, and one by half does not', async () => {
  const [half, more] = [newFacility(), newFacility()];
  for (const one of [half, more]) await report(world, fuel(world, one, { load: 300 }));
  world.later(10);
  await report(world, fuel(world, half, { load: 150 }));
  await report(world, fuel(world, more, { load: 100 }));
  expect(await concernsOf(half)).toEqual([]);
  expect(await concernsOf(more)).toEqual(['LOAD_DROPPED']);
  expect(await reasonsOf(more)).toEqual([['POWER', 'LOAD_DROPPED']]);
  await report(world, fuel(world, more, { load: 300 }));
  expect(await concernsOf(more)).toEqual([]);
});

describe('sources', () => {
  test('that disagree are shown beside each other, with the one in force, and are listed', async () => {
    const facility = newFacility();
    const gauge = { ...staffOf(facility), subject: 'gauge' };
    await report(world, fuel(world, facility, { source: 'dipstick', stock: 5_000 }));
    world.later(10);
    await report(
      world,
      fuel(world, facility, { source: 'gauge', stock: 9_000, method: 'DEVICE' }),
      gauge,
    );
    expect((await lifelinesOf(facility))[0]).toMatchObject({
      stock: 9_000,
      concerns: ['SOURCES_CONTRADICT'],
      reports: [
        { source: 'gauge', method: 'DEVICE', stock: 9_000, load: 100, inForce: true },
        { source: 'dipstick', method: 'REPORTED', stock: 5_000, inForce: false },
      ],
    });
    const { nodes } = await listLifelines(world, { concerns: ['SOURCES_CONTRADICT'] });
    expect(nodes).toMatchObject([{ facility: { id: facility } }]);
    expect(await reasonsOf(facility)).toEqual([['POWER', 'SOURCES_CONTRADICT']]);
    world.later(10);
    await report(world, fuel(world, facility, { source: 'dipstick', stock: 8_900 }));
    expect(await concernsOf(facility)).toEqual([]);
    expect(await reasonsOf(facility)).toEqual([]);
  });

  test('contradict each other also where one does not count: the grid that the facility says is off', async () => {
    const facility = newFacility();
    const grid = {
      facility,
      kind: 'MAINS_POWER',
      source: 'hospital',
      observedAt: world.inMinutes(0),
    };
    await report(world, { ...grid, supplied: false }, staffOf(facility));
    const operator = { ...grid, source: 'grid operator', method: 'IMPORTED', supplied: true };
    world.later(60);
    const outcome = await report(world, { ...operator, observedAt: world.inMinutes(0) });
    expect(outcome.__typename).toBe('LifelineReportNotCounted');
    expect(await concernsOf(facility)).toEqual(['SOURCES_CONTRADICT']);
    world.later(6 * 60);
    expect(await concernsOf(facility)).toEqual([]);
  });

  test.each<[string, object, number, string[]]>([
    ['within the tolerance', { stock: 7_600 }, 0, []],
    ['beyond it', { stock: 7_400 }, 0, ['SOURCES_CONTRADICT']],
    ['as the level was drawn on', { stock: 10_000 }, 300, []],
    ['that is no longer fresh', { stock: 1_000 }, 361, []],
    ['that is modelled', { stock: 1_000, method: 'MODELLED' }, 0, []],
  ])('%s', async (_, other, minutes, expected) => {
    const facility = newFacility();
    await report(world, fuel(world, facility, { source: 'other', ...other }));
    world.later(minutes);
    const drawn = 10_000 - (minutes === 300 ? 500 : 0);
    await report(world, fuel(world, facility, { stock: drawn }));
    const concerns: string[] = await concernsOf(facility);
    expect(concerns.filter((one) => one === 'SOURCES_CONTRADICT')).toEqual(expected);
  });

  test('are seen by those who see the lifeline, and by nobody else', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility));
    for (const who of [
      staffOf(newFacility()),
      { role: 'crisis-staff', areas: ['09'] },
    ] as TestIdentity[]) {
      expect(await lifelinesOf(facility, who)).toEqual([]);
    }
    expect((await lifelinesOf(facility, staffOf(facility)))[0].reports).toHaveLength(1);
  });
});

describe('a level with a load that nobody reported', () => {
  test('limits no bed, and stands for review with what to report until the load is known', async () => {
    const facility = newFacility();
    await world.pool.query(
      `INSERT INTO occupancy (facility_id, intensive, intensive_beds, ward_beds) VALUES ($1, 0, 20, 400)
       ON CONFLICT (facility_id) DO UPDATE SET intensive_beds = 20, ward_beds = 400`,
      [facility],
    );
    await report(world, fuel(world, facility, { stock: 400, load: null }));
    expect((await lifelinesOf(facility))[0]).toMatchObject({
      limitsBeds: false,
      concerns: ['LOAD_ASSUMED'],
    });
    expect(await reasonsOf(facility)).toEqual([['POWER', 'LOAD_ASSUMED']]);
    world.later(1);
    await report(world, fuel(world, facility, { stock: 400, load: 10 }));
    expect(await concernsOf(facility)).toEqual([]);
    expect(await reasonsOf(facility)).toEqual([]);
  });

  test('of oxygen limits the beds by the part of the demand that the facility reported', async () => {
    const facility = newFacility();
    await reportOccupied(world, facility, 40, {
      category: 'INTERMEDIATE_CARE',
      method: 'MODELLED',
    });
    await reportOccupied(world, facility, 10);
    const oxygen = { kind: 'LIQUID_OXYGEN', unit: 'CUBIC_METRE', stock: 180, load: null };
    await report(world, fuel(world, facility, oxygen));
    const [lifeline] = await lifelinesOf(facility);
    expect(lifeline).toMatchObject({ limitsBeds: true, concerns: ['LOAD_ASSUMED'] });
    expect(lifeline.hoursRemaining).toBeCloseTo(180 / 32.4, 2);
    const observedAt = world.clock.now.getTime();
    const [[cause, ...reasons]] = (await reasonsOf(facility)) as [string[]];
    expect([cause, reasons.includes('LOAD_ASSUMED')]).toEqual(['OXYGEN', true]);
    const { rows } = await world.capacity.pool.query(
      `SELECT DISTINCT from_at AS from FROM sustainable_beds WHERE facility_id = $1 AND NOT modelled`,
      [facility],
    );
    expect(rows.map(({ from }) => (from - observedAt) / HOUR_MS)).toEqual([10]);
  });
});
