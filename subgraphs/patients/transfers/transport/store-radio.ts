import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { patientVisibilityOf } from '../../access/index.js';
import { withConcerns } from '../../audit/index.js';
import type { Database } from '../../database/database.js';
import type { TransferJobs } from '../jobs/index.js';
import type { ReportVehicleStatusInput, VehicleInconsistency } from '../../generated/graphql.js';
import {
  type TransferRow,
  lockLoad,
  publishTransfers,
  transition,
  type TransferJob,
} from '../lifecycle/index.js';
import { isActRefusal, pathOf, type Side } from '../lifecycle/rules.js';
import {
  arrivingAt,
  consequenceOf,
  destinationUnclear,
  MOVEMENTS,
  unknownVehicle,
  type Consequence,
} from './rules/radio.js';
import type { VehicleRow } from './rules/vehicle.js';
import { PATIENTS_SEEN, REPORTED_BEFORE, STORE_REPORT, VEHICLE_LOCKED } from './statements.js';

const VEHICLE: ReadonlySet<Side> = new Set(['VEHICLE']);

/** The patients of a vehicle by where they are. */
interface Load {
  waiting: TransferRow[];
  aboard: TransferRow[];
  diverted: TransferRow[];
}

/** Stores the radio reports of vehicles, and moves their patients. */
export class RadioStore {
  readonly #db: Pool;
  readonly #jobs: TransferJobs;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, jobs: TransferJobs, caller: Caller, now: Date) {
    this.#db = pool;
    this.#jobs = jobs;
    this.#caller = caller;
    this.#now = now;
  }

  /**
   * Stores a report and moves the patients it concerns, once, under the vehicle's lock. `judge` throws for vehicles of
   * other callers.
   */
  async report(input: ReportVehicleStatusInput, judge: (vehicle: VehicleRow) => void) {
    const outcome = await inTransaction(this.#db, async (db) => {
      const { rows } = await db.query<VehicleRow>({ ...VEHICLE_LOCKED, values: [input.vehicle] });
      const vehicle = rows[0];
      if (!vehicle) return unknownVehicle(input.vehicle);
      judge(vehicle);
      return this.#apply(db, vehicle, input);
    });
    if (!('jobs' in outcome)) return outcome;
    await this.#jobs.runAll(outcome.jobs);
    return { __typename: 'Vehicle' as const, id: outcome.vehicle };
  }

  async #apply(
    db: PoolClient,
    vehicle: VehicleRow,
    { status, at, facility }: ReportVehicleStatusInput,
  ) {
    const nothing = { vehicle: vehicle.id, jobs: [] };
    const { isKnown, lastMovement } = await reportedBefore(db, vehicle, { status, at });
    if (isKnown) return nothing;
    if (vehicle.statusAt && at < vehicle.statusAt) {
      await this.#keep(db, vehicle, { status, at }, []);
      return nothing;
    }
    const load = await loadOf(db, vehicle);
    const arriving = status === 8 ? arrivingAt(load.aboard, facility) : [];
    if (arriving === 'unclear') {
      const seen = await this.#seen(db, load.aboard);
      return withConcerns(destinationUnclear(facility, seen), ...seen);
    }
    const waiting = load.waiting.filter(
      ({ fromFacility }) => status !== 7 || facility == null || fromFacility === facility,
    );
    const consequence = consequenceOf(status, {
      last: lastMovement,
      aboard: load.aboard.length,
      diverted: load.diverted.length,
      waiting: waiting.length,
    });
    const jobs =
      consequence.move === undefined
        ? []
        : await this.#move(
            db,
            consequence.move,
            consequence.move === 'ARRIVE' ? arriving : waiting,
          );
    await this.#note(db, vehicle, { status, at }, consequence, load);
    return { vehicle: vehicle.id, jobs };
  }

  /** Of a vehicle's patients those the caller may see. */
  async #seen(db: PoolClient, aboard: readonly TransferRow[]): Promise<TransferRow[]> {
    const { areas, facilities } = patientVisibilityOf(this.#caller);
    const values = [aboard.map(({ patientId }) => patientId), areas, facilities];
    const { rows } = await db.query<{ id: string }>({ ...PATIENTS_SEEN, values });
    return aboard.filter(({ patientId }) => rows.some(({ id }) => id === patientId));
  }

  async #move(db: PoolClient, act: 'PICK_UP' | 'ARRIVE', transfers: readonly TransferRow[]) {
    const jobs: TransferJob[] = [];
    for (const transfer of transfers) {
      const path = pathOf(transfer.status, act, VEHICLE);
      if (isActRefusal(path)) throw new Error(path.reason);
      const how = { act, by: actorOf(this.#caller), at: this.#now };
      jobs.push(...(await transition(db, transfer, path, how)));
    }
    return jobs;
  }

  /** Stores the report, and publishes an inconsistency to the subscribers of the transfers. */
  async #note(
    db: PoolClient,
    vehicle: VehicleRow,
    report: { status: number; at: Date },
    { inconsistency }: Consequence,
    load: Load,
  ): Promise<void> {
    if (!inconsistency) return this.#keep(db, vehicle, report, []);
    const concerned = CONCERNED[inconsistency](load).map(({ id }) => id);
    await this.#keep(db, vehicle, report, concerned, inconsistency);
    if (concerned.length > 0) await publishTransfers(db, concerned, 'INCONSISTENT', this.#now);
  }

  async #keep(
    db: PoolClient,
    { id }: VehicleRow,
    { status, at }: { status: number; at: Date },
    transfers: readonly string[],
    inconsistency?: VehicleInconsistency,
  ): Promise<void> {
    const by = actorOf(this.#caller);
    await db.query({
      ...STORE_REPORT,
      values: [id, status, at, by, inconsistency ?? null, transfers, this.#now],
    });
  }
}

const CONCERNED: Readonly<Record<VehicleInconsistency, (load: Load) => TransferRow[]>> = {
  ARRIVED_WITHOUT_PATIENT: ({ waiting }) => waiting,
  ARRIVED_UNACCEPTED: ({ diverted }) => diverted,
  FREE_WITH_PATIENT: ({ aboard, diverted }) => [...aboard, ...diverted],
};

/** Locks the patients of the vehicle; a patient who left it before the lock was acquired is not among them. */
async function loadOf(db: PoolClient, { id }: VehicleRow): Promise<Load> {
  const mine = await lockLoad(db, id);
  const among = (...statuses: string[]) => mine.filter(({ status }) => statuses.includes(status));
  return {
    waiting: among('TRANSPORT_ASSIGNED'),
    aboard: among('PICKED_UP', 'UNDER_WAY'),
    diverted: among('DIVERTED'),
  };
}

async function reportedBefore(
  db: PoolClient,
  { id }: VehicleRow,
  { status, at }: { status: number; at: Date },
) {
  const { rows } = await db.query<{ isKnown: boolean; lastMovement: number | null }>({
    ...REPORTED_BEFORE,
    values: [id, status, at, MOVEMENTS],
  });
  return rows[0]!;
}
