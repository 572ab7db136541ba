import { randomUUID } from 'node:crypto';
import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { itemsIn, requestAs, requestLitres, send } from '../../testing/requests.js';
import {
  CLOCK_MS,
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let other: string;
let oxygen: string;
let supplier: string;
let competitor: string;
beforeAll(async () => {
  world = await supplyWorld();
  [facility, other] = (await facilitiesIn(world, '05315')) as [string, string];
  [oxygen] = (await itemsIn(world, 'LITRE')) as [string];
  [supplier, competitor] = [await newOrganisation(world), await newOrganisation(world)];
});
afterAll(() => world.close());

const inArea = (who: TestIdentity, area = '05'): TestIdentity => ({ ...who, areas: [area] });
const requested = (line: object = {}, changes: object = {}, who?: TestIdentity) =>
  requestLitres(world, { facility, item: oxygen, ...line }, changes, who);

test('a hospital requests oxygen and sees its request with the deadline of its acknowledgement', async () => {
  const request = await requested();
  expect(request).toMatchObject({
    __typename: 'SupplyRequest',
    status: 'REQUESTED',
    acknowledgeUntil: world.inHours(1),
    lines: [{ item: { id: oxygen }, requested: 500, open: 500, committed: 0 }],
  });
  expect(await requestAs(world, request.id, staffOf(facility))).toMatchObject({
    facility: { id: facility },
    area: '05315',
    reason: 'the tank is running empty',
    steps: [{ act: 'REQUEST', by: `staff of ${facility}` }],
  });
});

test('the same call repeated makes one request', async () => {
  const key = {
    idempotencyKey: randomUUID(),
    neededUntil: new Date(world.clock.now.getTime() + 1e7),
  };
  const [first, second] = [await requested({}, key), await requested({}, key)];
  expect(second.id).toBe(first.id);
  expect((await requested({ quantity: 1 }, key)).__typename).toBe('IdempotencyKeyReused');
});

test.each(['2026-01-15T08:00:00Z', '2036-01-15T08:00:00Z'])(
  'a request of what is needed by %s, which has passed or is too far ahead, is refused and stores nothing',
  async (neededUntil) => {
    const before = await world.eventCount();
    expect(await requested({}, { neededUntil })).toMatchObject({
      __typename: 'SupplyTimeOutOfRange',
    });
    expect(await world.eventCount()).toBe(before);
  },
);

test.each([
  ['a negative quantity', { quantity: -5 }, {}, 'received -5'],
  ['a quantity of 0', { quantity: 0 }, {}, 'greater than 0'],
  ['four digits after the point', { quantity: 0.0001 }, {}, 'three digits'],
  ['no lines', {}, { lines: [] }, '1 to 50 lines'],
])('a request with %s is refused and stores nothing', async (_, line, changes, message) => {
  const before = await world.eventCount();
  const refused = await requested(line, changes);
  expect(refused).toEqual({ code: 'BAD_USER_INPUT', message: expect.stringContaining(message) });
  expect(await world.eventCount()).toBe(before);
});

test.each([
  ['UnknownItem', { item: randomUUID() }],
  ['UnknownItem', { item: 'pzn:00194324' }],
  ['WrongUnit', { unit: 'PACK' }],
  ['UnknownOrganisation', { organisations: [randomUUID()] }],
  ['UnknownFacility', { facilities: [randomUUID()] }],
])('%s refuses a request and stores nothing', async (refusal, line) => {
  const before = await world.eventCount();
  expect((await requested(line)).__typename).toBe(refusal);
  expect(await world.eventCount()).toBe(before);
});

test('only the facility and crisis staff of its area request for it', async () => {
  expect((await requested({}, {}, staffOf(other))).code).toBe('FORBIDDEN');
  const elsewhere: TestIdentity = { role: 'crisis-staff', areas: ['09'] };
  expect((await requested({}, {}, elsewhere)).code).toBe('FORBIDDEN');
  expect((await requested({}, {}, supplierOf(supplier))).code).toBe('FORBIDDEN');
  const staff: TestIdentity = { role: 'crisis-staff', areas: ['05'] };
  expect((await requested({}, {}, staff)).__typename).toBe('SupplyRequest');
});

const LIST = `query ($filter: SupplyRequestFilter) { supplyRequests(filter: $filter, first: 500) { totalCount nodes { id } } }`;
const listed = async (who: TestIdentity, filter: object = {}): Promise<string[]> => {
  const { data, errors } = await world.request(LIST, { filter }, who);
  if (errors) throw new Error(JSON.stringify(errors));
  expect(data.supplyRequests.totalCount).toBe(data.supplyRequests.nodes.length);
  return data.supplyRequests.nodes.map(({ id }: { id: string }) => id);
};

test('each sees what it may, by id as in the list, and the hidden reads as missing', async () => {
  const open = (await requested()).id;
  const addressed = (await requested({ organisations: [supplier] })).id;
  const helping = (await requested({ facilities: [other] })).id;
  const seen: [TestIdentity, string[]][] = [
    [staffOf(facility), [open, addressed, helping]],
    [staffOf(other), [helping]],
    [{ role: 'dispatch', areas: ['05315'] }, [open, addressed, helping]],
    [{ role: 'health-office', areas: ['05'] }, [open, addressed, helping]],
    [{ role: 'crisis-staff', areas: ['09'] }, []],
    [{ role: 'chamber', areas: [''] }, []],
    [{ role: 'service', areas: [''] }, []],
    [{ role: 'service', facilities: [facility] }, [open, addressed, helping]],
    [inArea(supplierOf(supplier)), [open, addressed]],
    [inArea(supplierOf(competitor)), [open]],
    [inArea(supplierOf(supplier), '09'), [addressed]],
    [{ role: 'supplier', areas: [''] }, []],
  ];
  for (const [who, expected] of seen) {
    const all = await listed(who);
    for (const id of [open, addressed, helping]) {
      const isSeen = expected.includes(id);
      expect([who, id, (await requestAs(world, id, who)) !== null]).toEqual([who, id, isSeen]);
      expect([who, id, all.includes(id)]).toEqual([who, id, isSeen]);
    }
  }
});

test('a supplier sees item, quantity, Kreis and until when, and nothing of the facility', async () => {
  const { id } = await requested({ organisations: [supplier] });
  const seen = await requestAs(world, id, supplierOf(supplier));
  expect(seen).toMatchObject({
    facility: null,
    reason: null,
    steps: null,
    area: '05315',
    lines: [{ requested: 500, open: 500, committed: null, inTransit: null, delivered: null }],
  });
  expect(await listed(supplierOf(supplier), { facility })).toEqual([]);
});

test('each of two suppliers sees its own line of a request with lines for both', async () => {
  const line = { item: oxygen, quantity: 1, unit: 'LITRE' };
  const lines = [
    { ...line, organisations: [supplier] },
    { ...line, organisations: [competitor] },
  ];
  const { id } = await requested({}, { lines });
  for (const who of [supplier, competitor]) {
    expect((await requestAs(world, id, supplierOf(who))).lines).toHaveLength(1);
  }
  expect((await requestAs(world, id)).lines).toHaveLength(2);
});

test('a list is filtered by area, facility, item, status and escalation', async () => {
  const mine = (await requestLitres(world, { facility: other, item: oxygen })).id;
  const whole: TestIdentity = { role: 'crisis-staff', areas: [''] };
  expect(await listed(whole, { facility: other, item: oxygen })).toEqual([mine]);
  expect(await listed(whole, { facility: other, item: randomUUID() })).toEqual([]);
  expect(await listed(whole, { area: '09' })).not.toContain(mine);
  expect(await listed(whole, { statuses: ['CANCELLED'] })).not.toContain(mine);
  expect(await listed(whole, { escalated: true })).not.toContain(mine);
});

test('a request that nobody acknowledged in time is escalated once, and stays with the requester', async () => {
  const { id } = await requested();
  world.later(59);
  await world.elapse(CLOCK_MS);
  expect((await requestAs(world, id)).escalatedAt).toBeNull();
  world.later(1);
  await world.elapse(CLOCK_MS);
  await world.elapse(CLOCK_MS);
  const escalated = await requestAs(world, id);
  expect(escalated).toMatchObject({
    status: 'REQUESTED',
    escalatedAt: world.clock.now.toISOString(),
  });
  expect(escalated.steps.filter(({ act }: { act: string }) => act === 'ESCALATE')).toEqual([
    expect.objectContaining({ by: 'clock' }),
  ]);
  expect(await listed({ role: 'crisis-staff', areas: [''] }, { escalated: true })).toContain(id);
});

test('an acknowledged request is not escalated', async () => {
  const { id } = await requested();
  const acknowledged = await send(world, 'acknowledgeSupplyRequest', { request: id });
  expect(acknowledged).toMatchObject({ status: 'ACKNOWLEDGED', acknowledgeUntil: null });
  world.later(120);
  await world.elapse(CLOCK_MS);
  expect((await requestAs(world, id)).escalatedAt).toBeNull();
});

test('the person who made the request does not acknowledge it, nor does the facility', async () => {
  const staff: TestIdentity = { role: 'crisis-staff', areas: ['05'], subject: 'A' };
  const { id } = await requested({}, {}, staff);
  const acknowledge = (who: TestIdentity) =>
    send(world, 'acknowledgeSupplyRequest', { request: id }, who);
  expect((await acknowledge(staff)).__typename).toBe('OwnSupplyRequest');
  expect((await acknowledge(staffOf(facility))).code).toBe('FORBIDDEN');
  expect((await acknowledge(staffOf(other))).__typename).toBe('UnknownSupplyRequest');
  expect((await acknowledge({ ...staff, subject: 'B' })).status).toBe('ACKNOWLEDGED');
});

test('a supplier’s acknowledgement notes that it has seen the request, and stops no clock', async () => {
  const { id } = await requested({ organisations: [supplier] });
  const acknowledge = (who: string) =>
    send(world, 'acknowledgeSupplyRequest', { request: id }, supplierOf(who));
  expect((await acknowledge(competitor)).__typename).toBe('UnknownSupplyRequest');
  for (let call = 0; call < 2; call += 1) {
    const seen = await acknowledge(supplier);
    expect(seen).toMatchObject({ status: 'REQUESTED', acknowledgedAt: null });
    expect(seen.acknowledgeUntil).not.toBeNull();
  }
  world.later(60);
  await world.elapse(CLOCK_MS);
  const { escalatedAt, steps } = await requestAs(world, id);
  expect(escalatedAt).toBe(world.clock.now.toISOString());
  expect(steps.map(({ act }: { act: string }) => act)).toEqual(['REQUEST', 'SEE', 'ESCALATE']);
});

test('what is open at half the time is escalated again, once, until it is acknowledged again', async () => {
  const { id } = await requested();
  const whole: TestIdentity = { role: 'crisis-staff', areas: [''] };
  await send(world, 'acknowledgeSupplyRequest', { request: id });
  world.later(12 * 60 - 1);
  await world.elapse(CLOCK_MS);
  expect((await requestAs(world, id)).escalatedAt).toBeNull();
  world.later(1);
  await world.elapse(CLOCK_MS);
  await world.elapse(CLOCK_MS);
  const again = await requestAs(world, id);
  expect(again).toMatchObject({
    status: 'ACKNOWLEDGED',
    escalatedAt: world.clock.now.toISOString(),
  });
  expect(again.steps).toHaveLength(3);
  expect(await listed(whole, { escalated: true })).toContain(id);
  world.later(1);
  await send(world, 'acknowledgeSupplyRequest', { request: id });
  expect(await listed(whole, { escalated: true })).not.toContain(id);
});

test('a cancelled request is over: nobody acknowledges or cancels it again', async () => {
  const { id } = await requested();
  const cancel = (who: TestIdentity) =>
    send(world, 'cancelSupplyRequest', { request: id, reason: 'the tank was filled' }, who);
  expect((await cancel(staffOf(other))).__typename).toBe('UnknownSupplyRequest');
  expect((await cancel({ role: 'dispatch', areas: ['05'] })).code).toBe('FORBIDDEN');
  expect(await cancel(staffOf(facility))).toMatchObject({
    status: 'CANCELLED',
    lines: [{ open: 0 }],
  });
  expect((await cancel(staffOf(facility))).__typename).toBe('SupplyRequestEnded');
  const late = await send(world, 'acknowledgeSupplyRequest', { request: id });
  expect(late.__typename).toBe('SupplyRequestEnded');
  expect(await requestAs(world, id, inArea(supplierOf(supplier)))).toBeNull();
});
