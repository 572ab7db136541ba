import { nextChange } from '../../../../shared/testing/next-change.js';
import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, drive, giveBeds, primary, register } from '../../testing/transfers.js';

let world: PatientsWorld;
let facilities: string[];
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 20);
  await giveBeds(world, facilities, 3);
});
afterAll(() => world.close());

const WATCH = `subscription ($area: String, $facility: ID, $incident: ID, $after: String) {
  transferChanged(area: $area, facility: $facility, incident: $incident, after: $after) {
    cursor at transfer { id status patient { id category } } } }`;

const watchFromNow = (variables: object = {}, who?: TestIdentity) =>
  world.watchFromNow(WATCH, variables, who);
const transferRequest = async (to?: string, incident?: string, area = '05315') => {
  const scene = incident ?? (await newIncident(world, { area }));
  const [patient] = await register(world, { incident: scene });
  return (await call(world, 'requestTransfer', primary(patient!, to ? { to } : {}))).id as string;
};

test('every step reaches who watches, with the transfer as it is and the patient', async () => {
  const watch = await watchFromNow();
  const transfer = await transferRequest(facilities[0]);
  expect(await nextChange(watch)).toEqual({
    cursor: expect.any(String),
    at: world.clock.now.toISOString(),
    transfer: {
      id: transfer,
      status: 'DESTINATION_REQUESTED',
      patient: { id: expect.any(String), category: 'SK_II' },
    },
  });
  await call(world, 'acceptTransfer', { transfer }, staffOf(facilities[0]!));
  expect((await nextChange(watch)).transfer).toMatchObject({ id: transfer, status: 'ACCEPTED' });
  await watch.return!();
});

test('a subscription delivers only what it selects: area, facility, incident', async () => {
  const scene = await newIncident(world);
  const [byArea, byFacility, byIncident] = await Promise.all([
    watchFromNow({ area: '09' }),
    watchFromNow({ facility: facilities[1] }),
    watchFromNow({ incident: scene }),
  ]);
  await transferRequest(facilities[2]);
  const inBavaria = await transferRequest(undefined, undefined, '09162');
  const toFacility = await transferRequest(facilities[1]);
  const ofScene = await transferRequest(undefined, scene);
  expect((await nextChange(byArea)).transfer.id).toBe(inBavaria);
  expect((await nextChange(byFacility)).transfer.id).toBe(toFacility);
  expect((await nextChange(byIncident)).transfer.id).toBe(ofScene);
  await Promise.all([byArea, byFacility, byIncident].map((watch) => watch.return!()));
});

test('a facility receives events of a patient from its request on, and others never', async () => {
  const [request, other] = [facilities[3]!, facilities[4]!];
  const watch = await watchFromNow({}, staffOf(request));
  const never = await watchFromNow({}, staffOf(other));
  await transferRequest(facilities[5]);
  const transfer = await transferRequest();
  await call(world, 'requestDestination', { transfer, to: request });
  expect((await nextChange(watch)).transfer).toMatchObject({
    id: transfer,
    status: 'DESTINATION_REQUESTED',
  });
  const forOther = await transferRequest(other);
  expect((await nextChange(never)).transfer.id).toBe(forOther);
  await Promise.all([watch, never].map((each) => each.return!()));
});

test.each<[string, (transfer: string, facility: string) => Promise<unknown>]>([
  [
    'the control room cancels',
    (transfer) => call(world, 'cancelTransfer', { transfer, reason: 'they walked off' }),
  ],
  [
    'another facility is requested',
    (transfer) => call(world, 'requestDestination', { transfer, to: facilities[9] }),
  ],
  [
    'it refused the patient itself',
    (transfer, facility) =>
      call(world, 'refuseTransfer', { transfer, reason: 'full' }, staffOf(facility)),
  ],
  [
    'the patient is diverted on board',
    async (transfer, facility) => {
      await call(world, 'acceptTransfer', { transfer }, staffOf(facility));
      await drive(world, transfer, [7]);
      await call(world, 'divertTransfer', { transfer, to: facilities[9], reason: 'burns' });
    },
  ],
])(
  'a requested facility receives an event that a patient does not come when %s',
  async (_, act) => {
    const facility = facilities[8]!;
    const transfer = await transferRequest(facility);
    const watch = await watchFromNow({ facility: facility }, staffOf(facility));
    await act(transfer, facility);
    let change = await nextChange(watch);
    while (change.transfer) change = await nextChange(watch);
    expect(change).toEqual({ cursor: expect.any(String), at: expect.any(String), transfer: null });
    await watch.return!();
  },
);

test('a level that has to approve receives events without the patient; of transfers without its approval, none', async () => {
  const [facility] = await facilitiesIn(world, '09162');
  const [origin] = await facilitiesIn(world, '05315');
  const watch = await watchFromNow({}, { role: 'spoc', areas: ['09'], subject: 'spoc' });
  const kinds = ['SECONDARY', 'STRATEGIC'];
  const ids: string[] = [];
  for (const kind of kinds) {
    const [patient] = await register(world, { facility: origin! });
    const input = primary(patient!, { kind, to: facility });
    ids.push((await call(world, 'requestTransfer', input, staffOf(origin!))).id);
  }
  expect((await nextChange(watch)).transfer).toEqual({
    id: ids[1],
    status: 'REQUESTED',
    patient: null,
  });
  await watch.return!();
});

test('a subscriber who resumes with a cursor gets each transfer that changed since once, as it is now', async () => {
  const after = await world.cursor();
  const scene = await newIncident(world);
  const [a, b] = [
    await transferRequest(facilities[6], scene),
    await transferRequest(facilities[7], scene),
  ];
  await call(world, 'acceptTransfer', { transfer: a }, staffOf(facilities[6]!));
  const watch = await world.watch(WATCH, { incident: scene, after });
  const missed = [await nextChange(watch), await nextChange(watch)].map(({ transfer }) => [
    transfer.id,
    transfer.status,
  ]);
  expect(Object.fromEntries(missed)).toEqual({ [a]: 'ACCEPTED', [b]: 'DESTINATION_REQUESTED' });
  await call(world, 'cancelTransfer', { transfer: b, reason: 'better' });
  expect((await nextChange(watch)).transfer).toMatchObject({ id: b, status: 'CANCELLED' });
  await watch.return!();
});

test('a refused act sends no event', async () => {
  const transfer = await transferRequest();
  await call(world, 'cancelTransfer', { transfer, reason: 'better' });
  const before = await world.eventCount();
  await call(world, 'cancelTransfer', { transfer, reason: 'better' });
  expect(await world.eventCount()).toBe(before);
});

test.each<[string, object, TestIdentity, string]>([
  ['an area that is none', { area: 'NRW' }, CONTROL_ROOM, 'BAD_USER_INPUT'],
  ['an incident that does not exist', { incident: 'nobody' }, CONTROL_ROOM, 'BAD_USER_INPUT'],
  ['a role that sees no transfer', {}, { role: 'health-office', areas: [''] }, 'FORBIDDEN'],
])('watching is refused for %s', async (_, variables, who, code) => {
  const watch = await world.watch(WATCH, { ...variables }, who);
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code } }]);
});
