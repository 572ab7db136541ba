import { DAY_MS } from '../../../../../shared/time/rules.js';
import { outOfRange, type WithTypename } from '../../../../../shared/validation/rules.js';
import type { SupplyTimeOutOfRange } from '../../../generated/graphql.js';

/** The longest time ahead for which somebody requests, offers or promises something. */
const LONGEST_DAYS = 366;
/** No medicine, gas or blood product is made to last longer than 30 years. */
const LONGEST_USABLE_DAYS = 30 * 365.25;

interface OfferTimes {
  availableFrom?: Date | null | undefined;
  until: Date;
  usableUntil?: Date | null | undefined;
}

/** Refuses an instant outside its limits; undefined for one within them, and where none is given. */
export function timeRefusal(
  field: string,
  at: Date | null | undefined,
  { earliest, latest }: { earliest: Date; latest: Date },
): WithTypename<SupplyTimeOutOfRange> | undefined {
  if (at == null) return undefined;
  const advice = 'Give an instant in between.';
  return outOfRange('SupplyTimeOutOfRange', field, at, { earliest, latest, advice });
}

/** Refuses an offer that begins more than 366 days back, ends before it begins or too late, or expires later than anything is made to last. */
export function refusalOfOfferTimes(
  { availableFrom, until, usableUntil }: OfferTimes,
  now: Date,
): WithTypename<SupplyTimeOutOfRange> | undefined {
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const [earliest, latest] = [inDays(-LONGEST_DAYS), inDays(LONGEST_DAYS)];
  return (
    timeRefusal('availableFrom', availableFrom, { earliest, latest }) ??
    refusalIfNotAhead('until', until, now, availableFrom ?? now) ??
    // An instant that has passed is refused as expired, elsewhere.
    timeRefusal('usableUntil', usableUntil, {
      earliest: new Date(0),
      latest: inDays(LONGEST_USABLE_DAYS),
    })
  );
}

/** Refuses an instant that is not after another one, or more than 366 days ahead of now. */
export function refusalIfNotAhead(
  field: string,
  at: Date | null | undefined,
  now: Date,
  after = now,
): WithTypename<SupplyTimeOutOfRange> | undefined {
  const earliest = new Date(Math.max(now.getTime(), after.getTime()) + 1);
  return timeRefusal(field, at, {
    earliest,
    latest: new Date(now.getTime() + LONGEST_DAYS * DAY_MS),
  });
}
