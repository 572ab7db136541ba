import type { Pool } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { isRefused, type Refusal } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { LendVehicleInput } from '../../generated/graphql.js';
import type { PatientVisibility } from '../../access/index.js';
import type { CurrentLoad } from './rules/assignment.js';
import { lend } from './rules/lending.js';
import { unknownVehicle } from './rules/radio.js';
import type { VehicleRow } from './rules/vehicle.js';
import { LEAD_VEHICLE, CURRENT_LOAD, VEHICLE_LOCKED } from './statements.js';

/** Lends vehicles to other control rooms. */
export class LendingStore {
  readonly #db: Pool;
  readonly #visibility: PatientVisibility;

  constructor({ pool }: Database, visibility: PatientVisibility) {
    this.#db = pool;
    this.#visibility = visibility;
  }

  /**
   * Holds the vehicle's lock, as sending does: of both at once the second one sees the changes of the first. `judge`
   * refuses callers who do not lead the vehicle.
   */
  lend<Refused extends Refusal>(
    { vehicle: callSign, area }: LendVehicleInput,
    judge: (vehicle: VehicleRow) => Refused | undefined,
  ) {
    return inTransaction(this.#db, async (db) => {
      const { rows } = await db.query<VehicleRow>({ ...VEHICLE_LOCKED, values: [callSign] });
      const vehicle = rows[0];
      if (!vehicle) return unknownVehicle(callSign);
      const refused = judge(vehicle);
      if (refused) return refused;
      const { areas, facilities } = this.#visibility;
      const load = await db.query<CurrentLoad>({
        ...CURRENT_LOAD,
        values: [vehicle.id, [], areas, facilities],
      });
      const lent = lend(vehicle, area, load.rows[0]!);
      if (isRefused(lent)) return lent;
      await db.query({ ...LEAD_VEHICLE, values: [vehicle.id, lent.area, lent.lentBy] });
      return { __typename: 'Vehicle' as const, id: vehicle.id };
    });
  }
}
