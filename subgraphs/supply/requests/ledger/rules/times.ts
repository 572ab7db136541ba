import type { WithTypename } from '../../../../../shared/validation/rules.js';
import type { SupplyTimeOutOfRange } from '../../../generated/graphql.js';

/** The longest time ahead for which somebody requests, offers or promises something. */
const LONGEST_DAYS = 366;
const DAY_MS = 86_400_000;

/** Refuses an instant outside its limits; undefined for one within them, and where none is given. */
export function timeRefusal(
  field: string,
  at: Date | null | undefined,
  { earliest, latest }: { earliest: Date; latest: Date },
): WithTypename<SupplyTimeOutOfRange> | undefined {
  if (at == null || (at >= earliest && at <= latest)) return undefined;
  return {
    __typename: 'SupplyTimeOutOfRange',
    message: `${field} lies between ${earliest.toISOString()} and ${latest.toISOString()}; received ${at.toISOString()}. Give an instant in between.`,
    field,
    at,
    earliest,
    latest,
  };
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
