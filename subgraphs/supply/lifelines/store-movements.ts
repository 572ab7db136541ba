import type { PoolClient } from 'pg';
import { listsByKey, namesOf, recordsOf, recordValues } from '../../../shared/database/index.js';
import { lifelineMovementColumns } from '../generated/columns.js';
import type { LifelineMovement } from '../generated/prisma/client.js';
import type { FacilityMovement, MovementFollower } from '../stocks/index.js';
import type { CapacityJobs } from '../bed-limits/index.js';
import { arrivalOf, withMovement } from './rules/movements.js';
import { withFailure } from './rules/reports.js';
import { changeLifelines } from './store-changes.js';

const STORE_MOVEMENTS = {
  name: 'store-lifeline-movements',
  text: `
INSERT INTO lifeline_movement (${namesOf(lifelineMovementColumns)})
SELECT ${namesOf(lifelineMovementColumns)} FROM ${recordsOf(lifelineMovementColumns, 1)} AS given`,
};

/** Moves the lifelines of facilities by what is booked into their stocks and out of them, in the transaction of the booking. */
export class LifelineMovements implements MovementFollower {
  readonly #jobs: CapacityJobs;

  constructor(jobs: CapacityJobs) {
    this.#jobs = jobs;
  }

  /**
   * Every movement is kept, also where no level is known yet: a report that was observed before it may arrive after it. The facilities are
   * locked behind the stocks.
   */
  async follow(
    db: PoolClient,
    movements: readonly FacilityMovement[],
    now: Date,
  ): Promise<() => void> {
    const facilities = [...new Set(movements.map(({ facilityId }) => facilityId))];
    const lists = listsByKey(facilities, movements, ({ facilityId }) => facilityId);
    const byFacility = new Map(facilities.map((id, index) => [id, lists[index]!]));
    const arrived: LifelineMovement[] = [];
    const { jobs } = await changeLifelines(db, facilities, now, ({ id, lifelines }) => {
      for (const movement of byFacility.get(id)!.toSorted((a, b) => Number(a.at) - Number(b.at))) {
        const lifeline = lifelines.get(movement.kind);
        arrived.push({ ...movement, at: arrivalOf(lifeline, movement) });
        if (!lifeline) continue;
        const moved = withMovement(lifeline, movement);
        if (moved !== lifeline) lifelines.set(movement.kind, withFailure(moved, now));
      }
    });
    await db.query({ ...STORE_MOVEMENTS, values: recordValues(lifelineMovementColumns, arrived) });
    return () => this.#jobs.start(jobs);
  }
}
