import fc from 'fast-check';
import {
  bridgingFault,
  coverageOf,
  declarationFault,
  demandFault,
  type Maker,
  planBridging,
} from './rules.js';

const maker = (id: string, changes: Partial<Maker> = {}): Maker => ({
  id,
  perDay: 10,
  materialDays: null,
  surgePerDay: null,
  rampUpDays: null,
  ...changes,
});

describe('a supplier', () => {
  test('covers ten times the demand from the day after its ramp-up on', () => {
    const factory = maker('factory', { perDay: 100, surgePerDay: 1_000, rampUpDays: 14 });
    expect(coverageOf(factory, 100)).toEqual({ coversFromDay: 1, uncoveredFromDay: null });
    expect(coverageOf(factory, 1_000)).toEqual({ coversFromDay: 15, uncoveredFromDay: null });
  });

  test('that can never make enough leaves the demand uncovered from today on', () => {
    const factory = maker('factory', { perDay: 100, surgePerDay: 999, rampUpDays: 14 });
    expect(coverageOf(factory, 1_000)).toEqual({ coversFromDay: null, uncoveredFromDay: 1 });
  });

  test('covers a demand until its materials are used up', () => {
    expect(coverageOf(maker('pharmacy', { materialDays: 5 }), 10)).toEqual({
      coversFromDay: 1,
      uncoveredFromDay: 6,
    });
    expect(coverageOf(maker('pharmacy', { materialDays: 5 }), 5)).toEqual({
      coversFromDay: 1,
      uncoveredFromDay: 11,
    });
  });

  test('uses up its materials sooner with a surge', () => {
    const pharmacy = maker('pharmacy', { materialDays: 10, surgePerDay: 40, rampUpDays: 2 });
    // 100 in all: 10 on each of two days, then 40 on days 3 and 4.
    expect(coverageOf(pharmacy, 40)).toEqual({ coversFromDay: 3, uncoveredFromDay: 5 });
  });
});

describe('bridging', () => {
  test('uses the stock, then the makers in their order, and says what is missing', () => {
    // 20 a day for 10 days are 200: 40 in stock, 10 a day for 5 days, 10 a day for 10 days.
    const plan = planBridging(20, 40, 10, [maker('a', { materialDays: 5 }), maker('b')]);
    expect(plan).toEqual({
      contributions: [
        { id: 'a', quantity: 50, firstDay: 1, lastDay: 5 },
        { id: 'b', quantity: 100, firstDay: 1, lastDay: 10 },
      ],
      stockDays: 2,
      coveredDays: 9,
      uncovered: 10,
      productionCoversFromDay: 1,
    });
  });

  test('makes nothing where the stock lasts', () => {
    expect(planBridging(20, 200, 10, [maker('a')])).toMatchObject({
      contributions: [],
      stockDays: 10,
      coveredDays: 10,
      uncovered: 0,
    });
  });

  test('makes no more than is needed', () => {
    expect(planBridging(2.5, 0, 4, [maker('a')])).toMatchObject({
      contributions: [{ id: 'a', quantity: 10, firstDay: 1, lastDay: 1 }],
      coveredDays: 4,
      uncovered: 0,
    });
  });

  test('without a maker lasts as long as the stock', () => {
    expect(planBridging(20, 50, 10, [])).toEqual({
      contributions: [],
      stockDays: 2.5,
      coveredDays: 2,
      uncovered: 150,
      productionCoversFromDay: null,
    });
  });

  test('says from which day on production suffices, with a surge', () => {
    const plan = planBridging(100, 0, 30, [maker('a', { surgePerDay: 100, rampUpDays: 7 })]);
    expect(plan).toMatchObject({ productionCoversFromDay: 8, coveredDays: 0, uncovered: 630 });
  });

  test('of no demand covers every day', () => {
    expect(planBridging(0, 0, 10, [])).toMatchObject({
      coveredDays: 10,
      stockDays: 10,
      uncovered: 0,
    });
  });

  test('neither loses nor doubles a unit, and uses no more than a maker has', () => {
    const quantity = fc.integer({ min: 0, max: 50_000 }).map((n) => n / 1_000);
    const days = fc.integer({ min: 0, max: 20 });
    const anyMaker = fc.record({
      id: fc.uuid(),
      perDay: quantity,
      materialDays: fc.option(days),
      surgePerDay: fc.option(quantity),
      rampUpDays: days,
    });
    const inputs = [
      quantity,
      quantity,
      fc.integer({ min: 1, max: 30 }),
      fc.array(anyMaker, { maxLength: 4 }),
    ] as const;
    fc.assert(
      fc.property(...inputs, (demand, stock, horizon, makers) => {
        const plan = planBridging(demand, stock, horizon, makers);
        const made = plan.contributions.reduce((sum, one) => sum + one.quantity, 0);
        const needed = demand * horizon;
        // A quantity that is not missing comes from stock or production, and production makes nothing that is not used.
        expect(made).toBeLessThanOrEqual(Math.max(0, needed - stock) + 1e-6);
        expect(needed - plan.uncovered).toBeLessThanOrEqual(stock + made + 1e-6);
        for (const { id, quantity: its } of plan.contributions) {
          const one = makers.find((other) => other.id === id)!;
          if (one.materialDays !== null) {
            expect(its).toBeLessThanOrEqual(one.perDay * one.materialDays + 1e-6);
          }
        }
        expect(plan.coveredDays === horizon).toBe(plan.uncovered === 0);
      }),
    );
  });
});

test.each([
  [{ perDay: -1 }, 'perDay'],
  [{ perDay: 1.0005 }, 'perDay'],
  [{ perDay: NaN }, 'perDay'],
  [{ materialDays: -1 }, 'materialDays'],
  [{ materialDays: 3_651 }, 'materialDays'],
  [{ surge: { perDay: 10, rampUpDays: 1 } }, 'surge.perDay is more than perDay'],
  [{ surge: { perDay: 20, rampUpDays: -1 } }, 'surge.rampUpDays'],
])('a declaration with %j is refused', (change, words) => {
  expect(declarationFault({ perDay: 10, ...change })).toMatch(words);
});

test('a declaration may be exact to three digits and end a production', () => {
  expect(
    declarationFault({ perDay: 0.001, surge: { perDay: 0.002, rampUpDays: 0 } }),
  ).toBeUndefined();
  expect(declarationFault({ perDay: 0 })).toBeUndefined();
});

test.each([
  [0, undefined],
  [366, undefined],
  [1, 0],
  [1, -5],
])('bridging of %s days with a demand of %s is refused', (days, demand) => {
  expect(bridgingFault(days, demand)).toBeDefined();
});

test('a demand is above 0', () => {
  expect(demandFault(0.001)).toBeUndefined();
  expect(demandFault(0)).toMatch('above 0');
  expect(bridgingFault(365, null)).toBeUndefined();
});
