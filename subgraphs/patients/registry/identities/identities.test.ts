import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';
import {
  COLOGNE,
  DISPATCH,
  facilitiesIn,
  MUNICH,
  newIncident,
  newKey,
  newPatient,
  STAFF,
} from '../../testing/casualties.js';

const PURPOSE = 'call of the family';
const ERIKA = { name: 'Erika Mustermann', dateOfBirth: '1964-08-12' };
const FAMILY: TestIdentity = {
  role: 'family-information',
  areas: [COLOGNE],
  subject: 'at the telephone',
};

let world: PatientsWorld;
let incident: string;
let facility: string;
let other: string;
beforeAll(async () => {
  world = await patientsWorld();
  incident = await newIncident(world);
  [facility, other] = (await facilitiesIn(world, COLOGNE, 2)) as [string, string];
});
afterAll(() => world.close());

const ward = (own = facility): TestIdentity => ({
  role: 'hospital',
  facilities: [own],
  subject: 'ward',
});
const reveal = (patient: string, who: TestIdentity, purpose = PURPOSE) =>
  world.request(
    `mutation ($input: RevealIdentityInput!) { revealIdentity(input: $input) {
      __typename ... on Refusal { message } ... on Identity { name dateOfBirth tag } } }`,
    { input: { patient, purpose } },
    who,
  );
const byTag = (tag: string, who: TestIdentity, over: object = {}) =>
  world.request(
    `query ($tag: String!, $purpose: String!, $incident: ID) {
      patientByTag(tag: $tag, purpose: $purpose, incident: $incident) { id tag } }`,
    { tag, purpose: PURPOSE, ...over },
    who,
  );
const audited = async (where: string, value: unknown) =>
  (
    await world.pool.query(
      `SELECT action, by, roles, patients[1] AS patient, found, stated_purpose AS purpose FROM audit_entry
       WHERE ${where} = $1 AND purpose = 'STATED' ORDER BY at`,
      [value],
    )
  ).rows;
const goesTo = (patient: string, to: string, status: string, from: string | null = null) =>
  world.pool.query(
    `INSERT INTO transfer (kind, patient_id, status, status_at, from_area, to_facility, from_facility, created_at, created_by)
     VALUES ('PRIMARY', $1, $2::"TransferStatus", now(), $3, $4, $5, now(), 'x')`,
    [patient, status, COLOGNE, to, from],
  );
const isIn = (patient: string, facility: string | null) =>
  world.pool.query('UPDATE patient SET facility_id = $2 WHERE id = $1', [patient, facility]);
const arrives = (patient: string, status: string) =>
  world.pool.query('UPDATE transfer SET status = $2::"TransferStatus" WHERE patient_id = $1', [
    patient,
    status,
  ]);

const record = (patient: string, who: TestIdentity, over: object = {}) =>
  world.request(
    `mutation ($input: RecordIdentityInput!) { recordIdentity(input: $input) {
      __typename ... on Refusal { message } ... on Patient { id }
      ... on InvalidIdentity { field } ... on PatientErased { since } } }`,
    { input: { patient, ...ERIKA, idempotencyKey: newKey(), ...over } },
    who,
  );
const recorded = async (...args: Parameters<typeof record>) =>
  (await record(...args)).data.recordIdentity;
const shownTo = async (who: TestIdentity, id: string) => {
  const { name, dateOfBirth } = (await reveal(id, who)).data.revealIdentity;
  return { name, dateOfBirth };
};

describe('an identity that becomes known later', () => {
  const MAX = { name: 'Max Muster', dateOfBirth: null };

  test('is stored by the facility that holds the patient, and replaced as a whole', async () => {
    const id = await newPatient(world, { facility }, {}, ward());
    expect(await recorded(id, ward())).toEqual({ __typename: 'Patient', id });
    expect(await shownTo(ward(), id)).toEqual(ERIKA);
    await recorded(id, ward(), MAX);
    expect(await shownTo(ward(), id)).toEqual(MAX);
    const { rows } = await world.pool.query(
      'SELECT sealed FROM patient_identity WHERE patient_id = $1',
      [id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].sealed.toString()).not.toContain('Muster');
  });

  test('leaves an audit entry, once per key, and no event', async () => {
    const id = await newPatient(world, { facility }, {}, ward());
    const before = await world.eventCount();
    const idempotencyKey = newKey();
    for (let n = 0; n < 2; n += 1) await record(id, ward(), { idempotencyKey });
    expect(await audited('patients[1]', id)).toEqual([
      {
        action: 'RECORD_IDENTITY',
        by: 'ward',
        roles: ['hospital'],
        patient: id,
        found: true,
        purpose: 'identity recorded',
      },
    ]);
    expect(await world.eventCount()).toBe(before);
    expect(await recorded(id, ward(), { ...MAX, idempotencyKey })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
  });

  test('cannot be recorded by others, who learn nothing of the patient', async () => {
    const id = await newPatient(world, { incident }, ERIKA);
    await goesTo(id, facility, 'ACCEPTED', other);
    for (const who of [ward(), ward(other), FAMILY]) {
      for (const patient of [id, UNKNOWN_ID, 'x']) {
        expect(await recorded(patient, who, MAX)).toMatchObject({ __typename: 'UnknownPatient' });
      }
    }
    for (const who of [DISPATCH, STAFF]) {
      expect((await record(id, who)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    await arrives(id, 'ARRIVED');
    expect(await shownTo(ward(), id)).toEqual(ERIKA);
    expect(await recorded(id, ward(), MAX)).toMatchObject({ __typename: 'Patient' });
  });

  test.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ dateOfBirth: '1964-02-30' }, 'dateOfBirth'],
    [{ dateOfBirth: '2026-01-16' }, 'dateOfBirth'],
  ])('%j is refused as at registration', async (over, field) => {
    const id = await newPatient(world, { facility }, ERIKA, ward());
    const outcome = await recorded(id, ward(), over);
    expect(outcome).toMatchObject({ __typename: 'InvalidIdentity', field });
    expect(await shownTo(ward(), id)).toEqual(ERIKA);
  });

  test('has a name or a date of birth', async () => {
    const id = await newPatient(world, { facility }, ERIKA, ward());
    const { errors } = await record(id, ward(), { name: null, dateOfBirth: null });
    expect(errors).toMatchObject([
      {
        extensions: { code: 'BAD_USER_INPUT' },
        message: expect.stringContaining('received neither'),
      },
    ]);
  });

  test('is not stored for an erased patient', async () => {
    const id = await newPatient(world, { facility }, ERIKA, ward());
    const erase = `mutation ($input: ErasePatientInput!) { erasePatient(input: $input) { __typename } }`;
    await world.request(
      erase,
      { input: { patient: id, reason: 'request of the patient' } },
      ward(),
    );
    expect(await recorded(id, ward())).toMatchObject({
      __typename: 'PatientErased',
      since: world.clock.now.toISOString(),
    });
    expect(await shownTo(ward(), id)).toEqual({ name: null, dateOfBirth: null });
  });
});

describe('an identity', () => {
  test('is revealed to the treating facility, and each read is recorded with its purpose', async () => {
    const id = await newPatient(world, { facility }, { tag: 'case 7', ...ERIKA }, ward());
    const { data } = await reveal(id, ward());
    expect(data.revealIdentity).toEqual({
      __typename: 'Identity',
      ...ERIKA,
      tag: 'case 7',
    });
    await reveal(id, ward());
    const entry = {
      action: 'REVEAL_IDENTITY',
      by: 'ward',
      roles: ['hospital'],
      patient: id,
      found: true,
      purpose: PURPOSE,
    };
    expect(await audited('patients[1]', id)).toEqual([entry, entry]);
  });

  test('is revealed to family information of the area, with the tag and nothing else', async () => {
    const id = await newPatient(world, { incident }, ERIKA);
    expect((await reveal(id, FAMILY)).data.revealIdentity).toMatchObject(ERIKA);
    const elsewhere = await reveal(id, { ...FAMILY, areas: [MUNICH] });
    expect(elsewhere.data.revealIdentity.__typename).toBe('UnknownPatient');
  });

  const codeFor = async (id: string, who: TestIdentity) => {
    const { data, errors } = await reveal(id, who);
    return errors?.[0]!.extensions.code ?? data.revealIdentity.__typename;
  };

  // A facility that expects the patient sees category and needs; it may read the name after the arrival.
  test.each([
    ['DESTINATION_REQUESTED', 'FORBIDDEN'],
    ['ACCEPTED', 'FORBIDDEN'],
    ['TRANSPORT_SOUGHT', 'FORBIDDEN'],
    ['TRANSPORT_ASSIGNED', 'FORBIDDEN'],
    ['PICKED_UP', 'FORBIDDEN'],
    ['UNDER_WAY', 'FORBIDDEN'],
    ['DIVERTED', 'FORBIDDEN'],
    ['ARRIVED', 'Identity'],
    ['CANCELLED', 'UnknownPatient'],
    ['REFUSED', 'UnknownPatient'],
    ['DIED', 'UnknownPatient'],
  ])('while the transfer is %s the destination gets %s', async (status, outcome) => {
    const id = await newPatient(world, { incident }, ERIKA);
    await goesTo(id, facility, status);
    expect(await codeFor(id, ward())).toBe(outcome);
    expect(await codeFor(id, ward(other))).toBe('UnknownPatient');
  });

  test.each([
    ['TRANSPORT_ASSIGNED', 'Identity'],
    ['PICKED_UP', 'Identity'],
    ['UNDER_WAY', 'Identity'],
    ['DIVERTED', 'Identity'],
    ['ARRIVED', 'Identity'],
    ['DIED', 'Identity'],
    ['HANDED_OVER', 'UnknownPatient'],
  ])('while the transfer is %s the sending facility gets %s', async (status, outcome) => {
    const id = await newPatient(world, { facility }, ERIKA, ward());
    await goesTo(id, other, status, facility);
    const where = { TRANSPORT_ASSIGNED: facility, HANDED_OVER: other }[status] ?? null;
    await isIn(id, where);
    expect(await codeFor(id, ward())).toBe(outcome);
  });

  test('of a patient who died after the arrival is for the receiving facility, and not for the sending one', async () => {
    const id = await newPatient(world, { incident }, ERIKA);
    await goesTo(id, facility, 'DIED', other);
    await world.pool.query(
      `INSERT INTO transfer_step (transfer_id, position, status, at, by)
       SELECT id, 1, 'ARRIVED', now(), 'x' FROM transfer WHERE patient_id = $1`,
      [id],
    );
    expect(await codeFor(id, ward())).toBe('Identity');
    expect(await codeFor(id, ward(other))).toBe('UnknownPatient');
  });

  test('is not for the staff that lead, although they see the patient', async () => {
    const id = await newPatient(world, { incident }, ERIKA);
    for (const who of [DISPATCH, STAFF]) {
      expect((await reveal(id, who)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  test('that is denied to a caller who sees the patient is recorded as not found', async () => {
    const id = await newPatient(world, { incident }, ERIKA);
    await goesTo(id, facility, 'DESTINATION_REQUESTED');
    await reveal(id, ward());
    expect(await audited('patients[1]', id)).toMatchObject([{ found: false, by: 'ward' }]);
  });

  test('of a hidden patient reads as that of a missing one, and both reads are recorded', async () => {
    const id = await newPatient(world, { incident }, ERIKA);
    const missing = '6f1c3f0e-0000-4000-8000-000000000001';
    const responses = [await reveal(id, ward()), await reveal(missing, ward())];
    expect(JSON.stringify(responses[0]).replaceAll(id, 'ID')).toBe(
      JSON.stringify(responses[1]).replaceAll(missing, 'ID'),
    );
    for (const patient of [id, missing]) {
      expect(await audited('patients[1]', patient)).toMatchObject([{ found: false }]);
    }
  });

  test('that is not known is empty', async () => {
    const id = await newPatient(world, { facility }, {}, ward());
    expect((await reveal(id, ward())).data.revealIdentity).toMatchObject({
      name: null,
      dateOfBirth: null,
    });
  });

  test('is empty after erasure', async () => {
    const id = await newPatient(world, { facility }, ERIKA, ward());
    await world.request(
      `mutation ($input: ErasePatientInput!) { erasePatient(input: $input) { __typename } }`,
      { input: { patient: id, reason: 'Art. 17 DSGVO' } },
      ward(),
    );
    expect((await reveal(id, ward())).data.revealIdentity).toMatchObject({
      name: null,
      dateOfBirth: null,
      tag: expect.stringMatching(/^erased-/),
    });
  });

  test('stays readable for the facility after the hand-over to it', async () => {
    const id = await newPatient(world, { incident }, ERIKA);
    await goesTo(id, facility, 'UNDER_WAY');
    await arrives(id, 'HANDED_OVER');
    await isIn(id, facility);
    expect((await reveal(id, ward())).data.revealIdentity).toMatchObject(ERIKA);
  });
});

describe('a purpose', () => {
  test.each([
    ['', 'FORBIDDEN'],
    ['  ', 'FORBIDDEN'],
    ['why', 'BAD_USER_INPUT'],
    ['x'.repeat(501), 'BAD_USER_INPUT'],
  ])('of "%s" reveals nothing, and nothing is recorded', async (purpose, code) => {
    const id = await newPatient(
      world,
      { facility },
      { tag: `P ${code} ${purpose.length}` },
      ward(),
    );
    expect((await reveal(id, ward(), purpose)).errors).toMatchObject([{ extensions: { code } }]);
    expect((await byTag('P', ward(), { purpose })).errors).toMatchObject([
      { extensions: { code } },
    ]);
    expect(await audited('patients[1]', id)).toEqual([]);
  });
});

describe('a search by tag', () => {
  test('finds a visible patient, and is recorded whether or not it finds one', async () => {
    const id = await newPatient(world, { incident }, { tag: 'S 1' });
    const who = { ...DISPATCH, subject: 'searcher' };
    expect((await byTag('S 1', who)).data.patientByTag).toEqual({ id, tag: 'S 1' });
    expect((await byTag('S 2', who)).data.patientByTag).toBeNull();
    expect((await byTag('s 1', who)).data.patientByTag).toBeNull();
    expect(await audited('by', 'searcher')).toEqual([
      expect.objectContaining({
        action: 'FIND_BY_TAG',
        patient: id,
        found: true,
        purpose: PURPOSE,
      }),
      expect.objectContaining({ action: 'FIND_BY_TAG', patient: null, found: false }),
      expect.objectContaining({ action: 'FIND_BY_TAG', patient: null, found: false }),
    ]);
  });

  test('for a tag of several incidents finds the newest patient, or that of the named incident', async () => {
    const [first, second] = [await newIncident(world), await newIncident(world)];
    const older = await newPatient(world, { incident: first }, { tag: 'S 3' });
    world.later(1);
    const newer = await newPatient(world, { incident: second }, { tag: 'S 3' });
    const id = async (over: object = {}) =>
      (await byTag('S 3', DISPATCH, over)).data.patientByTag?.id;
    expect(await id()).toBe(newer);
    expect(await id({ incident: first })).toBe(older);
    expect(await id({ incident })).toBeUndefined();
    expect(await id({ incident: 'nobody' })).toBeUndefined();
  });

  test('is allowed 30 times a minute to one person, also concurrently, whatever its result', async () => {
    const who = { ...FAMILY, subject: 'in a hurry' };
    const responses = await Promise.all(Array.from({ length: 33 }, (_, n) => byTag(`S ${n}`, who)));
    const refused = responses.filter(({ errors }) => errors?.[0]!.extensions.code === 'TOO_MUCH');
    expect(refused).toHaveLength(3);
    expect((await byTag('S 1', who)).errors![0]!.message).toContain('Try again in 60 seconds');
    expect((await byTag('S 1', { ...who, subject: 'somebody else' })).errors).toBeUndefined();
    world.later(1);
    expect((await byTag('S 1', who)).errors).toBeUndefined();
    expect(await audited('by', 'in a hurry')).toHaveLength(31);
  });

  test('is only for callers who may find patients', async () => {
    for (const role of ['health-office', 'spoc', 'chamber', 'supplier', 'partner', 'service']) {
      const { errors } = await byTag('S 1', { role, areas: [''] });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
