import { eachOnce } from '../../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, register, transferOf } from '../../testing/transfers.js';
import { confirm, confirmRaw, giveIntake, intakeOf, planOf } from '../../testing/plans.js';

const COLOGNE: TestIdentity = {
  role: 'dispatch',
  areas: ['05315'],
  subject: 'dispatcher in Cologne',
};

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 60);
  await giveIntake(world, facilities, 3);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** A facility that no other test uses, which accepts three SK II. */
const newFacility = eachOnce(() => facilities);
const patients = (count = 1, casualty: object = {}) =>
  register(world, { incident }, count, casualty);
const planFor = async (facility: string, count = 1) => {
  const ids = await patients(count);
  const entries = ids.map((patient) => ({ patient, facility }));
  return { plan: await planOf(world, { incident }, entries), patients: ids };
};
const statusOf = async (plan: string) =>
  (await world.pool.query('SELECT status::text FROM allocation_plan WHERE id = $1', [plan])).rows[0]
    .status as string;

test('a plan is confirmed whole: every patient has a transfer that carries its slot and requests the destination', async () => {
  const [near, far] = [newFacility(), newFacility()];
  const [anna, ben, cleo] = await patients(3);
  const plan = await planOf(world, { incident }, [
    { patient: anna!, facility: near },
    { patient: ben!, facility: near },
    { patient: cleo!, facility: far },
  ]);
  const confirmed = await confirm(world, plan);
  expect(confirmed).toMatchObject({
    __typename: 'AllocationPlan',
    id: plan,
    status: 'CONFIRMED',
    settledBy: 'control room',
    summary: { confirmed: 3, lost: 0 },
    lost: { totalCount: 0 },
  });
  for (const { outcome, patient, facility, transfer } of confirmed.assignments.nodes) {
    expect(outcome).toBe('CONFIRMED');
    const due = world.inMinutes(5);
    expect(await transferOf(world, transfer.id, staffOf(facility.id))).toMatchObject({
      kind: 'PRIMARY',
      status: 'DESTINATION_REQUESTED',
      attempt: 1,
      dueAt: due,
      patient: { id: patient.id },
      to: facility,
      from: null,
      fromArea: '05315',
      bedCategory: null,
      means: null,
      estimatedArrival: null,
      placeUntil: null,
      steps: [
        { status: 'REQUESTED', by: 'control room', reason: null, facility },
        { status: 'DESTINATION_REQUESTED', by: 'control room', reason: null, facility },
      ],
    });
  }
  expect(await intakeOf(world, near)).toMatchObject({ reserved: 2, free: 1 });
  expect(await intakeOf(world, far)).toMatchObject({ reserved: 1, free: 2 });
  // Once a patient is treated there, rights are judged by the Kreis of the facility, also while capacity is unavailable.
  const { rowCount } = await world.pool.query(
    'SELECT FROM facility_place WHERE id = ANY ($1::uuid[]) AND area <> $2',
    [[near, far], ''],
  );
  expect(rowCount).toBe(2);
});

test('the facility sees the arriving patient, accepts, and the slot is confirmed for them', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility);
  const { assignments } = await confirm(world, plan);
  const transfer = assignments.nodes[0].transfer.id;
  const { data } = await world.request(
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Facility { inbound { transfer { id } status } } } }',
    { refs: [{ __typename: 'Facility', id: facility }] },
    staffOf(facility),
  );
  expect(data._entities[0].inbound).toMatchObject([{ status: 'DESTINATION_REQUESTED' }]);
  const accepted = await call(world, 'acceptTransfer', { transfer }, staffOf(facility));
  expect(accepted).toMatchObject({ status: 'ACCEPTED', placeUntil: expect.any(String) });
  const { rows } = await world.pool.query(
    'SELECT reservation_id AS id, reservation_item AS item FROM transfer WHERE id = $1',
    [transfer],
  );
  const { data: kept } = await world.requestCapacity(
    'query ($id: ID!) { reservation(id: $id) { kind items { id status } } }',
    rows[0],
  );
  expect(kept.reservation).toEqual({
    kind: 'PRIMARY',
    items: [{ id: rows[0].item, status: 'CONFIRMED' }],
  });
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 1, free: 2 });
});

test('the timeline of the incident has the confirmation, without a number', async () => {
  const { plan } = await planFor(newFacility());
  await confirm(world, plan);
  const { data } = await world.request(
    'query ($incident: ID!) { incident(id: $incident) { timeline { kind text by } } }',
    { incident },
  );
  expect(data.incident.timeline.at(-1)).toEqual({
    kind: 'ALLOCATION_CONFIRMED',
    text: 'Allocation of wave 1 confirmed.',
    by: 'control room',
  });
});

describe('the dispatcher does otherwise than proposed', () => {
  test('have their reason in the plan and in the steps of the transfer', async () => {
    const [near, far] = [newFacility(), newFacility()];
    const { plan, patients: ids } = await planFor(near, 2);
    const reason = 'her mother is there';
    const confirmed = await confirm(world, plan, {
      overrides: [{ patient: ids[0], facility: far, reason }],
    });
    const [overridden, kept, chosen] = confirmed.assignments.nodes;
    expect(overridden).toMatchObject({
      outcome: 'OVERRIDDEN',
      facility: { id: near },
      overrideReason: reason,
      transfer: null,
    });
    expect(kept).toMatchObject({ outcome: 'CONFIRMED', facility: { id: near } });
    expect(chosen).toMatchObject({
      outcome: 'CONFIRMED',
      patient: { id: ids[0] },
      facility: { id: far },
      means: 'RTW',
      overrideReason: reason,
      reasons: [{ code: 'CHOSEN_BY_DISPATCHER' }],
      minutes: expect.any(Number),
    });
    const { steps } = await transferOf(world, chosen.transfer.id);
    expect(steps.map((step: any) => step.reason)).toEqual([reason, reason]);
    expect(await intakeOf(world, near)).toMatchObject({ reserved: 1 });
    expect(await intakeOf(world, far)).toMatchObject({ reserved: 1 });
  });

  test('leave one patient where they are, and send one to whom the plan assigned no facility', async () => {
    const facility = newFacility();
    const [stays, goes] = await patients(2);
    const plan = await planOf(world, { incident }, [{ patient: stays!, facility }], [goes!]);
    const confirmed = await confirm(world, plan, {
      overrides: [
        { patient: stays, facility: null, reason: 'not stable' },
        { patient: goes, facility, reason: 'has the greater need' },
      ],
    });
    expect(
      confirmed.assignments.nodes.map(({ patient, outcome }: any) => [patient.id, outcome]),
    ).toEqual([
      [stays, 'OVERRIDDEN'],
      [goes, 'CONFIRMED'],
    ]);
    expect(confirmed.summary).toEqual({ confirmed: 1, lost: 0 });
    expect(await intakeOf(world, facility)).toMatchObject({ reserved: 1 });
  });

  test('come first where a facility has not enough slots: the dispatcher decides, the software proposes', async () => {
    const facility = newFacility();
    const { plan, patients: proposed } = await planFor(facility, 3);
    const [own] = await patients();
    await world.pool.query(
      `INSERT INTO allocation_left_over (plan_id, position, patient_id, code, reason) VALUES ($1, 1, $2, 'NEXT_WAVE', 'Later.')`,
      [plan, own],
    );
    const { assignments, lost } = await confirm(world, plan, {
      overrides: [{ patient: own, facility, reason: 'now' }],
    });
    expect(lost.nodes).toMatchObject([{ patient: { id: proposed[2] }, code: 'PLACE_TAKEN' }]);
    expect(assignments.nodes.at(-1)).toMatchObject({ outcome: 'CONFIRMED', patient: { id: own } });
  });

  test.each<[string, object, string]>([
    ['without a reason', { reason: ' ' }, 'Every override needs a reason'],
    ['with too long a reason', { reason: 'x'.repeat(501) }, 'of 1 to 500 characters'],
  ])('%s: says what is missing, and nothing is confirmed', async (_, part, words) => {
    const { plan, patients: ids } = await planFor(newFacility());
    const overrides = [{ patient: ids[0], facility: newFacility(), reason: 'why', ...part }];
    const { errors } = await confirmRaw(world, plan, { overrides });
    expect(errors).toMatchObject([
      { message: expect.stringContaining(words), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(await statusOf(plan)).toBe('PROPOSED');
  });

  test('are refused twice for one patient, and for too many', async () => {
    const { plan, patients: ids } = await planFor(newFacility());
    const one = { patient: ids[0], facility: null, reason: 'why' };
    const twice = await confirmRaw(world, plan, { overrides: [one, one] });
    expect(twice.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const many = Array.from({ length: 501 }, (_, n) => ({ ...one, patient: `${n}` }));
    const { errors } = await confirmRaw(world, plan, { overrides: many });
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_MUCH' } }]);
    expect(await statusOf(plan)).toBe('PROPOSED');
  });

  test.each<[string, object, object]>([
    ['a patient of another plan', {}, { __typename: 'OverrideNotPossible' }],
    ['an id nobody has', { patient: 'x' }, { __typename: 'OverrideNotPossible', patientId: 'x' }],
    ['an unknown facility', { facility: UNKNOWN_ID }, { __typename: 'UnknownFacility' }],
    ['an id of no facility', { facility: 'x' }, { __typename: 'UnknownFacility', missing: 'x' }],
  ])('are refused for %s, and nothing is confirmed', async (_, part, refusal) => {
    const { plan } = await planFor(newFacility());
    const [stranger] = await patients();
    const override = { patient: stranger, facility: newFacility(), reason: 'why', ...part };
    expect(await confirm(world, plan, { overrides: [override] })).toMatchObject(refusal);
    expect(await statusOf(plan)).toBe('PROPOSED');
  });

  test('are refused for a patient who was triaged SK IV in the meantime', async () => {
    const { plan, patients: ids } = await planFor(newFacility());
    await triage(ids[0]!, 'SK_IV');
    const override = { patient: ids[0], facility: newFacility(), reason: 'why' };
    expect(await confirm(world, plan, { overrides: [override] })).toMatchObject({
      __typename: 'OverrideNotPossible',
      message: expect.stringContaining('SK_IV'),
    });
  });
});

describe('exactly once', () => {
  test('the same key again gives the same plan, and makes no second transfer', async () => {
    const facility = newFacility();
    const { plan } = await planFor(facility);
    const key = { idempotencyKey: newKey() };
    const first = await confirm(world, plan, key);
    const before = await world.eventCount();
    expect(await confirm(world, plan, key)).toEqual(first);
    expect(await world.eventCount()).toBe(before);
    expect(await intakeOf(world, facility)).toMatchObject({ reserved: 1 });
  });

  test('the same key for something else is refused', async () => {
    const key = { idempotencyKey: newKey() };
    const [one, other] = [await planFor(newFacility()), await planFor(newFacility())];
    await confirm(world, one.plan, key);
    expect(await confirm(world, other.plan, key)).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: 'confirmAllocation',
    });
    expect(await statusOf(other.plan)).toBe('PROPOSED');
  });

  test('one of ten calls that confirm the same plan at once confirms it, and the others are refused', async () => {
    const facility = newFacility();
    const { plan } = await planFor(facility, 3);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => confirm(world, plan)));
    const names = outcomes.map(({ __typename }) => __typename).sort();
    expect(names).toEqual(['AllocationPlan', ...Array<string>(9).fill('PlanEnded')]);
    expect(await intakeOf(world, facility)).toMatchObject({ reserved: 3, free: 0 });
    const { rows } = await world.pool.query(
      'SELECT count(*)::int AS transfers FROM transfer WHERE to_facility = $1',
      [facility],
    );
    expect(rows).toEqual([{ transfers: 3 }]);
  });

  test('a closed plan is refused with its state', async () => {
    const { plan } = await planFor(newFacility());
    await confirm(world, plan);
    expect(await confirm(world, plan)).toMatchObject({
      __typename: 'PlanEnded',
      message: expect.stringContaining('confirmed already'),
      plan: { id: plan, status: 'CONFIRMED' },
    });
  });
});

test('a plan of a closed incident is not confirmed', async () => {
  const closed = await newIncident(world);
  const [patient] = await register(world, { incident: closed });
  const plan = await planOf(world, { incident: closed }, [
    { patient: patient!, facility: newFacility() },
  ]);
  await world.request(
    'mutation ($incident: ID!) { closeIncident(input: { incident: $incident, reason: "over" }) { __typename } }',
    { incident: closed },
  );
  const before = await world.eventCount();
  expect(await confirm(world, plan)).toMatchObject({
    __typename: 'IncidentEnded',
    incident: { id: closed },
  });
  expect(await world.eventCount()).toBe(before);
});

test.each<[string, (facility: string) => TestIdentity]>([
  ['the control room of another Kreis', () => ({ ...COLOGNE, areas: ['05314'] })],
  ['a facility that patients are sent to', (facility) => staffOf(facility)],
])('%s receives the same refusal for a foreign plan and for a missing one', async (_, who) => {
  const facility = newFacility();
  const { plan } = await planFor(facility);
  const hidden = await confirm(world, plan, {}, who(facility));
  expect(hidden).toMatchObject({ __typename: 'UnknownPlan', planId: plan });
  const missing = await confirm(world, UNKNOWN_ID, {}, who(facility));
  expect(missing).toEqual(JSON.parse(JSON.stringify(hidden).replaceAll(plan, UNKNOWN_ID)));
  expect((await confirm(world, 'no id', {}, who(facility))).planId).toBe('no id');
  expect(await statusOf(plan)).toBe('PROPOSED');
});

test('a facility that patients are sent to cannot confirm the plan of which it sees a part', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility);
  await confirm(world, plan);
  expect(await confirm(world, plan, {}, staffOf(facility))).toMatchObject({
    __typename: 'UnknownPlan',
  });
});

test.each(['spoc', 'health-office', 'service'])('the role %s confirms nothing', async (role) => {
  const { plan } = await planFor(newFacility());
  const { errors } = await confirmRaw(world, plan, {}, { role, areas: [''] });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('the control room of the Kreis confirms', async () => {
  const { plan } = await planFor(newFacility());
  expect(await confirm(world, plan, {}, COLOGNE)).toMatchObject({
    status: 'CONFIRMED',
    settledBy: 'dispatcher in Cologne',
  });
});

async function triage(patient: string, category: string): Promise<void> {
  const { data, errors } = await world.request(
    'mutation ($input: TriagePatientInput!) { triagePatient(input: $input) { __typename ... on Refusal { message } } }',
    { input: { patient, category, physician: true, idempotencyKey: newKey() } },
  );
  if (errors || data.triagePatient.message) throw new Error(JSON.stringify(errors ?? data));
}
