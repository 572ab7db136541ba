import { randomUUID } from 'node:crypto';
import { MINUTE_MS } from '../../../shared/time/rules.js';
import { requestWithRights, claimsOf, entriesBy, report } from '../testing/audit.js';
import {
  COLOGNE,
  DISPATCH,
  ELSEWHERE,
  MUNICH,
  newIncident,
  newKey,
  facilitiesIn,
} from '../testing/casualties.js';
import { accepted, assign, openFacilities, requested } from '../testing/journeys.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../testing/patients-world.js';
import { call, primary, register } from '../testing/transfers.js';

let world: PatientsWorld;
let incident: string;
let facility: string;
beforeAll(async () => {
  world = await patientsWorld();
  incident = await newIncident(world);
  [facility] = (await openFacilities(world, 1)) as [string];
});
afterAll(() => world.close());

/** Returns an identity with a new subject, so that its audit entries are its own. */
const someone = (who: TestIdentity): TestIdentity => ({ ...who, subject: randomUUID() });
const last = async ({ subject }: TestIdentity) => (await entriesBy(world, subject!)).at(-1);
const PATIENT = 'query Board ($id: ID!) { patient(id: $id) { tag category } }';

describe('a read of patient detail', () => {
  it('by staff that lead in the area is STEERING, with the incident', async () => {
    const [reader, [patient]] = [someone(DISPATCH), await register(world, { incident })];
    await world.request(PATIENT, { id: patient }, reader);
    expect(await entriesBy(world, reader.subject!)).toEqual([
      {
        action: 'READ',
        purpose: 'STEERING',
        statedPurpose: null,
        roles: ['dispatch'],
        field: 'patient',
        operation: 'Board',
        criteria: { patient: { id: patient } },
        patients: [patient],
        count: 1,
        incident,
        transfer: null,
        areas: [COLOGNE],
        facilities: [],
        at: world.clock.now,
      },
    ]);
  });

  it('by a facility on the patient’s way is TREATMENT, with the transfer', async () => {
    const [reader, transfer] = [
      someone(staffOf(facility)),
      await requested(world, incident, facility),
    ];
    await world.request(
      'query ($id: ID!) { transfer(id: $id) { status patient { needs } } }',
      { id: transfer },
      reader,
    );
    expect(await entriesBy(world, reader.subject!)).toMatchObject([
      {
        purpose: 'TREATMENT',
        field: 'transfer',
        transfer,
        incident,
        count: 1,
        facilities: [facility],
      },
    ]);
  });

  it('that a vehicle leads to is TRANSPORT', async () => {
    const transfer = await accepted(world, incident, facility);
    const reader = someone(DISPATCH);
    await assign(world, [transfer], { vehicle: 'Audit 1', physician: true });
    await world.request(
      '{ vehicle(callSign: "Audit 1") { callSign transfers { patient { category } } } }',
      {},
      reader,
    );
    expect(await last(reader)).toMatchObject({
      purpose: 'TRANSPORT',
      field: 'vehicle.transfers',
      transfer,
    });
  });

  it('of a transfer that only needs an approval is APPROVAL', async () => {
    const [from, to] = (await facilitiesIn(world, COLOGNE, 2)) as [string, string];
    const [patient] = await register(world, { facility: from });
    const transferRequest = primary(patient!, { kind: 'STRATEGIC', to });
    const { id } = await call(world, 'requestTransfer', transferRequest, staffOf(from));
    const reader = someone({ role: 'spoc', areas: ['05'] });
    await world.request(
      'query ($id: ID!) { transfer(id: $id) { status approvalsMissing } }',
      { id },
      reader,
    );
    expect(await last(reader)).toMatchObject({
      purpose: 'APPROVAL',
      patients: [patient],
      transfer: id,
    });
  });

  it('as a list is one entry with criteria, count and patients', async () => {
    const own = await newIncident(world);
    const [reader, patients] = [someone(DISPATCH), await register(world, { incident: own }, 3)];
    await world.request(
      'query ($id: ID!, $n: Int) { i: incident(id: $id) { name p: patients(first: $n) { totalCount nodes { tag location { position { latitude } } transfer { status } } } } }',
      { id: own, n: 20 },
      reader,
    );
    const entries = await entriesBy(world, reader.subject!);
    expect(entries).toMatchObject([
      { field: 'incident.patients', count: 3, incident: own, purpose: 'STEERING' },
    ]);
    expect(entries[0].criteria).toEqual({ incident: { id: own }, patients: { first: 20 } });
    expect([...entries[0].patients].sort()).toEqual([...patients].sort());
  });

  it('leaves no entry if no patient is disclosed: none found, a number, or only that there is one', async () => {
    const [reader, [patient]] = [someone(ELSEWHERE), await register(world, { incident })];
    const own = someone(DISPATCH);
    await world.request(PATIENT, { id: patient }, reader);
    await world.request(
      'query ($id: ID!) { incident(id: $id) { name casualties { count } patients { totalCount } } }',
      { id: incident },
      own,
    );
    await world.request(
      'query ($id: ID!) { patient(id: $id) { __typename } }',
      { id: patient },
      own,
    );
    expect(await entriesBy(world, reader.subject!)).toEqual([]);
    expect(await entriesBy(world, own.subject!)).toEqual([]);
  });

  it('of what a mutation gives back is recorded too, without the words of its input, also of a refusal', async () => {
    const [reader, transfer] = [someone(DISPATCH), await accepted(world, incident, facility)];
    const cancel = () =>
      world.request(
        `mutation ($id: ID!) { cancelTransfer(input: { transfer: $id, reason: "Erika is dead" }) {
          ... on Transfer { patient { tag } } ... on StepNotPossible { status } } }`,
        { id: transfer },
        reader,
      );
    await cancel();
    await cancel();
    const entries = await entriesBy(world, reader.subject!);
    expect(entries).toMatchObject([
      { field: 'cancelTransfer', criteria: null, transfer },
      { field: 'cancelTransfer', criteria: null, transfer },
    ]);
    expect(JSON.stringify(entries)).not.toContain('Erika');
  });

  it('of two mutations in one request leaves an entry for each', async () => {
    const [reader, patients] = [someone(DISPATCH), await register(world, { incident }, 2)];
    const triage = (name: string) =>
      `${name}: triagePatient(input: { patient: $${name}, category: SK_I, idempotencyKey: "${newKey()}" }) { ... on Patient { category } }`;
    await world.request(
      `mutation ($a: ID!, $b: ID!) { ${triage('a')} ${triage('b')} }`,
      { a: patients[0], b: patients[1] },
      reader,
    );
    const entries = await entriesBy(world, reader.subject!);
    expect(entries.map((entry) => entry.patients[0]).sort()).toEqual([...patients].sort());
  });

  it('of a patient who was searched is covered by the entry of the search', async () => {
    const [reader, tag] = [someone(DISPATCH), randomUUID()];
    await register(world, { incident }, 1, { tag });
    await world.request(
      'query ($tag: String!) { patientByTag(tag: $tag, purpose: "a call of the family") { tag category transfer { status } } }',
      { tag },
      reader,
    );
    expect(await entriesBy(world, reader.subject!)).toMatchObject([
      { action: 'FIND_BY_TAG', purpose: 'STATED', statedPurpose: 'a call of the family', count: 1 },
    ]);
  });
});

describe('a response that many share', () => {
  it('names what it discloses, and each reader who is reported leaves one entry', async () => {
    const [patient] = await register(world, { incident });
    const claims = claimsOf(DISPATCH);
    const { data, extensions } = await requestWithRights(world, claims, PATIENT, { id: patient });
    expect(data.patient.category).toBe('SK_II');
    expect(extensions!.disclosed).toHaveLength(1);
    const readers = ['anna', 'bernd'].map((by) => ({
      id: randomUUID(),
      by: `${by} ${patient}`,
      operation: 'Board',
    }));
    const reads = [{ disclosed: extensions!.disclosed![0], readers }];
    expect(await report(world, reads)).toEqual({ data: { recordPatientReads: 2 } });
    // The response was lost, so the report is sent again.
    expect(await report(world, reads)).toEqual({ data: { recordPatientReads: 2 } });
    for (const { by } of readers) {
      expect(await entriesBy(world, by)).toMatchObject([
        {
          action: 'READ',
          purpose: 'STEERING',
          patients: [patient],
          incident,
          operation: 'Board',
          roles: ['dispatch'],
        },
      ]);
    }
  });

  it('has a subscription recorded at its start, with criteria, and at its end, with the number of messages', async () => {
    const by = randomUUID();
    const watched = {
      field: 'patientChanged',
      criteria: JSON.stringify({ incident }),
      claims: JSON.stringify(claimsOf(staffOf(facility))),
    };
    const reader = { by, operation: null };
    await report(world, [
      { watched: { ...watched, phase: 'BEGAN' }, readers: [{ ...reader, id: randomUUID() }] },
    ]);
    world.later(1);
    await report(world, [
      {
        watched: { ...watched, phase: 'ENDED' },
        readers: [{ ...reader, id: randomUUID(), messages: 7 }],
      },
    ]);
    const common = {
      purpose: 'TREATMENT',
      field: 'patientChanged',
      incident,
      patients: [],
      facilities: [facility],
    };
    expect(await entriesBy(world, by)).toMatchObject([
      {
        action: 'SUBSCRIPTION_BEGAN',
        count: 0,
        criteria: { patientChanged: { incident } },
        ...common,
      },
      { action: 'SUBSCRIPTION_ENDED', count: 7, ...common },
    ]);
  });

  it('is reported by the gateway alone', async () => {
    const { errors } = await report(world, [], claimsOf(DISPATCH));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('a read that cannot be recorded is withheld', async () => {
  const [patient] = await register(world, { incident });
  await world.pool.query(
    'ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (false) NOT VALID',
  );
  try {
    const { data, errors } = await world.request(PATIENT, { id: patient }, someone(DISPATCH));
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  } finally {
    await world.pool.query('ALTER TABLE audit_entry DROP CONSTRAINT full_disk');
  }
});

describe('the audit', () => {
  const ENTRIES = `query ($filter: PatientsAuditFilter, $first: Int, $after: String) {
    patientsAuditEntries(filter: $filter, first: $first, after: $after) {
      nodes { id by action purpose patients: patientIds count criteria field incident: incidentId } totalCount
      pageInfo { hasNextPage endCursor } } }`;
  const officer = (over: Partial<TestIdentity> = {}) =>
    someone({ role: 'data-protection', areas: [COLOGNE], ...over });
  const look = async (who: TestIdentity, variables: object) => {
    const { data, errors } = await world.request(ENTRIES, variables, who);
    if (errors) throw new Error(JSON.stringify(errors));
    return data.patientsAuditEntries;
  };

  it('lists who read which patient, and a read of the audit is recorded itself', async () => {
    const [reader, [patient]] = [someone(DISPATCH), await register(world, { incident })];
    await world.request(PATIENT, { id: patient }, reader);
    const supervisor = officer();
    const filter = { patient, by: reader.subject };
    expect(await look(supervisor, { filter })).toMatchObject({
      nodes: [{ by: reader.subject, purpose: 'STEERING', patients: [patient], incident }],
      totalCount: 1,
    });
    expect(await entriesBy(world, supervisor.subject!)).toMatchObject([
      {
        action: 'READ_AUDIT',
        purpose: 'SUPERVISION',
        patients: [patient],
        count: 1,
        criteria: { patientsAuditEntries: { filter } },
      },
    ]);
  });

  it('finds entries by the tag of a patient, which it does not keep, and names the facility of the reader', async () => {
    const tag = newKey();
    const [[patient], [other]] = [
      await register(world, { facility }, 1, { tag }),
      await register(world, { facility }),
    ];
    const reader = someone(staffOf(facility));
    for (const id of [patient, other]) await world.request(PATIENT, { id }, reader);
    const supervisor = officer();
    const query = `query ($filter: PatientsAuditFilter) { patientsAuditEntries(filter: $filter) {
      nodes { patients: patientIds readerFacilities: readerFacilityIds } totalCount } }`;
    const filter = { tag, by: reader.subject };
    const { data } = await world.request(query, { filter }, supervisor);
    expect(data.patientsAuditEntries).toEqual({
      nodes: [{ patients: [patient], readerFacilities: [facility] }],
      totalCount: 1,
    });
    expect(await look(supervisor, { filter: { tag: newKey() } })).toMatchObject({ nodes: [] });
    const looks = await entriesBy(world, supervisor.subject!);
    expect(looks.map(({ patients }) => patients)).toContainEqual([patient]);
    expect(JSON.stringify(looks)).not.toContain(tag);
  });

  it('shows an officer only what concerns the own areas and facilities', async () => {
    const [reader, [patient]] = [someone(DISPATCH), await register(world, { incident })];
    await world.request(PATIENT, { id: patient }, reader);
    const count = async (who: TestIdentity) =>
      (await look(who, { filter: { patient } })).nodes.filter(
        (node: { by: string }) => node.by === reader.subject,
      ).length;
    expect(await count(officer({ areas: [''] }))).toBe(1);
    expect(await count(officer({ areas: ['05'] }))).toBe(1);
    expect(await count(officer({ areas: [MUNICH] }))).toBe(0);
    expect(await count(officer({ areas: [], facilities: [facility] }))).toBe(0);
    const staff = someone(staffOf(facility));
    const transfer = await requested(world, incident, facility);
    await world.request(
      'query ($id: ID!) { transfer(id: $id) { status } }',
      { id: transfer },
      staff,
    );
    const own = await look(officer({ areas: [], facilities: [facility] }), {
      filter: { by: staff.subject },
    });
    expect(own.nodes).toHaveLength(1);
  });

  it('is narrowed by time and area, and comes in pages, newest first', async () => {
    const [reader, patients] = [someone(DISPATCH), await register(world, { incident }, 3)];
    for (const id of patients) {
      world.later(1);
      await world.request(PATIENT, { id }, reader);
    }
    const by = reader.subject;
    const supervisor = officer();
    const first = await look(supervisor, { filter: { by }, first: 2 });
    expect(first.nodes.map((node: any) => node.patients[0])).toEqual([patients[2], patients[1]]);
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = await look(supervisor, {
      filter: { by },
      first: 2,
      after: first.pageInfo.endCursor,
    });
    expect(rest.nodes.map((node: any) => node.patients[0])).toEqual([patients[0]]);
    const from = new Date(world.clock.now.getTime() - MINUTE_MS);
    const narrowed = await look(supervisor, {
      filter: { by, from, until: world.clock.now, area: COLOGNE },
    });
    expect(narrowed.nodes.map((node: any) => node.patients[0])).toEqual([patients[1]]);
    expect(
      (await look(officer({ areas: [''] }), { filter: { by, area: MUNICH } })).totalCount,
    ).toBe(0);
  });

  it('is for data protection alone', async () => {
    for (const who of [DISPATCH, staffOf(facility), { role: 'crisis-staff', areas: [''] }]) {
      const { errors } = await world.request(ENTRIES, {}, who);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const { errors } = await world.request(ENTRIES, { filter: { area: 'Köln' } }, officer());
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
