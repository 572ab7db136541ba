import type { TransferStatus } from '../../generated/graphql.js';
import type { ReservedSlot } from '../jobs/capacity-calls.js';
import {
  alreadyThere,
  reservationInUse,
  reservationNotYours,
  reservationUnfit,
  type NamedSlot,
} from './rules.js';

const HERE = 'facility of the patient';
const THERE = 'requested facility';
const ELSEWHERE = 'another facility';

/** Written by hand: the statuses in which the requested facility has yet to decide. */
const IS_AWAITED: Record<TransferStatus, boolean> = {
  REQUESTED: false,
  DEFERRED: false,
  APPROVED: false,
  REJECTED: false,
  DESTINATION_REQUESTED: true,
  ACCEPTED: false,
  REFUSED: false,
  TRANSPORT_SOUGHT: false,
  TRANSPORT_ASSIGNED: false,
  PICKED_UP: false,
  UNDER_WAY: false,
  DIVERTED: true,
  ARRIVED: false,
  HANDED_OVER: false,
  CANCELLED: false,
  DIED: false,
};

test.each(Object.entries(IS_AWAITED))(
  'whether a transfer that is %s awaits the decision of its destination is %s',
  (name, isAwaited) => {
    const status = name as TransferStatus;
    const refusalAt = (to: string) =>
      alreadyThere({ fromFacility: HERE, toFacility: THERE, status }, to);
    expect(refusalAt(ELSEWHERE)).toBeUndefined();
    expect(refusalAt(HERE)).toMatchObject({
      __typename: 'AlreadyThere',
      facility: { id: HERE },
      message: expect.stringContaining('The patient is in this facility'),
    });
    if (!isAwaited) expect(refusalAt(THERE)).toBeUndefined();
    else {
      expect(refusalAt(THERE)).toMatchObject({
        __typename: 'AlreadyThere',
        facility: { id: THERE },
        message: expect.stringContaining('requested already'),
      });
    }
  },
);

test('a patient at a scene, with no destination yet, may be sent anywhere', () => {
  const ends = { fromFacility: null, toFacility: null, status: 'REQUESTED' as const };
  expect(alreadyThere(ends, THERE)).toBeUndefined();
});

const KEPT: ReservedSlot = {
  facility: THERE,
  createdBy: 'dispatcher',
  count: 1,
  status: 'OPEN',
  category: 'ICU_LOW_CARE',
  intake: null,
};
const slot = (changes: Partial<ReservedSlot> = {}): NamedSlot => ({
  id: 'reservation',
  item: 'item',
  kept: { ...KEPT, ...changes },
});
const NEEDED = {
  facility: THERE,
  by: 'dispatcher',
  bedCategory: 'ICU_LOW_CARE' as const,
  intake: null,
};
const INTAKE = { bedCategory: null, intake: 'SK_I' as const };

test.each<[string, NamedSlot, object]>([
  ['an open slot of the bed category', slot(), {}],
  ['a confirmed slot of the bed category', slot({ status: 'CONFIRMED' }), {}],
  ['a slot of the intake', slot({ category: null, intake: 'SK_I' }), INTAKE],
])('%s fits', (_, named, changes) => {
  expect(reservationUnfit(named, { ...NEEDED, ...changes })).toBeUndefined();
});

/** In the order in which they are checked: the reason names the first. */
test.each<[string, NamedSlot, object, string]>([
  [
    'that does not exist',
    { id: 'reservation', item: 'item', kept: undefined },
    {},
    'is in no reservation of yours',
  ],
  [
    'of another person, in another facility',
    slot({ createdBy: 'colleague', facility: ELSEWHERE }),
    {},
    'is in no reservation of yours',
  ],
  ['in another facility, for two', slot({ facility: ELSEWHERE, count: 2 }), {}, 'another facility'],
  ['for two, released', slot({ count: 2, status: 'RELEASED' }), {}, 'is for 2 patients'],
  ['for none', slot({ count: 0 }), {}, 'is for 0 patients'],
  [
    'released, of another category',
    slot({ status: 'RELEASED', category: 'ECMO' }),
    {},
    'is RELEASED; it must be OPEN or CONFIRMED',
  ],
  ['that has lapsed', slot({ status: 'LAPSED' }), {}, 'is LAPSED'],
  ['that was redeemed', slot({ status: 'REDEEMED' }), {}, 'is REDEEMED'],
  [
    'of another category',
    slot({ category: 'ECMO' }),
    {},
    'is ECMO; the transfer needs ICU_LOW_CARE',
  ],
  ['of a bed for an intake', slot(), INTAKE, 'needs a slot of the intake of SK_I'],
  [
    'of another intake',
    slot({ category: null, intake: 'SK_II' }),
    INTAKE,
    'is a slot of the intake of SK_II; the transfer needs a slot of the intake of SK_I',
  ],
])('a slot %s is refused with the first reason', (_, named, changes, reason) => {
  expect(reservationUnfit(named, { ...NEEDED, ...changes })).toMatchObject({
    __typename: 'ReservationUnfit',
    reservationId: 'reservation',
    reservationItemId: 'item',
    message: expect.stringContaining(reason),
  });
});

test('a slot of another person looks like one that does not exist', () => {
  const missing = reservationNotYours({ ...slot(), kept: undefined }, NEEDED);
  expect(reservationNotYours(slot({ createdBy: 'colleague' }), NEEDED)).toEqual(missing);
});

test('only the person and the facility decide whose slot it is', () => {
  expect(reservationNotYours(slot({ count: 2, status: 'RELEASED' }), NEEDED)).toBeUndefined();
});

test('a refusal repeats at most 100 characters of an item in its sentence', () => {
  const item = 'x'.repeat(200);
  const refusals = [
    reservationInUse(item),
    reservationUnfit({ id: 'reservation', item, kept: undefined }, NEEDED)!,
  ];
  for (const { message, reservationItemId } of refusals) {
    expect(message).toContain(` ${'x'.repeat(100)} `);
    expect(reservationItemId).toBe(item);
  }
});
