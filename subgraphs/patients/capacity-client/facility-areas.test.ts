import pg from 'pg';
import { facilitiesIn, newPatient, COLOGNE, MUNICH } from '../testing/casualties.js';
import { patientsWorld, type PatientsWorld, type TestIdentity } from '../testing/patients-world.js';

const HERE: TestIdentity = { role: 'crisis-staff', areas: [COLOGNE] };
const THERE: TestIdentity = { role: 'crisis-staff', areas: [MUNICH] };
const HOURS = 60;

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
  world.later(23 * HOURS);
  expect(await mayRegister(HERE)).toBe(true);
  world.later(2 * HOURS);
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
  world.later(100 * 24 * HOURS);
  expect(await mayRegister(HERE)).toBe(true);
  expect(await mayRegister(THERE)).toBe(false);
});
