import {
  casualty,
  DISPATCH,
  newIncident,
  newKey,
  newPatient,
  register,
  facilitiesIn,
} from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, giveBeds, primary } from '../../testing/transfers.js';

const COLOGNE = '05315';

let world: PatientsWorld;
let destination: string;
let stranger: string;
beforeAll(async () => {
  world = await patientsWorld();
  [destination, stranger] = (await facilitiesIn(world, COLOGNE, 2)) as [string, string];
  await giveBeds(world, [destination, stranger], 50);
});
afterAll(() => world.close());

/** Everyone who reads incidents and must not learn of a single casualty of one in Cologne. */
const ATTACKERS: [string, () => TestIdentity][] = [
  ['a control room of another Land', () => ({ role: 'dispatch', areas: ['09'] })],
  ['crisis staff of the neighbouring Kreis', () => ({ role: 'crisis-staff', areas: ['05111'] })],
  ['a hospital', () => staffOf(stranger)],
  ['a hospital whose token names the area', () => ({ ...staffOf(stranger), areas: [COLOGNE] })],
  ['the SPoC of the Kleeblatt', () => ({ role: 'spoc', areas: ['05'] })],
  ['the health office of the Kreis', () => ({ role: 'health-office', areas: [COLOGNE] })],
  ['the health office of all of Germany', () => ({ role: 'health-office', areas: [''] })],
  ['a machine of a partner', () => ({ role: 'service', areas: [''] })],
];

const INCIDENT = `id name hazard area leadingArea status estimatedCasualties declaredAt closedAt sections { name }
  timeline { kind at by text } casualties { category count } remaining { atScene onTheWay }`;
const readingOf = async (incident: string, who: TestIdentity) => {
  const seesPatients = ['hospital', 'dispatch', 'crisis-staff'].includes(who.role);
  const more = seesPatients ? 'patients { totalCount nodes { id } } allocationPlans { id }' : '';
  const one = await world.request(
    `query ($id: ID!) { incident(id: $id) { ${INCIDENT} ${more} } }`,
    { id: incident },
    who,
  );
  const lists = await Promise.all(
    ['', '05', COLOGNE].map((area) =>
      world.request(
        `query ($area: String) { incidents(filter: { area: $area }, first: 500) { totalCount nodes { ${INCIDENT} } } }`,
        { area },
        who,
      ),
    ),
  );
  return { one, lists };
};
const triage = (patient: string, category: string) =>
  world.request(
    'mutation ($input: TriagePatientInput!) { triagePatient(input: $input) { __typename } }',
    { input: { patient, category, physician: true, idempotencyKey: newKey() } },
    DISPATCH,
  );
const estimate = (incident: string, estimatedCasualties: number) =>
  world.request(
    'mutation ($input: UpdateEstimateInput!) { updateEstimate(input: $input) { __typename } }',
    { input: { incident, estimatedCasualties } },
    DISPATCH,
  );

describe.each(ATTACKERS)('%s', (_, who) => {
  test.each([0, 1, 7])(
    'reads the same around a registration, a triage and a transfer, with %i casualties before',
    async (count) => {
      const incident = await newIncident(world);
      if (count > 0)
        await register(
          world,
          { incident },
          Array.from({ length: count }, () => casualty()),
        );
      const before = await readingOf(incident, who());
      expect(before.one.data.incident).toMatchObject({ timeline: null, remaining: null });
      const counts = before.one.data.incident.casualties.map((one: any) => one.count);
      expect(counts).toEqual(counts.map(() => null));
      const patient = await newPatient(world, { incident }, { category: 'SK_II' });
      expect(await readingOf(incident, who())).toEqual(before);
      await triage(patient, 'SK_I');
      expect(await readingOf(incident, who())).toEqual(before);
      const transferRequest = primary(patient, { to: destination, bedCategory: 'ICU_UNSPECIFIED' });
      await call(world, 'requestTransfer', transferRequest, DISPATCH);
      expect(await readingOf(incident, who())).toEqual(before);
      await estimate(incident, 1);
      expect(await readingOf(incident, who())).toEqual(before);
    },
  );

  test('is sent nothing when a casualty comes, live or from a cursor', async () => {
    const incident = await newIncident(world);
    const after = await world.cursor();
    const WATCH = `subscription ($id: ID, $after: String) { incidentChanged(id: $id, after: $after) {
      incident { estimatedCasualties } } }`;
    const live = await world.watch(WATCH, { id: incident, after }, who());
    await register(world, { incident }, [casualty()]);
    await estimate(incident, 1);
    await estimate(incident, 2);
    await estimate(incident, 50);
    const resumed = await world.watch(WATCH, { id: incident, after }, who());
    for (const watch of [live, resumed]) {
      const { value } = await watch.next();
      expect(value!.data!['incidentChanged'].incident).toEqual({ estimatedCasualties: 50 });
      await watch.return!();
    }
  });
});

test('the control room and staff of the area see the exact numbers and the timeline', async () => {
  const incident = await newIncident(world);
  await register(world, { incident }, [casualty({ category: 'SK_I' })]);
  await estimate(incident, 1);
  for (const who of [DISPATCH, { role: 'crisis-staff', areas: ['05'] }]) {
    const { one } = await readingOf(incident, who);
    expect(one.data.incident).toMatchObject({
      estimatedCasualties: 1,
      remaining: { atScene: 1, onTheWay: 0 },
      casualties: expect.arrayContaining([{ category: 'SK_I', count: 1 }]),
    });
    expect(one.data.incident.timeline.map(({ kind }: any) => kind)).toEqual([
      'DECLARED',
      'CASUALTIES_REGISTERED',
      'ESTIMATED',
    ]);
  }
});
