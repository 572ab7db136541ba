import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { instantCursor, type Page, pageByInstant } from '../../../shared/lists/index.js';
import { idOrNone, isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { DeviceFaultFilter } from '../generated/graphql.js';
import type { FaultBedsRow, FaultRow, FaultStepRow } from './rows.js';
import { type FaultVisibility, sees } from './visibility.js';
import * as statements from './statements.js';

/** A fault by its id; its fields are read when a query selects them. */
export interface FaultRef {
  id: string;
}
export type FaultPage = Page<FaultRef>;

/** The faults that the caller may see. */
export class DeviceFaultStore {
  readonly #db: Pool;
  readonly visibility: FaultVisibility;
  readonly #byId: DataLoader<string, FaultRow | undefined>;
  readonly #ofFacility: DataLoader<string, FaultRow[]>;
  readonly #beds: DataLoader<string, FaultBedsRow[]>;
  readonly #steps: DataLoader<string, FaultStepRow[]>;

  constructor({ pool }: Database, visibility: FaultVisibility) {
    this.#db = pool;
    this.visibility = visibility;
    const load = async <Row extends object>(
      statement: { name: string; text: string },
      ids: readonly string[],
    ) => (await pool.query<Row>({ ...statement, values: [ids.filter(isUuid)] })).rows;
    const visible = async (statement: { name: string; text: string }, ids: readonly string[]) =>
      (await load<FaultRow>(statement, ids)).filter((fault) => sees(visibility, fault));
    this.#byId = rowLoader(
      (ids) => visible(statements.FAULTS_BY_ID, ids),
      ({ id }) => id,
    );
    this.#ofFacility = listLoader(
      (ids) => visible(statements.FAULTS_OF_FACILITIES, ids),
      ({ facilityId }) => facilityId,
    );
    this.#beds = listLoader(
      (ids) => load<FaultBedsRow>(statements.BEDS_OF_FAULTS, ids),
      ({ faultId }) => faultId,
    );
    this.#steps = listLoader(
      (ids) => load<FaultStepRow>(statements.STEPS_OF_FAULTS, ids),
      ({ faultId }) => faultId,
    );
  }

  /** Returns the fault; undefined if there is none or the caller may not see it. */
  find(id: string): Promise<FaultRow | undefined> {
    return this.#byId.load(id);
  }

  /** Returns a fault that the caller may see. */
  async get({ id }: FaultRef): Promise<FaultRow> {
    const fault = await this.#byId.load(id);
    if (!fault) throw new Error(`Device fault ${id} is hidden from the caller.`);
    return fault;
  }

  /** The faults of a facility that the caller may see, in the order in which they began. */
  of(facility: string): Promise<FaultRow[]> {
    return this.#ofFacility.load(facility);
  }

  bedsOf(fault: string): Promise<FaultBedsRow[]> {
    return this.#beds.load(fault);
  }

  stepsOf(fault: string): Promise<FaultStepRow[]> {
    return this.#steps.load(fault);
  }

  /** Loads many faults in one statement for later single reads, each of which reports a failure of it again. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** Drops the cached reads after a change. */
  forget(): void {
    for (const loader of [this.#byId, this.#ofFacility, this.#beds, this.#steps]) loader.clearAll();
  }

  async page(
    { area, facility, servicePartner, kinds, statuses, escalated }: DeviceFaultFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<FaultPage> {
    const start = instantCursor.read(after);
    const { facilities, areas, partners } = this.visibility;
    const matches = [
      facilities.filter(isUuid),
      areas,
      partners.filter(isUuid),
      area ?? '',
      ...[facility, servicePartner].map((id) => (id == null ? null : idOrNone(id))),
      kinds ?? null,
      statuses ?? null,
      escalated ?? null,
    ];
    const { rows } = await this.#db.query<{ id: string; at: Date }>({
      ...statements.FAULTS_PAGE,
      values: [...matches, start?.at ?? null, start?.id ?? null, length + 1],
    });
    return pageByInstant(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>({
        ...statements.FAULTS_COUNTED,
        values: matches,
      });
      return counted.rows[0]!.count;
    });
  }
}
