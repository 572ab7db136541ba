import { DAY_MS, MINUTE_MS } from '../../../../shared/time/rules.js';
import type { StockBookingInput } from '../../generated/graphql.js';
import {
  invalid,
  outOfRange,
  reasonFault,
  textFault,
} from '../../../../shared/validation/rules.js';
import type { Holder, Movement } from './movements.js';
import { isQuantity } from '../../items/rules.js';
import { implausibleQuantity, type InputRefusal, MOST_QUANTITY } from './refusals.js';

/** Clocks of reporting systems differ; this far ahead of ours is still believed. */
const MINUTES_AHEAD = 5;
/** An event longer ago is a matter of a count. */
const DAYS_BACK = 7;
/** No medicine, gas or blood product is made to last longer, nor was one booked that expired before. */
const [EXPIRY_YEARS_BACK, EXPIRY_YEARS_AHEAD] = [20, 30];
const LONGEST_BATCH = 50;

/** The holders that a booking names: one, and with a RELOCATION the one to which it goes. */
export interface NamedHolders {
  from: Holder;
  to: Holder | undefined;
}

/** Returns the holders that a booking names, or the refusal where they are not exactly those that its kind needs. */
export function holdersIn({
  kind,
  facility,
  organisation,
  toFacility,
  toOrganisation,
}: StockBookingInput): NamedHolders | InputRefusal {
  const from = oneOf(facility, organisation);
  if (!from) {
    return invalid(
      'InvalidBooking',
      'facility',
      `A stock belongs to exactly one facility or organisation; received ${facility == null ? 'neither' : 'both'}. Give facility or organisation.`,
    );
  }
  const to = oneOf(toFacility, toOrganisation);
  if ((kind === 'RELOCATION') !== (to !== undefined)) {
    return invalid(
      'InvalidBooking',
      'toFacility',
      kind === 'RELOCATION'
        ? 'A RELOCATION names the one to whom it goes: exactly one of toFacility and toOrganisation. Give one of them.'
        : `toFacility and toOrganisation belong to a RELOCATION; received them with a ${kind}. Leave them out.`,
    );
  }
  if (to && idOf(to) === idOf(from)) {
    return invalid(
      'InvalidBooking',
      'toFacility',
      'A RELOCATION goes to another holder; received the same one. Name the other one.',
    );
  }
  return { from, to };
}

export function idOf(holder: Holder): string {
  return 'facility' in holder ? holder.facility : holder.organisation;
}

/** Judges a booking by itself; returns its movements, which happen together or not at all. */
export function judgeBooking(
  input: StockBookingInput,
  { from, to }: NamedHolders,
  item: string,
  now: Date,
): Movement[] | InputRefusal {
  const refusal = quantityRefusal(input) ?? textRefusal(input) ?? dateRefusal(input, now);
  if (refusal) return refusal;
  const { kind, quantity } = input;
  const movement: Movement = {
    holder: from,
    item,
    kind,
    quantity,
    shipment: null,
    batch: input.batch ?? null,
    reason: input.reason ?? null,
    usableUntil: input.usableUntil ?? null,
    at: input.at ?? now,
    minimum: input.minimum ?? null,
    averageConsumption: input.averageConsumption ?? null,
  };
  if (!to) return [movement];
  const arrival = { ...movement, holder: to, minimum: null, averageConsumption: null };
  return [{ ...movement, quantity: -quantity }, arrival];
}

function oneOf(
  facility: string | null | undefined,
  organisation: string | null | undefined,
): Holder | undefined {
  if (facility != null) return organisation == null ? { facility } : undefined;
  return organisation == null ? undefined : { organisation };
}

function quantityRefusal(input: StockBookingInput): InputRefusal | undefined {
  const { kind, quantity } = input;
  const signed = kind === 'CORRECTION';
  if (
    !isQuantity(quantity, { largest: MOST_QUANTITY, signed }) ||
    (quantity === 0 && kind !== 'COUNT')
  ) {
    const expected = {
      COUNT: `a number from 0 to ${MOST_QUANTITY}`,
      CORRECTION: `the change, from -${MOST_QUANTITY} to ${MOST_QUANTITY} and not 0`,
    };
    const other = `a number above 0, up to ${MOST_QUANTITY}`;
    return implausibleQuantity(
      'quantity',
      quantity,
      kind === 'COUNT' || kind === 'CORRECTION' ? expected[kind] : other,
      signed ? -MOST_QUANTITY : 0,
    );
  }
  for (const field of ['minimum', 'averageConsumption'] as const) {
    const value = input[field];
    if (value != null && !isQuantity(value, { largest: MOST_QUANTITY })) {
      return implausibleQuantity(field, value, `a number from 0 to ${MOST_QUANTITY}`);
    }
  }
  return undefined;
}

function textRefusal({ kind, reason, batch, usableUntil }: StockBookingInput) {
  const batchFault = batch == null ? undefined : textFault('batch', batch, LONGEST_BATCH);
  if (batchFault !== undefined) return invalid('InvalidBooking', 'batch', batchFault);
  if (usableUntil != null && batch == null) {
    return invalid(
      'InvalidBooking',
      'batch',
      'usableUntil belongs to a batch; received none. Give the batch number that stands beside the date.',
    );
  }
  if (reason == null && (kind === 'CORRECTION' || kind === 'RELOCATION')) {
    const fault = `A ${kind} says why; received no reason. Give one.`;
    return invalid('InvalidBooking', 'reason', fault);
  }
  return invalid('InvalidBooking', 'reason', reason == null ? undefined : reasonFault(reason));
}

function dateRefusal({ at, usableUntil }: StockBookingInput, now: Date): InputRefusal | undefined {
  const ofEvent =
    at == null
      ? undefined
      : beyond('at', at, {
          earliest: new Date(now.getTime() - DAYS_BACK * DAY_MS),
          latest: new Date(now.getTime() + MINUTES_AHEAD * MINUTE_MS),
        });
  if (ofEvent || usableUntil == null) return ofEvent;
  return beyond('usableUntil', usableUntil, {
    earliest: yearsFrom(now, -EXPIRY_YEARS_BACK),
    latest: yearsFrom(now, EXPIRY_YEARS_AHEAD),
  });
}

function beyond(field: string, date: Date, limits: { earliest: Date; latest: Date }) {
  const advice = 'Check the date and book again.';
  return outOfRange('BookingDateOutOfRange', field, date, { ...limits, advice });
}

function yearsFrom(now: Date, years: number): Date {
  return new Date(now.getTime() + years * 365.25 * DAY_MS);
}
