import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { asHeavyRead, listLoader } from '../../../shared/database/index.js';
import type { Phase } from '../generated/graphql.js';
import { openRankValues, rankValues } from '../commitments/index.js';
import type { Database } from '../database/database.js';
import type { BedCategory } from '../generated/prisma/client.js';
import { OPERABLE_BEDS, STAFF_BY_FACILITY } from './statements.js';
import type { StaffRow } from './sums.js';

/** Operable beds of a facility in one category. */
export interface OperableBedsRow {
  facility: string;
  category: BedCategory;
  operable: number;
}

/** Numbers of staff, computed for each request from the commitments that hold. */
export class StaffingStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #ofAreas = new Map<string, Promise<StaffRow[]>>();
  readonly #ofFacilities = new Map<Phase, DataLoader<string, StaffRow[]>>();
  readonly #beds: DataLoader<string, OperableBedsRow[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#beds = listLoader(
      async (ids) =>
        (
          await this.#db.query<OperableBedsRow>({
            name: 'operable-beds',
            text: OPERABLE_BEDS,
            values: [ids],
          })
        ).rows,
      ({ facility }) => facility,
    );
  }

  /** Returns the staff of every facility of an area in a phase, in the order of the facilities' ids. */
  ofArea(area: string, phase: Phase): Promise<StaffRow[]> {
    const key = `${phase} ${area}`;
    const known = this.#ofAreas.get(key);
    if (known) return known;
    const rows = asHeavyRead(() => this.#load(area, phase, null));
    this.#ofAreas.set(key, rows);
    return rows;
  }

  /** Returns the staff of one facility in a phase; all facilities of a request are read with one statement. */
  ofFacility(id: string, phase: Phase): Promise<StaffRow[]> {
    const known = this.#ofFacilities.get(phase);
    if (known) return known.load(id);
    const loader = listLoader(
      (ids) => this.#load('', phase, ids),
      ({ facility }: StaffRow) => facility,
    );
    this.#ofFacilities.set(phase, loader);
    return loader.load(id);
  }

  /** Loads the staff of many facilities in one statement for later single reads. */
  readAhead(ids: readonly string[], phase: Phase): void {
    for (const id of ids) void this.ofFacility(id, phase);
  }

  operableBeds(id: string): Promise<OperableBedsRow[]> {
    return this.#beds.load(id);
  }

  async #load(
    area: string,
    phase: Phase,
    facilities: readonly string[] | null,
  ): Promise<StaffRow[]> {
    const { rows } = await this.#db.query<StaffRow>({
      name: 'staff-by-facility',
      text: STAFF_BY_FACILITY,
      values: [
        ...rankValues('EVERYDAY', this.#now),
        ...rankValues(phase, this.#now),
        this.#now,
        area,
        facilities,
        ...openRankValues(phase, this.#now),
      ],
    });
    return rows;
  }
}
