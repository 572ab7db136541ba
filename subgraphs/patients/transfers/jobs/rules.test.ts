import type { TransferAct, TransferStatus } from '../../generated/graphql.js';
import { effectsOf, isClaim, reservedUntil, reservationKind, type Outcome } from './rules.js';
import {
  operationAfter,
  type ReservationOperation,
} from '../lifecycle/rules/reservation-operations.js';

const input = (operation: ReservationOperation) => ({ operation, attempt: 2 });
const KEPT: Outcome = { is: 'KEPT', reservation: 'r', item: 'i', until: '2026-01-16T08:55:00Z' };
const NO_PLACE: Outcome = { is: 'NO_PLACE', free: 0, alternatives: [] };
const ENDED: Outcome = { is: 'ENDED' };
const CLOSED: Outcome = { is: 'CLOSED' };

test.each<[TransferAct, TransferStatus, ReservationOperation | undefined]>([
  ['PICK_UP', 'TRANSPORT_ASSIGNED', 'CONFIRM'],
  ['ARRIVE', 'UNDER_WAY', 'REDEEM'],
  ['REFUSE', 'DESTINATION_REQUESTED', 'RELEASE'],
  ['CANCEL', 'ACCEPTED', 'RELEASE'],
  ['REJECT', 'REQUESTED', 'RELEASE'],
  ['LAPSE', 'ACCEPTED', 'RELEASE'],
  ['DIVERT', 'UNDER_WAY', 'RELEASE'],
  ['REQUEST_DESTINATION', 'DESTINATION_REQUESTED', 'RELEASE'],
  ['DIE', 'UNDER_WAY', 'RELEASE'],
  ['DIE', 'ARRIVED', undefined],
  ['HAND_OVER', 'ARRIVED', undefined],
  ['ASSIGN_TRANSPORT', 'ACCEPTED', undefined],
  ['ACCEPT', 'DESTINATION_REQUESTED', undefined],
])('after %s of one that is %s: %s', (act, status, kind) => {
  expect(operationAfter(act, status)).toBe(kind);
});

test.each<[string, ReservationOperation, Outcome, TransferStatus, number, string[]]>([
  [
    'a slot for a requested facility is its acceptance',
    'RESERVE',
    KEPT,
    'DESTINATION_REQUESTED',
    2,
    ['ACCEPT'],
  ],
  ['so it is on the way', 'CONFIRM', KEPT, 'DIVERTED', 2, ['ACCEPT']],
  ['for one that is accepted it is kept', 'CONFIRM', KEPT, 'UNDER_WAY', 2, ['KEEP_SLOT']],
  [
    'one got after the arrival is used at once',
    'RESERVE',
    KEPT,
    'ARRIVED',
    2,
    ['KEEP_SLOT', 'REDEEM'],
  ],
  ['one confirmed after the arrival is used already', 'CONFIRM', KEPT, 'ARRIVED', 2, []],
  [
    'one for a facility that refused meanwhile goes back',
    'RESERVE',
    KEPT,
    'REFUSED',
    2,
    ['RELEASE'],
  ],
  ['so does one for a transfer that was cancelled', 'RESERVE', KEPT, 'CANCELLED', 2, ['RELEASE']],
  ['so does one for a patient who died', 'RESERVE', KEPT, 'DIED', 2, ['RELEASE']],
  [
    'so does one for the destination before',
    'RESERVE',
    KEPT,
    'DESTINATION_REQUESTED',
    3,
    ['RELEASE'],
  ],
  [
    'an allocation that lapsed is replaced',
    'CONFIRM',
    ENDED,
    'DESTINATION_REQUESTED',
    2,
    ['RESERVE'],
  ],
  [
    'one that went to another transfer is got again',
    'RESERVE',
    ENDED,
    'DESTINATION_REQUESTED',
    2,
    ['RESERVE'],
  ],
  [
    'a slot that lapsed on the way is reserved again',
    'CONFIRM',
    ENDED,
    'UNDER_WAY',
    2,
    ['RESERVE'],
  ],
  ['nothing is got again for a transfer that ended', 'CONFIRM', ENDED, 'CANCELLED', 2, []],
  [
    'a facility without a slot stays requested',
    'RESERVE',
    NO_PLACE,
    'DESTINATION_REQUESTED',
    2,
    [],
  ],
  [
    'a patient on the way without a slot shows it',
    'RESERVE',
    NO_PLACE,
    'UNDER_WAY',
    2,
    ['LOSE_SLOT'],
  ],
  ['a released slot is done', 'RELEASE', CLOSED, 'CANCELLED', 2, []],
  ['a slot that was used already is done', 'RELEASE', ENDED, 'CANCELLED', 2, []],
  ['a slot that cannot be used any more is done', 'REDEEM', ENDED, 'ARRIVED', 2, []],
])('%s', (_, kind, outcome, status, attempt, does) => {
  expect(effectsOf(input(kind), outcome, { status, attempt }).map((effect) => effect.does)).toEqual(
    does,
  );
});

test('a slot is reserved for a day, less the difference that clocks may have', () => {
  expect(reservedUntil({ createdAt: new Date('2026-01-15T09:00:00Z') })).toEqual(
    new Date('2026-01-16T08:55:00Z'),
  );
});

test('only reserving and confirming claim a slot', () => {
  expect(
    (['RESERVE', 'CONFIRM', 'REDEEM', 'RELEASE'] as const).filter((operation) =>
      isClaim({ operation }),
    ),
  ).toEqual(['RESERVE', 'CONFIRM']);
});

test('a slot for a casualty of a scene is primary, any other strategic', () => {
  expect([reservationKind('PRIMARY'), reservationKind('SECONDARY')]).toEqual([
    'PRIMARY',
    'STRATEGIC',
  ]);
});
