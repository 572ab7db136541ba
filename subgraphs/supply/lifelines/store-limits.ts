import type { PoolClient } from 'pg';
import type { Job } from '../../../shared/jobs/index.js';
import { declareLimits, type WantedLimit } from '../bed-limits/index.js';
import { CAUSE_NAMES, failureOfCause, isOwnWordOf, limitedBeds } from './rules/limits.js';
import type { LockedFacility } from './store-changes.js';

/**
 * Declares to capacity what follows from the lifelines of facilities, in the transaction in which they changed: see `declareLimits`.
 */
export function declareFailures(
  db: PoolClient,
  facilities: readonly LockedFacility[],
  now: Date,
): Promise<Job[]> {
  const wanted = facilities.flatMap(({ id, lifelines }) =>
    CAUSE_NAMES.map((cause): WantedLimit => {
      const failure = failureOfCause(cause, lifelines, now);
      const { source, method } = failure?.lifeline ?? WITHDRAWN;
      const fellAt = failure?.fellAt ?? null;
      return {
        facility: id,
        cause,
        source,
        method,
        fellAt,
        confirmedAt: failure?.confirmedAt ?? now,
        beds: isOwnWordOf(cause, lifelines) ? limitedBeds(cause, failure, now) : null,
      };
    }),
  );
  return declareLimits(db, wanted, now);
}

/** A withdrawal follows from no single lifeline. */
const WITHDRAWN = { source: 'supply', method: 'REPORTED' } as const;
