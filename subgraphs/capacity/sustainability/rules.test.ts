import { fromNow, NOW } from '../../../shared/testing/now.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import type { SustainabilityCause, SustainableBedsDeclarationInput } from '../generated/graphql.js';
import {
  conflicting,
  isDeclared,
  isSame,
  judgeDeclaration,
  keyOf,
  mayDeclare,
  nothingToOverride,
  overrideRefusal,
  type DeclaredBeds,
} from './rules.js';

const ITEM = {
  category: 'NORMAL_WARD' as const,
  beds: 40,
  from: fromNow(6 * HOUR_MS),
  until: fromNow(12 * HOUR_MS),
};
const input = (
  changes: Partial<SustainableBedsDeclarationInput> = {},
): SustainableBedsDeclarationInput => ({
  facility: 'f',
  cause: 'POWER',
  source: 'supply',
  method: 'REPORTED',
  observedAt: NOW,
  suddenFall: false,
  items: [ITEM],
  ...changes,
});
const withItem = (changes: Partial<typeof ITEM> | { beds: null }) =>
  input({ items: [{ ...ITEM, ...changes }] });

/** Written by hand: the subgraph that knows each cause. */
const KNOWN_BY: Record<SustainabilityCause, 'supply' | 'personnel'> = {
  POWER: 'supply',
  OXYGEN: 'supply',
  COMPRESSED_AIR: 'supply',
  WATER: 'supply',
  HEAT: 'supply',
  FOOD: 'supply',
  BLOOD: 'supply',
  IT: 'supply',
  RADIO: 'supply',
  DEVICE: 'supply',
  STAFF: 'personnel',
};

test.each(Object.entries(KNOWN_BY))('%s is declared by %s alone', (cause, knowing) => {
  const declaring = ['supply', 'personnel', 'patients', 'capacity', undefined].filter((subgraph) =>
    mayDeclare(subgraph, cause as SustainabilityCause),
  );
  expect(declaring).toEqual([knowing]);
});

test('an accepted declaration is stored per category, with unknown beds as null', () => {
  const items = [ITEM, { category: 'ECMO' as const, from: ITEM.from, until: ITEM.until }];
  const verdict = judgeDeclaration(input({ items, suddenFall: true }), NOW);
  const common = {
    facilityId: 'f',
    cause: 'POWER',
    source: 'supply',
    method: 'REPORTED',
    sudden: true,
    concerns: [],
    observedAt: NOW,
    fromAt: ITEM.from,
    until: ITEM.until,
  };
  expect(isDeclared(verdict)).toBe(true);
  expect(verdict).toEqual([
    { ...common, category: 'NORMAL_WARD', beds: 40 },
    { ...common, category: 'ECMO', beds: null },
  ]);
});

test.each<[string, SustainableBedsDeclarationInput]>([
  ['of 0 beds', withItem({ beds: 0 })],
  ['of 5,000 beds', withItem({ beds: 5_000 })],
  ['that limits nothing', withItem({ beds: null })],
  ['observed 7 days ago', input({ observedAt: fromNow(-7 * DAY_MS), items: itemsAt(-7 * DAY_MS) })],
  ['observed 5 minutes ahead', input({ observedAt: fromNow(5 * MINUTE_MS) })],
  ['in force since 7 days before it was observed', withItem({ from: fromNow(-7 * DAY_MS) })],
  ['in force 366 days after it was observed', withItem({ from: fromNow(366 * DAY_MS) })],
  ['valid for a millisecond', withItem({ until: fromNow(1) })],
  ['valid for 24 hours', withItem({ until: fromNow(24 * HOUR_MS) })],
  ['from a source of 200 characters', input({ source: 's'.repeat(200) })],
])('a declaration %s is accepted', (_, declaration) => {
  expect(isDeclared(judgeDeclaration(declaration, NOW))).toBe(true);
});

test.each<[string, SustainableBedsDeclarationInput, object]>([
  ['without an item', input({ items: [] }), invalid('items')],
  ['from a nameless source', input({ source: ' ' }), invalid('source')],
  ['from a source of 201 characters', input({ source: 's'.repeat(201) }), invalid('source')],
  ['of -1 beds', withItem({ beds: -1 }), invalid('items[0].beds')],
  ['of 5,001 beds', withItem({ beds: 5_001 }), invalid('items[0].beds')],
  ['of no number of beds', withItem({ beds: NaN }), invalid('items[0].beds')],
  [
    'with a category twice',
    input({ items: [ITEM, { ...ITEM, category: 'ECMO' }, ITEM] }),
    invalid('items[2].category'),
  ],
  [
    'whose second item is wrong',
    input({ items: [ITEM, { ...ITEM, category: 'ECMO', beds: -1 }] }),
    invalid('items[1].beds'),
  ],
  [
    'observed over 7 days ago',
    input({ observedAt: fromNow(-7 * DAY_MS - 1) }),
    {
      __typename: 'ObservedOutOfRange',
      at: fromNow(-7 * DAY_MS - 1),
      earliest: fromNow(-7 * DAY_MS),
      latest: fromNow(5 * MINUTE_MS),
    },
  ],
  [
    'observed over 5 minutes ahead',
    input({ observedAt: fromNow(5 * MINUTE_MS + 1) }),
    { __typename: 'ObservedOutOfRange' },
  ],
  [
    'in force since over 7 days before it was observed',
    withItem({ from: fromNow(-7 * DAY_MS - 1) }),
    outOfRange('items[0].from', -7 * DAY_MS, 366 * DAY_MS),
  ],
  [
    'in force over 366 days after it was observed',
    withItem({ from: fromNow(366 * DAY_MS + 1) }),
    outOfRange('items[0].from', -7 * DAY_MS, 366 * DAY_MS),
  ],
  [
    'that ends when it was observed',
    withItem({ until: NOW }),
    outOfRange('items[0].until', 1, 24 * HOUR_MS),
  ],
  [
    'valid for over 24 hours',
    withItem({ until: fromNow(24 * HOUR_MS + 1) }),
    outOfRange('items[0].until', 1, 24 * HOUR_MS),
  ],
])('a declaration %s is refused', (_, declaration, refusal) => {
  expect(judgeDeclaration(declaration, NOW)).toMatchObject(refusal);
});

test('times are measured from when the beds were observed, not from when they were received', () => {
  const observedAt = fromNow(-2 * DAY_MS);
  const until = fromNow(-2 * DAY_MS + 24 * HOUR_MS);
  const late = input({ observedAt, items: [{ ...ITEM, until }] });
  expect(isDeclared(judgeDeclaration(late, NOW))).toBe(true);
  expect(judgeDeclaration(input({ observedAt }), NOW)).toMatchObject(
    outOfRange('items[0].until', -2 * DAY_MS + 1, -DAY_MS),
  );
});

const [DECLARED] = judgeDeclaration(input(), NOW) as [DeclaredBeds];

test.each<[keyof DeclaredBeds, Partial<DeclaredBeds>, 'key' | 'statement']>([
  ['facilityId', { facilityId: 'g' }, 'key'],
  ['category', { category: 'ECMO' }, 'key'],
  ['cause', { cause: 'WATER' }, 'key'],
  ['observedAt', { observedAt: fromNow(1) }, 'key'],
  ['source', { source: 'other' }, 'key'],
  ['beds', { beds: 39 }, 'statement'],
  ['beds', { beds: null }, 'statement'],
  ['fromAt', { fromAt: fromNow(1) }, 'statement'],
  ['until', { until: fromNow(1) }, 'statement'],
  ['method', { method: 'DEVICE' }, 'statement'],
  ['sudden', { sudden: true }, 'statement'],
])('%s, changed to %p, is part of the %s of a declaration', (_, changes, part) => {
  const other = { ...DECLARED, ...changes };
  expect(keyOf(other) !== keyOf(DECLARED)).toBe(part === 'key');
  expect(isSame(other, DECLARED)).toBe(part === 'key');
});

test('a repeated declaration has the same key and states the same, read back from the database', () => {
  const readBack = { ...DECLARED, observedAt: new Date(NOW), fromAt: new Date(ITEM.from) };
  expect(keyOf(readBack)).toBe(keyOf(DECLARED));
  expect(isSame(readBack, DECLARED)).toBe(true);
});

test('a conflict names the source and the instant of the declaration that stands', () => {
  expect(conflicting(DECLARED)).toMatchObject({
    __typename: 'ConflictingReport',
    observedAt: NOW,
    message: expect.stringContaining('supply has declared other numbers for 2026-01-15T09:00'),
  });
});

test.each([
  ['now', 0, false],
  ['a millisecond from now', 1, true],
  ['24 hours from now', 24 * HOUR_MS, true],
  ['over 24 hours from now', 24 * HOUR_MS + 1, false],
])('whether an override may end %s, %i ms, is %s', (_, milliseconds, isAccepted) => {
  const refusal = overrideRefusal(fromNow(milliseconds), NOW);
  if (isAccepted) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject(outOfRange('until', 1, 24 * HOUR_MS));
});

test('a cause that limits nothing is named where somebody wants to override it', () => {
  expect(nothingToOverride('OXYGEN')).toMatchObject({
    __typename: 'NothingToOverride',
    overriddenCause: 'OXYGEN',
    message: expect.stringContaining('No limit of OXYGEN'),
  });
});

function itemsAt(milliseconds: number) {
  return [{ ...ITEM, from: fromNow(milliseconds), until: fromNow(milliseconds + HOUR_MS) }];
}
function invalid(field: string) {
  const message = expect.stringMatching(
    `^${field.replaceAll(/[[\].]/g, '\\$&')}(: | names | has | lies )`,
  );
  return { __typename: 'InvalidSustainableBeds', field, message };
}
function outOfRange(field: string, earliest: number, latest: number) {
  return {
    __typename: 'SustainabilityTimeOutOfRange',
    field,
    earliest: fromNow(earliest),
    latest: fromNow(latest),
  };
}
