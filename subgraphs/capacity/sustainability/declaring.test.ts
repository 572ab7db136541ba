import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { backToStart } from '../../../shared/testing/back-to-start.js';
import type { CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf } from '../testing/reports.js';
import {
  DECLARE,
  DECLARE_MANY,
  declarationOf,
  declare,
  inHours,
  requestAs,
  sustainabilityWorld,
} from '../testing/sustainability.js';

let world: CapacityWorld;
let facility: string;
let another: string;
let restart: () => Promise<void>;
beforeAll(async () => {
  world = await sustainabilityWorld();
  restart = await backToStart(world);
});
beforeEach(async () => {
  await restart();
  [facility, another] = (await facilitiesOf(world, '05315', 2)) as [string, string];
});
afterAll(() => world.close());

const input = (changes: object = {}) => ({
  ...declarationOf(world, { facility }),
  idempotencyKey: randomUUID(),
  ...changes,
});
const counting = async () =>
  (
    await world.pool.query(
      'SELECT facility_id AS facility, category, cause, beds, from_at AS "from", source, modelled FROM sustainable_beds ORDER BY 1, 2, 3',
    )
  ).rows;

describe('who declares', () => {
  test.each(['service', 'subgraph', 'crisis-staff', 'hospital'])(
    'no client with the role %s',
    async (role) => {
      const { data, errors } = await world.request(
        DECLARE,
        { input: input() },
        { role, areas: [''], facilities: [facility], subject: 'a machine' },
      );
      expect(data.declareSustainableBeds).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(await counting()).toEqual([]);
    },
  );

  test.each([
    ['supply', 'STAFF', false],
    ['supply', 'POWER', true],
    ['supply', 'DEVICE', true],
    ['personnel', 'STAFF', true],
    ['personnel', 'OXYGEN', false],
    ['patients', 'POWER', false],
    ['patients', 'STAFF', false],
  ])('%s declares %s: %p', async (subgraph, cause, may) => {
    const { data, errors } = await requestAs(world, subgraph, DECLARE, {
      input: input({ cause }),
    });
    if (may) {
      expect(data.declareSustainableBeds).toEqual({ __typename: 'Facility' });
    } else {
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(await counting()).toEqual([]);
      expect(await world.eventCount()).toBe(0);
    }
  });
});

describe('the declaration that counts', () => {
  test('is the one that was observed last, whatever arrives last', async () => {
    await declare(world, { facility, beds: 4, observed: -1, source: 'the later observation' });
    await declare(world, { facility, beds: 9, observed: -2, source: 'the later arrival' });
    expect(await counting()).toMatchObject([{ beds: 4, source: 'the later observation' }]);
    await declare(world, { facility, beds: 7 });
    expect(await counting()).toMatchObject([{ beds: 7 }]);
  });

  test('is kept for each category and cause', async () => {
    await declare(world, { facility, beds: 4 });
    await declare(world, { facility, beds: 3, cause: 'OXYGEN' });
    await declare(world, { facility, beds: 2, cause: 'STAFF' });
    await declare(world, { facility, beds: 20, category: 'NORMAL_WARD' });
    expect(await counting()).toHaveLength(4);
  });

  test.each([
    [3, 9],
    [9, 3],
  ])('of two sources of one instant is the one with fewer beds: %d, then %d', async (a, b) => {
    await declare(world, { facility, beds: a, source: 'first' });
    await declare(world, { facility, beds: b, source: 'second' });
    expect(await counting()).toMatchObject([{ beds: 3 }]);
  });

  test('is never a modelled number where there is another', async () => {
    await declare(world, { facility, beds: 4, observed: -1 });
    await declare(world, { facility, beds: 0, method: 'MODELLED', source: 'a rule' });
    expect((await counting()).filter(({ modelled }) => !modelled)).toMatchObject([{ beds: 4 }]);
  });
});

describe('a repeated declaration', () => {
  test('changes nothing and sends nothing, under its key or another', async () => {
    const key = randomUUID();
    await declare(world, { facility }, key);
    const events = await world.eventCount();
    expect(await declare(world, { facility }, key)).toEqual({ __typename: 'Facility' });
    expect(await declare(world, { facility })).toEqual({ __typename: 'Facility' });
    expect(await world.eventCount()).toBe(events);
  });

  test('that only renews an earlier one sends nothing', async () => {
    await declare(world, { facility, from: 40 });
    const events = await world.eventCount();
    world.later(60);
    await declare(world, { facility, from: 39 });
    expect(await world.eventCount()).toBe(events);
  });

  test('with other numbers is refused, and the earlier one stands', async () => {
    await declare(world, { facility, beds: 4 });
    expect(await declare(world, { facility, beds: 5 })).toMatchObject({
      __typename: 'ConflictingReport',
    });
    expect(await counting()).toMatchObject([{ beds: 4 }]);
  });

  test('by many at once is stored once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => declare(world, { facility, beds: 4 })),
    );
    expect(new Set(outcomes.map(({ __typename }) => __typename))).toEqual(new Set(['Facility']));
    expect(await world.eventCount()).toBe(1);
  });
});

test('the fewest beds of the last instant count where many sources declare at once', async () => {
  const observed = [-3, -2, -1, 0, 0];
  await Promise.all(
    observed.map((hours, n) =>
      declare(world, { facility, beds: 10 - n, observed: hours, source: `source ${n}` }),
    ),
  );
  expect(await counting()).toMatchObject([{ beds: 6, source: 'source 4' }]);
});

describe('in whatever order declarations arrive', () => {
  const one = fc.record({
    observed: fc.constantFrom(0, -1, -2),
    beds: fc.constantFrom(null, 0, 3),
    from: fc.constantFrom(1, 5),
    inBulk: fc.boolean(),
  });
  /** The hour counts of those with the fewest beds alone, because null beds have none that limits. */
  const strictness = ({ beds, from }: { beds: number | null; from: number }) =>
    (beds ?? 1_000) * 100 + from;

  test('the last observation counts, of two of one instant the one with fewer beds, then the sooner hour', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 2, maxLength: 6 }), async (all) => {
        await world.pool.query('TRUNCATE sustainability_declaration, sustainable_beds');
        const given = all.map((declared, n) => ({ facility, ...declared, source: `source ${n}` }));
        const bulk = given.filter(({ inBulk }) => inBulk);
        for (const single of given.filter(({ inBulk }) => !inBulk)) await declare(world, single);
        const declarations = bulk.map((declared) => declarationOf(world, declared));
        await requestAs(world, 'supply', DECLARE_MANY, {
          input: { declarations, idempotencyKey: randomUUID() },
        });
        const [expected] = given.toSorted(
          (a, b) => b.observed - a.observed || strictness(a) - strictness(b),
        );
        expect(await counting()).toMatchObject([
          { beds: expected!.beds, from: inHours(world, expected!.from) },
        ]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a declaration is refused', () => {
  test.each<[string, object, string]>([
    ['without beds', { items: [] }, 'items'],
    ['without a source', { source: ' ' }, 'source'],
  ])('%s', async (_, changes, field) => {
    const { data } = await requestAs(world, 'supply', DECLARE, { input: input(changes) });
    expect(data.declareSustainableBeds.__typename).toMatch(/Invalid/);
    if (data.declareSustainableBeds.field) expect(data.declareSustainableBeds.field).toBe(field);
    expect(await counting()).toEqual([]);
  });

  test.each<[string, object, string, string]>([
    ['of -1 beds', { beds: -1 }, 'InvalidSustainableBeds', 'items[0].beds'],
    ['of 5,001 beds', { beds: 5001 }, 'InvalidSustainableBeds', 'items[0].beds'],
    ['for more than 24 hours', { until: 24.01 }, 'SustainabilityTimeOutOfRange', 'items[0].until'],
    ['that ends when it begins', { until: 0 }, 'SustainabilityTimeOutOfRange', 'items[0].until'],
    ['of a year too late', { from: 9000 }, 'SustainabilityTimeOutOfRange', 'items[0].from'],
  ])('%s', async (_, changes, __typename, field) => {
    expect(await declare(world, { facility, ...changes })).toMatchObject({ __typename, field });
    expect(await counting()).toEqual([]);
    expect(await world.eventCount()).toBe(0);
  });

  test('that was observed in the future', async () => {
    expect(await declare(world, { facility, observed: 0.1 })).toMatchObject({
      __typename: 'ObservedOutOfRange',
    });
  });

  test('of a facility that does not exist', async () => {
    expect(await declare(world, { facility: randomUUID() })).toMatchObject({
      __typename: 'UnknownFacility',
    });
  });
});

describe('many declarations', () => {
  const many = async (declarations: object[], key = randomUUID()) =>
    requestAs(world, 'supply', DECLARE_MANY, { input: { declarations, idempotencyKey: key } });

  test('are judged each by itself', async () => {
    const { data, errors } = await many([
      declarationOf(world, { facility, beds: 3 }),
      declarationOf(world, { facility: randomUUID() }),
      declarationOf(world, { facility, cause: 'STAFF' }),
      declarationOf(world, { facility, beds: 5 }),
      declarationOf(world, { facility: another, beds: -1 }),
      declarationOf(world, { facility: another, beds: 8 }),
    ]);
    const { outcomes } = data.declareSustainableBedsOfMany;
    expect(outcomes.map((one: { __typename: string } | null) => one?.__typename)).toEqual([
      'Facility',
      'UnknownFacility',
      undefined,
      'ConflictingReport',
      'InvalidSustainableBeds',
      'Facility',
    ]);
    expect(errors).toMatchObject([
      {
        path: ['declareSustainableBedsOfMany', 'outcomes', 2],
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
    expect((await counting()).map(({ beds }) => beds).sort()).toEqual([3, 8]);
  });

  test('are 1,000 at most, and done once per key', async () => {
    const [key, facilities] = [randomUUID(), await facilitiesOf(world, '', 500)];
    const declarations = facilities.flatMap((id) =>
      ['POWER', 'WATER'].map((cause) => declarationOf(world, { facility: id, cause })),
    );
    const { data } = await many(declarations, key);
    expect(data.declareSustainableBedsOfMany.outcomes).toHaveLength(1000);
    const events = await world.eventCount();
    expect(events).toBe(500);
    expect((await many(declarations, key)).data).toEqual(data);
    expect(await world.eventCount()).toBe(events);
    const reused = await many(declarations.slice(1), key);
    expect(reused.data.declareSustainableBedsOfMany).toEqual({
      outcomes: [],
      keyReused: { field: 'declareSustainableBedsOfMany' },
    });
    const { errors } = await many([...declarations, declarations[0]!]);
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_MUCH' } }]);
  });
});
