import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';
import {
  casualty,
  COLOGNE,
  DISPATCH,
  ELSEWHERE,
  facilitiesIn,
  newIncident,
  newKey,
  newPatient,
  register,
  REGISTER,
  STAFF,
} from '../../testing/casualties.js';

let world: PatientsWorld;
let incident: string;
let facility: string;
beforeAll(async () => {
  world = await patientsWorld({ rmiList: { version: 'NRW 2026', codes: new Set(['332']) } });
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
const send = (over: object, who: TestIdentity = DISPATCH) =>
  world.request(
    REGISTER,
    { input: { incident, casualties: [casualty()], idempotencyKey: newKey(), ...over } },
    who,
  );

test('a casualty reads as it was registered', async () => {
  const section = await world.request(
    `mutation ($input: OpenSectionInput!) { openSection(input: $input) { ... on Incident { sections { id } } } }`,
    { input: { incident, name: 'Ablage', kind: 'CASUALTY_COLLECTION', idempotencyKey: newKey() } },
  );
  const id = await newPatient(
    world,
    { incident },
    {
      tag: 'NRW 1',
      category: 'SK_II',
      physician: true,
      transportPriority: true,
      needs: ['BURNS', 'CHILD'],
      ventilated: true,
      physicianEscort: true,
      pzc: '332-07-1',
      position: { latitude: 50.9, longitude: 6.9 },
      section: section.data.openSection.sections[0].id,
      origin: 'ALLIED',
    },
  );
  const now = world.clock.now.toISOString();
  expect(await read(id)).toEqual({
    id,
    tag: 'NRW 1',
    incident: { id: incident },
    category: 'SK_II',
    triagedByPhysician: true,
    transportPriority: true,
    needs: ['BURNS', 'CHILD'],
    ventilated: true,
    physicianEscort: true,
    pzc: { code: '332071', rmi: '332', ageCode: '07', priority: 1 },
    location: {
      position: { latitude: 50.9, longitude: 6.9 },
      section: { name: 'Ablage' },
      facility: null,
    },
    origin: 'ALLIED',
    registeredAt: now,
    diedAt: null,
    erasedAt: null,
    triagedAt: now,
    retriageAt: null,
    retriageDue: false,
    triageHistory: [
      {
        category: 'SK_II',
        method: 'PHYSICIAN',
        byPhysician: true,
        decisive: true,
        at: now,
        by: 'dispatcher',
      },
    ],
  });
});

test('an untriaged casualty has no triage', async () => {
  const id = await newPatient(world, { incident });
  expect(await read(id)).toMatchObject({
    category: 'UNTRIAGED',
    triagedAt: null,
    triageHistory: [],
    pzc: null,
    location: { position: null, section: null, facility: null },
  });
});

test('each casualty is judged on its own, in the given order', async () => {
  const outcomes = await register(world, { incident }, [
    casualty({ pzc: '332-76-4' }),
    casualty({ tag: 'twice', category: 'SK_I' }),
    casualty({ tag: 'twice', category: 'SK_III' }),
    casualty({ category: 'SK_IV' }),
    casualty({ section: incident }),
    casualty({ position: { latitude: 91, longitude: 0 } }),
    casualty({ name: '' }),
    casualty({ tag: '' }),
    casualty({ category: 'EX', physician: true }),
  ]);
  expect(outcomes.map(({ __typename }) => __typename)).toEqual([
    'InvalidPzc',
    'Patient',
    'TagInUse',
    'NotByPhysician',
    'UnknownSection',
    'InvalidPosition',
    'InvalidIdentity',
    'InvalidTag',
    'Patient',
  ]);
  expect(outcomes[2]).toMatchObject({ tag: 'twice', patient: { id: outcomes[1]!.id } });
  expect((await read(outcomes[1]!.id)).category).toBe('SK_I');
});

test('tags that look the same are one, however they were typed or scanned', async () => {
  const tags = ['A\u0308 7', 'Ä\u00a07', '\u200bÄ  7', 'Ä 7\u00ad', 'ä 7'];
  const { data } = await send({ casualties: tags.map((tag) => casualty({ tag })) });
  const outcomes = data.registerCasualties.outcomes as { __typename: string; id: string }[];
  expect(outcomes.map(({ __typename }) => __typename)).toEqual([
    'Patient',
    'TagInUse',
    'TagInUse',
    'TagInUse',
    'Patient',
  ]);
  expect(await read(outcomes[0]!.id)).toMatchObject({ tag: 'Ä 7' });
  const found = await world.request(
    'query ($tag: String!, $incident: ID) { patientByTag(tag: $tag, incident: $incident, purpose: "scanned card") { id } }',
    { tag: 'A\u0308\u20097', incident },
    DISPATCH,
  );
  expect(found.data.patientByTag).toEqual({ id: outcomes[0]!.id });
});

test('a tag is unique in an incident, and free in another one and in a facility', async () => {
  const first = await newPatient(world, { incident }, { tag: 'A 1' });
  const [second] = await register(world, { incident }, [{ tag: 'A 1' }]);
  expect(second).toMatchObject({ __typename: 'TagInUse', patient: { id: first } });
  const other = await newIncident(world);
  await newPatient(world, { incident: other }, { tag: 'A 1' });
  await newPatient(world, { facility }, { tag: 'A 1' }, facilityStaff());
  const [again] = await register(world, { facility }, [{ tag: 'A 1' }], facilityStaff());
  expect(again!.__typename).toBe('TagInUse');
});

test('one of two concurrent registrations of a tag succeeds, and the other is refused with the patient who has it', async () => {
  const casualties = Array.from({ length: 50 }, (_, n) => casualty({ tag: `B ${n}` }));
  const [one, other] = await Promise.all([
    register(world, { incident }, casualties),
    register(world, { incident }, casualties.toReversed()),
  ]);
  const registered = [...one, ...other].filter(({ __typename }) => __typename === 'Patient');
  expect(registered.map(({ tag }) => tag).sort()).toEqual(casualties.map(({ tag }) => tag).sort());
});

test('a repeated call registers no casualty again; with other input it is refused', async () => {
  const over = { casualties: [casualty(), casualty({ pzc: 'x' })], idempotencyKey: newKey() };
  const [first, second] = [await send(over), await send(over)];
  expect(second.data).toEqual(first.data);
  const { data } = await send({ ...over, casualties: [casualty()] });
  expect(data.registerCasualties.__typename).toBe('IdempotencyKeyReused');
});

test('a facility registers its own patients, who are treated there', async () => {
  const id = await newPatient(world, { facility }, { tag: 'case 1' }, facilityStaff());
  expect(await read(id, facilityStaff())).toMatchObject({
    incident: null,
    location: { facility: { id: facility }, section: null },
  });
  expect(await read(id)).toMatchObject({ tag: 'case 1' });
  expect(await read(id, ELSEWHERE)).toBeNull();
});

test('no casualty is registered in a closed or unknown incident, or in an unknown facility', async () => {
  const closed = await newIncident(world);
  await world.request(
    `mutation ($input: CloseIncidentInput!) { closeIncident(input: $input) { __typename } }`,
    { input: { incident: closed, reason: 'over' } },
  );
  const typename = async (over: object) => (await send(over)).data.registerCasualties.__typename;
  expect(await typename({ incident: closed })).toBe('IncidentEnded');
  expect(await typename({ incident: 'nobody' })).toBe('UnknownIncident');
  expect(await typename({ incident: facility })).toBe('UnknownIncident');
  expect(await typename({ incident: null, facility: incident })).toBe('UnknownFacility');
  expect(await typename({ incident: null, facility: 'nobody' })).toBe('UnknownFacility');
});

test.each([
  ['both an incident and a facility', () => ({ facility }), 'BAD_USER_INPUT'],
  ['neither', () => ({ incident: null }), 'BAD_USER_INPUT'],
  ['nobody', () => ({ casualties: [] }), 'BAD_USER_INPUT'],
  ['5,001', () => ({ casualties: Array(5_001).fill({ tag: 'x' }) }), 'TOO_MUCH'],
  ['an empty key', () => ({ idempotencyKey: '' }), 'BAD_USER_INPUT'],
])('a call with %s is a fault of the caller', async (_, over, code) => {
  expect((await send(over())).errors).toMatchObject([{ extensions: { code } }]);
});

test('staff of the area and the facility itself register casualties, nobody else does', async () => {
  for (const who of [
    ELSEWHERE,
    facilityStaff(),
    { role: 'health-office', areas: [COLOGNE] },
    { role: 'service', areas: [''] },
  ]) {
    expect((await send({}, who)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
  const other = (await facilitiesIn(world, COLOGNE, 2))[1];
  const inFacility = { incident: null, facility: other };
  for (const who of [ELSEWHERE, facilityStaff()]) {
    expect((await send(inFacility, who)).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  }
  expect((await send({}, STAFF)).errors).toBeUndefined();
  expect((await send(inFacility)).errors).toBeUndefined();
});

test('while capacity is unavailable a call for a facility of unknown area is refused as unavailable', async () => {
  const [unknown] = (await facilitiesIn(world, '04')) as [string];
  await world.stopCapacity();
  const who: TestIdentity = { role: 'hospital', facilities: [unknown] };
  const { errors } = await send({ incident: null, facility: unknown }, who);
  expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  expect(errors![0]!.message).toContain('Nothing was stored');
  const known = await send({ incident: null, facility }, facilityStaff());
  expect(known.errors).toBeUndefined();
  await world.restartCapacity();
});

test('the database contains no name in clear text', async () => {
  const name = 'Erika Mustermann-Unverwechselbar';
  await newPatient(world, { incident }, { name, dateOfBirth: '1964-08-12' });
  const { rows } = await world.pool.query<{ text: string }>(
    `SELECT string_agg(t::text, '') AS text FROM (
       SELECT to_jsonb(p)::text FROM patient p UNION ALL SELECT encode(sealed, 'escape') FROM patient_identity
       UNION ALL SELECT to_jsonb(c)::text FROM idempotent_call c UNION ALL SELECT to_jsonb(e)::text FROM outbox_event e
     ) AS t`,
  );
  expect(rows[0]!.text).not.toContain('Unverwechselbar');
  expect(rows[0]!.text).not.toContain('1964-08-12');
});

describe('5,000 casualties in one call', () => {
  const WATCH = `subscription ($incident: ID, $after: String) {
    patientChanged(incident: $incident, after: $after) { patient { id category } } }`;

  test('are all registered, in their order, and subscribers receive each one in a message', async () => {
    const scene = await newIncident(world);
    const after = await world.cursor();
    const watch = await world.watch(WATCH, { incident: scene, after }, DISPATCH);
    const casualties = Array.from({ length: 5_000 }, (_, n) =>
      casualty({
        category: 'SK_II',
        pzc: '332-40-2',
        needs: ['NEUROSURGERY'],
        position: { latitude: 50.9, longitude: 6.9 },
        name: `Person ${n}`,
        dateOfBirth: '1980-01-01',
      }),
    );
    const outcomes = await register(world, { incident: scene }, casualties);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(5_000);
    expect(outcomes.map(({ tag }) => tag)).toEqual(casualties.map(({ tag }) => tag));
    const received = new Set<string>();
    while (received.size < 5_000) {
      const { value } = await watch.next();
      if (value!.errors) throw new Error(JSON.stringify(value!.errors));
      received.add(value!.data!['patientChanged'].patient.id);
    }
    expect(received).toEqual(new Set(outcomes.map(({ id }) => id)));
    await watch.return!();
  });
});

test('a PZC whose RMI the active list lacks is stored with a warning', async () => {
  const scene = await newIncident(world);
  const warnings = [];
  for (const pzc of ['332-76-1', '999-76-1']) {
    const id = await newPatient(world, { incident: scene }, { pzc });
    const { data } = await world.request(
      'query ($id: ID!) { patient(id: $id) { pzc { rmi warning } } }',
      { id },
    );
    warnings.push(data.patient.pzc);
  }
  expect(warnings).toEqual([
    { rmi: '332', warning: null },
    { rmi: '999', warning: expect.stringContaining('list NRW 2026') },
  ]);
});
