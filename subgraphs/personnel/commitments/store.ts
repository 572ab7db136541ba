import type DataLoader from 'dataloader';
import { listLoader } from '../../../shared/database/index.js';
import type { Database } from '../database/database.js';
import type { Commitment } from '../generated/prisma/client.js';
import { COMMITMENTS } from './statements.js';

/** A commitment as those concerned read it. */
export type CommitmentRow = Pick<
  Commitment,
  'id' | 'professionalId' | 'kind' | 'facilityId' | 'organisationId' | 'declaredAt'
>;

/** Reads the commitments of professionals. */
export class CommitmentStore {
  readonly #ofRecords: DataLoader<string, CommitmentRow[]>;

  constructor({ pool }: Database) {
    this.#ofRecords = listLoader(
      async (ids) =>
        (
          await pool.query<CommitmentRow>({
            name: 'commitments-of-records',
            text: COMMITMENTS,
            values: [ids],
          })
        ).rows,
      ({ professionalId }) => professionalId,
    );
  }

  /** Returns the commitments of a record that hold. */
  ofRecord(id: string): Promise<CommitmentRow[]> {
    return this.#ofRecords.load(id);
  }
}
