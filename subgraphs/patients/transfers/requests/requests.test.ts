import { eachOnce } from '../../../../shared/testing/each-once.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  type PatientsWorld,
  staffOf,
} from '../../testing/patients-world.js';
import { call, callRaw, primary, register } from '../../testing/transfers.js';

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 4);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses. */
const newFacility = eachOnce(() => facilities);
const casualty = async () => (await register(world, { incident }))[0]!;

test('a patient unfit to be moved stays in their facility, and from a scene everybody is carried', async () => {
  const triage = (patient: string, transportable: boolean) =>
    world.request(
      'mutation ($input: TriagePatientInput!) { triagePatient(input: $input) { __typename } }',
      {
        input: {
          patient,
          category: 'SK_I',
          physician: true,
          transportable,
          idempotencyKey: newKey(),
        },
      },
    );
  const [patient] = await register(world, { facility: newFacility() });
  const transferRequest = (kind: string) =>
    call(world, 'requestTransfer', primary(patient!, { kind }));
  await triage(patient!, false);
  for (const kind of ['SECONDARY', 'CAPACITY', 'STRATEGIC', 'EVACUATION']) {
    expect(await transferRequest(kind)).toMatchObject({
      __typename: 'NotTransportable',
      category: 'SK_I',
      message: expect.stringContaining('transportable: true'),
    });
  }
  await triage(patient!, true);
  expect(await transferRequest('SECONDARY')).toMatchObject({ __typename: 'Transfer' });
  const atScene = await casualty();
  await triage(atScene, false);
  expect(await call(world, 'requestTransfer', primary(atScene))).toMatchObject({
    __typename: 'Transfer',
  });
});

test('a facility whose token names an area does not move patients of that area’s control room', async () => {
  const [own, scene] = [newFacility(), await casualty()];
  const facility = { ...staffOf(own), areas: ['05'] };
  // The facility is requested, so that it sees the patient.
  const request = await call(world, 'requestTransfer', primary(scene, { to: own }));
  expect(await call(world, 'requestTransfer', primary(scene), CONTROL_ROOM)).toMatchObject({
    active: { id: request.id },
  });
  const { errors } = await callRaw(world, 'requestTransfer', primary(scene), facility);
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
