import { facilitiesOf, fuel, report } from '../testing/lifelines.js';
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
    `mutation ($input: PlanRefuellingInput!) { planRefuelling(input: $input) { __typename ... on ImplausibleVehicle { field }
      ... on RefuellingPlan { plannedAt bedsKept bedsKeptAtMost facilitiesKept facilitiesKeptAtMost
        runs { vehicleId litresLeft stops { facility { id } arrivesAt litres failsAt lastsUntil inTime intensiveBeds } }
        failing { facility { id } failsAt helpArrivesAt intensiveBeds } } } }`,
    { input },
    who,
  );

test('a plan serves those of the area whose fuel runs out, and leaves out those that are supplied', async () => {
  const [first, second, supplied] = await facilitiesOf(world, '05315', 3);
  const [elsewhere] = await facilitiesOf(world, '09162', 1);
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
  const [first] = await facilitiesOf(world, '05315', 1);
  const availableFrom = new Date(world.clock.now.getTime() + 20 * 3_600_000).toISOString();
  const { data } = await planRaw({ area: '05315', vehicles: [lorry('a', { availableFrom })] });
  expect(data.planRefuelling.failing[0]).toMatchObject({
    facility: { id: first },
    helpArrivesAt: expect.any(String),
  });
});

test('an implausible vehicle is refused', async () => {
  const { data } = await planRaw({ area: '05315', vehicles: [lorry('a', { litres: -1 })] });
  expect(data.planRefuelling).toEqual({
    __typename: 'ImplausibleVehicle',
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
