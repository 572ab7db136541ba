import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';
import { bedsOf, call, giveBeds, primary, register } from '../../testing/transfers.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const BEDS = 50;
const REQUESTS = 200;

test('200 accept at once for 50 beds: 50 are accepted, 150 learn where else, and both subgraphs agree', async () => {
  const [facility, ...others] = await facilitiesIn(world, '05', 8);
  await giveBeds(world, [facility!], BEDS);
  await giveBeds(world, others, 1);
  const patients = await register(world, { incident: await newIncident(world) }, REQUESTS);
  const transfers: any[] = await Promise.all(
    patients.map((patient) => call(world, 'requestTransfer', primary(patient, { to: facility }))),
  );
  const outcomes = await Promise.all(
    transfers.map(({ id }, n) =>
      call(world, 'acceptTransfer', { transfer: id }, staffOf(facility!, `nurse ${n}`)),
    ),
  );

  expect(outcomes.filter(({ status }) => status === 'ACCEPTED')).toHaveLength(BEDS);
  const refusals = outcomes.filter(({ __typename }) => __typename === 'NoSlotLeft');
  expect(refusals).toHaveLength(REQUESTS - BEDS);
  for (const { facility: full, bedCategory, free, alternatives } of refusals) {
    expect({ full, bedCategory, free }).toEqual({
      full: { id: facility },
      bedCategory: 'ICU_UNSPECIFIED',
      free: 0,
    });
    expect(alternatives).toHaveLength(5);
  }
  expect(await bedsOf(world, facility!)).toMatchObject({ free: 0, reserved: BEDS, occupied: 2 });
  const { rows } = await world.pool.query(
    `SELECT status::text, count(*)::int AS transfers, count(DISTINCT reservation_item)::int AS slots
     FROM transfer GROUP BY status ORDER BY status`,
  );
  expect(rows).toEqual([
    { status: 'ACCEPTED', transfers: BEDS, slots: BEDS },
    { status: 'DESTINATION_REQUESTED', transfers: REQUESTS - BEDS, slots: 0 },
  ]);
  const open = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
  expect(open.rowCount).toBe(0);
});

test('two people of a facility who accept the same transfer at once get one slot', async () => {
  const [facility] = await facilitiesIn(world, '09', 1);
  await giveBeds(world, [facility!], 5);
  const [patient] = await register(world, { incident: await newIncident(world) });
  const { id } = await call(world, 'requestTransfer', primary(patient!, { to: facility }));
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((nurse) =>
      call(world, 'acceptTransfer', { transfer: id }, staffOf(facility!, nurse)),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'ACCEPTED').length).toBeGreaterThan(0);
  expect(await bedsOf(world, facility!)).toMatchObject({ free: 4, reserved: 1 });
});

test('the second of two requests for one patient at once is refused with the transfer of the first', async () => {
  const [patient] = await register(world, { incident: await newIncident(world) });
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => call(world, 'requestTransfer', primary(patient!))),
  );
  const [first, ...more] = outcomes.filter(({ __typename }) => __typename === 'Transfer');
  expect(more).toEqual([]);
  const others = outcomes.filter(({ __typename }) => __typename === 'TransferExists');
  expect(others).toHaveLength(9);
  for (const { active } of others) expect(active).toEqual({ id: first.id, status: 'APPROVED' });
});
