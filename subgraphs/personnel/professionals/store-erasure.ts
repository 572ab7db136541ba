import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import type { Caller } from '../../../shared/identity/index.js';
import { eraseWords, type TextColumns } from '../../../shared/personal-data/index.js';
import { idOrNone } from '../../../shared/validation/rules.js';
import { storeAuditEntry } from '../audit/index.js';
import { COMMITMENT_TEXT_COLUMNS } from '../commitments/index.js';
import type { Database } from '../database/database.js';
import { visibilityOf } from './access.js';
import { unknownProfessional } from './rules.js';
import * as statements from './statements.js';
import {
  countAgain,
  countedWith,
  facilitiesConcerned,
  lockPersons,
  publishStaffing,
} from './store-persons.js';
import { PROFESSIONAL_TEXT_COLUMNS } from './text-columns.js';

const PERSONAL_COLUMNS: TextColumns = { ...PROFESSIONAL_TEXT_COLUMNS, ...COMMITMENT_TEXT_COLUMNS };

/** Erases professionals. */
export class Erasures {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  /** Erases who a person is and what binds them. The record stays as a number without a home, an employer or a person. */
  erase(id: string, caller: Caller) {
    return inTransaction(this.#db, async (db) => {
      await lockPersons(db);
      const isErasable = await this.#isErasable(db, id, caller);
      if (isErasable) {
        const counted = await countedWith(db, [id]);
        const facilities = await facilitiesConcerned(db, counted);
        await storeAuditEntry(db, this.#act(caller, id, 1));
        await eraseWords(db, PERSONAL_COLUMNS, [id]);
        await db.query({ name: 'withdraw', text: statements.WITHDRAW, values: [id, this.#now] });
        await countAgain(db, counted);
        await publishStaffing(db, facilities, this.#now);
        return {
          __typename: 'ProfessionalErased' as const,
          professionalId: id,
          erasedAt: this.#now,
        };
      }
      await storeAuditEntry(db, this.#act(caller, id, 0));
      return unknownProfessional(id);
    });
  }

  async #isErasable(db: PoolClient, id: string, caller: Caller): Promise<boolean> {
    const { facilities, organisations, own } = visibilityOf(caller);
    const { rows } = await db.query<{ id: string }>({
      name: 'erasable',
      text: statements.ERASABLE,
      values: [facilities, organisations, own, idOrNone(id)],
    });
    return rows.length > 0;
  }

  #act(caller: Caller, id: string, count: number) {
    return {
      caller,
      action: 'ERASE' as const,
      field: 'eraseProfessional',
      people: [idOrNone(id)],
      count,
      at: this.#now,
    };
  }
}
