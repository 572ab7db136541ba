import type { TransferAct, TransferStatus } from '../../generated/graphql.js';
import { isRepetition } from './repetition.js';
import { ACTS, type Side } from './rules.js';

const EVERYBODY = new Set<Side>([
  ...(['ORIGIN', 'DESTINATION', 'COORDINATION', 'DISPATCH', 'VEHICLE', 'CARE'] as const),
]);
const own = { attempt: 2, facility: 'a' };
const at = (status: TransferStatus, attempt = 2, toFacility: string | null = 'a') => ({
  status,
  attempt,
  toFacility,
});

test.each<[TransferAct, ReturnType<typeof at>, boolean, string]>([
  ['REQUEST_DESTINATION', at('DESTINATION_REQUESTED'), true, 'the facility is requested'],
  ['REQUEST_DESTINATION', at('REFUSED', 2, null), false, 'the facility has refused'],
  ['REQUEST_DESTINATION', at('DESTINATION_REQUESTED', 3, 'b'), false, 'another one is requested'],
  ['REQUEST_DESTINATION', at('ACCEPTED'), true, 'the facility has accepted'],
  ['DIVERT', at('DIVERTED'), true, 'the facility is requested'],
  ['DIVERT', at('DIVERTED', 2, null), false, 'the facility has refused'],
  ['ACCEPT', at('ACCEPTED'), true, 'it has accepted'],
  ['ACCEPT', at('DESTINATION_REQUESTED'), false, 'its slot lapsed and it is requested again'],
  ['REFUSE', at('REFUSED', 2, null), true, 'it has refused'],
  ['REFUSE', at('DESTINATION_REQUESTED', 3), false, 'it is requested again'],
  ['SEEK_TRANSPORT', at('TRANSPORT_SOUGHT'), true, 'a vehicle is looked for'],
  ['SEEK_TRANSPORT', at('TRANSPORT_ASSIGNED'), true, 'another vehicle was assigned'],
  ['SEEK_TRANSPORT', at('TRANSPORT_ASSIGNED', 3, 'b'), false, 'for another destination'],
  ['CANCEL', at('CANCELLED'), true, 'it has ended'],
  ['HAND_OVER', at('HANDED_OVER'), true, 'it has ended'],
])('%s again in %j is a repetition: %s, because %s', (act, transfer, expected) => {
  expect(isRepetition(act, own, transfer, EVERYBODY)).toBe(expected);
});

test('every act is a repetition for a caller who has no part in the transfer any more', () => {
  for (const act of ACTS) {
    expect(isRepetition(act, own, at('ACCEPTED', 5, 'b'), new Set())).toBe(true);
  }
});
