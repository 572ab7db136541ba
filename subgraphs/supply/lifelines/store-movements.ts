import type { PoolClient } from 'pg';
import { listsByKey, namesOf, recordsOf, recordValues } from '../../../shared/database/index.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { lifelineMovementColumns } from '../generated/columns.js';
import type { LifelineMovement } from '../generated/prisma/client.js';
import type { FacilityMovement, MovementFollower } from '../stocks/index.js';
import type { CapacityJobs } from '../bed-limits/index.js';
import { arrivalOf, withCorrection, withMovement } from './rules/movements.js';
import { withFailure } from './rules/reports.js';
import { reversibleByStock } from './rules/reversals.js';
import { changeLifelines, type LockedFacility } from './store-changes.js';

/** A correction may be dated back, and takes back what arrived a day before it. */
const DAYS_BACK = 8;

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
    const decide = ({ id, lifelines, movements: earlier }: LockedFacility) => {
      const reversible = reversibleByStock(earlier);
      for (const movement of byFacility.get(id)!.toSorted((a, b) => Number(a.at) - Number(b.at))) {
        const { isCorrection, ...booked } = movement;
        const lifeline = lifelines.get(booked.kind);
        const ofStock = reversible(booked.stockId);
        const moved = isCorrection ? ofStock.reversalOf(booked, lifeline) : booked;
        if (!moved) continue;
        const kept = { ...booked, ...moved, at: arrivalOf(lifeline, moved) };
        ofStock.add(kept);
        arrived.push(kept);
        if (!lifeline) continue;
        const after = (isCorrection ? withCorrection : withMovement)(lifeline, moved);
        if (after !== lifeline) lifelines.set(booked.kind, withFailure(after, now));
      }
    };
    const isCorrected = movements.some(({ isCorrection }) => isCorrection);
    const movementsSince = new Date(now.getTime() - (isCorrected ? DAYS_BACK * DAY_MS : 0));
    const { jobs } = await changeLifelines(db, facilities, now, decide, { movementsSince });
    if (arrived.length === 0) return () => this.#jobs.start(jobs);
    await db.query({ ...STORE_MOVEMENTS, values: recordValues(lifelineMovementColumns, arrived) });
    return () => this.#jobs.start(jobs);
  }
}
