import { LIFELINE } from '../testing/lifelines.js';
import { supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

const CLOCK_MS = 1_000;
const OCCUPANCY_MS = 3_000;

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld({ modelled: true });
});
afterAll(() => world.close());

async function reportBeds(facilities: string[]) {
  const reports = facilities.map((facility) => ({
    ...{ facility, category: 'ICU_UNSPECIFIED', operable: 10, occupied: 6, source: 'register' },
    ...{ method: 'MODELLED', observedAt: world.clock.now.toISOString() },
  }));
  await world.capacity.request(
    'mutation ($reports: [ReportCapacityInput!]!) { reportCapacities(input: { reports: $reports }) { outcomes { __typename } } }',
    { reports },
    { role: 'crisis-staff', areas: [''], subject: 'test' },
  );
}

/** Everything that capacity says of free beds. */
const freeBeds = async () =>
  (
    await world.capacity.request(
      '{ facilities(first: 100, filter: { area: "05315" }) { nodes { id beds { category free overcommitted } } } }',
    )
  ).data.facilities.nodes;

test('a hub that nobody reports to keeps its free beds for 30 days, and its modelled stocks renew themselves', async () => {
  const { rows } = await world.pool.query(
    `SELECT id FROM facility WHERE area = '05315' ORDER BY site_number LIMIT 20`,
  );
  await reportBeds(rows.map(({ id }) => id));
  await world.elapse(OCCUPANCY_MS);
  await world.elapse(OCCUPANCY_MS);
  const before = await freeBeds();
  for (let day = 0; day < 30; day++) {
    world.later(24 * 60);
    await world.elapse(CLOCK_MS);
  }
  expect(await freeBeds()).toEqual(before);
  expect((await world.pool.query('SELECT FROM job')).rowCount).toBe(0);
  const { data } = await world.request(`{ lifelines(first: 500) { nodes { ${LIFELINE} } } }`);
  expect(data.lifelines.nodes).toHaveLength(20 * 11);
  for (const { status, limitsBeds, provenance } of data.lifelines.nodes) {
    expect(['SUPPLIED', 'SUFFICIENT']).toContain(status);
    expect({ limitsBeds, method: provenance.method }).toEqual({
      ...{ limitsBeds: false, method: 'MODELLED' },
    });
  }
  const failing = data.lifelines.nodes.filter((one: any) => one.hoursRemaining !== null);
  expect(failing.map((one: any) => one.kind).sort()).toEqual(
    ['BLOOD', 'FOOD', 'LIQUID_OXYGEN'].flatMap((kind) => Array<string>(20).fill(kind)),
  );
});

test('it stays modelled where the grid is reported to fail: fuel falls, and no bed leaves the plan', async () => {
  const { rows } = await world.pool.query(
    `SELECT facility_id AS id FROM lifeline WHERE kind = 'GENERATOR_FUEL' LIMIT 1`,
  );
  const before = await freeBeds();
  await world.request(
    'mutation ($input: ReportLifelineInput!) { reportLifeline(input: $input) { __typename } }',
    {
      input: {
        ...{ facility: rows[0].id, kind: 'MAINS_POWER', supplied: false, source: 'test' },
        observedAt: world.clock.now.toISOString(),
      },
    },
  );
  const { rows: fuel } = await world.pool.query(
    `SELECT supplied, method, fails_at AS "failsAt" FROM lifeline WHERE facility_id = $1 AND kind = 'GENERATOR_FUEL'`,
    [rows[0].id],
  );
  expect(fuel[0]).toEqual({ supplied: false, method: 'MODELLED', failsAt: expect.any(Date) });
  world.later(30 * 24 * 60);
  await world.elapse(CLOCK_MS);
  expect(await freeBeds()).toEqual(before);
});
