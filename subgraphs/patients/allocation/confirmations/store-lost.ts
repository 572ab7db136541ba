import type { Pool } from 'pg';
import type { PageArguments, PlanRef } from '../plans/index.js';
import type { Database } from '../../database/database.js';
import type { LostCode } from '../../generated/graphql.js';
import type { Allocation } from '../../generated/prisma/client.js';
import {
  numberCursor,
  type Page,
  pageByNumber,
  pageLength,
} from '../../../../shared/lists/index.js';
import { LOST_COUNTED, LOST_PAGE } from './statements.js';

/** A patient who lost the planned facility. */
export interface LostRow extends Pick<Allocation, 'position' | 'patientId' | 'facilityId'> {
  code: LostCode;
  reason: string;
}

export type LostPage = Page<LostRow>;

/** Reads the entries of plans that were lost. */
export class LostStore {
  readonly #db: Pool;

  constructor({ pool }: Database) {
    this.#db = pool;
  }

  /** Returns a page of the lost entries of a plan that the caller leads. */
  async of({ id }: PlanRef, { first, after }: PageArguments): Promise<LostPage> {
    const length = pageLength(first);
    const start = numberCursor.read(after) ?? 0;
    const values = [id, start, length + 1];
    const { rows } = await this.#db.query<LostRow>({ ...LOST_PAGE, values });
    return pageByNumber(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>({ ...LOST_COUNTED, values: [id] });
      return counted.rows[0]!.count;
    });
  }
}
