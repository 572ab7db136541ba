import type { Pool, PoolClient } from 'pg';

const FAILING_FACILITIES = `
SELECT facility_id AS facility, fails_at AS "failsAt" FROM failing_facilities($1::uuid[], $2)`;

/**
 * Returns the hour of failure of those facilities that take no casualties because of it at an instant: they can keep no bed of a
 * kind in use from an hour that is near, or that has passed.
 */
export async function failingFacilities(
  db: Pool | PoolClient,
  facilities: readonly string[],
  now: Date,
): Promise<Map<string, Date>> {
  const { rows } = await db.query<{ facility: string; failsAt: Date }>({
    name: 'failing-facilities',
    text: FAILING_FACILITIES,
    values: [facilities, now],
  });
  return new Map(rows.map(({ facility, failsAt }) => [facility, failsAt]));
}
