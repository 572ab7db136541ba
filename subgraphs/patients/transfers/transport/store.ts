import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Caller } from '../../../../shared/identity/index.js';
import { listLoader, rowLoader, type Statement } from '../../../../shared/database/index.js';
import type { Database } from '../../database/database.js';
import type { PatientVisibility } from '../../access/index.js';
import { vehicleAreasOf } from './authorization.js';
import type { ReportRow, VehicleRow } from './rules/vehicle.js';
import {
  INCONSISTENCIES_OF_TRANSFERS,
  INCONSISTENCIES_OF_VEHICLES,
  REPORTS_OF_VEHICLES,
  TRANSFERS_OF_VEHICLES,
  VEHICLE_BY_CALL_SIGN,
} from './statements.js';

const NEWEST_REPORTS = 50;
const NEWEST_INCONSISTENCIES = 20;

/** A transfer of a vehicle. */
interface CarriedTransfer {
  vehicle: string;
  id: string;
}

/** Reads vehicles and their reports. */
export class VehicleStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #visibility: PatientVisibility;
  readonly #byId: DataLoader<string, VehicleRow | undefined>;
  readonly #transfers: DataLoader<string, CarriedTransfer[]>;
  readonly #reports: DataLoader<string, ReportRow[]>;
  readonly #inconsistencies: DataLoader<string, ReportRow[]>;
  readonly #ofTransfers: DataLoader<string, ReportRow[]>;

  constructor({ pool, prisma }: Database, visibility: PatientVisibility, caller: Caller) {
    this.#db = pool;
    this.#caller = caller;
    this.#visibility = visibility;
    const reports = (statement: Statement, newest: number) =>
      listLoader(
        async (ids) =>
          (await pool.query<ReportRow & { key: string }>({ ...statement, values: [ids, newest] }))
            .rows,
        ({ key }) => key,
      );
    this.#byId = rowLoader(
      async (ids) => {
        const rows = await prisma.vehicle.findMany({ where: { id: { in: [...ids] } } });
        return rows.map((row): VehicleRow => ({ ...row, __typename: 'Vehicle' }));
      },
      ({ id }) => id,
    );
    const { areas, facilities } = visibility;
    this.#transfers = listLoader(
      async (ids) => {
        const values = [ids, areas, facilities];
        return (await pool.query<CarriedTransfer>({ ...TRANSFERS_OF_VEHICLES, values })).rows;
      },
      ({ vehicle }) => vehicle,
    );
    this.#reports = reports(REPORTS_OF_VEHICLES, NEWEST_REPORTS);
    this.#inconsistencies = reports(INCONSISTENCIES_OF_VEHICLES, NEWEST_INCONSISTENCIES);
    this.#ofTransfers = reports(INCONSISTENCIES_OF_TRANSFERS, NEWEST_INCONSISTENCIES);
  }

  /** The vehicle with a call sign, if the caller may see it. */
  async find(callSign: string): Promise<VehicleRow | undefined> {
    const { areas, facilities } = this.#visibility;
    const { rows } = await this.#db.query<VehicleRow>({
      ...VEHICLE_BY_CALL_SIGN,
      values: [callSign, vehicleAreasOf(this.#caller), areas, facilities],
    });
    return rows[0] && { ...rows[0], __typename: 'Vehicle' };
  }

  /** Returns a vehicle that is known to exist, for callers who see one of its transfers or have just assigned it. */
  async get(id: string): Promise<VehicleRow> {
    const vehicle = await this.#byId.load(id);
    if (!vehicle) throw new Error(`Vehicle ${id} has vanished.`);
    return vehicle;
  }

  /** Ids of the transfers it is sent for or carries, of those the caller may see. */
  async transfersOf({ id: vehicle }: VehicleRow): Promise<string[]> {
    return (await this.#transfers.load(vehicle)).map(({ id }) => id);
  }

  reportsOf({ id }: VehicleRow): Promise<ReportRow[]> {
    return this.#reports.load(id);
  }

  inconsistenciesOf({ id }: VehicleRow): Promise<ReportRow[]> {
    return this.#inconsistencies.load(id);
  }

  inconsistenciesOfTransfer(transfer: string): Promise<ReportRow[]> {
    return this.#ofTransfers.load(transfer);
  }
}
