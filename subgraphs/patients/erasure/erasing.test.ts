import { patientsWorld, type PatientsWorld, type TestIdentity } from '../testing/patients-world.js';
import {
  COLOGNE,
  DISPATCH,
  facilitiesIn,
  newIncident,
  newKey,
  newPatient,
  STAFF,
} from '../testing/casualties.js';

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
const PATIENT = `id tag incident { id } category triagedByPhysician transportPriority needs ventilated physicianEscort
  pzc { code rmi ageCode priority } location { position { latitude longitude } section { name } facility { id } } origin
  registeredAt diedAt erasedAt triagedAt retriageAt retriageDue triageHistory { category method byPhysician decisive at by }`;
const read = async (id: string, who: TestIdentity = DISPATCH) =>
  (await world.request(`query ($id: ID!) { patient(id: $id) { ${PATIENT} } }`, { id }, who)).data
    .patient;
describe('erasing', () => {
  const erase = (patient: string, who: TestIdentity = STAFF, reason = 'Art. 17 DSGVO') =>
    world.request(
      `mutation ($input: ErasePatientInput!) { erasePatient(input: $input) {
        __typename ... on Refusal { message } ... on Patient { id } } }`,
      { input: { patient, reason } },
      who,
    );
  const whole = () =>
    newPatient(
      world,
      { incident },
      {
        tag: `Ö ${newKey()}`,
        category: 'SK_II',
        pzc: '332-76-1',
        position: { latitude: 50.9, longitude: 6.9 },
        name: 'Erika Mustermann',
      },
    );

  test('leaves the decisions of care, and nothing of the person', async () => {
    const id = await whole();
    const before = await read(id);
    world.later(1);
    await erase(id);
    const after = await read(id);
    expect(after).toEqual({
      ...before,
      tag: expect.stringMatching(/^erased-[0-9a-f]{16}$/),
      pzc: { code: '332xx1', rmi: '332', ageCode: null, priority: 1 },
      location: { ...before.location, position: null },
      erasedAt: world.clock.now.toISOString(),
    });
    const { rows } = await world.pool.query('SELECT FROM patient_identity WHERE patient_id = $1', [
      id,
    ]);
    expect(rows).toEqual([]);
    await newPatient(world, { incident }, { tag: before.tag });
  });

  test('keeps the counts of the incident', async () => {
    const counts = async () =>
      (
        await world.request(
          `query ($id: ID!) { incident(id: $id) { casualties { category count } } }`,
          { id: incident },
          DISPATCH,
        )
      ).data;
    const id = await whole();
    const before = await counts();
    await erase(id);
    expect(await counts()).toEqual(before);
  });

  test('twice changes nothing more and publishes nothing, and is recorded both times', async () => {
    const id = await whole();
    await erase(id);
    const [tag, events] = [(await read(id)).tag, await world.eventCount()];
    expect((await erase(id)).data.erasePatient).toEqual({ __typename: 'Patient', id });
    expect((await read(id)).tag).toBe(tag);
    expect(await world.eventCount()).toBe(events);
    const { rows } = await world.pool.query(
      "SELECT action, found, stated_purpose AS purpose, by FROM audit_entry WHERE patients = ARRAY[$1::uuid] AND purpose = 'STATED'",
      [id],
    );
    // The reason may name the person too.
    const entry = { action: 'ERASE', found: true, purpose: null, by: 'staff officer' };
    expect(rows).toEqual([entry, entry]);
  });

  test('is permitted to the crisis staff of the area and the treating facility, if they see the patient', async () => {
    const id = await whole();
    for (const who of [DISPATCH, { role: 'family-information', areas: [COLOGNE] }]) {
      expect((await erase(id, who)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const elsewhere: TestIdentity[] = [{ role: 'crisis-staff', areas: ['09'] }, facilityStaff()];
    for (const who of elsewhere) {
      expect((await erase(id, who)).data.erasePatient.__typename).toBe('UnknownPatient');
    }
    await world.pool.query(
      `INSERT INTO transfer (kind, patient_id, status, status_at, from_area, to_facility, created_at, created_by)
       VALUES ('PRIMARY', $1, 'ACCEPTED', now(), $2, $3, now(), 'x')`,
      [id, COLOGNE, facility],
    );
    expect((await erase(id, facilityStaff())).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    await world.pool.query(`UPDATE transfer SET status = 'ARRIVED' WHERE patient_id = $1`, [id]);
    expect((await erase(id, facilityStaff())).data.erasePatient.__typename).toBe('Patient');
  });

  test.each([
    ['', 'FORBIDDEN'],
    ['law', 'BAD_USER_INPUT'],
  ])('for the reason "%s" is refused', async (reason, code) => {
    expect((await erase(await whole(), STAFF, reason)).errors).toMatchObject([
      { extensions: { code } },
    ]);
  });
});
