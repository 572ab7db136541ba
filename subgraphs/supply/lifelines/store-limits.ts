import type { PoolClient } from 'pg';
import type { Job } from '../../../shared/jobs/index.js';
import { declareLimits, type WantedLimit } from '../bed-limits/index.js';
import type { LifelineConcern } from '../generated/graphql.js';
import type { LimitConcern } from '../generated/prisma/client.js';
import { concernsOf } from './rules/concerns.js';
import {
  assumedFailureOfCause,
  CAUSE_NAMES,
  failureOfCause,
  type LifelineCause,
  limitedBeds,
  ownOf,
} from './rules/limits.js';
import type { LockedFacility } from './store-changes.js';

/**
 * Declares to capacity what follows from the lifelines of facilities, in the transaction in which they changed: see `declareLimits`.
 */
export function declareFailures(
  db: PoolClient,
  facilities: readonly LockedFacility[],
  now: Date,
): Promise<Job[]> {
  const wanted = facilities.flatMap((facility) =>
    CAUSE_NAMES.flatMap((cause) => [
      reportedLimit(cause, facility, now),
      assumedLimit(cause, facility, now),
    ]),
  );
  return declareLimits(db, wanted, now);
}

/** Returns what the word of the facility limits. */
function reportedLimit(
  cause: LifelineCause,
  { id, lifelines, reportedDemand }: LockedFacility,
  now: Date,
): WantedLimit {
  const failure = failureOfCause(cause, lifelines, reportedDemand, now);
  const { source, method } = failure?.lifeline ?? WITHDRAWN;
  const own = ownOf(cause, lifelines);
  const concerns = [...new Set(own.flatMap((one) => concernsOf(one, now)))].filter(isDeclared);
  const isOfConcern = concerns.some((concern) => concern !== 'LOAD_ASSUMED');
  return {
    facility: id,
    cause,
    modelled: false,
    source,
    method,
    concerns,
    fellAt: failure?.fellAt ?? null,
    confirmedAt: failure?.confirmedAt ?? now,
    beds: own.length > 0 ? limitedBeds(cause, failure, now, { isOfConcern }) : null,
  };
}

/** Returns what reported levels would limit if their loads were as assumed: it is shown and limits nothing. */
function assumedLimit(
  cause: LifelineCause,
  { id, lifelines }: LockedFacility,
  now: Date,
): WantedLimit {
  const failure = assumedFailureOfCause(cause, lifelines, now);
  return {
    facility: id,
    cause,
    modelled: true,
    source: ASSUMED,
    method: 'MODELLED',
    concerns: ['LOAD_ASSUMED'],
    fellAt: null,
    confirmedAt: failure?.confirmedAt ?? now,
    beds: limitedBeds(cause, failure && { ...failure, fellAt: null }, now),
  };
}

/** A sudden fall is declared by itself, with when it was. */
function isDeclared(concern: LifelineConcern): concern is LimitConcern {
  return concern !== 'SUDDEN_FALL';
}

/** Another source than that of what is reported: two declarations of one source and instant are one. */
const ASSUMED = 'supply model';
/** A withdrawal follows from no single lifeline. */
const WITHDRAWN = { source: 'supply', method: 'REPORTED' } as const;
