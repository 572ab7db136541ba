import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { facilitiesIn, itemsIn, requestLitres, send, staffOf } from '../../testing/requests.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../../testing/supply-world.js';

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
      ...{ organisation: own, item: oxygen, quantity: 100, unit: 'LITRE' },
      until: new Date(world.clock.now.getTime() + 86_400_000),
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

test.each([
  ['another unit', { unit: 'PACK' }, { __typename: 'WrongUnit' }],
  ['an expired batch', { usableUntil: '2026-01-01T00:00:00Z' }, { __typename: 'ExpiredSupply' }],
  ['a negative quantity', { quantity: -1 }, { code: 'BAD_USER_INPUT' }],
  ['an end that has passed', { until: '2026-01-01T00:00:00Z' }, { code: 'BAD_USER_INPUT' }],
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
