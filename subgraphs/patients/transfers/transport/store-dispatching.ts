import type { Pool, PoolClient } from 'pg';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { isRefused, isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { AssignTransportInput } from '../../generated/graphql.js';
import { patientVisibilityOf } from '../../access/index.js';
import {
  sidesOf,
  notPossible,
  unknownTransfer,
  lockTransfers,
  transition,
  transferVisibilityOf,
} from '../lifecycle/index.js';
import { isActRefusal, pathOf, type Path } from '../lifecycle/rules.js';
import type { AssignmentRefusal, CurrentLoad, WaitingTransfer } from './rules/assignment.js';
import type { CrewedVehicle, Passenger } from './rules/fit.js';
import type { VehicleRow } from './rules/vehicle.js';
import { STORE_CREW, LOCK_OR_ADD_VEHICLE, PASSENGERS, CURRENT_LOAD } from './statements.js';

/** A locked vehicle, and whether the hub adds it with this request. */
export type LockedVehicle = VehicleRow & { isNew: boolean };

/** Judges a request to send a vehicle that may carry other patients. */
export type DecideAssignment = (
  vehicle: LockedVehicle,
  waiting: readonly WaitingTransfer[],
  load: CurrentLoad,
) => CrewedVehicle | AssignmentRefusal;

/** Sends vehicles. */
export class DispatchStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#now = now;
  }

  /**
   * Sends a vehicle as `decide` returns, once per key, for all of the transfers or for none. It holds the vehicle's
   * lock, so that of two requests for its last room the second one finds it full. The vehicle is always locked before
   * the transfers, and those by id, so that transactions never deadlock.
   */
  assign(input: AssignTransportInput, decide: DecideAssignment) {
    const call = { caller: this.#caller, field: 'assignTransport', input, now: this.#now };
    return runOnce(this.#db, call, async (db) => {
      const vehicle = await this.#lockOrAdd(db, input);
      const ways = await this.#ways(db, input.transfers);
      if (!(ways instanceof Map)) return ways;
      const load = await this.#currentLoad(db, vehicle, input.transfers);
      const waiting = [...ways.values()].map(({ transfer, passenger }) => ({
        transfer,
        passenger,
      }));
      const crew = decide(vehicle, waiting, load);
      if (isRefused<CrewedVehicle | AssignmentRefusal>(crew)) return crew;
      await db.query({ ...STORE_CREW, values: [vehicle.id, crew.physician, crew.ventilator] });
      for (const { transfer, path } of ways.values()) {
        await transition(db, transfer, path, {
          act: 'ASSIGN_TRANSPORT',
          by: actorOf(this.#caller),
          at: this.#now,
          set: {
            vehicleId: vehicle.id,
            means: vehicle.means,
            estimatedArrival: input.estimatedArrival ?? null,
          },
        });
      }
      return { __typename: 'Vehicle' as const, id: vehicle.id };
    });
  }

  async #lockOrAdd(db: PoolClient, input: AssignTransportInput): Promise<LockedVehicle> {
    const { vehicle: callSign, means, area, transfers } = input;
    const first = transfers.find(isUuid) ?? null;
    const values = [callSign, means, area ?? null, first];
    const { rows } = await db.query<LockedVehicle>({ ...LOCK_OR_ADD_VEHICLE, values });
    return { ...rows[0]!, __typename: 'Vehicle' };
  }

  /** The transfers with their patients and the step each would take, or why one may not take it. */
  async #ways(db: PoolClient, ids: readonly string[]) {
    const locked = await lockTransfers(db, ids, transferVisibilityOf(this.#caller));
    const { rows } = await db.query<Passenger & { transfer: string }>({
      ...PASSENGERS,
      values: [[...locked.keys()]],
    });
    const passengers = new Map(rows.map((row) => [row.transfer, row]));
    const ways = new Map<string, WaitingTransfer & { path: Path }>();
    for (const id of ids) {
      const transfer = locked.get(id);
      if (!transfer) return unknownTransfer(id);
      const path = pathOf(transfer.status, 'ASSIGN_TRANSPORT', sidesOf(this.#caller, transfer));
      if (isActRefusal(path)) return notPossible(transfer, 'ASSIGN_TRANSPORT', path);
      ways.set(id, { transfer, path, passenger: passengers.get(id)! });
    }
    return ways;
  }

  async #currentLoad(
    db: PoolClient,
    { id }: VehicleRow,
    ids: readonly string[],
  ): Promise<CurrentLoad> {
    const { areas, facilities } = patientVisibilityOf(this.#caller);
    const values = [id, ids, areas, facilities];
    const { rows } = await db.query<CurrentLoad>({ ...CURRENT_LOAD, values });
    return rows[0]!;
  }
}
