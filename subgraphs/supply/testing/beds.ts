import { until } from '../../../tests/until.js';
import type { SupplyWorld, TestIdentity } from './supply-world.js';

/** How often supply reads the occupied beds. */
export const OCCUPANCY_MS = 3_000;

const REPORTER: TestIdentity = { role: 'crisis-staff', areas: [''], subject: 'test' };

/** Reports beds to capacity as the facility does. */
export async function reportBeds(
  world: SupplyWorld,
  facility: string,
  operable: number,
  changes: object = {},
): Promise<void> {
  const { data, errors } = await world.capacity.request(
    `mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }`,
    {
      input: {
        facility,
        category: 'ICU_HIGH_CARE',
        operable,
        occupied: 0,
        source: 'test',
        observedAt: world.clock.now.toISOString(),
        ...changes,
      },
    },
    REPORTER,
  );
  if (data?.reportCapacity?.__typename !== 'Facility') {
    throw new Error(JSON.stringify(errors ?? data));
  }
}

/** Reports occupied beds that differ from those before, and returns when supply has read them. */
export async function reportOccupied(
  world: SupplyWorld,
  facility: string,
  occupied: number,
  changes: object = {},
): Promise<void> {
  world.later(1);
  const before = await occupancyOf(world, facility);
  await reportBeds(world, facility, 50, { occupied, ...changes });
  await elapseUntil(world, async () => (await occupancyOf(world, facility)) !== before);
}

/** Reports the same modelled beds of many facilities, and returns when supply has read them and has modelled what follows. */
export async function modelBeds(world: SupplyWorld, facilities: readonly string[]): Promise<void> {
  const reports = facilities.map((facility) => ({
    facility,
    category: 'ICU_UNSPECIFIED',
    operable: 10,
    occupied: 6,
    source: 'register',
    method: 'MODELLED',
    observedAt: world.clock.now.toISOString(),
  }));
  const { errors } = await world.capacity.request(
    'mutation ($reports: [ReportCapacityInput!]!) { reportCapacities(input: { reports: $reports }) { outcomes { __typename } } }',
    { reports },
    REPORTER,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  await elapseUntil(world, async () => {
    const { rowCount } = await world.pool.query(
      'SELECT FROM occupancy WHERE intensive_beds = 10 AND facility_id = ANY ($1::uuid[])',
      [facilities],
    );
    return rowCount === facilities.length;
  });
  // Levels and stocks are modelled in portions, one per round.
  for (let n = 0; n < 4; n++) await world.elapse(OCCUPANCY_MS);
}

/** One reading is not enough: the timer of supply may be reading at this moment, and one reads at a time. */
const elapseUntil = (world: SupplyWorld, isRead: () => Promise<boolean>): Promise<void> =>
  until(async () => {
    await world.elapse(OCCUPANCY_MS);
    return isRead();
  });

async function occupancyOf(world: SupplyWorld, facility: string): Promise<string | undefined> {
  const { rows } = await world.pool.query<{ row: string }>(
    'SELECT occupancy::text AS row FROM occupancy WHERE facility_id = $1',
    [facility],
  );
  return rows[0]?.row;
}
