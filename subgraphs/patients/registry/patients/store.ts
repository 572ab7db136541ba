import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Database } from '../../database/database.js';
import { instantCursor, type Page, pageByInstant } from '../../../../shared/lists/index.js';
import { rowLoader } from '../../../../shared/database/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { PatientVisibility } from '../../access/index.js';
import type { PatientRow } from './rules.js';
import {
  PATIENTS_BY_ID,
  PATIENTS_OF_INCIDENT,
  PATIENTS_OF_INCIDENT_COUNTED,
} from './statements.js';

/** A patient by id; the fields are read when a query selects them, with the caller's rights. */
export interface PatientRef {
  id: string;
  /** The tag that a search found; the search discloses nothing else. */
  tag?: string;
}

export type PatientPage = Page<PatientRef>;

/** Reads patients whom the caller may see. A hidden and a missing one run the same statement and give the same result. */
export class PatientStore {
  readonly #db: Pool;
  readonly #visibility: PatientVisibility;
  readonly #byId: DataLoader<string, PatientRow | undefined>;

  constructor({ pool }: Database, visibility: PatientVisibility) {
    this.#db = pool;
    this.#visibility = visibility;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
  }

  find(id: string): Promise<PatientRow | undefined> {
    return this.#byId.load(id);
  }

  /** Returns the patient for a response, or null if the caller may not see them. */
  async ref(id: string): Promise<PatientRef | null> {
    return (await this.#byId.load(id)) ? { id } : null;
  }

  /** Returns the row of a patient who was found before with the caller's rights. */
  async get({ id }: PatientRef): Promise<PatientRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Patient ${id} has vanished.`);
    return row;
  }

  /** Loads many patients in one statement for later single reads, each of which reports a failure of it again. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** Drops the cached reads after a change. */
  forget(): void {
    this.#byId.clearAll();
  }

  /**
   * Returns the patients of an incident that the caller may see, in the order of their registration; with `dueBy` only those
   * whose next triage is due by then.
   */
  async page(
    incident: string,
    length: number,
    after: string | null | undefined,
    dueBy: Date | null,
  ): Promise<PatientPage> {
    const start = instantCursor.read(after);
    const filter = [incident, this.#visibility.areas, this.#visibility.facilities, dueBy];
    const { rows } = await this.#db.query<{ id: string; at: Date }>({
      name: 'patients-of-incident',
      text: PATIENTS_OF_INCIDENT,
      values: [...filter, start?.at ?? null, start?.id ?? null, length + 1],
    });
    return pageByInstant(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>({
        name: 'patients-of-incident-counted',
        text: PATIENTS_OF_INCIDENT_COUNTED,
        values: filter,
      });
      return counted.rows[0]!.count;
    });
  }

  async #load(ids: readonly string[]): Promise<PatientRow[]> {
    const { rows } = await this.#db.query<PatientRow>({
      name: 'patients-by-id',
      text: PATIENTS_BY_ID,
      values: [ids.filter(isUuid), this.#visibility.areas, this.#visibility.facilities],
    });
    return rows;
  }
}
