import type { Pool, PoolClient } from 'pg';
import {
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  recordValues,
  selectionOf,
} from '../../../shared/database/index.js';
import { addJob, type Job } from '../../../shared/jobs/index.js';
import { bedLimitColumns } from '../generated/columns.js';
import type { Method } from '../generated/graphql.js';
import type { BedLimit, LimitConcern } from '../generated/prisma/client.js';
import { LIMIT_JOB, type LimitCause, type LimitInput } from './limit-job.js';
import { dueDeclaration, isNewFall, type LimitedBeds, renewalOf } from './rules.js';

const LIMITS_OF_FACILITIES = {
  name: 'bed-limits-of-facilities',
  text: `SELECT ${selectionOf(bedLimitColumns, 'b')} FROM bed_limit b WHERE b.facility_id = ANY($1::uuid[])`,
};

const STORE_LIMITS = {
  name: 'store-bed-limits',
  text: `
INSERT INTO bed_limit (${namesOf(bedLimitColumns)})
SELECT ${namesOf(bedLimitColumns)} FROM ${recordsOf(bedLimitColumns, 1)} AS given ORDER BY facility_id, cause, modelled
ON CONFLICT (facility_id, cause, modelled) DO UPDATE SET ${overwritesOf(omit(bedLimitColumns, 'facilityId', 'cause', 'modelled'))}`,
};

const LIMITS_TO_RENEW = {
  name: 'bed-limits-to-renew',
  text: `SELECT DISTINCT facility_id AS id FROM (
  SELECT facility_id FROM bed_limit WHERE cause = ANY($1) AND renew_at <= $2 ORDER BY renew_at LIMIT $3
) due`,
};

/** The beds that a cause lets a facility keep in use, as they are now. */
export interface WantedLimit {
  facility: string;
  cause: LimitCause;
  /** Whether it follows from something that nobody reported: it is declared beside what is, as MODELLED, and limits nothing. */
  modelled: boolean;
  /** None where it limits nothing; null where nobody who may say so knows any more, so that what was declared stays and is not renewed. */
  beds: readonly LimitedBeds[] | null;
  /** When somebody last observed what they follow from. */
  confirmedAt: Date;
  /** When what limits them last fell suddenly; null where it did not. */
  fellAt: Date | null;
  concerns: readonly LimitConcern[];
  source: string;
  method: Method;
}

/**
 * Adds a job for every declaration that capacity is due, in the transaction of the change that it follows from. The caller holds the
 * locks of the facilities, so that declarations of a facility are made one after the other. Returns the jobs, which run after the
 * commit.
 */
export async function declareLimits(
  db: PoolClient,
  wanted: readonly WantedLimit[],
  now: Date,
): Promise<Job[]> {
  const ids = [...new Set(wanted.map(({ facility }) => facility))];
  const { rows } = await db.query<BedLimit>({ ...LIMITS_OF_FACILITIES, values: [ids] });
  const declared = new Map(rows.map((row) => [keyOf(row), row]));
  const jobs: Job[] = [];
  const limits: Record<keyof typeof bedLimitColumns, unknown>[] = [];
  for (const limit of wanted) {
    const { facility, cause, modelled, beds, fellAt, confirmedAt, source, method } = limit;
    const concerns = beds?.length ? limit.concerns : [];
    const before = declared.get(keyOf({ ...limit, facilityId: facility }));
    const due = beds && dueDeclaration(beds, { fall: fellAt, concerns, confirmedAt }, before, now);
    if (!beds || !due) {
      // A report that confirms it later renews it.
      const isOver = before?.renewAt && before.renewAt <= now;
      if (isOver) limits.push({ ...before, beds: JSON.stringify(before.beds), renewAt: null });
      continue;
    }
    const { observedAt, until } = due;
    const from = beds.length === 0 ? null : new Date(Math.min(...beds.map((one) => +one.from)));
    limits.push({
      facilityId: facility,
      cause,
      modelled,
      concerns,
      from,
      observedAt,
      until,
      fellAt: due.fellAt,
      beds: JSON.stringify(beds),
      renewAt: from && renewalOf(until),
    });
    const input: LimitInput = {
      facility,
      cause,
      source,
      method,
      beds: due.beds.map((one) => ({ ...one, from: one.from.toISOString() })),
      observedAt: observedAt.toISOString(),
      until: until.toISOString(),
      concerns,
      suddenFall: isNewFall(due.fellAt, before, now),
    };
    const job = { kind: LIMIT_JOB, subject: facility, input, actor: ACTOR, at: now };
    jobs.push(await addJob(db, job));
  }
  if (limits.length > 0) {
    await db.query({ ...STORE_LIMITS, values: recordValues(bedLimitColumns, limits) });
  }
  return jobs;
}

/** Returns up to `count` facilities of which a declaration under one of these causes would run out. */
export async function facilitiesToRenew(
  db: Pool,
  causes: readonly LimitCause[],
  now: Date,
  count: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    ...LIMITS_TO_RENEW,
    values: [causes, now, count],
  });
  return rows.map(({ id }) => id);
}

const keyOf = ({
  facilityId,
  cause,
  modelled,
}: Pick<BedLimit, 'facilityId' | 'cause' | 'modelled'>) => `${facilityId} ${cause} ${modelled}`;

/** Supply acts by itself: the beds follow from what others reported. */
const ACTOR = 'supply';
