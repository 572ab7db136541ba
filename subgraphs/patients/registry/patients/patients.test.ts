import { MARK_MS } from '../../../../shared/subgraph/bring-up.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';
import {
  casualty,
  COLOGNE,
  DISPATCH,
  facilitiesIn,
  newIncident,
  newPatient,
  register,
} from '../../testing/casualties.js';

let world: PatientsWorld;
let incident: string;
let facility: string;
beforeAll(async () => {
  world = await patientsWorld();
  incident = await newIncident(world);
  [facility] = (await facilitiesIn(world, COLOGNE)) as [string];
});
afterAll(() => world.close());

const facilityStaff = (): TestIdentity => ({
  role: 'hospital',
  facilities: [facility],
  subject: 'ward',
});

describe('the list of an incident', () => {
  test('has every patient once, page by page, with their number', async () => {
    const scene = await newIncident(world);
    const made = await register(
      world,
      { incident: scene },
      Array.from({ length: 7 }, () => casualty()),
    );
    const found: string[] = [];
    let after: string | null = null;
    do {
      const { data }: { data: any } = await world.request(
        `query ($id: ID!, $after: String) { incident(id: $id) { patients(first: 3, after: $after) {
          totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
        { id: scene, after },
        DISPATCH,
      );
      const { edges, pageInfo, totalCount } = data.incident.patients;
      expect(totalCount).toBe(7);
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      found.push(...edges.map(({ node }: { node: { id: string } }) => node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(found.sort()).toEqual(made.map(({ id }) => id).sort());
  });

  test.each([
    ['a page above 500', '(first: 501)', 'TOO_MUCH'],
    ['a page of no length', '(first: 0)', 'BAD_USER_INPUT'],
    ['a text that is no cursor', '(after: "tomorrow")', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, args, code) => {
    const { errors } = await world.request(
      `query ($id: ID!) { incident(id: $id) { patients${args} { totalCount } } }`,
      { id: incident },
    );
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});

describe('a subscriber', () => {
  const WATCH = `subscription ($incident: ID, $facility: ID, $after: String) {
    patientChanged(incident: $incident, facility: $facility, after: $after) { cursor at patient { id tag } } }`;

  test('receives the patients of the given incident or facility', async () => {
    const [scene, after] = [await newIncident(world), await world.cursor()];
    const byIncident = await world.watch(WATCH, { incident: scene, after }, DISPATCH);
    const byFacility = await world.watch(WATCH, { facility, after }, DISPATCH);
    const there = await newPatient(world, { facility }, {}, facilityStaff());
    const here = await newPatient(world, { incident: scene });
    expect((await byIncident.next()).value!.data!['patientChanged']).toMatchObject({
      at: world.clock.now.toISOString(),
      patient: { id: here },
    });
    expect((await byFacility.next()).value!.data!['patientChanged'].patient.id).toBe(there);
    await Promise.all([byIncident.return!(), byFacility.return!()]);
  });

  test('resumes after a cursor in the middle of a bulk', async () => {
    const [scene, after] = [await newIncident(world), await world.cursor()];
    const made = await register(world, { incident: scene }, [casualty(), casualty(), casualty()]);
    const watch = await world.watch(WATCH, { incident: scene, after }, DISPATCH);
    const first = (await watch.next()).value!.data!['patientChanged'];
    await watch.return!();
    const rest = await world.watch(WATCH, { incident: scene, after: first.cursor }, DISPATCH);
    const received = [first.patient.id];
    for (let n = 1; n < 3; n++)
      received.push((await rest.next()).value!.data!['patientChanged'].patient.id);
    expect(received.sort()).toEqual(made.map(({ id }) => id).sort());
    await rest.return!();
  });

  test('cannot subscribe to an unknown incident, which would never deliver anything', async () => {
    const watch = await world.watch(WATCH, { incident: facility }, DISPATCH);
    await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('receives a mark after the catch-up, which is no read of a patient', async () => {
    const [scene, after] = [await newIncident(world), await world.cursor()];
    const patient = await newPatient(world, { incident: scene });
    const watch = await world.watchWithMarks(
      `subscription ($incident: ID, $after: String) {
        patientChanged(incident: $incident, after: $after) { caughtUp patient { id } } }`,
      { incident: scene, after },
      DISPATCH,
    );
    const next = async () => (await watch.next()).value!.data!['patientChanged'];
    expect(await next()).toEqual({ caughtUp: false, patient: { id: patient } });
    expect(await next()).toEqual({ caughtUp: true, patient: null });
    await world.elapse(MARK_MS);
    expect(await next()).toEqual({ caughtUp: true, patient: null });
    await watch.return!();
  });

  test('receives nothing for refused casualties', async () => {
    const tag = 'C 1';
    await newPatient(world, { incident }, { tag });
    const before = await world.eventCount();
    await register(world, { incident }, [{ tag }, casualty({ category: 'EX' })]);
    expect(await world.eventCount()).toBe(before);
  });
});
