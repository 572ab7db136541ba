import pg from 'pg';
import { DAY_MINUTES, HOUR_MINUTES } from '../../../shared/time/rules.js';
import { casualty, facilitiesIn, newPatient, COLOGNE, MUNICH } from '../testing/casualties.js';
import { patientsWorld, type PatientsWorld, type TestIdentity } from '../testing/patients-world.js';

const HERE: TestIdentity = { role: 'crisis-staff', areas: [COLOGNE] };
const THERE: TestIdentity = { role: 'crisis-staff', areas: [MUNICH] };

let world: PatientsWorld;
let facility: string;
beforeEach(async () => {
  world = await patientsWorld();
  [facility] = (await facilitiesIn(world, COLOGNE, 1)) as [string];
});
afterEach(() => world.close());

/** Moves the facility in capacity's database, as a new edition of the reference data does. */
async function moveTo(area: string) {
  const client = new pg.Client({ connectionString: world.databases.capacity.url });
  await client.connect();
  await client.query('UPDATE facility SET area = $1 WHERE id = $2', [area, facility]);
  await client.end();
}

const mayRegister = (who: TestIdentity) =>
  newPatient(world, { facility }, {}, who).then(
    () => true,
    () => false,
  );

test('rights follow a facility to another Kreis within a day', async () => {
  expect(await mayRegister(HERE)).toBe(true);
  await moveTo(MUNICH);
  world.later(23 * HOUR_MINUTES);
  expect(await mayRegister(HERE)).toBe(true);
  world.later(2 * HOUR_MINUTES);
  expect(await mayRegister(THERE)).toBe(true);
  expect(await mayRegister(HERE)).toBe(false);
});

test('rights follow at once where an older hub stored the Kreis without the instant', async () => {
  expect(await mayRegister(HERE)).toBe(true);
  await moveTo(MUNICH);
  await world.pool.query('UPDATE facility_place SET kept_at = NULL');
  expect(await mayRegister(THERE)).toBe(true);
});

test('the stored Kreis decides while capacity is unavailable, however old it is', async () => {
  expect(await mayRegister(HERE)).toBe(true);
  await world.stopCapacity();
  world.later(100 * DAY_MINUTES);
  expect(await mayRegister(HERE)).toBe(true);
  expect(await mayRegister(THERE)).toBe(false);
});

describe('a facility that is named by its site number or IK', () => {
  let site: { siteNumber: string; ik: string };
  const capacityRows = async <Row>(text: string, values: unknown[]): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: world.databases.capacity.url });
    await client.connect();
    const { rows } = await client.query(text, values);
    await client.end();
    return rows as Row[];
  };
  beforeEach(async () => {
    [site] = (await capacityRows(
      'SELECT site_number AS "siteNumber", ik FROM facility WHERE id = $1',
      [facility],
    )) as [typeof site];
  });
  const locationOf = async (named: string) => {
    const patient = await newPatient(world, { facility: named }, {}, HERE);
    const { data } = await world.request(
      `query ($id: ID!) { patient(id: $id) { location { facility { id } } } }`,
      { id: patient },
      HERE,
    );
    return data.patient.location.facility.id as string;
  };

  test('is found, and by its site number also while capacity is unavailable', async () => {
    expect(await locationOf(`site:${site.siteNumber}`)).toBe(facility);
    await world.stopCapacity();
    world.later(100 * DAY_MINUTES);
    expect(await locationOf(`site:${site.siteNumber}`)).toBe(facility);
  });

  test('cannot be found for the first time while capacity is unavailable', async () => {
    await world.stopCapacity();
    await expect(locationOf(`site:${site.siteNumber}`)).rejects.toThrow();
  });

  test('is refused where several sites have the IK, and the refusal names them', async () => {
    const sites = await capacityRows<{ id: string }>(
      `UPDATE facility SET ik = '260000001' WHERE id = $1 OR site_number IN ('772997') RETURNING id`,
      [facility],
    );
    const { data, errors } = await world.request(
      `mutation ($input: RegisterCasualtiesInput!) { registerCasualties(input: $input) {
        __typename ... on AmbiguousFacility { reference sites { id } } } }`,
      {
        input: {
          facility: 'ik:260000001',
          idempotencyKey: 'once',
          casualties: [casualty()],
        },
      },
      HERE,
    );
    expect(errors).toBeUndefined();
    expect(data.registerCasualties).toMatchObject({
      __typename: 'AmbiguousFacility',
      reference: 'ik:260000001',
    });
    expect(data.registerCasualties.sites).toHaveLength(sites.length);
  });
});
