import { DAY_MS, HOUR_MS } from '../../../../shared/time/rules.js';
import { facilitiesIn } from '../../testing/facilities.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { itemsIn, requestLitres, send } from '../../testing/requests.js';
import {
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../../testing/supply-world.js';

let world: SupplyWorld;
let facility: string;
let oxygen: string;
let [own, competitor]: string[] = [];
beforeAll(async () => {
  world = await supplyWorld();
  [facility] = (await facilitiesIn(world, '05315')) as [string];
  [oxygen] = (await itemsIn(world, 'LITRE')) as [string];
  [own, competitor] = [await newOrganisation(world), await newOrganisation(world)];
});
afterAll(() => world.close());

const supplier = (organisation: string): TestIdentity => ({
  ...supplierOf(organisation),
  areas: ['05'],
});
const offer = (changes: object = {}, who = supplier(own!)) =>
  send(
    world,
    'offerSupply',
    {
      organisation: own,
      item: oxygen,
      quantity: 100,
      unit: 'LITRE',
      until: new Date(world.clock.now.getTime() + DAY_MS),
      ...changes,
    },
    who,
  );
const OFFER = `query ($id: ID!) { supplyOffer(id: $id) { id matches(first: 50) { covers isWhole line { id open } supplyRequest { id facility { id } } } } }`;
const offerAs = async (id: string, who: TestIdentity) =>
  (await world.request(OFFER, { id }, who)).data.supplyOffer;

test('an offer is seen by who made it and by authorities of its area, never by a competitor', async () => {
  const { id } = await offer();
  const LIST = '{ supplyOffers(first: 500) { totalCount nodes { id } } }';
  const seen: [TestIdentity, boolean][] = [
    [supplier(own!), true],
    [supplier(competitor!), false],
    [{ role: 'crisis-staff', areas: ['05'] }, true],
    [{ role: 'crisis-staff', areas: ['09'] }, false],
    [staffOf(facility), false],
    [{ role: 'chamber', areas: [''] }, false],
  ];
  for (const [who, isSeen] of seen) {
    expect([who, (await offerAs(id, who)) !== null]).toEqual([who, isSeen]);
    const { data } = await world.request(LIST, {}, who);
    const ids = data.supplyOffers.nodes.map((node: { id: string }) => node.id);
    expect([who, ids.includes(id)]).toEqual([who, isSeen]);
    expect(data.supplyOffers.totalCount).toBe(ids.length);
  }
});

test('an offer proposes the open lines that its holder sees, and shows nobody else which', async () => {
  const requested = async (line: object) =>
    (await requestLitres(world, { facility, item: oxygen, ...line })).id as string;
  const [whole, part, foreign] = [
    await requested({ quantity: 40 }),
    await requested({ quantity: 400 }),
    await requested({ quantity: 40, organisations: [competitor] }),
  ];
  const { id } = await offer();
  const { matches } = await offerAs(id, supplier(own!));
  const found = matches.map((match: any) => [match.supplyRequest.id, match.covers, match.isWhole]);
  expect(found).toEqual([
    [whole, 40, true],
    [part, 100, false],
  ]);
  expect(JSON.stringify(matches)).not.toContain(foreign);
  expect(matches[0].supplyRequest.facility).toBeNull();
  expect((await offerAs(id, { role: 'crisis-staff', areas: ['05'] })).matches).toBeNull();
});

const PROPOSALS = `query ($id: ID!) { supplyRequest(id: $id) { lines { proposals(first: 50) {
  covers isWhole isAddressed usableUntil organisation { id } facility { id } area region { code } } } } }`;
const proposalsAs = async (id: string, who: TestIdentity) =>
  (await world.request(PROPOSALS, { id }, who)).data.supplyRequest.lines[0].proposals;

test('a hospital sees which offers serve its request, no more of them than it needs, and its suppliers do not', async () => {
  const [, fresh] = (await itemsIn(world, 'LITRE')) as [string, string];
  const { id } = await requestLitres(world, { facility, item: fresh, quantity: 40 });
  const { id: addressed } = await requestLitres(world, {
    facility,
    item: fresh,
    quantity: 40,
    organisations: [competitor!],
  });
  expect(await proposalsAs(id, staffOf(facility))).toEqual([]);
  await offer({ item: fresh, quantity: 30 });
  await offer({ item: fresh, organisation: competitor }, supplier(competitor!));
  const late = new Date(world.clock.now.getTime() + 25 * HOUR_MS);
  const until = new Date(world.clock.now.getTime() + 26 * HOUR_MS);
  await offer({ item: fresh, availableFrom: late, until });
  const { id: withdrawn } = await offer({ item: fresh });
  await send(world, 'withdrawSupplyOffer', { offer: withdrawn }, supplier(own!));
  const proposal = { usableUntil: null, facility: null, area: '05315', region: { code: '05315' } };
  const both = [
    { ...proposal, covers: 40, isWhole: true, isAddressed: true, organisation: { id: competitor } },
    { ...proposal, covers: 30, isWhole: false, isAddressed: true, organisation: { id: own } },
  ];
  expect(await proposalsAs(id, staffOf(facility))).toEqual(both);
  expect(await proposalsAs(id, { role: 'crisis-staff', areas: ['05'] })).toEqual(both);
  expect(await proposalsAs(id, supplier(own!))).toBeNull();
  const ofAddressed = await proposalsAs(addressed, staffOf(facility));
  expect(ofAddressed.map((one: any) => one.isAddressed)).toEqual([true, false]);
});

test('a hospital lends to its neighbour by an offer, and neither reads the stocks of the other', async () => {
  const [, neighbour] = (await facilitiesIn(world, '05315')) as [string, string];
  const item = (await itemsIn(world, 'PIECE')).at(-1)!;
  const line = { item, quantity: 6, unit: 'PIECE' };
  const { id, lines } = await requestLitres(world, { facility, item }, { lines: [line] });
  const held = { facility: neighbour, item, kind: 'RECEIPT', quantity: 20, unit: 'PIECE' };
  await send(world, 'bookStock', { booking: held }, staffOf(neighbour));
  const stocksAs = async (who: TestIdentity) =>
    (
      await world.request(
        'query ($facility: ID!, $item: ID!) { stocks(filter: { facility: $facility, item: $item }) { nodes { quantity } } }',
        { facility: neighbour, item },
        who,
      )
    ).data.stocks.nodes;
  expect(await stocksAs(staffOf(facility))).toEqual([]);
  expect(await stocksAs(staffOf(neighbour))).toEqual([{ quantity: 20 }]);
  const lent = { organisation: null, facility: neighbour, item, quantity: 10, unit: 'PIECE' };
  const made = await offer(lent, staffOf(neighbour));
  const proposal = { facility: { id: neighbour }, covers: 6, isWhole: true, area: '05315' };
  expect(await proposalsAs(id, staffOf(facility))).toMatchObject([
    { ...proposal, isAddressed: false },
  ]);
  const commit = (to: string) => {
    const part = { line: to, facility: neighbour, quantity: 6, unit: 'PIECE', offer: made.id };
    return send(world, 'commitSupply', part, staffOf(neighbour));
  };
  expect(await commit(lines[0].id)).toMatchObject({ __typename: 'UnknownSupplyLine' });
  const named = await requestLitres(
    world,
    { facility, item },
    { lines: [{ ...line, facilities: [neighbour] }] },
  );
  expect(await proposalsAs(named.id, staffOf(facility))).toMatchObject([
    { ...proposal, isAddressed: true },
  ]);
  expect(await commit(named.lines[0].id)).toMatchObject({
    __typename: 'SupplyCommitment',
    quantity: 6,
  });
});

test('a facility is not proposed its own offer', async () => {
  const [, , item] = (await itemsIn(world, 'LITRE')) as [string, string, string];
  const { id } = await requestLitres(world, { facility, item, quantity: 40 });
  await offer({ organisation: null, facility, item }, staffOf(facility));
  expect(await proposalsAs(id, staffOf(facility))).toEqual([]);
});

const nextOf = async (watch: Awaited<ReturnType<SupplyWorld['watch']>>, field: string) => {
  const { value } = await watch.next();
  if (value?.errors) throw new Error(JSON.stringify(value.errors));
  return value!.data![field];
};

test('a requester of an item learns of a new offer for it, and nobody else does', async () => {
  const [, , , item] = (await itemsIn(world, 'LITRE')) as [string, string, string, string];
  const { id } = await requestLitres(world, { facility, item, quantity: 40 });
  const after = await world.cursor();
  await offer({ item });
  const watched =
    'subscription ($after: String) { supplyRequestChanged(after: $after) { supplyRequest { id } } }';
  const [hospital, other] = [
    await world.watch(watched, { after }, staffOf(facility)),
    await world.watch(watched, { after }, supplier(competitor!)),
  ];
  expect(await nextOf(hospital, 'supplyRequestChanged')).toEqual({ supplyRequest: { id } });
  const { id: next } = await requestLitres(world, { facility, item });
  expect(await nextOf(other, 'supplyRequestChanged')).toEqual({ supplyRequest: { id: next } });
  await Promise.all([hospital.return!(), other.return!()]);
});

test('changes of an offer are delivered to its holder and to authorities of its area, and to no competitor', async () => {
  const watched =
    'subscription ($after: String) { supplyOfferChanged(after: $after) { supplyOffer { id left } } }';
  const after = await world.cursor();
  const { id } = await offer();
  const holder = await world.watch(watched, { after }, supplier(own!));
  const rival = await world.watch(watched, { after }, supplier(competitor!));
  expect(await nextOf(holder, 'supplyOfferChanged')).toEqual({ supplyOffer: { id, left: 100 } });
  const request = await requestLitres(world, { facility, item: oxygen, quantity: 30 });
  const commitment = { line: request.lines[0].id, organisation: own, quantity: 30, unit: 'LITRE' };
  await send(world, 'commitSupply', { ...commitment, offer: id }, supplier(own!));
  expect(await nextOf(holder, 'supplyOfferChanged')).toEqual({ supplyOffer: { id, left: 70 } });
  await send(world, 'withdrawSupplyOffer', { offer: id }, supplier(own!));
  expect(await nextOf(holder, 'supplyOfferChanged')).toEqual({ supplyOffer: { id, left: 0 } });
  const { id: theirs } = await offer({ organisation: competitor }, supplier(competitor!));
  const received = await nextOf(rival, 'supplyOfferChanged');
  expect(received).toEqual({ supplyOffer: { id: theirs, left: 100 } });
  await Promise.all([holder.return!(), rival.return!()]);
});

test.each([
  ['another unit', { unit: 'PACK' }, { __typename: 'WrongUnit' }],
  ['an expired batch', { usableUntil: '2026-01-01T00:00:00Z' }, { __typename: 'ExpiredSupply' }],
  ['a negative quantity', { quantity: -1 }, { code: 'BAD_USER_INPUT' }],
  [
    'an end that has passed',
    { until: '2026-01-01T00:00:00Z' },
    { __typename: 'SupplyTimeOutOfRange' },
  ],
])('an offer of %s is refused and stores nothing', async (_, changes, refusal) => {
  const before = await world.eventCount();
  expect(await offer(changes)).toMatchObject(refusal);
  expect(await world.eventCount()).toBe(before);
});

test('nobody offers for another organisation, or for a facility by the area of their token', async () => {
  expect((await offer({}, supplier(competitor!))).code).toBe('FORBIDDEN');
  expect((await offer({ organisation: null, facility })).code).toBe('FORBIDDEN');
  const { id } = await offer();
  const withdrawal = await send(world, 'withdrawSupplyOffer', { offer: id }, supplier(competitor!));
  expect(withdrawal.__typename).toBe('UnknownSupplyOffer');
  const staff: TestIdentity = { role: 'crisis-staff', areas: ['05'] };
  expect((await send(world, 'withdrawSupplyOffer', { offer: id }, staff)).code).toBe('FORBIDDEN');
});

test('a supplier who offers as often as it may hides nobody, and offers of long ago begin now', async () => {
  const [loud, quiet] = [await newOrganisation(world), await newOrganisation(world)];
  const offerOf = (organisation: string, changes: object = {}) =>
    offer({ organisation, quantity: 1_000_000, ...changes }, supplier(organisation));
  await offerOf(quiet);
  world.later(1);
  const longAgo = new Date(world.clock.now.getTime() - 300 * DAY_MS);
  const made = await Promise.all(
    Array.from({ length: 22 }, () => offerOf(loud, { availableFrom: longAgo })),
  );
  const names = made.map(({ __typename }) => __typename);
  expect(names.filter((name) => name === 'SupplyOffer')).toHaveLength(20);
  expect(made.find(({ __typename }) => __typename === 'TooManySupplyOffers')).toMatchObject({
    message: expect.stringMatching(/at most 20 offers.*there are 20.*Withdraw/),
  });
  const { id } = await requestLitres(world, { facility, item: oxygen, quantity: 30 });
  const { data } = await world.request(
    `query ($id: ID!) { supplyRequest(id: $id) { lines { proposals(first: 50) { organisation { id } } } } }`,
    { id },
    staffOf(facility),
  );
  const proposed = data.supplyRequest.lines[0].proposals.map((one: any) => one.organisation.id);
  expect(proposed.indexOf(quiet)).toBeLessThan(proposed.indexOf(loud));
  expect(proposed.filter((one: string) => one === loud)).toHaveLength(3);
});
