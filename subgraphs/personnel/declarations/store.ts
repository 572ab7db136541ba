import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import { doneBefore, runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { orUnavailable, type SubgraphClient } from '../../../shared/subgraph-client/index.js';
import { idOrNone } from '../../../shared/validation/rules.js';
import { storeAuditEntry } from '../audit/index.js';
import { type CommitmentRow, end, findDeclared, storeCommitment } from '../commitments/index.js';
import type { Database } from '../database/database.js';
import type { DeclareCommitmentInput, EndCommitmentInput } from '../generated/graphql.js';
import {
  type LockedRecord,
  lockForBinding,
  publishBinding,
  unknownProfessional,
  visibilityOf,
} from '../professionals/index.js';
import { NamedOrganisationDocument } from '../supply-client/index.js';
import {
  commitmentExists,
  judgeKind,
  judgeOrganisation,
  unknownCommitment,
  unknownOrganisation,
} from './rules.js';

/** Declares and ends commitments. */
export class Declarations {
  readonly #db: Pool;
  readonly #supply: SubgraphClient;
  readonly #now: Date;

  constructor({ pool }: Database, supply: SubgraphClient, now: Date) {
    this.#db = pool;
    this.#supply = supply;
    this.#now = now;
  }

  async declare(input: DeclareCommitmentInput, caller: Caller) {
    const call = { caller, field: 'declareCommitment', input, now: this.#now };
    const { professional, kind } = input;
    const organisation = input.organisation ?? null;
    const refusal = judgeKind(kind, organisation);
    if (refusal) return refusal;
    // A repetition needs no organisation to be looked up again.
    if (organisation !== null && !(await doneBefore(this.#db, call))) {
      const unfit = await this.#judgeOrganisation(input, organisation);
      if (unfit) return unfit;
    }
    const outcome = await runOnce(this.#db, call, async (db) => {
      const record = await lockForBinding(db, professional, caller);
      if (!record || !binds(record, organisation, caller)) {
        return unknownProfessional(professional, 'bind');
      }
      const commitment = { professional: record.id, kind, organisation };
      const by = actorOf(caller);
      const { id, isNew } = await storeCommitment(db, commitment, { at: this.#now, by });
      if (!isNew) return commitmentExists(id);
      await publishBinding(db, record.id, this.#now);
      await this.#record(db, { caller, action: 'DECLARE_COMMITMENT', professional, count: 1 });
      return {
        __typename: 'CommitmentDeclared' as const,
        commitmentId: id,
        declaredAt: this.#now,
      };
    });
    if (outcome.__typename === 'UnknownProfessional') {
      await this.#recordFailure(caller, 'DECLARE_COMMITMENT', professional);
    }
    return outcome.__typename === 'CommitmentDeclared'
      ? { ...outcome, declaredAt: new Date(outcome.declaredAt) }
      : outcome;
  }

  async end(input: EndCommitmentInput, caller: Caller) {
    const call = { caller, field: 'endCommitment', input, now: this.#now };
    const outcome = await runOnce(this.#db, call, async (db) => {
      const known = await this.#lockCommitment(db, input.commitment, caller);
      if (!known || !(await end(db, known.id, this.#now))) {
        return unknownCommitment(input.commitment);
      }
      const { professionalId } = known;
      await publishBinding(db, professionalId, this.#now);
      await this.#record(db, {
        caller,
        action: 'END_COMMITMENT',
        professional: professionalId,
        count: 1,
      });
      return {
        __typename: 'CommitmentEnded' as const,
        commitmentId: known.id,
        endedAt: this.#now,
      };
    });
    if (outcome.__typename === 'UnknownCommitment') {
      await this.#recordFailure(caller, 'END_COMMITMENT', null);
    }
    return outcome.__typename === 'CommitmentEnded'
      ? { ...outcome, endedAt: new Date(outcome.endedAt) }
      : outcome;
  }

  /** Returns the commitment that the caller may end, with its record locked. */
  async #lockCommitment(
    db: ClientBase,
    id: string,
    caller: Caller,
  ): Promise<CommitmentRow | undefined> {
    const known = await findDeclared(db, id);
    if (!known) return undefined;
    const record = await lockForBinding(db, known.professionalId, caller);
    return record && binds(record, known.organisationId, caller) ? known : undefined;
  }

  async #judgeOrganisation({ kind }: DeclareCommitmentInput, id: string) {
    const { organisation } = await orUnavailable(
      'Whether the organisation exists cannot be checked, because the supply service is unavailable. Nothing was stored; repeat the call later with the same key.',
      () => this.#supply.request(NamedOrganisationDocument, { id }),
    );
    return organisation ? judgeOrganisation(kind, organisation.kind) : unknownOrganisation(id);
  }

  #record(db: ClientBase, { caller, action, professional, count }: RecordedAct): Promise<void> {
    return storeAuditEntry(db, {
      caller,
      action,
      field: FIELDS[action],
      people: professional === null ? [] : [idOrNone(professional)],
      count,
      at: this.#now,
    });
  }

  /** A refusal undoes its transaction; that somebody tried is recorded all the same. */
  #recordFailure(
    caller: Caller,
    action: RecordedAct['action'],
    professional: string | null,
  ): Promise<void> {
    return inTransaction(this.#db, (db) =>
      this.#record(db, { caller, action, professional, count: 0 }),
    );
  }
}

interface RecordedAct {
  caller: Caller;
  action: keyof typeof FIELDS;
  professional: string | null;
  count: number;
}

const FIELDS = {
  DECLARE_COMMITMENT: 'declareCommitment',
  END_COMMITMENT: 'endCommitment',
} as const;

/** The person decides about every commitment of their record, an organisation about its own. */
function binds({ isOwn }: LockedRecord, organisation: string | null, caller: Caller): boolean {
  return (
    isOwn || (organisation !== null && visibilityOf(caller).organisations.includes(organisation))
  );
}
