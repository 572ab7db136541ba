import { facilitiesIn, newKey } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import {
  call,
  callRaw,
  drive,
  giveBeds,
  primary,
  register,
  transferOf,
} from '../../testing/transfers.js';

let world: PatientsWorld;
let cologne: string;
let [munich, augsburg, dresden]: string[] = [];
beforeAll(async () => {
  world = await patientsWorld();
  [cologne] = (await facilitiesIn(world, '05315')) as [string];
  [munich] = await facilitiesIn(world, '09162');
  [augsburg] = await facilitiesIn(world, '09761');
  [dresden] = await facilitiesIn(world, '14612');
  await giveBeds(world, [munich!, augsburg!, dresden!], 20);
});
afterAll(() => world.close());

const someone = (role: string, area: string, subject = `${role} of ${area}`): TestIdentity => ({
  role,
  areas: [area],
  subject,
});
const ORIGIN = someone('crisis-staff', '05');
const WEST = someone('spoc', '05');
const BAVARIA = someone('crisis-staff', '09');
const SOUTH = someone('spoc', '09');
const SAXONY = someone('crisis-staff', '14');
const COLOGNE = someone('dispatch', '05315');

const requested = async (kind: string, changes: object = {}) => {
  const [patient] = await register(world, { facility: cologne });
  const transferRequest = primary(patient!, { kind, ...changes });
  return call(world, 'requestTransfer', transferRequest, staffOf(cologne));
};
const approve = (transfer: string, who: TestIdentity, changes: object = {}) =>
  call(world, 'approveTransfer', { transfer, decision: 'APPROVE', ...changes }, who);

test('a clinical transfer needs one approval; then the destination is requested', async () => {
  const { id, ...before } = await requested('SECONDARY', { to: munich });
  expect(before).toMatchObject({
    status: 'REQUESTED',
    approvalsMissing: ['ORIGIN'],
    from: { id: cologne },
  });
  expect(await transferOf(world, id, staffOf(munich!))).toBeNull();
  const after = await approve(id, COLOGNE, { reason: 'burn centre' });
  expect(after).toMatchObject({
    status: 'DESTINATION_REQUESTED',
    approvalsMissing: [],
    approvals: [{ level: 'ORIGIN', area: '05315', by: COLOGNE.subject, reason: 'burn centre' }],
  });
  expect(after.steps.map(({ status }: any) => status)).toEqual([
    'REQUESTED',
    'APPROVED',
    'DESTINATION_REQUESTED',
  ]);
  expect(await transferOf(world, id, staffOf(munich!))).toMatchObject({
    patient: expect.anything(),
  });
});

test('without a destination an approved transfer waits for one', async () => {
  const { id } = await requested('CAPACITY');
  expect(await approve(id, COLOGNE)).toMatchObject({ status: 'APPROVED' });
  expect(
    await call(world, 'requestDestination', { transfer: id, to: munich }, staffOf(cologne)),
  ).toMatchObject({ status: 'DESTINATION_REQUESTED' });
});

test('a strategic transfer needs three levels and three people; no facility is requested before', async () => {
  const { id } = await requested('STRATEGIC', { to: munich });
  expect(await approve(id, ORIGIN)).toMatchObject({
    status: 'REQUESTED',
    approvalsMissing: ['ORIGIN_SPOC', 'DESTINATION'],
  });
  expect(await approve(id, ORIGIN, { idempotencyKey: newKey() })).toMatchObject({
    __typename: 'ApprovalNotOpen',
    message: expect.stringContaining('has approved already'),
    missing: ['ORIGIN_SPOC', 'DESTINATION'],
  });
  expect(await approve(id, { ...WEST, subject: ORIGIN.subject! })).toMatchObject({
    __typename: 'ApprovalNotOpen',
    message: expect.stringContaining('another person'),
  });
  expect(await approve(id, BAVARIA)).toMatchObject({ approvalsMissing: ['ORIGIN_SPOC'] });
  expect(await approve(id, WEST)).toMatchObject({
    status: 'DESTINATION_REQUESTED',
    approvalsMissing: [],
  });
});

test('another facility of the approved Land is requested at once, one of another Land after its approval', async () => {
  const { id } = await requested('INTERNATIONAL', { to: munich });
  for (const who of [ORIGIN, WEST, SOUTH]) await approve(id, who);
  await call(world, 'refuseTransfer', { transfer: id, reason: 'full' }, staffOf(munich!));
  const name = (to: string) =>
    call(world, 'requestDestination', { transfer: id, to }, staffOf(cologne));
  expect(await name(augsburg!)).toMatchObject({ status: 'DESTINATION_REQUESTED' });
  expect(await name(dresden!)).toMatchObject({
    status: 'REQUESTED',
    approvalsMissing: ['DESTINATION'],
  });
  expect(await transferOf(world, id, staffOf(dresden!))).toBeNull();
  expect(await approve(id, SAXONY)).toMatchObject({
    status: 'DESTINATION_REQUESTED',
    to: { id: dresden },
  });
});

test('a caller who approves sees the transfer, and the patient only if they may anyway', async () => {
  const { id } = await requested('STRATEGIC', { to: munich });
  for (const who of [WEST, BAVARIA, SOUTH]) {
    expect(await transferOf(world, id, who)).toMatchObject({ id, patient: null });
  }
  expect(await transferOf(world, id, ORIGIN)).toMatchObject({
    patient: { id: expect.any(String) },
  });
  expect(await transferOf(world, id, SAXONY)).toBeNull();
  const clinical = await requested('SECONDARY', { to: munich });
  for (const who of [WEST, BAVARIA]) expect(await transferOf(world, clinical.id, who)).toBeNull();
});

test('a level may decide later; the transfer waits and can still be approved', async () => {
  const { id } = await requested('STRATEGIC', { to: munich });
  expect(await approve(id, WEST, { decision: 'DEFER', reason: 'until the evening' })).toMatchObject(
    {
      status: 'DEFERRED',
      dueAt: world.inMinutes(60),
    },
  );
  expect(await approve(id, WEST)).toMatchObject({ status: 'REQUESTED' });
  await approve(id, ORIGIN);
  expect(await approve(id, BAVARIA)).toMatchObject({ status: 'DESTINATION_REQUESTED' });
});

test('a destination that is named meanwhile does not undo that; the level itself does', async () => {
  const { id } = await requested('STRATEGIC', { to: munich });
  await approve(id, WEST, { decision: 'DEFER', reason: 'until the evening' });
  const name = (to: string) =>
    call(world, 'requestDestination', { transfer: id, to }, staffOf(cologne));
  for (const to of [augsburg!, dresden!]) {
    expect(await name(to)).toMatchObject({ status: 'DEFERRED', to: { id: to } });
  }
  expect(await approve(id, WEST)).toMatchObject({ status: 'REQUESTED' });
});

describe('a patient on board who is diverted', () => {
  const onBoard = async (kind: string) => {
    const { id } = await requested(kind, { to: munich });
    for (const who of kind === 'STRATEGIC' ? [ORIGIN, WEST, BAVARIA] : [COLOGNE]) {
      await approve(id, who);
    }
    await call(world, 'acceptTransfer', { transfer: id }, staffOf(munich!));
    await drive(world, id, [7]);
    return id as string;
  };
  const divert = (transfer: string, to: string) =>
    call(world, 'divertTransfer', { transfer, to, reason: 'closed airport' }, staffOf(cologne));
  const accept = (transfer: string, facility: string) =>
    call(world, 'acceptTransfer', { transfer }, staffOf(facility));

  test('to another Land may be approved there before the facility accepts', async () => {
    const id = await onBoard('STRATEGIC');
    expect(await divert(id, dresden!)).toMatchObject({
      status: 'DIVERTED',
      approvalsMissing: ['DESTINATION'],
      possible: expect.arrayContaining(['APPROVE', 'ACCEPT']),
    });
    expect(await approve(id, BAVARIA, { idempotencyKey: newKey() })).toMatchObject({
      __typename: 'UnknownTransfer',
    });
    const approved = await approve(id, SAXONY);
    expect(approved).toMatchObject({ status: 'DIVERTED', approvalsMissing: [] });
    expect(approved.possible).not.toContain('APPROVE');
    expect(await accept(id, dresden!)).toMatchObject({ status: 'UNDER_WAY', approvalsMissing: [] });
  });

  test('is accepted there before the approval: what is missing stays visible, and may be given until the arrival', async () => {
    const id = await onBoard('STRATEGIC');
    await divert(id, dresden!);
    const accepted = await accept(id, dresden!);
    expect(accepted).toMatchObject({
      status: 'UNDER_WAY',
      approvalsMissing: ['DESTINATION'],
      possible: expect.arrayContaining(['APPROVE']),
    });
    const after = await approve(id, SAXONY);
    expect(after).toMatchObject({
      status: 'UNDER_WAY',
      statusAt: accepted.statusAt,
      steps: accepted.steps,
      approvalsMissing: [],
    });
    expect(after.approvals.at(-1)).toMatchObject({ level: 'DESTINATION', by: SAXONY.subject });
    expect(after.possible).not.toContain('APPROVE');
    expect(await approve(id, SAXONY, { idempotencyKey: newKey() })).toMatchObject({
      __typename: 'ApprovalNotOpen',
      missing: [],
    });
  });

  test('needs no approval any more after the arrival', async () => {
    const id = await onBoard('STRATEGIC');
    await divert(id, dresden!);
    await accept(id, dresden!);
    await drive(world, id, [8]);
    expect(await transferOf(world, id)).toMatchObject({
      status: 'ARRIVED',
      approvalsMissing: ['DESTINATION'],
    });
    const late = await approve(id, SAXONY);
    expect(late).toMatchObject({ __typename: 'StepNotPossible', act: 'APPROVE' });
    expect(late.possible).toEqual(['HAND_OVER', 'DIE']);
  });

  test('a transfer that cannot be deferred or rejected is refused with the acts that are possible', async () => {
    const id = await onBoard('STRATEGIC');
    const no = await approve(id, ORIGIN, { decision: 'REJECT', reason: 'too late' });
    expect(no).toMatchObject({ __typename: 'StepNotPossible', status: 'UNDER_WAY' });
    expect(no.possible).not.toContain('APPROVE');
    expect(no.message).not.toContain('Possible now: APPROVE');
  });

  test('within the approved Land, or back to the origin, needs no other approval', async () => {
    const id = await onBoard('STRATEGIC');
    await divert(id, augsburg!);
    expect(await accept(id, augsburg!)).toMatchObject({ status: 'UNDER_WAY' });
    await giveBeds(world, [cologne], 3);
    expect(await divert(id, cologne)).toMatchObject({ approvalsMissing: [] });
    expect(await accept(id, cologne)).toMatchObject({ status: 'UNDER_WAY', approvalsMissing: [] });
  });

  test('for a clinical reason goes anywhere', async () => {
    const id = await onBoard('SECONDARY');
    await divert(id, dresden!);
    expect(await accept(id, dresden!)).toMatchObject({ status: 'UNDER_WAY' });
  });
});

test('a level that says no ends the transfer, with the reason', async () => {
  const { id } = await requested('SECONDARY', { to: munich });
  const rejected = await approve(id, COLOGNE, {
    decision: 'REJECT',
    reason: 'can be treated here',
  });
  expect(rejected).toMatchObject({ status: 'REJECTED', possible: [] });
  expect(rejected.steps.at(-1)).toMatchObject({
    reason: 'can be treated here',
    by: COLOGNE.subject,
  });
  expect(await approve(id, COLOGNE)).toMatchObject({
    __typename: 'StepNotPossible',
    act: 'APPROVE',
  });
});

test('nobody approves for a level that they do not speak for', async () => {
  const { id } = await requested('STRATEGIC', { to: munich });
  const input = { transfer: id, decision: 'APPROVE' };
  const { errors } = await callRaw(world, 'approveTransfer', input, COLOGNE);
  expect(errors).toMatchObject([
    {
      extensions: { code: 'FORBIDDEN' },
      message: expect.stringContaining('levels that have to approve'),
    },
  ]);
  const asFacility = await callRaw(world, 'approveTransfer', input, staffOf(cologne));
  expect(asFacility.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test.each(['DEFER', 'REJECT'])('%s needs a reason', async (decision) => {
  const { errors } = await callRaw(world, 'approveTransfer', { transfer: 'any', decision }, ORIGIN);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('approvals at once are each counted once', async () => {
  const { id } = await requested('STRATEGIC', { to: munich });
  const people = [ORIGIN, WEST, BAVARIA, someone('crisis-staff', '05', 'a colleague')];
  const outcomes = await Promise.all(people.map((who) => approve(id, who)));
  expect(
    outcomes.filter(({ __typename }) => __typename === 'Transfer').length,
  ).toBeGreaterThanOrEqual(3);
  const { approvals, status } = await transferOf(world, id);
  expect(approvals).toHaveLength(3);
  expect(status).toBe('DESTINATION_REQUESTED');
});
