import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Caller } from '../../../../shared/identity/index.js';
import type { Statement } from '../../../../shared/database/index.js';
import type { Database } from '../../database/database.js';
import type { Visibility } from '../../access/index.js';
import { vehicleAreasOf } from './authorization.js';
import type { ReportRow, VehicleRow } from './rules/vehicle.js';
import {
  INCONSISTENCIES_OF_TRANSFERS,
  INCONSISTENCIES_OF_VEHICLES,
  REPORTS_OF_VEHICLES,
  TRANSFERS_OF_VEHICLES,
  VEHICLE_BY_CALL_SIGN,
  VEHICLES_BY_ID,
} from './statements.js';

const NEWEST_REPORTS = 50;
const NEWEST_INCONSISTENCIES = 20;

/** Reads vehicles and what they reported. */
export class VehicleStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #visibility: Visibility;
  readonly #byId: DataLoader<string, VehicleRow | undefined>;
  readonly #transfers: DataLoader<string, string[]>;
  readonly #reports: DataLoader<string, ReportRow[]>;
  readonly #inconsistencies: DataLoader<string, ReportRow[]>;
  readonly #ofTransfers: DataLoader<string, ReportRow[]>;

  constructor({ pool }: Database, visibility: Visibility, caller: Caller) {
    this.#db = pool;
    this.#caller = caller;
    this.#visibility = visibility;
    const reports = (statement: Statement, newest: number) =>
      new DataLoader<string, ReportRow[]>((ids) => this.#lists(statement, ids, newest));
    this.#byId = new DataLoader((ids) => this.#load(ids));
    this.#transfers = new DataLoader((ids) => this.#carried(ids));
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
  transfersOf({ id }: VehicleRow): Promise<string[]> {
    return this.#transfers.load(id);
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

  async #load(ids: readonly string[]): Promise<(VehicleRow | undefined)[]> {
    const { rows } = await this.#db.query<VehicleRow>({
      ...VEHICLES_BY_ID,
      values: [ids],
    });
    const byId = new Map(rows.map((row) => [row.id, { ...row, __typename: 'Vehicle' as const }]));
    return ids.map((id) => byId.get(id));
  }

  async #carried(ids: readonly string[]): Promise<string[][]> {
    const { areas, facilities } = this.#visibility;
    const { rows } = await this.#db.query<{ vehicle: string; id: string }>({
      ...TRANSFERS_OF_VEHICLES,
      values: [ids, areas, facilities],
    });
    return ids.map((id) => rows.filter(({ vehicle }) => vehicle === id).map((row) => row.id));
  }

  async #lists(
    statement: Statement,
    ids: readonly string[],
    newest: number,
  ): Promise<ReportRow[][]> {
    const { rows } = await this.#db.query<ReportRow & { key: string }>({
      ...statement,
      values: [ids, newest],
    });
    return ids.map((id) => rows.filter(({ key }) => key === id));
  }
}
