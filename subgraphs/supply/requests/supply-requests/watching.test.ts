import { nextChange } from '../../../../shared/testing/next-change.js';
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
let other: string;
let oxygen: string;
let [supplier, competitor]: string[] = [];
beforeAll(async () => {
  world = await supplyWorld();
  [facility, other] = (await facilitiesIn(world, '05315')) as [string, string];
  [oxygen] = (await itemsIn(world, 'LITRE')) as [string];
  [supplier, competitor] = [await newOrganisation(world), await newOrganisation(world)];
});
afterAll(() => world.close());

const WATCH = `subscription ($area: String, $facility: ID, $after: String) {
  supplyRequestChanged(area: $area, facility: $facility, after: $after) { cursor supplyRequest { id status } } }`;
const watchFrom = (after: string, who?: TestIdentity, variables: object = {}) =>
  world.watch(WATCH, { after, ...variables }, who);
type Watch = Awaited<ReturnType<SupplyWorld['watch']>>;
const requested = async (line: object = {}, at = facility) =>
  (await requestLitres(world, { facility: at, item: oxygen, ...line })).id as string;

test('each subscriber receives the changes of what it sees, and nothing of the rest', async () => {
  const after = await world.cursor();
  const watchers = {
    competitor: await watchFrom(after, { ...supplierOf(competitor!), areas: ['05'] }),
    addressed: await watchFrom(after, supplierOf(supplier!)),
    helping: await watchFrom(after, staffOf(other)),
    facility: await watchFrom(after, staffOf(facility)),
    elsewhere: await watchFrom(after, { role: 'crisis-staff', areas: [''] }, { area: '09' }),
  };
  const [addressed, open, ofOther] = [
    await requested({ organisations: [supplier] }),
    await requested(),
    await requested({}, other),
  ];
  const [munich] = await facilitiesIn(world, '09162');
  const inMunich = await requested({}, munich);
  const idOf = async (watch: Watch) => (await nextChange(watch)).supplyRequest.id;
  expect(await idOf(watchers.addressed)).toBe(addressed);
  expect([await idOf(watchers.facility), await idOf(watchers.facility)]).toEqual([addressed, open]);
  expect([await idOf(watchers.competitor), await idOf(watchers.competitor)]).toEqual([
    open,
    ofOther,
  ]);
  expect(await idOf(watchers.helping)).toBe(ofOther);
  expect(await idOf(watchers.elsewhere)).toBe(inMunich);
  await Promise.all(Object.values(watchers).map((watch) => watch.return!()));
});

test('a subscriber who returns with a cursor gets each request that changed, as it is now', async () => {
  const id = await requested();
  const after = await world.cursor();
  await send(world, 'acknowledgeSupplyRequest', { request: id });
  await send(world, 'cancelSupplyRequest', { request: id, reason: 'no longer needed' });
  const watch = await watchFrom(after, staffOf(facility));
  expect((await nextChange(watch)).supplyRequest).toEqual({ id, status: 'CANCELLED' });
  const next = await requested();
  expect((await nextChange(watch)).supplyRequest.id).toBe(next);
  await watch.return!();
});

test('a supplier that may no longer see a request learns that it has changed, and no more', async () => {
  const id = await requested();
  const watch = await watchFrom(await world.cursor(), { ...supplierOf(supplier!), areas: ['05'] });
  await send(world, 'cancelSupplyRequest', { request: id, reason: 'no longer needed' });
  expect((await nextChange(watch)).supplyRequest).toBeNull();
  await watch.return!();
});

test('a subscription to an unknown facility is refused', async () => {
  const watch = await world.watch(WATCH, { facility: '00000000-0000-4000-8000-000000000000' });
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});
