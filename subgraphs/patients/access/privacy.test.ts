import { randomUUID } from 'node:crypto';
import { loggedWorld, type LoggedWorld } from '../testing/logged-world.js';
import type { PatientsWorld, TestIdentity } from '../testing/patients-world.js';
import {
  casualty,
  COLOGNE,
  DISPATCH,
  ELSEWHERE,
  facilitiesIn,
  MUNICH,
  newIncident,
  newKey,
  newPatient,
  register,
  REGISTER,
  STAFF,
} from '../testing/casualties.js';
import { staffOf } from '../testing/patients-world.js';
import type { StatementLog } from '../testing/statement-log.js';

const TAG = 'K 4711';
const PURPOSE = 'call of the family';

let logged: LoggedWorld;
let log: StatementLog;
let world: PatientsWorld;
/** An incident with four casualties, one of them with the tag, and an incident without casualties. */
let incident: string;
let empty: string;
let patient: string;
let requested: string;
let cancelled: string;
let stranger: string;
beforeAll(async () => {
  logged = await loggedWorld();
  ({ world, log } = logged);
  [incident, empty] = [await newIncident(world), await newIncident(world)];
  patient = await newPatient(world, { incident }, { tag: TAG, name: 'Erika Mustermann' });
  await register(world, { incident }, [casualty(), casualty(), casualty()]);
  [requested, cancelled, stranger] = (await facilitiesIn(world, COLOGNE, 3)) as [
    string,
    string,
    string,
  ];
  await transfer(patient, null, cancelled, 'CANCELLED');
  await transfer(patient, null, requested, 'DESTINATION_REQUESTED');
});
afterAll(() => logged.close());

/** Inserts a transfer in a status. */
async function transfer(patient: string, from: string | null, to: string, status: string) {
  await world.pool.query(
    `INSERT INTO transfer (kind, patient_id, incident_id, status, status_at, from_facility, from_area, to_facility, created_at, created_by)
     VALUES ('PRIMARY', $1, $2, $3::"TransferStatus", $4, $5, $6, $7, $4, 'dispatcher')`,
    [patient, incident, status, world.clock.now, from, COLOGNE, to],
  );
}

/** Callers who may not know of the patient. */
const OUTSIDERS: [string, () => TestIdentity][] = [
  ['the control room of another Kreis', () => ELSEWHERE],
  ['the crisis staff of another Land', () => ({ role: 'crisis-staff', areas: ['09'] })],
  ['the health office of the Kreis', () => ({ role: 'health-office', areas: [COLOGNE] })],
  ['the SPoC of the Land', () => ({ role: 'spoc', areas: ['05'] })],
  ["a hospital of the Kreis on nobody's way", () => staffOf(stranger)],
  ['a hospital whose transfer was cancelled', () => staffOf(cancelled)],
  ['family information of another Land', () => ({ role: 'family-information', areas: ['09'] })],
  ['a chamber', () => ({ role: 'chamber' })],
  ['a supplier', () => ({ role: 'supplier' })],
  ['a partner', () => ({ role: 'partner' })],
  ['a service', () => ({ role: 'service', areas: [''] })],
];
const INSIDERS: [string, () => TestIdentity][] = [
  ['the control room of the Kreis', () => DISPATCH],
  ['the crisis staff of the Land', () => ({ role: 'crisis-staff', areas: ['05'] })],
  ['the hospital that is requested as the destination', () => staffOf(requested)],
];

/** Every operation that reads a patient by id. */
const BY_ID: [string, (id: string, who: TestIdentity) => Promise<unknown>][] = [
  [
    'patient',
    (id, who) => world.request('query ($id: ID!) { patient(id: $id) { id tag } }', { id }, who),
  ],
  [
    'an entity',
    (id, who) =>
      world.request(
        'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Patient { id tag } } }',
        { refs: [{ __typename: 'Patient', id }] },
        who,
      ),
  ],
  ['triagePatient', (id, who) => act('triagePatient', 'TriagePatientInput', yellow(id), who)],
  [
    'revealIdentity',
    (id, who) =>
      act('revealIdentity', 'RevealIdentityInput', { patient: id, purpose: PURPOSE }, who),
  ],
  ['recordIdentity', (id, who) => act('recordIdentity', 'RecordIdentityInput', named(id), who)],
  [
    'erasePatient',
    (id, who) => act('erasePatient', 'ErasePatientInput', { patient: id, reason: PURPOSE }, who),
  ],
];
const yellow = (patient: string) => ({ patient, category: 'SK_II', idempotencyKey: newKey() });
const named = (patient: string) => ({ patient, name: 'Max', idempotencyKey: newKey() });
const act = (field: string, type: string, input: object, who: TestIdentity) =>
  world.request(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Refusal { message } ... on UnknownPatient { patientId } } }`,
    { input },
    who,
  );
const byTag = (tag: string, who: TestIdentity) =>
  world.request(
    'query ($tag: String!, $purpose: String!) { patientByTag(tag: $tag, purpose: $purpose) { id tag } }',
    { tag, purpose: PURPOSE },
    who,
  );
const seenOf = (id: string, who: TestIdentity) =>
  world.request(
    `query ($id: ID!) { incident(id: $id) {
      status casualties { category count } remaining { atScene } timeline { kind text }
      patients { totalCount edges { cursor node { id } } nodes { id } pageInfo { hasNextPage startCursor endCursor } } } }`,
    { id },
    who,
  );

/** Returns a response in which the requested id is replaced. */
const without = (id: string, response: unknown) =>
  JSON.parse(JSON.stringify(response).replaceAll(id, 'ID'));

describe.each(OUTSIDERS)('%s cannot learn that the patient exists', (_, who) => {
  test.each(BY_ID)('by the id: %s', async (__, query) => {
    const missing = randomUUID();
    const hidden = await query(patient, who());
    expect(without(patient, hidden)).toEqual(without(missing, await query(missing, who())));
    expect(JSON.stringify(hidden)).not.toContain(TAG);
  });

  test('by the tag', async () => {
    const hidden = await byTag(TAG, who());
    expect(without(TAG, hidden)).toEqual(without('K 0815', await byTag('K 0815', who())));
    expect(hidden.data?.patientByTag ?? null).toBeNull();
  });

  test('by the list, the counts and the timeline of the incident', async () => {
    const hidden = without(incident, await seenOf(incident, who()));
    expect(hidden).toEqual(without(empty, await seenOf(empty, who())));
  });

  test('by the cursor of a caller who sees the patient', async () => {
    const { data } = await seenOf(incident, DISPATCH);
    const after = data.incident.patients.edges[0].cursor;
    const response = await world.request(
      'query ($id: ID!, $after: String) { incident(id: $id) { patients(after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } }',
      { id: incident, after },
      who(),
    );
    const page = response.data?.incident?.patients ?? null;
    if (page)
      expect(page).toEqual({
        totalCount: 0,
        nodes: [],
        pageInfo: { hasNextPage: false, endCursor: null },
      });
    else expect(response.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test.each(INSIDERS)('%s sees the patient', async (_, who) => {
  const { data } = await world.request(
    'query ($id: ID!) { patient(id: $id) { id tag } }',
    { id: patient },
    who(),
  );
  expect(data.patient).toEqual({ id: patient, tag: TAG });
  expect((await byTag(TAG, who())).data.patientByTag).toEqual({ id: patient, tag: TAG });
  const { nodes } = (await seenOf(incident, who())).data.incident.patients;
  expect(nodes).toContainEqual({ id: patient });
});

test.each([
  ['REQUESTED', true, false],
  ['DEFERRED', true, false],
  ['APPROVED', true, false],
  ['REJECTED', false, false],
  ['DESTINATION_REQUESTED', true, true],
  ['ACCEPTED', true, true],
  ['REFUSED', true, false],
  ['TRANSPORT_SOUGHT', true, true],
  ['TRANSPORT_ASSIGNED', true, true],
  ['PICKED_UP', true, true],
  ['UNDER_WAY', true, true],
  ['DIVERTED', true, true],
  ['ARRIVED', true, true],
  // The receiving facility treats the patient then; the transfer concerns neither of the two any more.
  ['HANDED_OVER', false, false],
  ['CANCELLED', false, false],
  // The patient died before the arrival: the destination is not concerned any more.
  ['DIED', true, false],
])(
  'while a transfer is %s its origin sees the patient: %p, and its destination: %p',
  async (status, origin, destination) => {
    const moved = await newPatient(world, { incident });
    await transfer(moved, cancelled, stranger, status);
    const sees = async (facility: string) => {
      const { data } = await world.request(
        'query ($id: ID!) { patient(id: $id) { id } }',
        { id: moved },
        staffOf(facility),
      );
      return data.patient !== null;
    };
    expect([await sees(cancelled), await sees(stranger)]).toEqual([origin, destination]);
    await world.pool.query('DELETE FROM transfer WHERE patient_id = $1', [moved]);
  },
);

test('a hospital sees and counts only the patients on their way to it', async () => {
  const { data } = await seenOf(incident, staffOf(requested));
  expect(data.incident.patients).toMatchObject({ totalCount: 1, nodes: [{ id: patient }] });
  expect(data.incident.remaining).toBeNull();
});

test('a call without the right is refused before any read: its error names no patient', async () => {
  for (const [, who] of OUTSIDERS) {
    for (const [, query] of BY_ID) {
      expect(JSON.stringify(await query(patient, who()))).not.toContain('Erika');
    }
  }
});

describe('by a subscription', () => {
  const WATCH = `subscription ($incident: ID, $facility: ID, $after: String) {
    patientChanged(incident: $incident, facility: $facility, after: $after) { patient { id } } }`;

  test.each(['live', 'with a cursor'])(
    'an outsider receives only their own patients: %s',
    async (how) => {
      const scene = { incident: await newIncident(world, { area: MUNICH }) };
      const after = how === 'live' ? null : await world.cursor();
      const watch = await world.watch(WATCH, { after }, ELSEWHERE);
      const received: string[] = [];
      const listening = (async () => {
        for await (const { data } of watch) received.push(data!['patientChanged'].patient.id);
      })();
      const own = [await newPatient(world, scene, {}, ELSEWHERE)];
      // A live subscription has started with its first message; it does not receive earlier events.
      while (received.length === 0) own.push(await newPatient(world, scene, {}, ELSEWHERE));
      await newPatient(world, { incident });
      await act(
        'triagePatient',
        'TriagePatientInput',
        { patient, category: 'SK_II', idempotencyKey: newKey() },
        DISPATCH,
      );
      const last = await newPatient(world, scene, {}, ELSEWHERE);
      while (!received.includes(last)) await world.cursor();
      expect([...own, last]).toEqual(expect.arrayContaining(received));
      await watch.return!();
      await listening;
    },
  );

  test('a hospital receives a patient who is on the way to it, and others do not', async () => {
    const after = await world.cursor();
    await act(
      'triagePatient',
      'TriagePatientInput',
      { patient, category: 'SK_II', idempotencyKey: newKey() },
      DISPATCH,
    );
    const own = await newPatient(world, { facility: stranger }, {}, staffOf(stranger));
    const [goes, stays] = [
      await world.watch(WATCH, { after }, staffOf(requested)),
      await world.watch(WATCH, { after }, staffOf(stranger)),
    ];
    expect((await goes.next()).value!.data!.patientChanged.patient.id).toBe(patient);
    expect((await stays.next()).value!.data!.patientChanged.patient.id).toBe(own);
    await Promise.all([goes.return!(), stays.return!()]);
  });

  test('two cursors do not disclose whether anything happened between them', async () => {
    const cursor = async () =>
      (await world.request('{ patientsCursor }', {}, ELSEWHERE)).data.patientsCursor as string;
    const [first, second] = [await cursor(), await cursor()];
    await newPatient(world, { incident });
    const third = await cursor();
    expect(new Set([first, second, third]).size).toBe(3);
    expect(new Set([first, second, third].map(({ length }) => length)).size).toBe(1);
  });

  test.each(
    OUTSIDERS.filter(([name]) =>
      /office|SPoC|information|chamber|supplier|partner|service/.test(name),
    ),
  )('%s may not watch at all', async (_, who) => {
    const watch = await world.watch(WATCH, {}, who());
    await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('a tag that is worn elsewhere is free here', async () => {
  const own = await newIncident(world, { area: MUNICH });
  const input = { incident: own, casualties: [{ tag: TAG }], idempotencyKey: newKey() };
  const { data } = await world.request(REGISTER, { input }, ELSEWHERE);
  expect(data.registerCasualties.outcomes).toMatchObject([{ __typename: 'Patient', tag: TAG }]);
});

test('family information of the area finds the patient, and sees nothing but the tag', async () => {
  const family: TestIdentity = { role: 'family-information', areas: [COLOGNE] };
  const { data: type } = await world.request(
    '{ __type(name: "Patient") { fields { name type { kind ofType { kind } } } } }',
  );
  const names: string[] = type.__type.fields.map(({ name }: { name: string }) => name);
  const select = names.map((name) => `${name} ${SUBFIELDS[name] ?? ''}`).join(' ');
  const { data, errors } = await world.request(
    `query ($tag: String!, $purpose: String!) { patientByTag(tag: $tag, purpose: $purpose) { ${select} } }`,
    { tag: TAG, purpose: PURPOSE },
    family,
  );
  const hidden = Object.fromEntries(names.map((name) => [name, null]));
  expect(data.patientByTag).toEqual({ ...hidden, id: patient, tag: TAG });
  for (const { extensions } of errors ?? []) expect(extensions.code).toBe('FORBIDDEN');
});
const SUBFIELDS: Record<string, string> = {
  incident: '{ id }',
  pzc: '{ code }',
  location: '{ facility { id } }',
  triageHistory: '{ at }',
  transfer: '{ id }',
};

describe('a hidden and a missing id run the same statements', () => {
  let background: Set<string>;
  beforeAll(async () => {
    // The statements of the timers are known after each timer has run.
    log.statements.length = 0;
    while (log.statements.filter((text) => text.includes('retriage_told = true')).length < 3) {
      await world.request('{ __typename }');
    }
    background = new Set(log.statements);
  });
  const statementsOf = async (act: () => Promise<unknown>) => {
    log.statements.length = 0;
    await act();
    return log.statements.filter((text) => !background.has(text));
  };

  test.each(BY_ID)('%s', async (name, query) => {
    const who =
      name === 'erasePatient'
        ? { role: 'crisis-staff', areas: ['09'] }
        : ['revealIdentity', 'recordIdentity'].includes(name)
          ? staffOf(stranger)
          : ELSEWHERE;
    const hidden = await statementsOf(() => query(patient, who));
    for (const missing of [randomUUID(), 'nobody']) {
      expect(await statementsOf(() => query(missing, who))).toEqual(hidden);
    }
    expect(hidden.some((text) => /may_see|holding_facilities/.test(text))).toBe(true);
  });

  test('patientByTag', async () => {
    const hidden = await statementsOf(() => byTag(TAG, ELSEWHERE));
    expect(await statementsOf(() => byTag('K 0815', ELSEWHERE))).toEqual(hidden);
    expect(hidden.some((text) => text.includes('may_see'))).toBe(true);
  });

  test('a visible patient runs more statements, so the log records them', async () => {
    const seen = await statementsOf(() =>
      act(
        'triagePatient',
        'TriagePatientInput',
        { patient, category: 'SK_I', idempotencyKey: newKey() },
        DISPATCH,
      ),
    );
    expect(seen.some((text) => text.includes('INSERT INTO triage_assessment'))).toBe(true);
  });
});

test('the crisis staff of the Kreis, who see the patients, see the exact numbers', async () => {
  const { data } = await seenOf(incident, STAFF);
  const total = data.incident.casualties.reduce(
    (sum: number, { count }: { count: number }) => sum + count,
    0,
  );
  expect(total).toBe(data.incident.patients.totalCount);
});
