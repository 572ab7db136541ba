import { facilitiesIn } from '../testing/facilities.js';
import { fuel, report } from '../testing/lifelines.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

const COLOGNE: TestIdentity = { role: 'crisis-staff', areas: ['05315'] };
const lorry = (id: string, changes: object = {}) => ({
  id,
  litres: 10_000,
  position: { latitude: 50.94, longitude: 6.96 },
  availableFrom: world.clock.now.toISOString(),
  ...changes,
});
const planRaw = (input: object, who = COLOGNE) =>
  world.request(
    `mutation ($input: PlanRefuellingInput!) { planRefuelling(input: $input) { __typename ... on InvalidVehicle { field }
      ... on RefuellingPlan { plannedAt bedsKept bedsKeptAtMost facilitiesKept facilitiesKeptAtMost
        runs { vehicleId litresLeft stops { facility { id } arrivesAt litres failsAt lastsUntil inTime intensiveBeds } }
        toDecide { facility { id } reason observedAt intensiveBeds }
        failing { facility { id } failsAt helpArrivesAt intensiveBeds } } } }`,
    { input },
    who,
  );

test('a plan serves those of the area whose fuel runs out, and leaves out those that are supplied', async () => {
  const [first, second, supplied] = await facilitiesIn(world, '05315', 3);
  const [elsewhere] = await facilitiesIn(world, '09162', 1);
  await report(world, fuel(world, second!, { stock: 900 }));
  await report(world, fuel(world, first!, { stock: 500 }));
  await report(world, fuel(world, supplied!, { stock: 100, supplied: true }));
  await report(world, fuel(world, elsewhere!, { stock: 100 }));
  const before = await world.eventCount();
  const { data } = await planRaw({ area: '05315', vehicles: [lorry('a')] });
  const { runs, ...plan } = data.planRefuelling;
  expect(runs).toMatchObject([
    {
      vehicleId: 'a',
      litresLeft: 10_000 - 2 * 2_400,
      stops: [
        { facility: { id: first }, litres: 2_400, inTime: true },
        { facility: { id: second }, litres: 2_400, inTime: true },
      ],
    },
  ]);
  expect(plan).toMatchObject({ facilitiesKept: 2, facilitiesKeptAtMost: 2, failing: [] });
  expect(await world.eventCount()).toBe(before);
});

test('a facility that nobody reaches in time is named', async () => {
  const [first] = await facilitiesIn(world, '05315', 1);
  const availableFrom = world.inHours(20);
  const { data } = await planRaw({ area: '05315', vehicles: [lorry('a', { availableFrom })] });
  expect(data.planRefuelling.failing[0]).toMatchObject({
    facility: { id: first },
    helpArrivesAt: expect.any(String),
  });
});

test('a facility that fails before help arrives is named with its hour and the time of the help, if any', async () => {
  const [near, far] = await facilitiesIn(world, '05334', 2);
  const staff: TestIdentity = { role: 'crisis-staff', areas: ['05334'] };
  await report(world, fuel(world, near!, { stock: 100 }));
  await report(world, fuel(world, far!, { stock: 200 }));
  const availableFrom = world.inHours(5);
  const late = lorry('a', { availableFrom, litres: 700 });
  const { data } = await planRaw({ area: '05334', vehicles: [late] }, staff);
  const { runs, ...plan } = data.planRefuelling;
  const hour = (hours: number) => world.inHours(hours);
  expect(plan).toMatchObject({
    toDecide: [],
    bedsKept: 0,
    facilitiesKept: 0,
    facilitiesKeptAtMost: 0,
    failing: [
      { facility: { id: near }, failsAt: hour(1), helpArrivesAt: expect.any(String) },
      { facility: { id: far }, failsAt: hour(2), helpArrivesAt: null },
    ],
  });
  expect(plan.failing[0].helpArrivesAt > hour(5)).toBe(true);
  expect(runs[0].stops).toMatchObject([{ facility: { id: near }, inTime: false, litres: 600 }]);
});

test('facilities without an hour are listed first, for a person to decide on, each with its reason', async () => {
  const [failed, unknown, still, unreported, supplied, idle] = await facilitiesIn(world, '11', 6);
  const staff: TestIdentity = { role: 'crisis-staff', areas: ['11'] };
  const mains = (facility: string, on: boolean) =>
    report(world, {
      facility,
      kind: 'MAINS_POWER',
      supplied: on,
      source: 'test',
      observedAt: world.clock.now.toISOString(),
    });
  const none = { stock: 0, load: 0, supplied: false };
  expect(await report(world, fuel(world, failed!, none))).toMatchObject({ status: 'FAILED' });
  await report(world, fuel(world, unknown!, { stock: undefined, supplied: false, load: 100 }));
  await report(world, fuel(world, still!, { stock: 5_000, load: 0, supplied: false }));
  await mains(unreported!, false);
  await report(world, fuel(world, supplied!, { stock: 0, load: undefined, supplied: true }));
  await mains(idle!, true);
  const { data } = await planRaw({ area: '11', vehicles: [lorry('a')] }, staff);
  const { toDecide } = data.planRefuelling;
  const reasons = new Map(toDecide.map((one: any) => [one.facility.id, one.reason]));
  expect(reasons).toEqual(
    new Map([
      [failed, 'GENERATORS_FAILED'],
      [unknown, 'FUEL_UNKNOWN'],
      [still, 'NOTHING_DRAWN'],
      [unreported, 'FUEL_UNKNOWN'],
    ]),
  );
  expect(toDecide[0]).toMatchObject({
    facility: { id: failed },
    intensiveBeds: expect.any(Number),
  });
});

test('an implausible vehicle is refused', async () => {
  const { data } = await planRaw({ area: '05315', vehicles: [lorry('a', { litres: -1 })] });
  expect(data.planRefuelling).toEqual({
    __typename: 'InvalidVehicle',
    field: 'vehicles[0].litres',
  });
});

test.each<[string, TestIdentity]>([
  ['crisis staff of another area', { role: 'crisis-staff', areas: ['09'] }],
  ['a control room', { role: 'dispatch', areas: ['05315'] }],
])('%s may not plan', async (_, who) => {
  const { errors } = await planRaw({ area: '05315', vehicles: [lorry('a')] }, who);
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
