import { daysFromNow, NOW } from '../../../shared/testing/now.js';
import {
  applyTogether,
  currentConsumption,
  dutiesInForce,
  type Movement,
  type StockState,
} from './rules.js';
import { daysOfCover } from './rules/demand.js';

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
  lifeline: null,
  lifelineQuantity: null,
  consumptionModelled: false,
  batches: new Map(),
  recalled: new Map(),
  unusable: 0,
  judgedAgainAt: null,
  ...changes,
});
const holding = (batch: string, quantity: number, usableUntil: Date | null = null) =>
  stockOf({ quantity, batches: new Map([[batch, { quantity, usableUntil, bookedTo: NOW }]]) });
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

test.each([
  [30, 5, 6],
  [30, 0, null],
  [30, null, null],
  [0, 5, 0],
])('%s in stock at %s a day last %s days', (quantity, perDay, days) => {
  expect(daysOfCover(quantity, perDay)).toBe(days);
});

test.each([
  [70, 30, 10],
  [70, 3.5, 20],
  [70, 0.1, 70],
  [0, 30, null],
])('%s issued from a stock %s days old are %s a day', (issued, age, expected) => {
  expect(currentConsumption(issued, daysFromNow(-age), NOW)).toBe(expected);
});

test('a duty is in force from its first day to the day before its last, by the calendar of Berlin', () => {
  const duty = { id: 'duty', from: '2026-01-15', until: '2026-02-01' } as never;
  const inForce = (at: string) => dutiesInForce([duty], new Date(at)).length === 1;
  expect(inForce('2026-01-14T22:59:00Z')).toBe(false);
  expect(inForce('2026-01-14T23:00:00Z')).toBe(true);
  expect(inForce('2026-01-31T22:59:00Z')).toBe(true);
  expect(inForce('2026-01-31T23:00:00Z')).toBe(false);
});

test('a quantity that is issued leaves its own batch alone, to the last thousandth', () => {
  const stock = holding('A1', 300);
  expect(apply(stock, { kind: 'ISSUE', batch: 'A1', quantity: 0.3 })).toMatchObject([
    { kind: 'ISSUE', change: -300, quantityAfter: 0 },
  ]);
  expect(apply(stock, { kind: 'ISSUE', batch: 'A1', quantity: 0.001 })).toMatchObject({
    __typename: 'NotEnoughStock',
    available: 0,
  });
});

test('a refusal changes nothing', () => {
  const stock = holding('A1', 5_000);
  const before = structuredClone(stock);
  apply(stock, { kind: 'ISSUE', batch: 'A2', quantity: 1, minimum: 9 });
  expect(stock).toEqual(before);
});

test('both halves of a relocation happen or none', () => {
  const [source, target] = [holding('A1', 5_000, daysFromNow(9)), stockOf({ id: 'target' })];
  const parts = (quantity: number) => [
    { movement: movement({ kind: 'RELOCATION', batch: 'A1', quantity: -quantity }), stock: source },
    { movement: movement({ kind: 'RELOCATION', batch: 'A1', quantity }), stock: target },
  ];
  expect(applyTogether(parts(6), NOW)).toMatchObject({ __typename: 'NotEnoughStock' });
  expect(target.quantity).toBe(0);
  applyTogether(parts(2), NOW);
  expect([source.quantity, target.quantity]).toEqual([3_000, 2_000]);
  expect(target.batches.get('A1')!.usableUntil).toEqual(daysFromNow(9));
});

test.each([
  ['ISSUE', 1, 'BatchNotUsable'],
  ['RELOCATION', -1, 'BatchNotUsable'],
  ['RECEIPT', 1, 'BatchNotUsable'],
  ['COUNT', 1, undefined],
  ['CORRECTION', -1, undefined],
] as const)('a %s of an expired batch is answered with %s', (kind, quantity, refused) => {
  const outcome = apply(holding('A1', 5_000, NOW), { kind, quantity, batch: 'A1' });
  expect('__typename' in outcome ? outcome.__typename : undefined).toBe(refused);
});

test('a recalled batch may be received, counted and destroyed, and not given out', () => {
  const recalled = new Map([['A1', NOW]]);
  const kinds = ['RECEIPT', 'COUNT', 'CORRECTION', 'ISSUE'] as const;
  const refused = kinds.filter(
    (kind) => '__typename' in apply({ ...holding('A1', 5_000), recalled }, { kind, batch: 'A1' }),
  );
  expect(refused).toEqual(['ISSUE']);
});

test('a count ends a model, and one by batches replaces all of it', () => {
  const stock = { ...holding('', 90_000), modelled: true };
  const changes = apply(stock, { kind: 'COUNT', batch: 'A1', quantity: 40 });
  expect(changes).toMatchObject([
    { kind: 'COUNT', change: 0, counted: 40_000 },
    { kind: 'CORRECTION', batch: 'A1', change: 40_000 },
    { kind: 'CORRECTION', batch: '', change: -90_000, reason: 'The count replaces the model.' },
  ]);
  expect(stock).toMatchObject({ modelled: false, quantity: 40_000 });
});

test('batches that are counted one after another, and the rest with them, are one stocktake of a model', () => {
  const stock = { ...holding('', 90_000), modelled: true };
  for (const [batch, quantity] of [
    ['A1', 40],
    ['A2', 30],
    [null, 5],
  ] as const) {
    apply(stock, { kind: 'COUNT', batch, quantity });
  }
  expect(stock).toMatchObject({ modelled: false, quantity: 75_000 });
});

test('a count is refused behind what was booked for a later instant', () => {
  const count = { kind: 'COUNT', quantity: 1, batch: 'A1' } as const;
  expect(apply(holding('A1', 5_000), { ...count, at: daysFromNow(-1) })).toMatchObject({
    __typename: 'OvertakenCount',
  });
  expect(apply(holding('A1', 5_000), { ...count, at: NOW })).toHaveLength(2);
});
