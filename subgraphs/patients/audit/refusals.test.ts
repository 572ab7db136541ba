import { randomUUID } from 'node:crypto';
import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import { entriesBy } from '../testing/audit.js';
import { DISPATCH, newIncident, newKey } from '../testing/casualties.js';
import { accepted, openFacilities, requested } from '../testing/journeys.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../testing/patients-world.js';
import { giveBeds, primary, register, reservedAt } from '../testing/transfers.js';

let world: PatientsWorld;
let incident: string;
let facility: string;
beforeAll(async () => {
  world = await patientsWorld();
  incident = await newIncident(world);
  [facility] = (await openFacilities(world, 1)) as [string];
});
afterAll(() => world.close());

/** Calls a mutation as a new person; returns the outcome and the audit entries of the call. */
async function refused(name: string, input: object, who: TestIdentity, selection = '__typename') {
  const reader = { ...who, subject: randomUUID() };
  const type = inputTypeOf(name);
  const { data, errors } = await world.request(
    `mutation ($input: ${type}!) { outcome: ${name}(input: $input) { ${selection} } }`,
    { input: { idempotencyKey: newKey(), ...input } },
    reader,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const entries = await entriesBy(world, reader.subject);
  return { outcome: data.outcome, entries };
}

const about = (patient: string, field: string) => [
  { action: 'READ', field, patients: [patient], count: 1, criteria: null },
];
const casualty = async (where: object = { incident }) => (await register(world, where))[0]!;

describe('a refusal that discloses something of a patient is recorded, even if only its name is read', () => {
  test('NotAtScene: the patient is in a facility', async () => {
    const patient = await casualty({ facility });
    const { outcome, entries } = await refused(
      'requestTransfer',
      primary(patient),
      staffOf(facility),
    );
    expect(outcome.__typename).toBe('NotAtScene');
    expect(entries).toMatchObject(about(patient, 'requestTransfer'));
  });

  test('AlreadyThere: the patient is in the facility', async () => {
    const patient = await casualty({ facility });
    const transferRequest = primary(patient, { kind: 'SECONDARY', to: facility });
    const { outcome, entries } = await refused(
      'requestTransfer',
      transferRequest,
      staffOf(facility),
    );
    expect(outcome.__typename).toBe('AlreadyThere');
    expect(entries).toMatchObject(about(patient, 'requestTransfer'));
  });

  test('AlreadyThere of a transfer names its patient and the transfer', async () => {
    const transfer = await requested(world, incident, facility);
    const { outcome, entries } = await refused(
      'requestDestination',
      { transfer, to: facility },
      DISPATCH,
    );
    expect(outcome.__typename).toBe('AlreadyThere');
    expect(entries).toMatchObject([{ field: 'requestDestination', count: 1, transfer }]);
  });

  test('TransferExists: the message alone', async () => {
    const transfer = await requested(world, incident, facility);
    const { data } = await world.request(
      'query ($id: ID!) { transfer(id: $id) { patient { id } } }',
      { id: transfer },
      DISPATCH,
    );
    const patient = data.transfer.patient.id as string;
    const { outcome, entries } = await refused(
      ...(['requestTransfer', primary(patient), DISPATCH] as const),
      '... on Refusal { message }',
    );
    expect(outcome.message).toContain(transfer);
    expect(entries).toMatchObject(about(patient, 'requestTransfer'));
  });

  test('TagInUse: several in one call are one entry', async () => {
    const tags = [newKey(), newKey()];
    const wearers: string[] = [];
    for (const tag of tags) wearers.push((await register(world, { incident }, 1, { tag }))[0]!);
    const casualties = tags.map((tag) => ({ tag, category: 'SK_II' }));
    const { outcome, entries } = await refused(
      ...(['registerCasualties', { incident, casualties }, DISPATCH] as const),
      '... on RegisteredCasualties { outcomes { __typename } }',
    );
    expect(outcome.outcomes).toEqual([{ __typename: 'TagInUse' }, { __typename: 'TagInUse' }]);
    expect(entries).toMatchObject([{ field: 'registerCasualties.outcomes', count: 2 }]);
    expect([...entries[0].patients].sort()).toEqual(wearers.sort());
  });

  test('ReservationUnfit: the reservation that the patient needs', async () => {
    const patient = await casualty();
    await giveBeds(world, [facility], 9);
    const reservation = await reservedAt(world, facility, {}, DISPATCH);
    const transferRequest = primary(patient, { to: facility, reservation });
    const { outcome, entries } = await refused('requestTransfer', transferRequest, {
      ...DISPATCH,
      subject: randomUUID(),
    });
    expect(outcome.__typename).toBe('ReservationUnfit');
    expect(entries).toMatchObject(about(patient, 'requestTransfer'));
  });

  test('TransportUnfit: what the patient needs', async () => {
    const transfer = await accepted(world, incident, facility);
    const { outcome, entries } = await refused(
      'assignTransport',
      { transfers: [transfer], vehicle: 'Audit 7', means: 'KTW' },
      DISPATCH,
    );
    expect(outcome.__typename).toBe('TransportUnfit');
    expect(entries).toMatchObject([{ field: 'assignTransport', count: 1, transfer }]);
  });
});

test('a refusal that repeats only what was sent leaves nothing', async () => {
  const { outcome, entries } = await refused('requestTransfer', primary(randomUUID()), DISPATCH);
  expect(outcome.__typename).toBe('UnknownPatient');
  expect(entries).toEqual([]);
});
