import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { modelBeds } from '../testing/beds.js';
import { LIFELINE } from '../testing/lifelines.js';
import { CLOCK_MS, supplyWorld, type SupplyWorld } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld({ modelled: true });
});
afterAll(() => world.close());

/** Everything that capacity says of free beds. */
const freeBeds = async () =>
  (
    await world.capacity.request(
      '{ facilities(first: 100, filter: { area: "05315" }) { nodes { id beds { category free overcommitted } } } }',
    )
  ).data.facilities.nodes;

test('a hub that nobody reports to keeps its free beds for a month, and its modelled stocks renew themselves', async () => {
  const { rows } = await world.pool.query(
    `SELECT id FROM facility WHERE area = '05315' ORDER BY site_number LIMIT 20`,
  );
  await modelBeds(
    world,
    rows.map(({ id }) => id),
  );
  const before = await freeBeds();
  for (let day = 0; day < 30; day += 5) {
    world.later(5 * DAY_MINUTES);
    await world.elapse(CLOCK_MS);
  }
  expect(await freeBeds()).toEqual(before);
  expect((await world.pool.query('SELECT FROM job')).rowCount).toBe(0);
  const { rows: due } = await world.pool.query('SELECT FROM lifeline WHERE next_check_at <= $1', [
    world.clock.now,
  ]);
  expect(due).toEqual([]);
  // A model is read as of now, whether the clock has stored its deliveries or not.
  world.later(5 * DAY_MINUTES);
  const ofHospitals = await Promise.all(
    rows.map(async ({ id }) => {
      const { data } = await world.request(
        `query ($id: ID!) { _entities(representations: [{ __typename: "Facility", id: $id }]) {
          ... on Facility { lifelines { ${LIFELINE} } } } }`,
        { id },
      );
      return data._entities[0].lifelines;
    }),
  );
  const lifelines = ofHospitals.flat();
  expect(lifelines).toHaveLength(20 * 11);
  for (const { status, limitsBeds, provenance } of lifelines) {
    expect(['SUPPLIED', 'SUFFICIENT']).toContain(status);
    expect({ limitsBeds, method: provenance.method }).toEqual({
      limitsBeds: false,
      method: 'MODELLED',
    });
  }
  const failing = lifelines.filter((one: any) => one.hoursRemaining !== null);
  expect(failing.map((one: any) => one.kind).sort()).toEqual(
    ['BLOOD', 'FOOD', 'LIQUID_OXYGEN'].flatMap((kind) => Array<string>(20).fill(kind)),
  );
});

test('clinics of which no source names beds have what every clinic needs, and no oxygen, air and blood', async () => {
  const { rows } = await world.pool.query(
    `SELECT o.kind, array_agg(DISTINCT l.kind::text ORDER BY l.kind::text) AS kinds, count(DISTINCT l.facility_id)::int AS clinics
     FROM lifeline l JOIN occupancy o USING (facility_id) WHERE o.intensive_beds = 0 GROUP BY o.kind ORDER BY o.kind`,
  );
  const kinds = ['FOOD', 'GENERATOR_FUEL', 'HEAT', 'IT', 'MAINS_POWER', 'RADIO', 'WATER'];
  expect(rows).toEqual([
    { kind: 'PSYCHIATRIC_HOSPITAL', kinds, clinics: expect.any(Number) },
    { kind: 'REHABILITATION_CLINIC', kinds, clinics: 17 },
    { kind: 'SPECIALIST_CLINIC', kinds, clinics: expect.any(Number) },
  ]);
});

test('it stays modelled where the grid is reported to fail: fuel falls, and no bed leaves the plan', async () => {
  const { rows } = await world.pool.query(
    `SELECT facility_id AS id FROM lifeline JOIN occupancy USING (facility_id)
     WHERE lifeline.kind = 'GENERATOR_FUEL' AND intensive_beds > 0 LIMIT 1`,
  );
  const before = await freeBeds();
  await world.request(
    'mutation ($input: ReportLifelineInput!) { reportLifeline(input: $input) { __typename } }',
    {
      input: {
        facility: rows[0].id,
        kind: 'MAINS_POWER',
        supplied: false,
        source: 'test',
        observedAt: world.clock.now.toISOString(),
      },
    },
  );
  const { rows: fuel } = await world.pool.query(
    `SELECT supplied, method, fails_at AS "failsAt" FROM lifeline WHERE facility_id = $1 AND kind = 'GENERATOR_FUEL'`,
    [rows[0].id],
  );
  expect(fuel[0]).toEqual({ supplied: false, method: 'MODELLED', failsAt: expect.any(Date) });
  world.later(30 * DAY_MINUTES);
  await world.elapse(CLOCK_MS);
  expect(await freeBeds()).toEqual(before);
});
