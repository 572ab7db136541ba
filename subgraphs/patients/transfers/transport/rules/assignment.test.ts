import { minutesFromNow, NOW } from '../../../../../shared/testing/now.js';
import { DAY_MINUTES } from '../../../../../shared/time/rules.js';
import type { AssignTransportInput } from '../../../generated/graphql.js';
import type { TransferRow } from '../../lifecycle/rows.js';
import {
  callSignFault,
  judgeArrival,
  judgeAssignment,
  type WaitingTransfer,
} from './assignment.js';
import type { VehicleRow } from './vehicle.js';

const input = (changes: Partial<AssignTransportInput> = {}): AssignTransportInput => ({
  transfers: ['t1'],
  vehicle: 'Köln 1-83-1',
  means: 'RTW',
  physician: false,
  ventilator: false,
  idempotencyKey: 'k',
  ...changes,
});
const vehicle = (changes: Partial<VehicleRow> = {}): VehicleRow => ({
  __typename: 'Vehicle',
  id: 'v1',
  callSign: 'Köln 1-83-1',
  means: 'RTW',
  area: '05315',
  lentBy: null,
  physician: false,
  ventilator: false,
  status: null,
  statusAt: null,
  ...changes,
});
const patients = (
  count: number,
  changes: Partial<WaitingTransfer['passenger']> = {},
): WaitingTransfer[] =>
  Array.from({ length: count }, (_, index) => ({
    transfer: { id: `t${index}`, seesPatient: true } as TransferRow,
    passenger: {
      category: 'SK_III',
      needs: [],
      ventilated: false,
      physicianEscort: false,
      fromScene: true,
      ...changes,
    },
  }));

/** Returns a load of patients of others, all of whom the caller sees. */
const loadOf = (count: number) => ({ patients: count, hidden: 0 });

test.each<[AssignTransportInput['means'], number, number, number | undefined]>([
  ['RTW', 0, 1, undefined],
  ['RTW', 0, 2, 1],
  ['RTW', 1, 1, 0],
  ['LARGE_ITW', 3, 1, undefined],
  ['LARGE_ITW', 3, 2, 1],
  ['BUS', 0, 20, undefined],
  ['BUS', 0, 21, 20],
  ['BUS', 25, 1, 0],
])(
  'a %s that carries %i patients has room for %i more, or has left: %p',
  (means, carried, count, left) => {
    const verdict = judgeAssignment(
      vehicle({ means }),
      input({ means }),
      patients(count),
      loadOf(carried),
    );
    expect(verdict).toMatchObject(
      left === undefined ? { means } : { __typename: 'VehicleFull', left },
    );
  },
);

test.each([
  [false, false, 1, false],
  [true, false, 0, true],
  [false, true, 1, true],
  [false, true, 0, false],
])(
  'a vehicle that is requested with %p, manned with %p and carries %i has on board %p',
  (requested, manned, carried, expected) => {
    const before = vehicle({ means: 'BUS', physician: manned, ventilator: manned });
    const transferRequest = input({ means: 'BUS', physician: requested, ventilator: requested });
    expect(judgeAssignment(before, transferRequest, patients(1), loadOf(carried))).toEqual({
      means: 'BUS',
      physician: expected,
      ventilator: expected,
    });
  },
);

test('the physician of those on board accompanies added patients', () => {
  const bus = vehicle({ means: 'BUS', physician: true });
  const escorted = patients(1, { physicianEscort: true });
  expect(judgeAssignment(bus, input({ means: 'BUS' }), escorted, loadOf(1))).toMatchObject({
    physician: true,
  });
  expect(judgeAssignment(bus, input({ means: 'BUS' }), escorted, loadOf(0))).toMatchObject({
    __typename: 'TransportUnfit',
    misfits: ['PHYSICIAN_MISSING'],
  });
});

test('an area that is not said is the one of before', () => {
  expect(judgeAssignment(vehicle(), input({ area: null }), patients(1), loadOf(0))).toMatchObject({
    means: 'RTW',
  });
});

test.each([
  [undefined, undefined],
  [minutesFromNow(-5), undefined],
  [null, undefined],
  [minutesFromNow(-5.1), 'EstimatedArrivalOutOfRange'],
  [minutesFromNow(7 * DAY_MINUTES), undefined],
  [minutesFromNow(7 * DAY_MINUTES + 1), 'EstimatedArrivalOutOfRange'],
])('an arrival at %p is refused as %p', (estimatedArrival, refusal) => {
  expect(judgeArrival(estimatedArrival, NOW)?.__typename).toBe(refusal);
});

test.each([
  ['x', true],
  ['x'.repeat(40), true],
  ['x'.repeat(41), false],
  ['', false],
  [' x', false],
  ['x ', false],
])('a call sign "%s" is one: %p', (callSign, isOne) => {
  expect(callSignFault(callSign) === undefined).toBe(isOne);
});
