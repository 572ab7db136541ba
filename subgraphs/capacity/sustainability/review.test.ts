import { randomUUID } from 'node:crypto';
import { backToStart } from '../../../shared/testing/back-to-start.js';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import type { CapacityWorld, TestIdentity } from '../testing/capacity-world.js';
import { facilitiesOf, report, send } from '../testing/reports.js';
import { reserve, slotRequest } from '../testing/reservations.js';
import { declare, inHours, sustainabilityWorld } from '../testing/sustainability.js';

const HIGH = 'ICU_HIGH_CARE';
const STAFF: TestIdentity = { role: 'crisis-staff', areas: ['05315'], subject: 'the staff' };
const CLOCK_MS = 1_000;

let world: CapacityWorld;
let facility: string;
let restart: () => Promise<void>;
beforeAll(async () => {
  world = await sustainabilityWorld();
  restart = await backToStart(world);
});
beforeEach(async () => {
  await restart();
  [facility] = (await facilitiesOf(world, '05315', 1)) as [string];
  await send(world, report(world, facility, { category: HIGH }));
});
afterAll(() => world.close());

const override = async (changes: object = {}, who = STAFF) => {
  const input = {
    facility,
    cause: 'POWER',
    reason: 'the gauge is broken',
    idempotencyKey: randomUUID(),
    until: inHours(world, 2),
    ...changes,
  };
  const { data, errors } = await world.request(
    `mutation ($input: OverrideSustainabilityInput!) { overrideSustainability(input: $input) {
      __typename ... on Refusal { message } ... on SustainabilityOverride { id cause reason until } } }`,
    { input },
    who,
  );
  return errors ? errors[0]!.extensions.code : data.overrideSustainability;
};
const toReview = async (who: TestIdentity = STAFF, page: object = {}) => {
  const { data, errors } = await world.request(
    `query ($first: Int, $after: String) { sustainabilityToReview(area: "", first: $first, after: $after) {
      pageInfo { endCursor hasNextPage }
      nodes { id facility { id } cause categories reasons reservedBeds reservedIntake fellAt override { reason } } } }`,
    page,
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.sustainabilityToReview;
};
const reasons = async () => {
  const { nodes } = await toReview();
  return nodes.length === 0 ? [] : nodes[0].reasons;
};
const free = async (who: TestIdentity = STAFF) => {
  const { data } = await world.request(
    `query ($id: ID!) { facility(id: $id) { sustainabilityOverrides { cause reason }
      beds(category: ICU_HIGH_CARE) { free sustainable { beds } } } }`,
    { id: facility },
    who,
  );
  const { beds, sustainabilityOverrides } = data.facility;
  return { ...beds[0], overrides: sustainabilityOverrides };
};

describe('the list for review', () => {
  test('is empty while a limit is far ahead and renewed in time', async () => {
    await declare(world, { facility, from: 30 });
    expect(await reasons()).toEqual([]);
  });

  test('names a declaration that nobody renewed, until it is renewed', async () => {
    await declare(world, { facility, from: 40, until: 1 });
    world.later(60);
    expect(await reasons()).toEqual(['NOT_RENEWED']);
    await declare(world, { facility, from: 39 });
    expect(await reasons()).toEqual([]);
  });

  test.each([
    ['the beds fall to 0', { beds: 9 }, { beds: 0 }, true],
    ['the beds fall by more than half', { beds: 9 }, { beds: 4 }, true],
    ['the beds fall by half', { beds: 8 }, { beds: 4 }, false],
    ['the hour is nearer by more than half', { from: 60 }, { from: 29 }, true],
    ['the hour is nearer by less', { from: 60 }, { from: 40 }, false],
    ['nothing was limited before, and no bed is left now', { beds: null }, { from: 0 }, true],
    ['nothing was limited before, and an hour is known now', { beds: null }, { from: 30 }, false],
    ['the source says that its level fell', { from: 60 }, { from: 59, suddenFall: true }, true],
  ])('names a sudden fall: %s', async (_, before, after, isSudden) => {
    await declare(world, { facility, from: 40, ...before });
    world.later(5);
    await declare(world, { facility, from: 40, ...after });
    expect((await reasons()).includes('SUDDEN_FALL')).toBe(isSudden);
  });

  test('names a fall in several steps within 10 minutes, and forgets it after a day', async () => {
    for (const beds of [9, 7, 4]) {
      await declare(world, { facility, from: 60, beds });
      world.later(4);
    }
    expect(await reasons()).toEqual(['SUDDEN_FALL']);
    await declare(world, { facility, from: 60, beds: 4 });
    world.later(DAY_MINUTES);
    expect(await reasons()).not.toContain('SUDDEN_FALL');
  });

  test('names a fall of the first declaration where its source says so', async () => {
    await declare(world, { facility, from: 60, suddenFall: true });
    expect(await reasons()).toEqual(['SUDDEN_FALL']);
  });

  test('names a fall of the beds also where they were not limited for a moment', async () => {
    for (const beds of [null, 9, 4]) {
      await declare(world, { facility, from: 60, beds });
      world.later(3);
    }
    expect(await reasons()).toEqual(['SUDDEN_FALL']);
  });

  test.each(['SUDDEN_RISE', 'LOAD_DROPPED', 'SOURCES_CONTRADICT', 'LOAD_ASSUMED'])(
    'names what its source is concerned with, until it no longer is: %s',
    async (concern) => {
      await declare(world, { facility, from: 60, concerns: [concern] });
      expect(await reasons()).toEqual([concern]);
      await override();
      expect(await reasons()).toEqual([]);
      world.later(121);
      expect(await reasons()).toEqual([concern]);
      await declare(world, { facility, from: 60 });
      expect(await reasons()).toEqual([]);
    },
  );

  test('names a modelled limit only where a person is concerned with it and nothing else limits the beds, and it limits none', async () => {
    const before = await free();
    await declare(world, { facility, from: 1, method: 'MODELLED', source: 'model' });
    expect(await reasons()).toEqual([]);
    world.later(1);
    const assumed = { method: 'MODELLED', source: 'model', concerns: ['LOAD_ASSUMED'] };
    await declare(world, { facility, from: 1, ...assumed });
    expect(await reasons()).toEqual(['LOAD_ASSUMED']);
    world.later(25 * 60);
    expect(await reasons()).toEqual(['LOAD_ASSUMED']);
    expect((await free()).free).toBe(before.free);
    await declare(world, { facility, from: 60 });
    expect(await reasons()).toEqual([]);
  });

  test('names no fall over a longer time', async () => {
    for (const beds of [9, 7, 4]) {
      await declare(world, { facility, from: 60, beds });
      world.later(11);
    }
    expect(await reasons()).toEqual([]);
  });

  test('names facilities that fail soon, with the slots that are reserved there', async () => {
    await reserve(world, [slotRequest(facility, { category: HIGH, count: 2 })]);
    await declare(world, { facility, from: 3 });
    expect((await toReview()).nodes).toEqual([
      {
        id: `${facility}:POWER`,
        facility: { id: facility },
        cause: 'POWER',
        categories: [HIGH],
        fellAt: null,
        reasons: ['FAILS_SOON'],
        reservedBeds: 2,
        reservedIntake: 0,
        override: null,
      },
    ]);
  });

  test.each([
    ['a number that is left', { beds: 4 }, []],
    ['none that is left', { beds: 0 }, ['FAILS_SOON']],
  ])('names beds that fail soon where none is left: %s', async (_, declared, expected) => {
    await declare(world, { facility, cause: 'DEVICE', ...declared });
    expect(await reasons()).toEqual(expected);
  });

  test('has the first to fail first, page by page', async () => {
    const facilities = await facilitiesOf(world, '05315', 3);
    for (const [n, id] of facilities.entries()) await declare(world, { facility: id, from: 3 - n });
    const first = await toReview(STAFF, { first: 2 });
    expect(first.nodes.map((node: any) => node.facility.id)).toEqual([
      facilities[2],
      facilities[1],
    ]);
    const { nodes, pageInfo } = await toReview(STAFF, {
      first: 2,
      after: first.pageInfo.endCursor,
    });
    expect(nodes.map((node: any) => node.facility.id)).toEqual([facilities[0]]);
    expect(pageInfo.hasNextPage).toBe(false);
  });

  test('has what the caller may know: the own facility and the area', async () => {
    await declare(world, { facility, from: 3 });
    const count = async (who: TestIdentity) => (await toReview(who)).nodes.length;
    expect(await count({ role: 'hospital', facilities: [facility] })).toBe(1);
    expect(await count({ role: 'health-office', areas: ['05'] })).toBe(1);
    expect(await count({ role: 'service', facilities: [facility] })).toBe(1);
    expect(await count({ role: 'service', areas: [''] })).toBe(0);
    expect(await count({ role: 'hospital', areas: [''], facilities: [] })).toBe(0);
    expect(await count({ role: 'crisis-staff', areas: ['09'] })).toBe(0);
    await expect(toReview({ role: 'supplier', areas: [''] })).rejects.toThrow('FORBIDDEN');
  });
});

describe('an override', () => {
  test('suspends the limits of its cause, is shown, and lapses by itself', async () => {
    await declare(world, { facility });
    expect(await override()).toMatchObject({ cause: 'POWER', reason: 'the gauge is broken' });
    expect(await free()).toMatchObject({
      free: 6,
      sustainable: null,
      overrides: [{ cause: 'POWER', reason: 'the gauge is broken' }],
    });
    world.later(61);
    expect(await reasons()).toEqual(['OVERRIDE_ENDS_SOON']);
    world.later(59);
    expect(await free()).toMatchObject({ free: 0, overrides: [] });
  });

  test('leaves other causes as they are', async () => {
    await declare(world, { facility });
    await declare(world, { facility, cause: 'WATER', beds: 5 });
    await override();
    expect(await free()).toMatchObject({ free: 1 });
  });

  test('is replaced by a later one, also by one that ends sooner', async () => {
    await declare(world, { facility });
    await override({ until: inHours(world, 20) });
    world.later(1);
    await override({ until: inHours(world, 0.1) });
    world.later(6);
    expect(await free()).toMatchObject({ free: 0 });
  });

  test('of many at once leaves one in force', async () => {
    await declare(world, { facility });
    await Promise.all([1, 2, 3, 4, 5].map(() => override()));
    expect((await free()).overrides).toHaveLength(1);
  });

  test.each<[string, TestIdentity, boolean]>([
    ['the facility', { role: 'hospital', subject: 'a' }, true],
    ['the control room', { role: 'dispatch', areas: ['05'], subject: 'a' }, true],
    ['the crisis staff elsewhere', { role: 'crisis-staff', areas: ['09'], subject: 'a' }, false],
    ['the health office', { role: 'health-office', areas: [''], subject: 'a' }, false],
    ['a machine', { role: 'service', areas: [''], subject: 'a' }, false],
  ])('of %s: %p', async (_, who, may) => {
    await declare(world, { facility });
    const events = await world.eventCount();
    const own = who.role === 'hospital' ? { facilities: [facility] } : {};
    const outcome = await override({}, { ...own, ...who });
    if (may) expect(outcome).toMatchObject({ __typename: 'SustainabilityOverride' });
    else expect(outcome).toBe('FORBIDDEN');
    expect((await world.eventCount()) - events).toBe(may ? 1 : 0);
  });

  test.each([
    [{ until: -0.1 }, 'SustainabilityTimeOutOfRange'],
    [{ until: 24.1 }, 'SustainabilityTimeOutOfRange'],
    [{ cause: 'FOOD' }, 'NothingToOverride'],
    [{ facility: randomUUID() }, 'UnknownFacility'],
  ])('is refused: %j', async ({ until = 1, ...changes }: any, __typename) => {
    await declare(world, { facility });
    const outcome = await override({ until: inHours(world, until), ...changes });
    expect(outcome).toMatchObject({ __typename });
    expect(await free()).toMatchObject({ free: 0 });
  });
});

describe('a subscriber', () => {
  const changes = `subscription { capacityChanged(area: "05315") { facility { id } } }`;
  const MUNICH: TestIdentity = { role: 'crisis-staff', areas: ['09'] };
  const topics = async () =>
    (
      await world.pool.query(
        `SELECT topic, tags FROM outbox_event WHERE topic LIKE 'capacity.sustain%' ORDER BY batch, seq`,
      )
    ).rows;

  test('is notified of a far hour only where it may be known, and of its effect everywhere', async () => {
    const [here, there] = [
      await world.watch(changes, {}, STAFF),
      await world.watch(changes, {}, MUNICH),
    ];
    await declare(world, { facility, from: 30 });
    expect((await here.next()).value.data.capacityChanged.facility.id).toBe(facility);
    world.later(25 * 60);
    await world.elapse(CLOCK_MS);
    // The first that the other one receives is the effect: the events are delivered in their order.
    expect((await there.next()).value.data.capacityChanged.facility.id).toBe(facility);
    expect(await topics()).toMatchObject([
      { topic: 'capacity.sustainability-recorded' },
      { topic: 'capacity.sustainable-beds-changed', tags: [`category:${HIGH}`] },
      { topic: 'capacity.sustainability-recorded' },
    ]);
  });

  test('is notified by the clock once each: near, failed, not renewed, override ended', async () => {
    await declare(world, { facility, from: 7, until: 10 });
    await override({ until: inHours(world, 12) });
    const before = (await topics()).length;
    for (const hours of [2, 6, 3, 2]) {
      world.later(hours * 60);
      await world.elapse(CLOCK_MS);
      await world.elapse(CLOCK_MS);
    }
    expect((await topics()).slice(before).map(({ topic }) => topic)).toEqual([
      'capacity.sustainable-beds-changed',
      'capacity.sustainable-beds-changed',
      'capacity.sustainability-recorded',
      'capacity.sustainable-beds-changed',
    ]);
  });
});
