import { believedSpan, consequenceOf, type Consequence } from './radio.js';

const NOTHING: Consequence = {};
const PICK_UP: Consequence = { move: 'PICK_UP' };
const ARRIVE: Consequence = { move: 'ARRIVE' };
const EMPTY: Consequence = { inconsistency: 'ARRIVED_WITHOUT_PATIENT' };
const UNACCEPTED: Consequence = { inconsistency: 'ARRIVED_UNACCEPTED' };
const FREE: Consequence = { inconsistency: 'FREE_WITH_PATIENT' };

test.each<[string, number, number | null, number, number, Consequence]>([
  ['7 takes up those it was sent for', 7, 4, 0, 1, PICK_UP],
  ['7 takes up the next beside those on board', 7, 7, 1, 1, PICK_UP],
  ['7 again changes nothing', 7, 7, 1, 0, NOTHING],
  ['7 with a patient the hub does not know changes nothing', 7, 4, 0, 0, NOTHING],
  ['8 after 7 arrives', 8, 7, 1, 0, ARRIVE],
  ['8 arrives with those on board while others still wait', 8, 7, 1, 2, ARRIVE],
  ['8 again changes nothing', 8, 8, 0, 0, NOTHING],
  ['8 again changes nothing for the next patient', 8, 8, 0, 1, NOTHING],
  ['8 without a 7 cannot be', 8, 4, 0, 1, EMPTY],
  ['8 as the first word of a vehicle cannot be', 8, null, 0, 1, EMPTY],
  ['8 without a 7 cannot be, also of a vehicle sent for nobody', 8, 3, 0, 0, EMPTY],
  ['8 after the 7 of another patient cannot be', 8, 7, 0, 1, EMPTY],
  ['8 after a 7 with a patient the hub does not know changes nothing', 8, 7, 0, 0, NOTHING],
  ['1 with a patient on board cannot be', 1, 7, 1, 0, FREE],
  ['2 with a patient on board cannot be', 2, 7, 1, 0, FREE],
  ['6 with a patient on board cannot be', 6, 7, 1, 0, FREE],
  ['1 after the patient was brought changes nothing', 1, 8, 0, 0, NOTHING],
  ['0 with a patient on board requests to speak', 0, 7, 1, 0, NOTHING],
  ['5 with a patient on board requests to speak', 5, 7, 1, 0, NOTHING],
  ['9 with a patient on board requests to speak', 9, 7, 1, 0, NOTHING],
  ['3 says where it goes', 3, 1, 0, 1, NOTHING],
  ['4 says that it is there', 4, 3, 0, 1, NOTHING],
])('%s', (_, status, last, aboard, waiting, expected) => {
  expect(consequenceOf(status, { last, aboard, diverted: 0, waiting })).toEqual(expected);
});

test.each<[string, number, number | null, number, Consequence]>([
  ['8 before the new destination has accepted cannot be', 8, 7, 0, UNACCEPTED],
  ['8 again before it has accepted says nothing new', 8, 8, 0, NOTHING],
  ['8 arrives with those who are expected', 8, 7, 1, ARRIVE],
  ['1 with a diverted patient on board cannot be', 1, 7, 0, FREE],
])(
  'a vehicle with a diverted patient reports its status: %s',
  (_, status, last, aboard, expected) => {
    expect(consequenceOf(status, { last, aboard, diverted: 1, waiting: 0 })).toEqual(expected);
  },
);

test('a report is believed from a day back to five minutes ahead', () => {
  expect(believedSpan(new Date('2026-01-15T09:00:00.000Z'))).toEqual({
    earliest: new Date('2026-01-14T09:00:00.000Z'),
    latest: new Date('2026-01-15T09:05:00.000Z'),
  });
});
