import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import type { Caller } from '../../../shared/identity/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { storeAuditEntry } from '../audit/index.js';
import type { Database } from '../database/database.js';
import type {
  VerificationInput,
  VerifyQualificationInput,
  VerifyQualificationsInput,
} from '../generated/graphql.js';
import { lockOverseen, storeStatuses } from '../professionals/index.js';
import { unknownQualification } from './rules.js';

type Field = 'verifyQualification' | 'verifyQualifications';

/** Verifies qualifications. */
export class Verifications {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  async verify(input: VerifyQualificationInput, caller: Caller) {
    const field = 'verifyQualification';
    const outcome = await runOnce(
      this.#db,
      { caller, field, input, now: this.#now },
      async (db) => (await this.#store(db, [input.verification], { caller, field }))[0]!,
    );
    if (outcome.__typename === 'UnknownQualification') await this.#recordFailure(caller, field);
    return restored(outcome);
  }

  async verifyAll(input: VerifyQualificationsInput, caller: Caller) {
    const field = 'verifyQualifications';
    const result = await runOnce(
      this.#db,
      { caller, field, input, now: this.#now },
      async (db) => ({
        __typename: 'VerifiedQualifications' as const,
        outcomes: await this.#store(db, input.verifications, { caller, field }),
      }),
    );
    return isRefused(result) ? result : { ...result, outcomes: result.outcomes.map(restored) };
  }

  async #store(
    db: ClientBase,
    verifications: readonly VerificationInput[],
    { caller, field }: { caller: Caller; field: Field },
  ) {
    const ids = verifications.map(({ qualification }) => qualification);
    const overseen = await lockOverseen(db, ids, caller);
    const accepted = verifications.filter(({ qualification }) => overseen.has(qualification));
    const statuses = new Map(
      accepted.map(({ qualification, status }) => [qualification, status] as const),
    );
    await storeStatuses(db, statuses, { caller, at: this.#now });
    const people = [...new Set(overseen.values())];
    await this.#record(db, { caller, field, people });
    return verifications.map(({ qualification, status }) =>
      overseen.has(qualification)
        ? {
            __typename: 'QualificationVerified' as const,
            qualificationId: qualification,
            status,
            verifiedAt: this.#now,
          }
        : unknownQualification(qualification),
    );
  }

  #record(
    db: ClientBase,
    { caller, field, people }: { caller: Caller; field: Field; people: readonly string[] },
  ): Promise<void> {
    return storeAuditEntry(db, {
      caller,
      action: 'VERIFY_QUALIFICATION',
      field,
      people,
      count: people.length,
      at: this.#now,
    });
  }

  /** A refusal undoes its transaction; that somebody tried is recorded all the same. */
  #recordFailure(caller: Caller, field: Field): Promise<void> {
    return inTransaction(this.#db, (db) => this.#record(db, { caller, field, people: [] }));
  }
}

/** An instant of a repeated call comes back from JSON as a text. */
function restored<One extends object>(outcome: One): One {
  return 'verifiedAt' in outcome
    ? { ...outcome, verifiedAt: new Date(outcome.verifiedAt as string) }
    : outcome;
}
