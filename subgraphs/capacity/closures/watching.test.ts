import { randomUUID } from 'node:crypto';
import { nextChange } from '../../../shared/testing/next-change.js';
import { capacityWorld, type CapacityWorld, type TestIdentity } from '../testing/capacity-world.js';
import { facilitiesOf } from '../testing/reports.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

const close = async (facility: string, changes: object = {}) => {
  const { data } = await world.request(
    `mutation ($input: CloseDepartmentInput!) { closeDepartment(input: $input) { ... on Closure { id } } }`,
    {
      input: {
        facility,
        department: 'WHOLE_HOUSE',
        urgencies: ['IMMEDIATE'],
        reason: 'flood in the cellar',
        hazard: 'FLOOD',
        until: world.inHours(1),
        idempotencyKey: randomUUID(),
        ...changes,
      },
    },
  );
  return data.closeDepartment.id as string;
};
const reopen = (closure: string) =>
  world.request(
    'mutation ($input: ReopenDepartmentInput!) { reopenDepartment(input: $input) { __typename } }',
    { input: { closure } },
  );

const WATCH = `subscription ($area: String, $facility: ID, $after: String) {
  closureChanged(area: $area, facility: $facility, after: $after) { cursor at closure { id active facility { id } } } }`;
const watchFrom = (after: string, variables: object = {}, who?: TestIdentity) =>
  world.watch(WATCH, { after, ...variables }, who);

test('only what was requested is delivered: area, facility', async () => {
  const [cologne] = await facilitiesOf(world, '05315');
  const [munich, other] = await facilitiesOf(world, '09162', 2);
  const after = await world.cursor();
  const byArea = await watchFrom(after, { area: '09' });
  const byFacility = await watchFrom(after, { facility: other });
  const everywhere = await watchFrom(after);
  const ids = [await close(cologne!), await close(munich!), await close(other!)];
  expect((await nextChange(byArea)).closure.id).toBe(ids[1]);
  expect((await nextChange(byArea)).closure.id).toBe(ids[2]);
  expect((await nextChange(byFacility)).closure).toEqual({
    id: ids[2],
    active: true,
    facility: { id: other },
  });
  for (const id of ids) expect((await nextChange(everywhere)).closure.id).toBe(id);
  await Promise.all([byArea, byFacility, everywhere].map((watch) => watch.return!()));
});

test('a subscriber who comes back with a cursor gets the present state of each closure that changed, once', async () => {
  const [a, b] = await facilitiesOf(world, '11', 2);
  const after = await world.cursor();
  const [first, second] = [await close(a!), await close(b!)];
  await reopen(first);
  const watch = await watchFrom(after, { area: '11' });
  const missed = [await nextChange(watch), await nextChange(watch)];
  expect(missed.map(({ closure }) => [closure.id, closure.active])).toEqual([
    [second, true],
    [first, false],
  ]);
  await reopen(second);
  expect((await nextChange(watch)).closure).toMatchObject({ id: second, active: false });
  const rest = await watchFrom(missed[0].cursor, { area: '11' });
  expect((await nextChange(rest)).closure.id).toBe(first);
  await Promise.all([watch, rest].map((one) => one.return!()));
});

test('a refused closure sends no event', async () => {
  const [facility] = await facilitiesOf(world, '13');
  const before = await world.eventCount();
  await close(facility!, { until: world.clock.now.toISOString() });
  await reopen('nothing');
  expect(await world.eventCount()).toBe(before);
});

test('a closure is not a change of capacity numbers, so capacityChanged says nothing of it', async () => {
  const [facility] = await facilitiesOf(world, '15');
  const watch = await world.watch(
    'subscription ($after: String, $facility: ID) { capacityChanged(after: $after, facility: $facility) { facility { careLevel { level } } } }',
    { after: await world.cursor(), facility },
  );
  await close(facility!);
  await world.request(
    'mutation ($input: DeclareCareLevelInput!) { declareCareLevel(input: $input) { __typename } }',
    { input: { facility, level: 'COMPENSATED', reason: 'flood', idempotencyKey: 'k' } },
  );
  const { value } = await watch.next();
  expect(value!.data!.capacityChanged.facility.careLevel).toEqual({ level: 'COMPENSATED' });
  const topic = 'capacity.care-level-declared';
  expect(await world.eventCount({ entity: facility, topic })).toBe(1);
  await watch.return!();
});

test.each([
  ['an area that is none', { area: 'NRW' }],
  ['a facility that does not exist', { facility: '00000000-0000-0000-0000-000000000000' }],
])('watching %s is refused, because it would be silent for ever', async (_, variables) => {
  const watch = await world.watch(WATCH, variables);
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a partner may not watch closures', async () => {
  const watch = await world.watch(WATCH, {}, { role: 'partner' });
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
