import { minutesFromNow, NOW } from '../../../../../shared/testing/now.js';
import { grant, slotKey, type RemainingSlots } from './grants.js';
import type { SlotRequest } from './requests.js';

const beds = (facility: string, count = 1): SlotRequest => ({
  facility,
  category: 'ECMO',
  intake: null,
  count,
});
const intake = (facility: string, count = 1): SlotRequest => ({
  facility,
  category: null,
  intake: 'SK_I',
  count,
});
const left = (entries: [SlotRequest, RemainingSlots][]) =>
  new Map(entries.map(([slotRequest, rest]) => [slotKey(slotRequest), rest]));
const fresh = (free: number | null): RemainingSlots => ({ free, stale: false });

const USUAL = { acceptStale: false, now: NOW };
const ALL = { ...USUAL, mode: 'ALL_OR_NOTHING' } as const;
const MANY = { ...USUAL, mode: 'AS_MANY_AS_POSSIBLE' } as const;

test('items are served in their order, each from what those before left', () => {
  const slots = left([[beds('a'), fresh(3)]]);
  expect(grant([beds('a', 2), beds('a', 1)], slots, ALL)).toEqual([2, 1]);
  expect(grant([beds('a', 2), beds('a', 2), beds('a', 1)], slots, MANY)).toEqual([2, 1, 0]);
});

test('in all or nothing an item that is short takes nothing from those behind it', () => {
  const slots = left([[beds('a'), fresh(3)]]);
  expect(grant([beds('a', 5), beds('a', 3)], slots, ALL)).toMatchObject({
    __typename: 'NoFreeSlot',
    shortfalls: [{ item: 0, requested: 5, free: 3 }],
  });
});

test('beds and intake of one facility, and the same beds of two facilities, are different slots', () => {
  const slots = left([
    [beds('a'), fresh(1)],
    [intake('a'), fresh(1)],
    [beds('b'), fresh(1)],
  ]);
  expect(grant([beds('a'), intake('a'), beds('b')], slots, ALL)).toEqual([1, 1, 1]);
});

test.each([
  ['nothing known', undefined, 'no numbers known'],
  ['no numbers stated', fresh(null), 'no numbers known'],
  ['stale numbers', { free: 4, stale: true }, '4 left by numbers that are stale'],
  ['nothing left', fresh(0), '0 left'],
])('%s gives nothing, and the message says so', (_, rest, message) => {
  const slots = rest ? left([[beds('a'), rest]]) : left([]);
  for (const how of [ALL, MANY]) {
    expect(grant([beds('a')], slots, how)).toMatchObject({
      __typename: 'NoFreeSlot',
      message: expect.stringContaining(message),
    });
  }
});

test('stale numbers give what they say when the risk is accepted, unknown ones never', () => {
  const slots = left([[beds('a'), { free: 4, stale: true }]]);
  expect(grant([beds('a', 4)], slots, { ...ALL, acceptStale: true })).toEqual([4]);
  expect(grant([beds('b')], slots, { ...ALL, acceptStale: true })).toMatchObject({
    __typename: 'NoFreeSlot',
  });
});

test('a request for as many as possible is refused only when nothing at all can be given', () => {
  const slots = left([[beds('a'), fresh(1)]]);
  expect(grant([beds('b'), beds('a', 9)], slots, MANY)).toEqual([0, 1]);
  expect(grant([beds('b'), beds('c')], slots, MANY)).toMatchObject({
    shortfalls: [{ item: 0 }, { item: 1 }],
  });
});

describe('a facility that fails', () => {
  const failing = (minutes: number) =>
    left([[intake('a'), { free: 3, stale: false, failsAt: minutesFromNow(minutes) }]]);
  const given = (slotRequest: SlotRequest, minutes: number) =>
    grant([slotRequest], failing(minutes), ALL);
  const SHORT = { shortfalls: [{ free: 3, notSustainable: true }] };

  test('gives no slot of its intake from the hour of failure on', () => {
    expect(given(intake('a'), 0)).toMatchObject(SHORT);
    expect(given({ ...intake('a'), arrivesInMinutes: 0 }, 0)).toMatchObject(SHORT);
  });

  test('gives slots before that where a person names it', () => {
    expect(given(intake('a'), 1)).toEqual([1]);
  });

  test.each<[string, SlotRequest, number, boolean]>([
    ['SK I who arrive two hours before', { ...intake('a'), arrivesInMinutes: 30 }, 151, true],
    ['SK I who arrive later', { ...intake('a'), arrivesInMinutes: 30 }, 150, false],
    ['SK I who arrive at an unknown time', intake('a'), 359, false],
    ['SK II', { ...intake('a'), intake: 'SK_II', arrivesInMinutes: 0 }, 359, false],
  ])('gives what a plan proposes: %s', (_, slotRequest, minutes, may) => {
    const slots = left([
      [slotRequest, { free: 3, stale: false, failsAt: minutesFromNow(minutes) }],
    ]);
    const outcome = grant([{ ...slotRequest, onlySustained: true }], slots, ALL);
    if (may) expect(outcome).toEqual([1]);
    else expect(outcome).toMatchObject(SHORT);
  });
});

test('beds that the facility cannot sustain are none, and the message says so', () => {
  const slots = left([[beds('a'), { free: 0, stale: false, isUnsustained: true }]]);
  expect(grant([beds('a')], slots, ALL)).toMatchObject({
    message: expect.stringContaining('cannot sustain'),
    shortfalls: [{ notSustainable: true }],
  });
});
