import { randomUUID } from 'node:crypto';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import {
  capacityWorld,
  type GraphQLResponse,
  type CapacityWorld,
} from '../testing/capacity-world.js';
import { hold, holdRaw, release, releaseRaw } from '../testing/holds.js';
import { ALLIANCE_CASE, declare, end } from '../testing/phases.js';
import { facilitiesOf, report, send } from '../testing/reports.js';

let world: CapacityWorld;
let facilities: string[];
beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '09', 200);
});
afterAll(() => world.close());

/** A facility of Bavaria that no other test uses, with 10 beds of which 4 are occupied. */
async function newHub(numbers: object = {}): Promise<string> {
  const facility = facilities.pop()!;
  await send(world, report(world, facility, numbers));
  return facility;
}

const bedsOf = async (id: string) =>
  (
    await world.request(
      `query ($id: ID!) { facility(id: $id) { beds(category: ICU_UNSPECIFIED) { held free overcommitted } } }`,
      { id },
    )
  ).data.facility.beds[0];

const holdsOf = async (id: string) =>
  (
    await world.request(
      `query ($id: ID!) { facility(id: $id) { holds { id count remaining counting releases { count reason } } } }`,
      { id },
    )
  ).data.facility.holds;

const watch = async (variables: object) =>
  world.watch(
    `subscription ($after: String, $facility: ID, $category: BedCategory) {
      capacityChanged(after: $after, facility: $facility, category: $category) {
        facility { id beds(category: ICU_UNSPECIFIED) { held free } } } }`,
    { after: await world.cursor(), ...variables },
  );
type Watch = Awaited<ReturnType<CapacityWorld['watch']>>;
const nextChange = async (changes: Watch) =>
  (await changes.next()).value!.data!['capacityChanged'].facility;
const codes = ({ errors }: GraphQLResponse) => errors?.map(({ extensions }) => extensions.code);

describe('holding', () => {
  test('takes beds out of what is free, and shows them as held', async () => {
    const hub = await newHub();
    const created = await hold(world, hub, { count: 4 });
    expect(created).toEqual({
      __typename: 'Hold',
      id: expect.any(String),
      of: { id: hub },
      category: 'ICU_UNSPECIFIED',
      count: 4,
      remaining: 4,
      countsFrom: 'ALLIANCE_CASE',
      counting: false,
      reason: 'cluster hub',
      placedAt: world.clock.now.toISOString(),
      releases: [],
    });
    expect(await bedsOf(hub)).toEqual({ held: 4, free: 2, overcommitted: 0 });
    expect(await holdsOf(hub)).toMatchObject([{ id: created.id, remaining: 4 }]);
  });

  test('is a change of capacity, for who watches this category', async () => {
    const hub = await newHub();
    const changes = await watch({ facility: hub, category: 'ICU_UNSPECIFIED' });
    await hold(world, hub);
    expect(await nextChange(changes)).toEqual({ id: hub, beds: [{ held: 1, free: 5 }] });
    await changes.return!();
  });

  test('is refused beyond what is free', async () => {
    const hub = await newHub();
    await hold(world, hub, { count: 4 });
    const before = await world.eventCount();
    expect(await hold(world, hub, { count: 3 })).toMatchObject({
      __typename: 'TooFewToHold',
      requested: 3,
      free: 2,
    });
    expect(await world.eventCount()).toBe(before);
  });

  test('is refused where nothing was reported', async () => {
    expect(await hold(world, facilities.pop()!)).toMatchObject({
      __typename: 'TooFewToHold',
      free: null,
    });
  });

  test('a bed that counts in the present phase is not held a second time', async () => {
    const hub = await newHub();
    const { id } = await declare(world, { area: '09' });
    const older = await hold(world, hub, { count: 4, countsFrom: 'MASS_CASUALTY' });
    expect(older.counting).toBe(true);
    expect((await bedsOf(hub)).free).toBe(6);
    expect(await hold(world, hub, { count: 3 })).toMatchObject({ free: 2 });
    expect(await hold(world, hub, { count: 2 })).toMatchObject({ __typename: 'Hold' });
    await end(world, id);
    expect(await bedsOf(hub)).toEqual({ held: 6, free: 0, overcommitted: 0 });
  });

  test('is refused for a facility that does not exist', async () => {
    expect(await hold(world, 'nobody')).toMatchObject({
      __typename: 'UnknownFacility',
      facilityId: 'nobody',
    });
  });

  test('is refused with a key that was used for something else, and done once with the same', async () => {
    const hub = await newHub();
    const idempotencyKey = randomUUID();
    const [one, other] = await Promise.all([
      hold(world, hub, { idempotencyKey }),
      hold(world, hub, { idempotencyKey }),
    ]);
    expect(other).toEqual(one);
    expect(await hold(world, hub, { idempotencyKey, count: 2 })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: 'holdBeds',
    });
    expect((await bedsOf(hub)).held).toBe(1);
  });

  test.each([
    ['no bed', { count: 0 }],
    ['from everyday work on', { countsFrom: 'EVERYDAY' }],
    ['without a reason', { reason: ' ' }],
    ['with a reason that is a book', { reason: 'x'.repeat(501) }],
  ])('%s is no hold', async (_, changes) => {
    expect(codes(await holdRaw(world, await newHub(), changes))).toEqual(['BAD_USER_INPUT']);
  });

  test('ten who hold the last bed at once hold it once', async () => {
    const hub = await newHub({ occupied: 9 });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => hold(world, hub)));
    const names = outcomes.map(({ __typename }) => __typename);
    expect(names.filter((name) => name === 'Hold')).toHaveLength(1);
    expect(names.filter((name) => name === 'TooFewToHold')).toHaveLength(9);
    expect(await bedsOf(hub)).toEqual({ held: 1, free: 0, overcommitted: 0 });
  });

  test('is for the facility itself or the crisis staff of its area', async () => {
    const hub = await newHub();
    const may = async (role: string, bounds: object) =>
      codes(await holdRaw(world, hub, {}, { role, ...bounds }));
    expect(await may('hospital', { facilities: [hub] })).toBeUndefined();
    expect(await may('crisis-staff', { areas: ['09'] })).toBeUndefined();
    expect(await may('hospital', { facilities: [facilities[0]!] })).toEqual(['FORBIDDEN']);
    expect(await may('crisis-staff', { areas: ['05'] })).toEqual(['FORBIDDEN']);
    expect(await may('dispatch', { areas: [''] })).toEqual(['FORBIDDEN']);
  });
});

describe('releasing', () => {
  test('gives beds free for good, and keeps who released how many and why', async () => {
    const hub = await newHub();
    const { id } = await hold(world, hub, { count: 4 });
    world.later(1);
    expect(await release(world, id, { count: 3 })).toMatchObject({
      __typename: 'Hold',
      id,
      count: 4,
      remaining: 1,
      releases: [
        { count: 3, reason: 'burns from the factory', releasedAt: world.clock.now.toISOString() },
      ],
    });
    expect(await bedsOf(hub)).toEqual({ held: 1, free: 5, overcommitted: 0 });
    const { rows } = await world.pool.query(
      'SELECT count, reason, released_by FROM hold_release WHERE hold_id = $1',
      [id],
    );
    expect(rows).toEqual([
      { count: 3, reason: 'burns from the factory', released_by: expect.stringMatching(/./) },
    ]);
  });

  test('is a change of capacity', async () => {
    const hub = await newHub();
    const { id } = await hold(world, hub, { count: 2 });
    const changes = await watch({ facility: hub, category: 'ICU_UNSPECIFIED' });
    await release(world, id);
    expect(await nextChange(changes)).toEqual({ id: hub, beds: [{ held: 1, free: 5 }] });
    await changes.return!();
  });

  test('two staffs release the last bed at once: exactly one does', async () => {
    for (let round = 0; round < 10; round++) {
      const hub = await newHub();
      const { id } = await hold(world, hub);
      const outcomes = await Promise.all([
        release(world, id, {}, { role: 'crisis-staff', areas: [''] }),
        release(world, id, {}, { role: 'crisis-staff', areas: ['09'] }),
      ]);
      expect(outcomes.map(({ __typename }) => __typename).sort()).toEqual([
        'Hold',
        'HoldExhausted',
      ]);
      expect(outcomes.map(({ remaining }) => remaining)).toEqual([0, 0]);
      expect(await bedsOf(hub)).toEqual({ held: 0, free: 6, overcommitted: 0 });
    }
  });

  test('is refused beyond what is left, and no event is sent', async () => {
    const { id } = await hold(world, await newHub(), { count: 2 });
    const before = await world.eventCount();
    expect(await release(world, id, { count: 3 })).toMatchObject({
      __typename: 'HoldExhausted',
      requested: 3,
      remaining: 2,
    });
    expect(await world.eventCount()).toBe(before);
  });

  test('a call repeated with its key releases once, with other input it is refused', async () => {
    const { id } = await hold(world, await newHub(), { count: 3 });
    const idempotencyKey = randomUUID();
    await release(world, id, { idempotencyKey });
    expect(await release(world, id, { idempotencyKey })).toMatchObject({ remaining: 2 });
    expect(await release(world, id, { idempotencyKey, count: 2 })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: 'releaseHold',
    });
  });

  test.each(['nothing', '00000000-0000-0000-0000-000000000000'])(
    'is refused for an id that no hold has: %s',
    async (id) => {
      expect(await release(world, id)).toMatchObject({ __typename: 'UnknownHold', holdId: id });
    },
  );

  test.each([
    ['of no bed', { count: 0 }],
    ['without a reason', { reason: '' }],
  ])('%s is none', async (_, changes) => {
    const { id } = await hold(world, await newHub());
    expect(codes(await releaseRaw(world, id, changes))).toEqual(['BAD_USER_INPUT']);
  });

  test('is for the crisis staff of the area, not for the facility', async () => {
    const hub = await newHub();
    const { id } = await hold(world, hub);
    const may = async (role: string, bounds: object) =>
      codes(await releaseRaw(world, id, {}, { role, ...bounds }));
    expect(await may('hospital', { facilities: [hub] })).toEqual(['FORBIDDEN']);
    expect(await may('crisis-staff', { areas: ['05'] })).toEqual(['FORBIDDEN']);
    expect(await may('crisis-staff', { areas: ['09'] })).toBeUndefined();
  });

  test('what is released whole is shown for another 7 days', async () => {
    const hub = await newHub();
    const { id } = await hold(world, hub);
    await release(world, id);
    expect(await holdsOf(hub)).toEqual([
      {
        id,
        count: 1,
        remaining: 0,
        counting: false,
        releases: [{ count: 1, reason: 'burns from the factory' }],
      },
    ]);
    const then = world.clock.now;
    world.later(7 * DAY_MINUTES);
    expect(await holdsOf(hub)).toEqual([]);
    world.clock.now = then;
  });
});

describe('when a phase is declared', () => {
  /** Free and held beds of every Kreis. */
  const everywhere = async (): Promise<Map<string, { free: number; held: number }>> => {
    const { data } = await world.request(
      `{ regions(level: KREIS) { code beds(category: ICU_UNSPECIFIED) { free held } } }`,
    );
    return new Map(data.regions.map((region: any) => [region.code, region.beds[0]]));
  };

  test('the alliance case makes held beds count in every area at once, and its end restores every number', async () => {
    const hubs: string[] = [];
    for (const area of ['02000', '05315', '11000', '14612']) {
      const [hub] = await facilitiesOf(world, area);
      await send(world, report(world, hub!));
      await hold(world, hub!, { count: 3 });
      hubs.push(hub!);
    }
    const before = await everywhere();
    const changes = await watch({});
    const { id } = await declare(world, ALLIANCE_CASE);
    const after = await everywhere();
    for (const [code, { free, held }] of before) {
      expect({ code, ...after.get(code) }).toEqual({
        code,
        held: 0,
        free: free === null ? null : free + held,
      });
    }
    const held = await world.pool.query(
      'SELECT DISTINCT facility_id FROM hold WHERE remaining > 0',
    );
    const delivered = new Set<string>();
    for (const _ of held.rows) delivered.add((await nextChange(changes)).id);
    expect([...delivered].sort()).toEqual(held.rows.map(({ facility_id }) => facility_id).sort());
    expect([...delivered]).toEqual(expect.arrayContaining(hubs));
    await end(world, id);
    expect(await everywhere()).toEqual(before);
    for (const _ of held.rows) delivered.delete((await nextChange(changes)).id);
    expect([...delivered]).toEqual([]);
    await changes.return!();
  });

  test('only holds that this phase decides are published, and only in its area', async () => {
    const [cologne] = await facilitiesOf(world, '05315', 2);
    await send(world, report(world, cologne!));
    const inBavaria = await newHub();
    await hold(world, inBavaria, { countsFrom: 'PANDEMIC' });
    await hold(world, cologne!, { countsFrom: 'PANDEMIC' });
    const changes = await watch({});
    const mild = await declare(world, { area: '05315' }); // too mild for any of them
    const decides = await declare(world, { area: '053', phase: 'PANDEMIC', hazard: 'PANDEMIC' });
    expect(await nextChange(changes)).toMatchObject({ id: cologne });
    const second = await declare(world, { area: '05315', phase: 'CATASTROPHE', hazard: 'FLOOD' });
    await end(world, decides.id); // the catastrophe goes on, so nothing changes
    await end(world, mild.id);
    const silence = await newHub();
    expect(await nextChange(changes)).toMatchObject({ id: silence });
    await end(world, second.id);
    expect(await nextChange(changes)).toMatchObject({ id: cologne });
    await changes.return!();
  });

  test('a hold placed while a phase is declared is published by one of the two', async () => {
    for (let round = 0; round < 5; round++) {
      const hub = await newHub();
      const changes = await watch({ facility: hub });
      const [{ id }] = await Promise.all([declare(world, ALLIANCE_CASE), hold(world, hub)]);
      const seen = await nextChange(changes);
      const last = seen.beds[0].held === 0 ? seen : await nextChange(changes);
      expect(last.beds).toEqual([{ held: 0, free: 6 }]);
      await end(world, id);
      await changes.return!();
    }
  });
});
