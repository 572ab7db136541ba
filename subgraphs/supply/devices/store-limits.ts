import type { PoolClient } from 'pg';
import { listsByKey } from '../../../shared/database/index.js';
import type { Job } from '../../../shared/jobs/index.js';
import { declareLimits, type WantedLimit } from '../bed-limits/index.js';
import { bedsLeft, fallOf, type MissingBeds } from './rules/beds.js';
import { LOCK_FACILITIES, MISSING_BEDS } from './statements.js';

/** The beds of one category that one fault takes, or took. */
export interface MissingBedsRow extends MissingBeds {
  faultId: string;
  facilityId: string;
  source: string;
}

/** Locks facilities, in one order everywhere, until the transaction ends: their faults are changed one after the other. */
export async function lockFacilities(
  db: PoolClient,
  facilities: readonly string[],
): Promise<string[]> {
  const locked = await db.query<{ id: string }>({ ...LOCK_FACILITIES, values: [facilities] });
  return locked.rows.map(({ id }) => id);
}

/** Returns the beds that faults of facilities take, and those that closed ones took while one of the open ones began. */
export async function missingBeds(
  db: PoolClient,
  facilities: readonly string[],
): Promise<MissingBedsRow[]> {
  return (await db.query<MissingBedsRow>({ ...MISSING_BEDS, values: [facilities] })).rows;
}

/** Declares to capacity what the open faults of locked facilities leave: see `declareLimits`. */
export async function declareFaults(
  db: PoolClient,
  facilities: readonly string[],
  now: Date,
): Promise<Job[]> {
  const lists = listsByKey(facilities, await missingBeds(db, facilities), (row) => row.facilityId);
  const wanted = facilities.map((facility, n): WantedLimit => {
    const source = lists[n]!.findLast(({ closedAt }) => closedAt === null)?.source ?? 'supply';
    const beds = bedsLeft(lists[n]!);
    return {
      facility,
      cause: 'DEVICE',
      beds,
      fellAt: fallOf(lists[n]!),
      source,
      method: 'REPORTED',
      modelled: false,
      concerns: [],
      confirmedAt: now,
    };
  });
  return declareLimits(db, wanted, now);
}
