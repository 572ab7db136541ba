import { facilitiesIn, newIncident } from './testing/casualties.js';
import { patientsWorld, type PatientsWorld } from './testing/patients-world.js';
import { call, giveBeds, primary, register, transferOf } from './testing/transfers.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

test('the clock still does for the others what it cannot do for one thing', async () => {
  const facilities = await facilitiesIn(world, '05', 1);
  await giveBeds(world, facilities, 1);
  const incident = await newIncident(world);
  await register(world, { incident }, 1, { category: 'SK_IV', physician: true });
  const [patient] = await register(world, { incident });
  const { id } = await call(world, 'requestTransfer', primary(patient!, { to: facilities[0] }));
  const { data } = await world.request('{ patientsCursor }');
  const watch = await world.watch(
    `subscription ($after: String) { transferChanged(after: $after) { transfer { id escalated } } }`,
    { after: data.patientsCursor },
  );
  // No patient can be marked as published any more, so publishing due triages fails every time.
  await world.pool.query(
    'ALTER TABLE patient ADD CONSTRAINT untold CHECK (NOT retriage_told) NOT VALID',
  );
  world.later(31);
  const { value } = await watch.next();
  expect(value!.data!['transferChanged'].transfer).toEqual({ id, escalated: true });
  expect((await transferOf(world, id)).status).toBe('DESTINATION_REQUESTED');
  await watch.return!();
});
