import type { Pool, PoolClient } from 'pg';
import {
  listsByKey,
  overwritesOf,
  omit,
  recordsOf,
  recordValues,
  namesOf,
  selectionOf,
} from '../../../shared/database/index.js';
import { addJob, type Job } from '../../../shared/jobs/index.js';
import { bedLimitColumns } from '../generated/columns.js';
import type { BedLimit } from '../generated/prisma/client.js';
import { LIMIT_JOB, type LimitInput } from './limit-jobs.js';
import {
  CAUSE_NAMES,
  dueDeclaration,
  failureOfCause,
  isNewFall,
  renewBefore,
} from './rules/limits.js';
import type { LockedFacility } from './store-changes.js';

const LIMITS_OF_FACILITIES = {
  name: 'bed-limits-of-facilities',
  text: `SELECT ${selectionOf(bedLimitColumns, 'b')} FROM bed_limit b WHERE b.facility_id = ANY($1::uuid[])`,
};

const STORE_LIMITS = {
  name: 'store-bed-limits',
  text: `
INSERT INTO bed_limit (${namesOf(bedLimitColumns)})
SELECT ${namesOf(bedLimitColumns)} FROM ${recordsOf(bedLimitColumns, 1)} AS given ORDER BY facility_id, cause
ON CONFLICT (facility_id, cause) DO UPDATE SET ${overwritesOf(omit(bedLimitColumns, 'facilityId', 'cause'))}`,
};

const LIMITS_TO_RENEW = {
  name: 'bed-limits-to-renew',
  text: `SELECT DISTINCT facility_id AS id FROM (
  SELECT facility_id FROM bed_limit WHERE from_at IS NOT NULL AND until <= $1 ORDER BY until LIMIT $2
) due`,
};

/**
 * Adds a job for every declaration that capacity is due, in the transaction in which the lifelines of the facilities changed. Their lock is
 * held, so that declarations of a facility are made one after the other. Returns the jobs, which run after the commit.
 */
export async function declareLimits(
  db: PoolClient,
  facilities: readonly LockedFacility[],
  now: Date,
): Promise<Job[]> {
  const ids = facilities.map(({ id }) => id);
  const { rows } = await db.query<BedLimit>({ ...LIMITS_OF_FACILITIES, values: [ids] });
  const declared = listsByKey(ids, rows, ({ facilityId }) => facilityId);
  const jobs: Job[] = [];
  const limits: BedLimit[] = [];
  for (const [index, { id, lifelines }] of facilities.entries()) {
    for (const cause of CAUSE_NAMES) {
      const failure = failureOfCause(cause, lifelines, now);
      const before = declared[index]!.find((limit) => limit.cause === cause);
      const due = dueDeclaration(failure, before, now);
      if (!due) continue;
      limits.push({ facilityId: id, cause, ...due });
      const { source, method } = failure?.lifeline ?? WITHDRAWN;
      const input: LimitInput = {
        ...{ facility: id, cause, source, method },
        from: due.from?.toISOString() ?? null,
        observedAt: due.observedAt.toISOString(),
        until: due.until.toISOString(),
        suddenFall: isNewFall(due.fellAt, before, now),
      };
      jobs.push(await addJob(db, { kind: LIMIT_JOB, subject: id, input, actor: ACTOR, at: now }));
    }
  }
  if (limits.length > 0) {
    await db.query({ ...STORE_LIMITS, values: recordValues(bedLimitColumns, limits) });
  }
  return jobs;
}

/** Returns up to `count` facilities of which a declaration would run out. */
export async function facilitiesToRenew(db: Pool, now: Date, count: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    ...LIMITS_TO_RENEW,
    values: [renewBefore(now), count],
  });
  return rows.map(({ id }) => id);
}

/** Supply acts by itself: the hour follows from levels that others reported. */
const ACTOR = 'supply';
/** A withdrawal follows from no single lifeline. */
const WITHDRAWN = { source: 'supply', method: 'REPORTED' } as const;
