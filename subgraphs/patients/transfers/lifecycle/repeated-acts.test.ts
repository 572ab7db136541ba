import { eachOnce } from '../../../../shared/testing/each-once.js';
import { DAY_MINUTES } from '../../../../shared/time/rules.js';
import { tickUntil } from '../../testing/clock.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import {
  bedsOf,
  call,
  drive,
  giveBeds,
  primary,
  register,
  transferOf,
} from '../../testing/transfers.js';

let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 120);
  await giveBeds(world, facilities, 3);
  incident = await newIncident(world);
});
afterAll(() => world.close());

const newFacility = eachOnce(() => facilities);
const ORIGIN = { role: 'crisis-staff', areas: ['05'], subject: 'staff of the Land' };

const requested = async (to: string) => {
  const [patient] = await register(world, { incident });
  return (await call(world, 'requestTransfer', primary(patient!, { to }))).id as string;
};
const accepted = async (to: string) => {
  const transfer = await requested(to);
  await call(world, 'acceptTransfer', { transfer }, staffOf(to));
  return transfer;
};
const onBoard = async (to: string) => {
  const transfer = await accepted(to);
  await drive(world, transfer, [7]);
  return transfer;
};
const awaitingApproval = async () => {
  const [patient] = await register(world, { facility: newFacility() });
  return (await call(world, 'requestTransfer', primary(patient!, { kind: 'SECONDARY' })))
    .id as string;
};

/** An act as its caller sends it, in a transfer that is ready for it. */
interface Act {
  name: string;
  transfer: string;
  input?: object;
  who: TestIdentity;
}
const ACTS: Record<string, () => Promise<Act>> = {
  async acceptTransfer() {
    const to = newFacility();
    return { name: 'acceptTransfer', transfer: await requested(to), who: staffOf(to) };
  },
  async refuseTransfer() {
    const to = newFacility();
    const input = { reason: 'full' };
    return { name: 'refuseTransfer', transfer: await requested(to), input, who: staffOf(to) };
  },
  async 'refuseTransfer of a patient on board'() {
    const [first, to] = [newFacility(), newFacility()];
    const transfer = await onBoard(first);
    await call(world, 'divertTransfer', { transfer, to, reason: 'worse' });
    return { name: 'refuseTransfer', transfer, input: { reason: 'full' }, who: staffOf(to) };
  },
  async requestDestination() {
    const transfer = await requested(newFacility());
    const input = { to: newFacility() };
    return { name: 'requestDestination', transfer, input, who: CONTROL_ROOM };
  },
  async divertTransfer() {
    const transfer = await onBoard(newFacility());
    const input = { to: newFacility(), reason: 'worse' };
    return { name: 'divertTransfer', transfer, input, who: CONTROL_ROOM };
  },
  async handOver() {
    const to = newFacility();
    const transfer = await onBoard(to);
    await drive(world, transfer, [8]);
    return { name: 'handOver', transfer, who: staffOf(to) };
  },
  async cancelTransfer() {
    const transfer = await accepted(newFacility());
    return { name: 'cancelTransfer', transfer, input: { reason: 'walked' }, who: CONTROL_ROOM };
  },
  async seekTransport() {
    const transfer = await accepted(newFacility());
    return { name: 'seekTransport', transfer, input: { reason: 'broke down' }, who: CONTROL_ROOM };
  },
  async 'approveTransfer APPROVE'() {
    const input = { decision: 'APPROVE' };
    return { name: 'approveTransfer', transfer: await awaitingApproval(), input, who: ORIGIN };
  },
  async 'approveTransfer DEFER'() {
    const input = { decision: 'DEFER', reason: 'tomorrow' };
    return { name: 'approveTransfer', transfer: await awaitingApproval(), input, who: ORIGIN };
  },
  async 'approveTransfer REJECT'() {
    const input = { decision: 'REJECT', reason: 'no bed' };
    return { name: 'approveTransfer', transfer: await awaitingApproval(), input, who: ORIGIN };
  },
};
const send = ({ name, transfer, input, who }: Act, changes: object = {}) =>
  call(world, name, { transfer, ...input, ...changes }, who);

describe.each(Object.keys(ACTS))('%s', (act) => {
  test('sent again without an idempotencyKey is done once', async () => {
    const request = await ACTS[act]!();
    const first = await send(request);
    expect(first.__typename).toBe('Transfer');
    const [before, events] = [
      await transferOf(world, request.transfer),
      await world.eventCount({ entity: request.transfer }),
    ];
    world.later(1);
    expect(await send(request)).toEqual(first);
    expect(await transferOf(world, request.transfer)).toEqual(before);
    expect(await world.eventCount({ entity: request.transfer })).toBe(events);
  });

  test('sent twenty times at once is done once', async () => {
    const request = await ACTS[act]!();
    world.later(1);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(request)));
    expect(new Set(outcomes.map(({ __typename }) => __typename))).toEqual(new Set(['Transfer']));
    const { steps } = await transferOf(world, request.transfer);
    const own = steps.filter(({ by }: { by: string }) => by === request.who.subject);
    const statuses = own.map(({ status, at }: { status: string; at: string }) => status + at);
    expect(new Set(statuses).size).toBe(statuses.length);
  });

  test('sent again with its idempotencyKey is done once, and the key is for nothing else', async () => {
    const request = await ACTS[act]!();
    const idempotencyKey = newKey();
    const first = await send(request, { idempotencyKey });
    expect(first.__typename).toBe('Transfer');
    const events = await world.eventCount({ entity: request.transfer });
    world.later(1);
    expect(await send(request, { idempotencyKey })).toEqual(first);
    expect(await world.eventCount({ entity: request.transfer })).toBe(events);
    const other = await ACTS[act]!();
    expect(await send({ ...other, who: request.who }, { idempotencyKey })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: request.name,
    });
  });
});

test('a facility that is requested again after it refused refuses again', async () => {
  const [to, other] = [newFacility(), newFacility()];
  const transfer = await requested(to);
  const refusal = { transfer, reason: 'full' };
  await call(world, 'refuseTransfer', refusal, staffOf(to));
  await call(world, 'requestDestination', { transfer, to: other });
  await call(world, 'refuseTransfer', refusal, staffOf(other));
  await call(world, 'requestDestination', { transfer, to });
  expect(await call(world, 'refuseTransfer', refusal, staffOf(to))).toMatchObject({
    status: 'REFUSED',
    attempt: 3,
  });
  expect((await transferOf(world, transfer)).status).toBe('REFUSED');
});

test('the facility that refused is requested once more with the same reason by the origin', async () => {
  const to = newFacility();
  const transfer = await requested(newFacility());
  const transferRequest = { transfer, to };
  await call(world, 'requestDestination', transferRequest);
  await call(world, 'refuseTransfer', { transfer, reason: 'full' }, staffOf(to));
  expect(await call(world, 'requestDestination', transferRequest)).toMatchObject({
    status: 'DESTINATION_REQUESTED',
    attempt: 3,
    to: { id: to },
  });
});

test('a facility whose slot lapsed accepts again when it is requested again', async () => {
  const to = newFacility();
  const transfer = await accepted(to);
  world.later(DAY_MINUTES + 1);
  await tickUntil(
    world,
    async () => (await transferOf(world, transfer)).status === 'DESTINATION_REQUESTED',
  );
  await giveBeds(world, [to], 3);
  expect(await call(world, 'acceptTransfer', { transfer }, staffOf(to))).toMatchObject({
    status: 'ACCEPTED',
  });
});

test('a facility that refused learns by a repetition nothing of what was received later', async () => {
  const [to, later] = [newFacility(), newFacility()];
  const transfer = await requested(to);
  const refuse = () => call(world, 'refuseTransfer', { transfer, reason: 'full' }, staffOf(to));
  const first = await refuse();
  await call(world, 'requestDestination', { transfer, to: later });
  await call(world, 'acceptTransfer', { transfer }, staffOf(later));
  await drive(world, transfer, [7]);
  const again = await refuse();
  expect(again).toEqual(first);
  expect(again).toMatchObject({
    id: transfer,
    status: 'REFUSED',
    patient: null,
    to: null,
    means: null,
    estimatedArrival: null,
    possible: [],
    approvals: [],
    steps: [{ status: 'REFUSED', by: `staff of ${to}`, reason: 'full', facility: { id: to } }],
  });
  expect(JSON.stringify(again)).not.toContain(later);
  expect(await transferOf(world, transfer, staffOf(to))).toBeNull();
});

test('another person, another reason or another destination is no repetition', async () => {
  const to = newFacility();
  const transfer = await requested(to);
  await call(world, 'refuseTransfer', { transfer, reason: 'full' }, staffOf(to));
  for (const [input, who] of [
    [{ transfer, reason: 'full' }, staffOf(to, 'a colleague')],
    [{ transfer, reason: 'no surgeon' }, staffOf(to)],
  ] as const) {
    expect(await call(world, 'refuseTransfer', input, who)).toMatchObject({
      __typename: 'UnknownTransfer',
    });
  }
});

test('an acceptance that found no slot leaves its key free for the next attempt', async () => {
  const to = newFacility();
  await giveBeds(world, [to], 0);
  const transfer = await requested(to);
  const input = { transfer, idempotencyKey: newKey() };
  expect(await call(world, 'acceptTransfer', input, staffOf(to))).toMatchObject({
    __typename: 'NoSlotLeft',
  });
  world.later(1);
  await giveBeds(world, [to], 1);
  expect(await call(world, 'acceptTransfer', input, staffOf(to))).toMatchObject({
    status: 'ACCEPTED',
  });
  expect(await bedsOf(world, to)).toMatchObject({ free: 0, reserved: 1 });
});

test('a vehicle that drops out again is called off again under a key of its own', async () => {
  const transfer = await accepted(newFacility());
  const seek = (changes: object = {}) =>
    call(world, 'seekTransport', { transfer, reason: 'broke down', ...changes });
  expect(await seek()).toMatchObject({ status: 'TRANSPORT_SOUGHT' });
  await world.request(
    `mutation ($input: AssignTransportInput!) { assignTransport(input: $input) { __typename } }`,
    {
      input: {
        transfers: [transfer],
        vehicle: 'Florian again',
        means: 'RTW',
        physician: true,
        idempotencyKey: newKey(),
      },
    },
  );
  expect(await seek()).toMatchObject({ status: 'TRANSPORT_ASSIGNED' });
  expect(await seek({ idempotencyKey: newKey() })).toMatchObject({ status: 'TRANSPORT_SOUGHT' });
});
