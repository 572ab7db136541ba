import type { Pool } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import type { Caller } from '../../../shared/identity/index.js';
import { eraseWords } from '../../../shared/personal-data/index.js';
import { idOrNone } from '../../../shared/validation/rules.js';
import { storeAuditEntry } from '../audit/index.js';
import type { Database } from '../database/database.js';
import { lockWithdrawable, unknownProfessional, withdraw } from '../professionals/index.js';
import { TEXT_COLUMNS } from './text-columns.js';

/** Erases professionals. */
export class Erasures {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  /** Erases who a person is and what binds them. The record stays as a number without an employer or a person. */
  erase(id: string, caller: Caller) {
    return inTransaction(this.#db, async (db) => {
      const record = await lockWithdrawable(db, id, caller);
      await storeAuditEntry(db, {
        caller,
        action: 'ERASE',
        field: 'eraseProfessional',
        people: [idOrNone(id)],
        count: record ? 1 : 0,
        at: this.#now,
      });
      if (!record) return unknownProfessional(id, 'erase');
      await eraseWords(db, TEXT_COLUMNS, [id]);
      await withdraw(db, id, { record, at: this.#now });
      return {
        __typename: 'ProfessionalErased' as const,
        professionalId: id,
        erasedAt: this.#now,
      };
    });
  }
}
