import { implausible, type WithTypename } from '../../../../shared/validation/rules.js';
import type {
  BatchNotUsable,
  BookingDateOutOfRange,
  ConflictingBatch,
  ImplausibleQuantity,
  InvalidBooking,
  NotEnoughStock,
  OvertakenCount,
} from '../../generated/graphql.js';
import { quantityOf, type Thousandths } from '../../items/rules.js';

/** The most that one booking states, in the item's unit. */
export const MOST_QUANTITY = 1_000_000_000;

/** Why a movement of a stock is refused. */
export type MovementRefusal = WithTypename<
  NotEnoughStock | BatchNotUsable | ConflictingBatch | OvertakenCount | ImplausibleQuantity
>;

/** Why a booking is refused before the stock is looked at. */
export type InputRefusal = WithTypename<
  ImplausibleQuantity | BookingDateOutOfRange | InvalidBooking
>;

export function implausibleQuantity(
  field: string,
  value: number,
  expected: string,
  minimum = 0,
): WithTypename<ImplausibleQuantity> {
  return implausible('ImplausibleQuantity', field, value, {
    minimum,
    maximum: MOST_QUANTITY,
    fault: `${field} is ${expected}, with at most 3 digits after the point; received ${value}.`,
    advice: 'Check the number and book again.',
  });
}

export function notEnough(
  batch: string | null,
  available: Thousandths,
  requested: Thousandths,
  otherBatches: readonly string[],
): WithTypename<NotEnoughStock> {
  const from = batch === null ? 'without a known batch' : `of batch ${batch}`;
  const others = otherBatches.slice(0, 5).join(', ');
  const hint = others === '' ? '' : ` Other batches in stock: ${others}.`;
  return {
    __typename: 'NotEnoughStock',
    message: `The stock has ${quantityOf(available)} ${from}; received a booking of ${quantityOf(requested)}. Book no more than there is, or count the stock first.${hint}`,
    batch,
    available: quantityOf(available),
    outgoing: quantityOf(requested),
  };
}

export function notUsable(
  batch: string,
  cause: 'EXPIRED' | 'RECALLED',
  since: Date,
): WithTypename<BatchNotUsable> {
  const [why, advice] =
    cause === 'EXPIRED'
      ? [`expired on ${since.toISOString()}`, '']
      : [
          `was recalled on ${since.toISOString()}`,
          ', send back what a shipment brought with `returnShipment`',
        ];
  return {
    __typename: 'BatchNotUsable',
    message: `Batch ${batch} ${why} and must not be given out. Take another batch${advice}, and book what is destroyed as a CORRECTION.`,
    batch,
    cause,
    since,
  };
}

/** Refuses what comes in without a number where a recalled batch is or was: it may be the same packs. */
export function mayBeRecalled(batch: string, since: Date): WithTypename<BatchNotUsable> {
  return {
    ...notUsable(batch, 'RECALLED', since),
    message: `Batch ${batch}, recalled on ${since.toISOString()}, is or was in this stock, so that what comes in must be distinguishable from it; received no batch number. Book it with the number that stands on the packs.`,
  };
}

/** Refuses to take into stock what must not be given out any more. */
export function expiredOnArrival(batch: string, since: Date): WithTypename<BatchNotUsable> {
  return {
    ...notUsable(batch, 'EXPIRED', since),
    message: `Batch ${batch} expired on ${since.toISOString()} and is not taken into stock. Reject what arrived with \`rejectShipment\`, and book nothing.`,
  };
}

/** Refuses to take into stock what an authority recalled on its way or before. */
export function recalledOnArrival(batch: string, since: Date): WithTypename<BatchNotUsable> {
  return {
    ...notUsable(batch, 'RECALLED', since),
    message: `Batch ${batch} was recalled on ${since.toISOString()} and is not taken into stock. Reject what arrived with \`rejectShipment\`, and book nothing.`,
  };
}

export function conflictingBatch(batch: string, usableUntil: Date): WithTypename<ConflictingBatch> {
  return {
    __typename: 'ConflictingBatch',
    message: `Batch ${batch} is in stock as usable until ${usableUntil.toISOString()}; received another date. Read the date again from the pack, and book under the number that stands on it.`,
    batch,
    usableUntil,
  };
}

export function overtakenCount(bookedTo: Date, at: Date): WithTypename<OvertakenCount> {
  return {
    __typename: 'OvertakenCount',
    message: `The stock was booked for ${bookedTo.toISOString()} already, and a count of ${at.toISOString()} would overwrite that. Count again.`,
    bookedTo,
    at,
  };
}
