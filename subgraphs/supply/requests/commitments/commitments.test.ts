import { randomUUID } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../../../../shared/time/rules.js';
import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { itemsIn, receiveLitres, requestAs, requestLitres, send } from '../../testing/requests.js';
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
let diesel: string;
let [first, second]: string[] = [];
beforeAll(async () => {
  world = await supplyWorld();
  [facility, other] = (await facilitiesIn(world, '05315')) as [string, string];
  [oxygen, diesel] = (await itemsIn(world, 'LITRE')) as [string, string];
  [first, second] = [await newOrganisation(world), await newOrganisation(world)];
});
afterAll(() => world.close());

const supplier = (organisation: string): TestIdentity => ({
  ...supplierOf(organisation),
  areas: ['05'],
  subject: organisation,
});
const requested = async (quantity = 500, line: object = {}) => {
  const request = await requestLitres(world, { facility, item: oxygen, quantity, ...line });
  return { id: request.id as string, line: request.lines[0].id as string };
};
const commit = (line: string, organisation: string, quantity: number, changes: object = {}) =>
  send(
    world,
    'commitSupply',
    { line, organisation, quantity, unit: 'LITRE', ...changes },
    supplier(organisation),
  );
const inADay = () => new Date(world.clock.now.getTime() + DAY_MS);
const offer = (organisation: string, quantity: number, changes: object = {}) =>
  send(
    world,
    'offerSupply',
    { organisation, item: oxygen, quantity, unit: 'LITRE', until: inADay(), ...changes },
    supplier(organisation),
  );

test('two suppliers share a line; over-commitment is refused and says how much is open', async () => {
  const { id, line } = await requested();
  expect(await commit(line, first!, 300)).toMatchObject({ quantity: 300, inTransit: 0 });
  expect(await requestAs(world, id)).toMatchObject({
    status: 'PARTLY_COMMITTED',
    acknowledgeUntil: expect.any(String),
  });
  expect(await commit(line, second!, 201)).toEqual({
    __typename: 'OverCommitted',
    open: 200,
    message: expect.stringContaining('200 LITRE of the line are still open'),
  });
  await commit(line, second!, 200);
  const whole = await requestAs(world, id);
  expect(whole).toMatchObject({
    status: 'COMMITTED',
    acknowledgeUntil: null,
    lines: [{ open: 0, committed: 500 }],
  });
  expect(whole.steps.map(({ act }: { act: string }) => act)).toEqual([
    'REQUEST',
    'COMMIT',
    'COMMIT',
  ]);
});

test('100 commitments at once together never exceed what was requested', async () => {
  const { id, line } = await requested(500);
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, n) => commit(line, n % 2 ? first! : second!, 7)),
  );
  const accepted = outcomes.filter(({ __typename }) => __typename === 'SupplyCommitment');
  expect(accepted).toHaveLength(71);
  expect(await requestAs(world, id)).toMatchObject({ lines: [{ committed: 497, open: 3 }] });
  const refused = outcomes.filter(({ __typename }) => __typename !== 'SupplyCommitment');
  expect(
    refused.every(({ __typename, open }) => __typename === 'OverCommitted' && open === 3),
  ).toBe(true);
});

test('a supplier sees its own commitments and the facility, never those of a competitor', async () => {
  const { id, line } = await requested();
  await commit(line, first!, 300);
  const mine = await requestAs(world, id, supplier(first!));
  expect(mine).toMatchObject({ facility: { id: facility }, reason: null });
  expect(mine.lines[0].commitments).toEqual([expect.objectContaining({ quantity: 300 })]);
  const competing = await requestAs(world, id, supplier(second!));
  expect(competing).toMatchObject({ facility: null, lines: [{ open: 200, commitments: [] }] });
});

test('a supplier who committed to an addressed line still sees it once the request is over', async () => {
  const { id, line } = await requested();
  await commit(line, first!, 300);
  await send(world, 'cancelSupplyRequest', { request: id, reason: 'not needed' });
  expect(await requestAs(world, id, supplier(first!))).toMatchObject({
    status: 'CANCELLED',
    lines: [{ commitments: [{ quantity: 0 }] }],
  });
  expect(await requestAs(world, id, supplier(second!))).toBeNull();
  expect((await commit(line, first!, 1)).__typename).toBe('SupplyRequestEnded');
});

test('nobody commits for another organisation, and a facility not to itself', async () => {
  const { line } = await requested();
  const input = { line, quantity: 1, unit: 'LITRE' };
  const foreign = { ...input, organisation: first };
  expect((await send(world, 'commitSupply', foreign, supplier(second!))).code).toBe('FORBIDDEN');
  expect((await send(world, 'commitSupply', foreign)).code).toBe('FORBIDDEN');
  const area: TestIdentity = { role: 'supplier', areas: [''], organisations: [first!] };
  const forFacility = { ...input, facility: other };
  expect((await send(world, 'commitSupply', forFacility, area)).code).toBe('FORBIDDEN');
  const own = { ...input, facility };
  expect((await send(world, 'commitSupply', own, staffOf(facility))).__typename).toBe(
    'OwnSupplyRequest',
  );
  const both = { ...input, facility, organisation: first };
  expect((await send(world, 'commitSupply', both, area)).code).toBe('BAD_USER_INPUT');
});

test('another hospital commits to a line that is addressed to it', async () => {
  const { line } = await requested(10, { facilities: [other] });
  const input = { line, quantity: 4, unit: 'LITRE', facility: other };
  expect(await send(world, 'commitSupply', input, staffOf(other))).toMatchObject({ quantity: 4 });
});

test.each([
  ['an unknown line', { line: randomUUID() }, 'UnknownSupplyLine'],
  ['another unit', { unit: 'PACK' }, 'WrongUnit'],
  ['an unknown offer', { offer: randomUUID() }, 'UnknownSupplyOffer'],
])('a commitment with %s is refused and stores nothing', async (_, changes, refusal) => {
  const { line } = await requested();
  const before = await world.eventCount();
  expect((await commit(line, first!, 5, changes)).__typename).toBe(refusal);
  expect(await world.eventCount()).toBe(before);
});

test('a line addressed to a competitor is as one that does not exist', async () => {
  const { line } = await requested(5, { organisations: [second] });
  expect((await commit(line, first!, 1)).__typename).toBe('UnknownSupplyLine');
});

test('a commitment never exceeds its offer, in whatever order suppliers commit', async () => {
  const { id: offered } = await offer(first!, 100);
  const lines = await Promise.all([requested(80), requested(80)]);
  const outcomes = await Promise.all(
    lines.map(({ line }) => commit(line, first!, 80, { offer: offered })),
  );
  const names = outcomes.map(({ __typename }) => __typename).sort();
  expect(names).toEqual(['OfferExceeded', 'SupplyCommitment']);
  expect(outcomes.find(({ offerLeft }) => offerLeft !== undefined)!.offerLeft).toBe(20);
});

test('an offer of another item, a competitor, or one that was withdrawn serves no commitment', async () => {
  const { line } = await requested();
  const fuel = await offer(first!, 100, { item: diesel });
  const foreign = await offer(second!, 100);
  const withdrawn = await offer(first!, 100);
  await send(world, 'withdrawSupplyOffer', { offer: withdrawn.id }, supplier(first!));
  const with_ = (id: string) => commit(line, first!, 1, { offer: id });
  expect((await with_(fuel.id)).__typename).toBe('OfferOfOtherItem');
  expect((await with_(foreign.id)).__typename).toBe('UnknownSupplyOffer');
  expect(await with_(withdrawn.id)).toMatchObject({ __typename: 'OfferExceeded', offerLeft: 0 });
});

test('a withdrawn quantity is open again, and the offer gets it back', async () => {
  const { id, line } = await requested();
  const { id: offered } = await offer(first!, 300);
  const { id: commitment } = await commit(line, first!, 300, { offer: offered });
  const withdraw = (who: TestIdentity) =>
    send(world, 'withdrawSupplyCommitment', { commitment, reason: 'the truck broke down' }, who);
  expect((await withdraw(supplier(second!))).__typename).toBe('UnknownSupplyCommitment');
  expect(await withdraw(supplier(first!))).toMatchObject({ quantity: 0 });
  expect(await withdraw(supplier(first!))).toMatchObject({ quantity: 0 });
  expect(await requestAs(world, id)).toMatchObject({
    status: 'REQUESTED',
    lines: [{ open: 500, committed: 0 }],
    steps: [{}, {}, { act: 'WITHDRAW', quantity: 300, reason: 'the truck broke down' }],
  });
  expect(await commit(line, first!, 300, { offer: offered })).toMatchObject({ quantity: 300 });
  await send(world, 'cancelSupplyRequest', { request: id, reason: 'not needed' });
  const { data } = await world.request(
    'query ($id: ID!) { supplyOffer(id: $id) { left committed } }',
    { id: offered },
    supplier(first!),
  );
  expect(data.supplyOffer).toEqual({ left: 300, committed: 0 });
});

const hoursAhead = (hours: number) => new Date(world.clock.now.getTime() + hours * HOUR_MS);
const acts = async (id: string): Promise<string[]> =>
  (await requestAs(world, id)).steps.map(({ act }: { act: string }) => act);

test('a commitment that arrives too late closes no line', async () => {
  const { id, line } = await requested();
  const late = await commit(line, first!, 500, { expectedAt: hoursAhead(24 * 365) });
  expect(late).toMatchObject({
    __typename: 'CommitmentTooLate',
    message: expect.stringContaining('offerSupply'),
  });
  expect((await commit(line, first!, 1, { expectedAt: hoursAhead(25) })).__typename).toBe(
    'CommitmentTooLate',
  );
  expect(await requestAs(world, id)).toMatchObject({ lines: [{ open: 500 }] });
  expect((await commit(line, first!, 1, { expectedAt: hoursAhead(24) })).quantity).toBe(1);
});

test('the requester and crisis staff of its area release a commitment, nobody else', async () => {
  const releasing: TestIdentity[] = [staffOf(facility), { role: 'crisis-staff', areas: ['05'] }];
  for (const who of releasing) {
    const { id, line } = await requested();
    const commitment = (await commit(line, first!, 500)).id;
    const release = (as: TestIdentity) =>
      send(world, 'withdrawSupplyCommitment', { commitment, reason: 'nobody answers' }, as);
    const unknown = 'UnknownSupplyCommitment';
    expect((await release(staffOf(other))).__typename).toBe(unknown);
    expect((await release(supplier(second!))).__typename).toBe(unknown);
    expect((await release({ role: 'dispatch', areas: ['05'] })).code).toBe('FORBIDDEN');
    expect(await release(who)).toMatchObject({ quantity: 0 });
    const whole = await requestAs(world, id);
    expect(whole).toMatchObject({ lines: [{ open: 500 }], escalatedAt: null });
    expect(whole.steps.at(-1)).toMatchObject({ act: 'WITHDRAW', reason: 'nobody answers' });
  }
});

test('a commitment of which nothing was dispatched in time is released and escalated', async () => {
  const { id, line } = await requested();
  await commit(line, first!, 300, { expectedAt: hoursAhead(1) });
  await commit(line, second!, 200, { expectedAt: hoursAhead(20) });
  world.later(179);
  await world.elapse(CLOCK_MS);
  expect(await requestAs(world, id)).toMatchObject({ lines: [{ open: 0 }] });
  world.later(1);
  await world.elapse(CLOCK_MS);
  await world.elapse(CLOCK_MS);
  expect(await requestAs(world, id)).toMatchObject({
    escalatedAt: world.clock.now.toISOString(),
    lines: [{ open: 300, committed: 200 }],
  });
  expect((await acts(id)).slice(-2)).toEqual(['WITHDRAW', 'ESCALATE']);
  expect((await requestAs(world, id, supplier(first!))).facility).toBeNull();
});

test('what a supplier committed without the goods is escalated once at half the time', async () => {
  const { id, line } = await requested();
  await commit(line, second!, 500);
  expect(await requestAs(world, id)).toMatchObject({ status: 'COMMITTED', acknowledgeUntil: null });
  world.later(12 * 60 - 1);
  await world.elapse(1_000);
  expect((await requestAs(world, id)).escalatedAt).toBeNull();
  world.later(1);
  await world.elapse(1_000);
  await world.elapse(1_000);
  expect((await requestAs(world, id)).escalatedAt).toBe(world.clock.now.toISOString());
  expect((await acts(id)).filter((act) => act === 'ESCALATE')).toHaveLength(1);
});

test('what a supplier withdraws after half the time is escalated at once', async () => {
  const { id, line } = await requested();
  const early = (await commit(line, first!, 500)).id;
  const withdraw = (commitment: string) =>
    send(
      world,
      'withdrawSupplyCommitment',
      { commitment, reason: 'the lorry broke down' },
      supplier(first!),
    );
  await withdraw(early);
  expect((await acts(id)).at(-1)).toBe('WITHDRAW');
  const late = (await commit(line, first!, 500)).id;
  await receiveLitres(world, { organisation: first! }, oxygen, 500);
  world.later(12 * 60);
  await world.elapse(CLOCK_MS);
  expect((await requestAs(world, id)).escalatedAt).toBeNull();
  await withdraw(late);
  expect((await acts(id)).at(-1)).toBe('ESCALATE');
});
