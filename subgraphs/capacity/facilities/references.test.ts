import { randomUUID } from 'node:crypto';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { report, send } from '../testing/reports.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

interface Site {
  id: string;
  site_number: string;
  ik: string;
}

/** Returns the sites of an operator whose number of sites fits. */
async function sitesOfOne(count: (n: number) => boolean): Promise<Site[]> {
  const { rows } = await world.pool.query<Site>(
    'SELECT id, site_number, ik FROM facility WHERE ik IS NOT NULL ORDER BY site_number',
  );
  const sitesWith = (ik: string) => rows.filter((row) => row.ik === ik);
  return sitesWith(rows.find(({ ik }) => count(sitesWith(ik).length))!.ik);
}
const facility = (id: string) =>
  world.request('query ($id: ID!) { facility(id: $id) { id } }', { id });
const declareLevel = async (named: string) => {
  const { data, errors } = await world.request(
    `mutation ($input: DeclareCareLevelInput!) { outcome: declareCareLevel(input: $input) {
      __typename ... on Facility { id } ... on UnknownFacility { facilityId }
      ... on AmbiguousFacility { message reference sites { id siteNumber } } } }`,
    {
      input: {
        facility: named,
        level: 'COMPENSATED',
        reason: 'staff is ill',
        idempotencyKey: randomUUID(),
      },
    },
  );
  expect(errors).toBeUndefined();
  return data.outcome;
};

test('a site number names a facility in queries, mutations, bulks and subscriptions', async () => {
  const [site] = await sitesOfOne((n) => n > 1);
  const named = `site:${site!.site_number}`;
  expect((await facility(named)).data.facility).toEqual({ id: site!.id });
  expect(await declareLevel(named)).toEqual({ __typename: 'Facility', id: site!.id });
  const { data } = await world.request(
    `mutation ($input: ReportCapacitiesInput!) { reportCapacities(input: $input) { __typename } }`,
    { input: { reports: [report(world, named)] } },
  );
  expect(data.reportCapacities).not.toBeNull();
  const watch = await world.watch(
    'subscription ($facility: ID, $after: String) { capacityChanged(facility: $facility, after: $after) { facility { id } } }',
    { facility: named, after: await world.cursor() },
  );
  world.later(1);
  await send(world, report(world, site!.id, { occupied: 7 }));
  expect((await watch.next()).value!.data!['capacityChanged'].facility.id).toBe(site!.id);
  await watch.return!();
});

test('an IK names the facility where exactly one site has it', async () => {
  const [site] = await sitesOfOne((n) => n === 1);
  expect((await facility(`ik:${site!.ik}`)).data.facility).toEqual({ id: site!.id });
  expect(await declareLevel(`ik:${site!.ik}`)).toEqual({ __typename: 'Facility', id: site!.id });
});

test('an IK of several sites is refused, and the refusal names them', async () => {
  const sites = await sitesOfOne((n) => n > 1);
  const named = `ik:${sites[0]!.ik}`;
  expect(await declareLevel(named)).toEqual({
    __typename: 'AmbiguousFacility',
    message: expect.stringContaining(`${sites.length} sites`),
    reference: named,
    sites: sites.map(({ id, site_number: siteNumber }) => ({ id, siteNumber })),
  });
  const { errors } = await facility(named);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test.each(['site:000000', 'ik:000000000'])(
  'a reference that names no facility is unknown: %s',
  async (named) => {
    expect(await declareLevel(named)).toEqual({ __typename: 'UnknownFacility', facilityId: named });
    expect((await facility(named)).data.facility).toBeNull();
  },
);

test.each(['772997', 'site:77299', 'site:7729970', 'SITE:772997', 'ik:26'])(
  'a text that is no reference is read as an id: %s',
  async (id) => {
    expect(await declareLevel(id)).toEqual({ __typename: 'UnknownFacility', facilityId: id });
  },
);

test('a repeated call may name the facility differently', async () => {
  const [site] = await sitesOfOne((n) => n === 1);
  const input = {
    level: 'STANDARD',
    reason: 'all are back',
    idempotencyKey: randomUUID(),
  };
  for (const named of [site!.id, `site:${site!.site_number}`, `ik:${site!.ik}`]) {
    const { data } = await world.request(
      `mutation ($input: DeclareCareLevelInput!) { declareCareLevel(input: $input) { __typename } }`,
      { input: { ...input, facility: named } },
    );
    expect(data.declareCareLevel).toEqual({ __typename: 'Facility' });
  }
});
