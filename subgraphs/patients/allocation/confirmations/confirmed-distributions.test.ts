import { eachOnce } from '../../../../shared/testing/each-once.js';
import { HOUR_MS } from '../../../../shared/time/rules.js';
import { facilitiesIn } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, register, transferOf } from '../../testing/transfers.js';
import { confirm, giveIntake, intakeOf, planOf } from '../../testing/plans.js';

let world: PatientsWorld;
let facilities: string[];
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 20);
  await giveIntake(world, facilities, 3);
});
afterAll(() => world.close());

const newFacility = eachOnce(() => facilities);
/** A plan that sends patients of a facility to another. */
const planFrom = async (full: string, to: string, count = 1) => {
  const patients = await register(world, { facility: full }, count);
  const entries = patients.map((patient) => ({ patient, facility: to }));
  return { plan: await planOf(world, { facility: full }, entries), patients };
};
const OFFICE: TestIdentity = { role: 'crisis-staff', areas: ['05'], subject: 'staff officer' };

test('a person who may approve gives the approval by confirming: the destinations are requested at once', async () => {
  const [full, to] = [newFacility(), newFacility()];
  const { plan } = await planFrom(full, to, 2);
  const { assignments } = await confirm(world, plan, {}, OFFICE);
  for (const { transfer } of assignments.nodes) {
    const due = new Date(world.clock.now.getTime() + HOUR_MS).toISOString();
    expect(await transferOf(world, transfer.id)).toMatchObject({
      kind: 'CAPACITY',
      status: 'DESTINATION_REQUESTED',
      from: { id: full },
      to: { id: to },
      dueAt: due,
      approvalsMissing: [],
      approvals: [{ level: 'ORIGIN', by: 'staff officer' }],
      steps: [
        { status: 'REQUESTED' },
        { status: 'APPROVED' },
        { status: 'DESTINATION_REQUESTED', by: 'staff officer', facility: { id: to } },
      ],
    });
    expect(
      await call(world, 'acceptTransfer', { transfer: transfer.id }, staffOf(to)),
    ).toMatchObject({ status: 'ACCEPTED' });
  }
  expect(await intakeOf(world, to)).toMatchObject({ reserved: 2, free: 1 });
});

test('the facility itself may confirm, and no slot is reserved before the destination accepts', async () => {
  const [full, to] = [newFacility(), newFacility()];
  const { plan } = await planFrom(full, to);
  const { assignments } = await confirm(world, plan, {}, staffOf(full));
  const { id } = assignments.nodes[0].transfer;
  expect(await transferOf(world, id)).toMatchObject({
    status: 'REQUESTED',
    to: { id: to },
    approvals: [],
    approvalsMissing: ['ORIGIN'],
    steps: [{ status: 'REQUESTED', facility: { id: to } }],
  });
  expect(await transferOf(world, id, staffOf(to))).toBeNull();
  expect(await intakeOf(world, to)).toMatchObject({ reserved: 0, free: 3 });
  world.later(5 * 60);
  expect(
    await call(world, 'approveTransfer', { transfer: id, decision: 'APPROVE' }, OFFICE),
  ).toMatchObject({ status: 'DESTINATION_REQUESTED', to: { id: to } });
  expect(await call(world, 'acceptTransfer', { transfer: id }, staffOf(to))).toMatchObject({
    status: 'ACCEPTED',
  });
  expect(await intakeOf(world, to)).toMatchObject({ reserved: 1 });
});

test('a transfer that is not approved leaves the intake of the destination unchanged', async () => {
  const [full, to] = [newFacility(), newFacility()];
  const { plan } = await planFrom(full, to);
  const { assignments } = await confirm(world, plan, {}, staffOf(full));
  const { id } = assignments.nodes[0].transfer;
  const rejected = { transfer: id, decision: 'REJECT', reason: 'needed here' };
  expect(await call(world, 'approveTransfer', rejected, OFFICE)).toMatchObject({
    status: 'REJECTED',
  });
  expect(await intakeOf(world, to)).toMatchObject({ reserved: 0, free: 3 });
});

test('a patient who has left the facility in the meantime is not sent from it', async () => {
  const [full, to] = [newFacility(), newFacility()];
  const { plan, patients } = await planFrom(full, to);
  await world.pool.query('UPDATE patient SET facility_id = $2 WHERE id = $1', [
    patients[0],
    newFacility(),
  ]);
  const { lost } = await confirm(world, plan, {}, OFFICE);
  expect(lost.nodes).toMatchObject([{ code: 'ALREADY_MOVED' }]);
  expect(await intakeOf(world, to)).toMatchObject({ reserved: 0 });
});

test.each<[string, boolean | null, string]>([
  ['SK_II', false, 'cannot be moved'],
  ['SK_I', null, 'No physician'],
])(
  '%s who may not be moved any more (%p) stays: NOT_TRANSPORTABLE',
  async (category, says, words) => {
    const [full, to] = [newFacility(), newFacility()];
    await giveIntake(world, [to], 3, category as 'SK_I');
    const patients = await register(world, { facility: full }, 2, { category });
    await world.pool.query('UPDATE patient SET transportable = true WHERE id = ANY ($1::uuid[])', [
      patients,
    ]);
    const entries = patients.map((patient) => ({
      patient,
      facility: to,
      category: category as 'SK_I',
    }));
    const plan = await planOf(world, { facility: full }, entries);
    await world.pool.query('UPDATE patient SET transportable = $2 WHERE id = $1', [
      patients[0],
      says,
    ]);
    const { lost, summary } = await confirm(world, plan, {}, OFFICE);
    expect(summary).toEqual({ confirmed: 1, lost: 1 });
    expect(lost.nodes).toMatchObject([
      {
        patient: { id: patients[0] },
        code: 'NOT_TRANSPORTABLE',
        reason: expect.stringContaining(words),
      },
    ]);
    expect(await intakeOf(world, to, category as 'SK_I')).toMatchObject({ reserved: 1 });
  },
);

test('an override cannot send a patient to the facility they are in; to another it estimates the ride from there', async () => {
  const [full, to, other] = [newFacility(), newFacility(), newFacility()];
  const { plan, patients } = await planFrom(full, to);
  const override = { patient: patients[0], facility: full, reason: 'stays' };
  expect(await confirm(world, plan, { overrides: [override] }, OFFICE)).toMatchObject({
    __typename: 'OverrideNotPossible',
    message: expect.stringContaining('in this facility'),
  });
  const { assignments } = await confirm(
    world,
    plan,
    { overrides: [{ ...override, facility: other }] },
    OFFICE,
  );
  expect(assignments.nodes[1]).toMatchObject({ outcome: 'CONFIRMED', facility: { id: other } });
  expect(assignments.nodes[1].minutes).toBeGreaterThan(0);
});
