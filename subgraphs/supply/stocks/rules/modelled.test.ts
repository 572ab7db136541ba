import { daysFromNow, NOW } from '../../../../shared/testing/now.js';
import { DAY_MS } from '../../../../shared/time/rules.js';
import { modelledBeds } from '../../facilities/rules.js';
import {
  applyTogether,
  bookingOf,
  type Change,
  levelAfterDelivery,
  type ModelledItem,
  modelledStocks,
  type Movement,
  nextDelivery,
  type StockState,
} from '../rules.js';

const stockOf = (changes: Partial<StockState> = {}): StockState => ({
  id: 'stock',
  area: '05315',
  holder: { facility: 'facility' },
  item: 'item',
  quantity: 0,
  minimum: null,
  averageConsumption: null,
  modelled: false,
  requiredDays: null,
  consumptionModelled: false,
  lifeline: null,
  lifelineQuantity: null,
  batches: new Map(),
  recalled: new Map(),
  unusable: 0,
  judgedAgainAt: null,
  ...changes,
});
const movement = (changes: Partial<Movement>): Movement => ({
  holder: { facility: 'facility' },
  item: 'item',
  batch: null,
  kind: 'RECEIPT',
  quantity: 1,
  reason: null,
  shipment: null,
  ...changes,
});
const apply = (stock: StockState, changes: Partial<Movement>) =>
  applyTogether([{ movement: movement(changes), stock }], NOW);

describe('a modelled stock', () => {
  const modelled = () =>
    stockOf({
      quantity: 340_000,
      averageConsumption: 20_000,
      modelled: true,
      consumptionModelled: true,
      batches: new Map([['', { quantity: 340_000, usableUntil: null, bookedTo: new Date(0) }]]),
    });

  test('of which a delivery arrives is as much more, and nobody knows how much there was before', () => {
    const stock = modelled();
    expect(apply(stock, { kind: 'RECEIPT', quantity: 50, batch: 'A1' })).toMatchObject([
      { kind: 'RECEIPT', batch: 'A1', change: 50_000, quantityAfter: 390_000 },
    ]);
    expect(stock).toMatchObject({ modelled: true, quantity: 390_000 });
  });

  test('never refuses what leaves in a batch of which it knows nothing', () => {
    const stock = modelled();
    const issue = { kind: 'ISSUE', quantity: 10, batch: 'A1' } as const;
    expect(apply(stock, issue)).toMatchObject([
      { kind: 'CORRECTION', batch: '', change: -10_000, quantityAfter: 330_000, ofModel: true },
      { kind: 'CORRECTION', batch: 'A1', change: 10_000, quantityAfter: 340_000, ofModel: true },
      { kind: 'ISSUE', batch: 'A1', change: -10_000, quantityAfter: 330_000, ofModel: false },
    ]);
    expect(stock).toMatchObject({ modelled: true, quantity: 330_000 });
  });

  test('is put right where more leaves than it has', () => {
    const stock = modelled();
    const changes = apply(stock, { kind: 'ISSUE', quantity: 400 }) as Change[];
    expect(changes).toMatchObject([
      { kind: 'CORRECTION', change: 60_000, quantityAfter: 400_000 },
      { kind: 'ISSUE', change: -400_000, quantityAfter: 0 },
    ]);
    expect(bookingOf(changes)).toBe(changes[1]);
  });

  test('that goes to another holder arrives there as the booking itself, and not as the correction', () => {
    const [source, target] = [modelled(), stockOf({ id: 'target' })];
    const half = { kind: 'RELOCATION', batch: 'A1' } as const;
    const changes = applyTogether(
      [
        { movement: movement({ ...half, quantity: -5 }), stock: source },
        { movement: movement({ ...half, quantity: 5 }), stock: target },
      ],
      NOW,
    ) as Change[];
    const [left, arrived] = changes.filter(({ kind }) => kind === 'RELOCATION');
    expect([left!.counterpart, arrived!.counterpart]).toEqual([arrived, left]);
    expect([source.quantity, target.quantity]).toEqual([335_000, 5_000]);
  });

  test('keeps its modelled consumption after a count until the holder states one', () => {
    const stock = modelled();
    apply(stock, { kind: 'COUNT', quantity: 212 });
    expect(stock).toMatchObject({ modelled: false, consumptionModelled: true, quantity: 212_000 });
    apply(stock, { kind: 'ISSUE', quantity: 1, averageConsumption: 17 });
    expect(stock).toMatchObject({ consumptionModelled: false, averageConsumption: 17_000 });
  });

  test('of which a count is known may refuse what leaves', () => {
    const stock = modelled();
    apply(stock, { kind: 'COUNT', quantity: 5 });
    expect(apply(stock, { kind: 'ISSUE', quantity: 6 })).toMatchObject({
      __typename: 'NotEnoughStock',
      available: 5,
    });
  });

  test.each([
    ['is filled up to its level where bookings took from it', 320, 340],
    ['loses what is used up between two deliveries where bookings added to it', 500, 440],
    ['is never brought below its level', 350, 340],
    ['stays at its level', 340, 340],
  ])('%s', (_, quantity, expected) => {
    expect(levelAfterDelivery(quantity, 340, 60, 'LITRE')).toBe(expected);
  });

  test('is left in whole packs where a surplus is used up', () => {
    expect(levelAfterDelivery(9_000, 4_000, 1_340, 'PACK')).toBe(7_000);
    expect(levelAfterDelivery(9_000, 4_000, 1_340, 'LITRE')).toBe(7_660);
  });

  test.each([
    ['2026-01-15T05:59:59Z', '2026-01-15T06:00:00Z'],
    ['2026-01-15T06:00:00Z', '2026-01-18T06:00:00Z'],
    ['2026-01-31T00:00:00Z', '2026-02-02T06:00:00Z'],
    ['2026-01-01T00:00:00Z', '2026-01-15T06:00:00Z'],
  ])('at %s gets its next delivery at %s', (now, expected) => {
    const delivery = nextDelivery(new Date('2026-01-15T06:00:00Z'), 3, new Date(now));
    expect(delivery).toEqual(new Date(expected));
  });

  test.each([
    [14, 0, 'HOSPITAL', { intensive: 14, all: 252, isAcute: true }],
    [14, 400, 'HOSPITAL', { intensive: 14, all: 400, isAcute: true }],
    [0, 90, 'PSYCHIATRIC_HOSPITAL', { intensive: 0, all: 90, isAcute: true }],
    [0, 0, 'PSYCHIATRIC_HOSPITAL', { intensive: 0, all: 80, isAcute: false }],
    [0, 0, 'PRACTICE', { intensive: 0, all: 0, isAcute: false }],
    [0, 0, null, { intensive: 0, all: 0, isAcute: false }],
  ])(
    'follows %s intensive-care beds and %s of wards of a %s',
    (intensiveBeds, wardBeds, kind, beds) => {
      expect(modelledBeds({ facilityId: 'facility', intensiveBeds, wardBeds, kind })).toEqual(beds);
    },
  );

  describe('is seeded', () => {
    const facilityId = (n: number) =>
      `${(n * 1_640_531).toString(16).padStart(8, '0')}-0000-5000-8000-000000000000`;
    const item = (changes: Partial<ModelledItem>): ModelledItem => ({
      item: 'c0ffee00-0000-5000-8000-000000000000',
      per: 'INTENSIVE_BED',
      perDay: 0.15,
      days: 42,
      shortBelowDays: 14,
      everyDays: 3,
      rule: 'rule',
      isWhole: true,
      ...changes,
    });
    const seed = (n: number, changes: Partial<ModelledItem> = {}, beds = { intensiveBeds: 20 }) =>
      modelledStocks(
        { facilityId: facilityId(n), kind: 'HOSPITAL', wardBeds: 0, ...beds },
        [item(changes)],
        NOW,
      );
    const many = Array.from({ length: 2_000 }, (_, n) => n);
    const daysOf = (changes: Partial<ModelledItem>) =>
      many.flatMap((n) =>
        seed(n, changes).map(({ quantity, averageConsumption }) => quantity / averageConsumption),
      );

    test('the same in every hub', () => {
      const [stock] = seed(7);
      expect(seed(7)).toEqual([stock]);
      expect(stock).toMatchObject({ averageConsumption: 3, renewalDays: 3, rule: 'rule' });
      const later = modelledStocks(
        { facilityId: facilityId(7), kind: 'HOSPITAL', wardBeds: 0, intensiveBeds: 20 },
        [item({})],
        daysFromNow(400),
      )[0]!;
      expect(later.quantity).toBe(stock!.quantity);
      expect((later.renewsAt.getTime() - stock!.renewsAt.getTime()) % (3 * DAY_MS)).toBe(0);
    });

    test('below its duty at one hospital in 25, and all others have what is planned', () => {
      const days = daysOf({});
      const short = days.filter((one) => one < 14);
      expect(short.length / days.length).toBeCloseTo(0.04, 1);
      expect(short.length).toBeGreaterThan(40);
      expect(Math.min(...short)).toBeGreaterThan(3.5);
      expect(days.filter((one) => one >= 14 && one < 42)).toEqual([]);
      expect(Math.max(...days)).toBeLessThan(42 * 1.6 + 1);
    });

    test('around what is planned where there is no duty', () => {
      const days = daysOf({ shortBelowDays: null, days: 28, isWhole: false });
      expect(Math.min(...days)).toBeGreaterThan(28 * 0.69);
      expect(Math.max(...days)).toBeLessThan(28 * 1.31);
      expect(days.reduce((sum, one) => sum + one) / days.length).toBeCloseTo(28, 0);
    });

    test('for the beds that use the item alone', () => {
      const clinic = { intensiveBeds: 0, kind: 'PSYCHIATRIC_HOSPITAL' };
      expect(seed(1, { per: 'INTENSIVE_BED' }, clinic)).toEqual([]);
      expect(seed(1, { per: 'ACUTE_BED' }, clinic)).toEqual([]);
      expect(seed(1, { per: 'BED' }, clinic)).toMatchObject([{ averageConsumption: 12 }]);
      expect(seed(1, { per: 'ACUTE_BED' })).toMatchObject([{ averageConsumption: 54 }]);
    });
  });
});
