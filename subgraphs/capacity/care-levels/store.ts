import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { WithTypename } from '../../../shared/validation/rules.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import type { Database } from '../database/database.js';
import { lockFacilities, type LocatedFacility, type FacilityRef } from '../facilities/index.js';
import { unknownFacility } from '../facilities/rules.js';
import type { DeclareCareLevelInput, UnknownFacility } from '../generated/graphql.js';
import type { CareLevelTopic } from './events.js';
import { NOTHING_DECLARED, type DeclaredLevel } from './rules.js';

type DeclaringOutcome = ({ __typename: 'Facility' } & FacilityRef) | WithTypename<UnknownFacility>;

/**
 * A declaration is later than every one before it, also where two fall into one millisecond or a second process's clock
 * lags behind: the newest is in force, and who comes last has said the last word.
 */
const DECLARE = `
INSERT INTO care_level_declaration (facility_id, level, reason, declared_at, declared_by)
SELECT $1, $2, $3, GREATEST($4::timestamptz, max(declared_at) + interval '1 ms'), $5
FROM care_level_declaration WHERE facility_id = $1`;

export class CareLevelStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #inForce: DataLoader<string, DeclaredLevel>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#inForce = new DataLoader(async (facilities) => {
      const levels = await this.inForceOf(facilities);
      return facilities.map((facility) => levels.get(facility) ?? NOTHING_DECLARED);
    });
  }

  /** The level of a facility in force now. */
  inForce(facility: string): Promise<DeclaredLevel> {
    return this.#inForce.load(facility);
  }

  /** Returns the care levels of many facilities in one statement; a facility without a declaration has no entry. */
  async inForceOf(facilities: readonly string[]): Promise<Map<string, DeclaredLevel>> {
    const { rows } = await this.#db.query<DeclaredLevel & { facility: string }>({
      name: 'care-levels-in-force',
      text: `SELECT DISTINCT ON (facility_id) facility_id AS facility, level::text, reason, declared_at AS "declaredAt"
             FROM care_level_declaration WHERE facility_id = ANY($1::uuid[])
             ORDER BY facility_id, declared_at DESC, seq DESC`,
      values: [facilities],
    });
    return new Map(rows.map(({ facility, ...level }) => [facility, level]));
  }

  /** Keeps a level, once per key; `permitted` throws for who may not. Under the facility's lock, which orders declarations. */
  declare(
    input: DeclareCareLevelInput,
    caller: Caller,
    permitAt: (facility: LocatedFacility) => void,
  ) {
    const call = { caller, field: 'declareCareLevel', input, now: this.#now };
    return runOnce(this.#db, call, async (db): Promise<DeclaringOutcome> => {
      const facility = (await lockFacilities(db, [input.facility])).get(input.facility);
      if (!facility) return unknownFacility(input.facility);
      permitAt(facility);
      const { level, reason } = input;
      await db.query(DECLARE, [facility.id, level, reason, this.#now, actorOf(caller)]);
      await publish(db, [
        {
          topic: 'capacity.care-level-declared' satisfies CareLevelTopic,
          entity: facility.id,
          area: facility.area,
          tags: [tagOf('level', level)],
          at: this.#now,
        },
      ]);
      return { __typename: 'Facility', id: facility.id };
    });
  }
}
