import { nextChange } from '../../../shared/testing/next-change.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { ALLIANCE_CASE, declare, end, FEDERAL } from '../testing/phases.js';
import { facilitiesOf, report, send } from '../testing/reports.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

/** Every test begins in everyday work. */
afterEach(async () => {
  const { data } = await world.request('{ phases { id } }');
  for (const { id } of data.phases) await end(world, id);
});

const WATCH = `subscription ($area: String, $after: String, $level: RegionLevel) {
  phaseChanged(area: $area, after: $after) { cursor at declaration { id phase endedAt } phases { phase hazard }
    regions(level: $level) { code } } }`;
const watchFromNow = (variables: object = {}) =>
  world.watchFromNow(WATCH, { level: 'LAND', ...variables });

test('a subscriber receives a declaration and of its end once each, with what is in force and the regions concerned', async () => {
  const watch = await watchFromNow({ level: 'KREIS' });
  const { id } = await declare(world, { area: '053' });
  const declared = await nextChange(watch);
  expect(declared).toEqual({
    cursor: expect.any(String),
    at: world.clock.now.toISOString(),
    declaration: { id, phase: 'MASS_CASUALTY', endedAt: null },
    phases: [{ phase: 'MASS_CASUALTY', hazard: 'MASS_CASUALTY' }],
    regions: expect.arrayContaining([{ code: '05315' }]),
  });
  expect(declared.regions.map(({ code }: { code: string }) => code.slice(0, 3))).toEqual(
    Array(11).fill('053'),
  );
  world.later(1);
  await end(world, id);
  expect(await nextChange(watch)).toMatchObject({
    declaration: { id, endedAt: world.clock.now.toISOString() },
    phases: [],
  });
  await watch.return!();
});

test('an area receives what is declared around it or within it, and of nothing else', async () => {
  const nrw = await watchFromNow({ area: '05', level: 'KREIS' });
  const cologne = await watchFromNow({ area: '05315', level: 'KREIS' });
  await declare(world, { area: '09162' });
  const bonn = await declare(world, { area: '05314' });
  const alliance = await declare(world, ALLIANCE_CASE);
  const considered = await nextChange(nrw);
  expect(considered).toMatchObject({ declaration: { id: bonn.id }, regions: [{ code: '05314' }] });
  const second = await nextChange(nrw);
  expect(second.declaration.id).toBe(alliance.id);
  expect(second.regions).toHaveLength(53);
  expect(second.phases.map(({ phase }: { phase: string }) => phase)).toEqual([
    'ALLIANCE_CASE',
    'MASS_CASUALTY',
  ]);
  expect(await nextChange(cologne)).toMatchObject({
    declaration: { id: alliance.id },
    phases: [{ phase: 'ALLIANCE_CASE' }],
    regions: [{ code: '05315' }],
  });
  await Promise.all([nrw.return!(), cologne.return!()]);
});

test('another change in an area is no change of phase', async () => {
  const [cologne] = await facilitiesOf(world, '05315');
  const watch = await watchFromNow();
  await send(world, report(world, cologne!));
  const { id } = await declare(world);
  expect((await nextChange(watch)).declaration.id).toBe(id);
  await watch.return!();
});

test.each([
  ['COUNTRY', ['DE']],
  ['KLEEBLATT', ['WEST']],
  ['LAND', ['05']],
  ['REGIERUNGSBEZIRK', ['053']],
  ['KREIS', ['05315']],
])('at the level %s a Kreis concerns %j', async (level, codes) => {
  const watch = await watchFromNow({ level });
  await declare(world);
  const { regions } = await nextChange(watch);
  expect(regions.map(({ code }: { code: string }) => code)).toEqual(codes);
  await watch.return!();
});

test('without a level the regions are Kreise', async () => {
  const after = await world.cursor();
  await declare(world, ALLIANCE_CASE);
  const watch = await world.watch(
    `subscription ($after: String) { phaseChanged(after: $after) { regions { level } } }`,
    { after },
  );
  expect((await nextChange(watch)).regions).toHaveLength(401);
  await watch.return!();
});

test('a subscriber who comes back with a cursor gets each declaration that changed since once', async () => {
  const after = await world.cursor();
  const one = await declare(world);
  const other = await declare(world, { area: '09162' });
  await end(world, one.id);
  const watch = await watchFromNow({ after });
  const delivered = [await nextChange(watch), await nextChange(watch)].map(
    ({ declaration }) => declaration.id,
  );
  expect(delivered).toEqual([other.id, one.id]);
  const next = await declare(world, { area: '01001' });
  expect((await nextChange(watch)).declaration.id).toBe(next.id);
  await watch.return!();
});

test('an area that is none is refused', async () => {
  const watch = await world.watch(WATCH, { area: 'NRW' });
  await expect(watch.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a partner may, with regions', async () => {
  const watch = await world.watch(
    WATCH,
    { level: 'COUNTRY', after: await world.cursor() },
    { role: 'partner' },
  );
  await declare(world, {}, FEDERAL);
  expect((await nextChange(watch)).regions).toEqual([{ code: 'DE' }]);
  await watch.return!();
});
