import { minutesFromNow, NOW } from '../../../../shared/testing/now.js';
import { DAY_MINUTES } from '../../../../shared/time/rules.js';
import type { ReservationStatus } from '../../generated/graphql.js';
import {
  confirmedUntil,
  nextExpiry,
  statusOf,
  statusOfAll,
  transition,
  type ItemLife,
} from './rules.js';

const BEFORE = minutesFromNow(-10);
let ids = 0;
const item = (changes: Partial<ItemLife> = {}): ItemLife => ({
  id: `item ${ids++}`,
  count: 1,
  expiresAt: minutesFromNow(10),
  confirmedAt: null,
  redeemedAt: null,
  releasedAt: null,
  finalized: false,
  ...changes,
});

/** One item in each status. */
const IN: Record<ReservationStatus, () => ItemLife> = {
  OPEN: () => item(),
  CONFIRMED: () => item({ confirmedAt: BEFORE }),
  REDEEMED: () => item({ redeemedAt: BEFORE }),
  RELEASED: () => item({ releasedAt: BEFORE, finalized: true }),
  LAPSED: () => item({ expiresAt: NOW }),
  NOT_GIVEN: () => item({ count: 0, finalized: true }),
};

describe('where an item stands', () => {
  test.each(Object.entries(IN))('%s', (status, make) => {
    expect(statusOf(make(), NOW)).toBe(status);
  });

  test.each([
    ['a confirmed one lapses too', { confirmedAt: BEFORE, expiresAt: NOW }, 'LAPSED'],
    ['who has come does not lapse', { redeemedAt: BEFORE, expiresAt: BEFORE }, 'REDEEMED'],
    ['what was given back does not lapse', { releasedAt: BEFORE, expiresAt: BEFORE }, 'RELEASED'],
    [
      'who has come stays so when a report counts him',
      { redeemedAt: BEFORE, finalized: true },
      'REDEEMED',
    ],
    ['an item that was published as lapsed stays lapsed', { finalized: true }, 'LAPSED'],
  ])('%s', (_, changes, status) => {
    expect(statusOf(item(changes), NOW)).toBe(status);
  });
});

test.each([
  [['RELEASED', 'LAPSED', 'REDEEMED', 'CONFIRMED', 'OPEN'], 'OPEN'],
  [['RELEASED', 'LAPSED', 'REDEEMED', 'CONFIRMED'], 'CONFIRMED'],
  [['NOT_GIVEN', 'RELEASED', 'LAPSED', 'REDEEMED'], 'REDEEMED'],
  [['NOT_GIVEN', 'RELEASED', 'LAPSED'], 'LAPSED'],
  [['NOT_GIVEN', 'RELEASED'], 'RELEASED'],
] as const)('a reservation of items that are %j is %s on the whole', (statuses, whole) => {
  expect(
    statusOfAll(
      statuses.map((status) => IN[status]()),
      NOW,
    ),
  ).toBe(whole);
});

test('the next slot to lapse is the first of those kept; once none is, the last of all', () => {
  const ended = [
    item({ releasedAt: BEFORE, expiresAt: minutesFromNow(1) }),
    item({ expiresAt: BEFORE }),
  ];
  const kept = [item({ expiresAt: minutesFromNow(9) }), item({ expiresAt: minutesFromNow(5) })];
  expect(nextExpiry([...ended, ...kept], NOW)).toEqual(minutesFromNow(5));
  expect(nextExpiry(ended, NOW)).toEqual(minutesFromNow(1));
});

describe('a step', () => {
  const moved = 'moves it on';
  const nothing = 'changes nothing';
  const refused = 'is refused';
  test.each([
    ['confirm', 'OPEN', moved],
    ['confirm', 'CONFIRMED', moved],
    ['confirm', 'REDEEMED', nothing],
    ['confirm', 'RELEASED', refused],
    ['confirm', 'LAPSED', refused],
    ['confirm', 'NOT_GIVEN', refused],
    ['redeem', 'OPEN', moved],
    ['redeem', 'CONFIRMED', moved],
    ['redeem', 'REDEEMED', nothing],
    ['redeem', 'RELEASED', refused],
    ['redeem', 'LAPSED', refused],
    ['redeem', 'NOT_GIVEN', refused],
    ['release', 'OPEN', moved],
    ['release', 'CONFIRMED', moved],
    ['release', 'REDEEMED', refused],
    ['release', 'RELEASED', nothing],
    ['release', 'LAPSED', nothing],
    ['release', 'NOT_GIVEN', nothing],
  ] as const)('%s of what is %s %s', (step, status, what) => {
    const one = IN[status]();
    for (const named of [undefined, [one.id]]) {
      const granted = transition(step, 'r', { items: [one], named }, NOW);
      if (what === refused) {
        expect(granted).toMatchObject({ __typename: 'ReservationEnded', items: [{ id: one.id }] });
      } else expect(granted).toEqual(what === moved ? [one] : []);
    }
  });

  test('for all moves on those that can; for named ones all of them or none', () => {
    const items = [IN.OPEN(), IN.RELEASED(), IN.CONFIRMED()];
    expect(transition('redeem', 'r', { items, named: undefined }, NOW)).toEqual([
      items[0],
      items[2],
    ]);
    const named = items.map(({ id }) => id);
    expect(transition('redeem', 'r', { items, named }, NOW)).toMatchObject({
      __typename: 'ReservationEnded',
      items: [{ id: items[1]!.id }],
    });
  });

  test('named twice is moved once, and a stranger is refused by name', () => {
    const one = IN.OPEN();
    expect(transition('redeem', 'r', { items: [one], named: [one.id, one.id] }, NOW)).toEqual([
      one,
    ]);
    expect(transition('redeem', 'r', { items: [one], named: [one.id, 'x'] }, NOW)).toMatchObject({
      __typename: 'UnknownReservationItem',
      reservationId: 'r',
      reservationItemId: 'x',
    });
  });
});

test.each([
  ['for a day', item(), undefined, minutesFromNow(DAY_MINUTES)],
  ['until the time named', item(), minutesFromNow(60), minutesFromNow(60)],
  ['as before, once confirmed', item({ confirmedAt: BEFORE }), undefined, minutesFromNow(10)],
  [
    'until another time that is named',
    item({ confirmedAt: BEFORE }),
    minutesFromNow(60),
    minutesFromNow(60),
  ],
])('a confirmed slot is kept %s', (_, one, named, until) => {
  expect(confirmedUntil(one, named, NOW)).toEqual(until);
});
