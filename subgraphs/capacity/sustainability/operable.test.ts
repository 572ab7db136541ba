import { backToStart } from '../../../shared/testing/back-to-start.js';
import type { CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf, report, send } from '../testing/reports.js';
import { inHours, requestAs, sustainabilityWorld } from '../testing/sustainability.js';

let world: CapacityWorld;
let facility: string;
let restart: () => Promise<void>;
beforeAll(async () => {
  world = await sustainabilityWorld();
  restart = await backToStart(world);
});
beforeEach(async () => {
  await restart();
  [facility] = (await facilitiesOf(world, '05315', 1)) as [string];
});
afterAll(() => world.close());

const QUERY = `query ($facility: ID!, $at: DateTime!) {
  facility(id: $facility) { operableBeds(at: $at) { category operable } } }`;
const operableAt = async (hours: number, category = 'ICU_HIGH_CARE') => {
  const variables = { facility, at: inHours(world, hours) };
  const { data, errors } = await requestAs(world, 'supply', QUERY, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  const beds: { category: string; operable: number }[] = data.facility.operableBeds;
  return beds.find((one) => one.category === category)?.operable;
};
const reported = (operable: number, hours: number, changes: object = {}) =>
  send(
    world,
    report(world, facility, {
      category: 'ICU_HIGH_CARE',
      operable,
      occupied: 0,
      observedAt: inHours(world, hours),
      ...changes,
    }),
  );

test('the report in force at an instant counts, whatever was reported after it', async () => {
  await reported(10, -3);
  await reported(8, -1);
  expect([await operableAt(-4), await operableAt(-2), await operableAt(0)]).toEqual([
    undefined,
    10,
    8,
  ]);
});

test('a report that arrives late counts for the instants after it was observed', async () => {
  await reported(8, -1);
  await reported(10, -3);
  expect([await operableAt(-2), await operableAt(0)]).toEqual([10, 8]);
});

test("the facility's own word of that time counts before a modelled number", async () => {
  await reported(10, -4);
  await reported(20, -3, { method: 'MODELLED', source: 'a model' });
  await reported(8, -1);
  expect(await operableAt(-2)).toBe(10);
});

test('a category that does not count now is left out', async () => {
  await reported(10, -3);
  expect(await operableAt(-1, 'ECMO')).toBeUndefined();
});

test('no client may read it', async () => {
  const variables = { facility, at: inHours(world, 0) };
  for (const role of ['crisis-staff', 'service', 'hospital']) {
    const { errors } = await world.request(QUERY, variables, { role, areas: [''] });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
});
