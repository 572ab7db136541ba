import type { Pool } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { idOrNone } from '../../../shared/validation/rules.js';
import { storeAuditEntry } from '../audit/index.js';
import type { Database } from '../database/database.js';
import type { ConfirmSamePersonInput } from '../generated/graphql.js';
import { visibilityOf } from './access.js';
import { type DuplicateDecision, judgeDecision, unknownDuplicate } from './rules.js';
import * as statements from './statements.js';
import {
  countAgain,
  countedWith,
  facilitiesConcerned,
  lockPersons,
  publishStaffing,
} from './store-persons.js';

interface KnownDuplicate extends DuplicateDecision {
  a: string;
  b: string;
  isOwn: boolean;
  isCompetent: boolean;
}

/** Decides whether two records are of one person. */
export class Duplicates {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  async decide(input: ConfirmSamePersonInput, caller: Caller) {
    const call = { caller, field: 'confirmSamePerson', input, now: this.#now };
    const { duplicate, isSame } = input;
    const outcome = await runOnce(this.#db, call, async (db) => {
      await lockPersons(db);
      const { own, chambers, offices } = visibilityOf(caller);
      const { rows } = await db.query<KnownDuplicate>({
        name: 'duplicate-with-id',
        text: statements.DUPLICATE_WITH_ID,
        values: [idOrNone(duplicate), own, chambers, offices],
      });
      const known = rows[0];
      if (!known || !(known.isOwn || known.isCompetent)) return unknownDuplicate(duplicate);
      const refusal = judgeDecision(known, known.isCompetent);
      if (refusal) return refusal;
      await db.query({
        name: 'decide-duplicate',
        text: statements.DECIDE_DUPLICATE,
        values: [duplicate, isSame, this.#now, actorOf(caller), known.isCompetent],
      });
      const people = [known.a, known.b];
      const counted = await countedWith(db, people);
      await countAgain(db, counted);
      await publishStaffing(db, await facilitiesConcerned(db, counted), this.#now);
      await storeAuditEntry(db, {
        caller,
        action: 'DECIDE_DUPLICATE',
        field: 'confirmSamePerson',
        people,
        count: people.length,
        at: this.#now,
      });
      return {
        __typename: 'SamePersonDecided' as const,
        duplicateId: duplicate,
        isSame,
        decidedAt: this.#now,
      };
    });
    if (outcome.__typename === 'UnknownDuplicate') await this.#recordFailure(caller);
    return 'decidedAt' in outcome && outcome.__typename === 'SamePersonDecided'
      ? { ...outcome, decidedAt: new Date(outcome.decidedAt) }
      : outcome;
  }

  /** A refusal undoes its transaction; that somebody tried is recorded all the same. */
  async #recordFailure(caller: Caller): Promise<void> {
    await inTransaction(this.#db, (db) =>
      storeAuditEntry(db, {
        caller,
        action: 'DECIDE_DUPLICATE',
        field: 'confirmSamePerson',
        people: [],
        count: 0,
        at: this.#now,
      }),
    );
  }
}
