import type { Pool, PoolClient } from 'pg';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { idOrNone } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { CommitSupplyInput, WithdrawSupplyCommitmentInput } from '../../generated/graphql.js';
import { type HolderColumns, isSameHolder } from '../access/rules.js';
import {
  applyStep,
  type CommitmentRow,
  type Ledger,
  type LineRow,
  lockLedger,
} from '../ledger/index.js';
import { halfTimeOf, isOver, withdraw } from '../ledger/rules.js';
import { changeOffers, lockOffer } from '../offers/index.js';
import { refusalIfOver } from '../supply-requests/rules.js';
import {
  escalate,
  type CommitmentView,
  type SupplyRequestStore,
} from '../supply-requests/index.js';
import {
  judgeCommitment,
  judgeOffer,
  refusalIfToItself,
  refusalIfTooLate,
  unknownCommitment,
  unknownLine,
} from './rules.js';
import * as statements from './statements.js';
import { unknownOffer } from '../offers/rules.js';

/** A commitment by its id and its request. */
export interface CommitmentRef {
  __typename: 'SupplyCommitment';
  id: string;
  requestId: string;
}

/** Makes and withdraws commitments. The callers of its methods check the right. */
export class CommitmentStore {
  readonly #db: Pool;
  readonly #requests: SupplyRequestStore;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, requests: SupplyRequestStore, caller: Caller, now: Date) {
    this.#db = pool;
    this.#requests = requests;
    this.#caller = caller;
    this.#now = now;
  }

  /** Returns the line with its request; undefined if there is none or the caller may not see it. */
  async findLine(id: string) {
    const request = await this.#requestOf(statements.REQUEST_OF_LINE, id);
    const line = request?.lines.find((one) => one.id === id);
    return request && line ? { request, line } : undefined;
  }

  /** Returns the commitment; undefined if there is none or the caller may not see it. */
  async find(id: string): Promise<CommitmentView | undefined> {
    return (await this.findWithLine(id))?.commitment;
  }

  /** Returns the commitment with its line; undefined if there is none or the caller may not see it. */
  async findWithLine(id: string) {
    const request = await this.#requestOf(statements.REQUEST_OF_COMMITMENT, id);
    for (const line of request?.lines ?? []) {
      const commitment = line.commitments.find((one) => one.id === id);
      if (commitment) return { line, commitment };
    }
    return undefined;
  }

  /** Returns a commitment that the caller may see. */
  async get({ id, requestId }: Pick<CommitmentRef, 'id' | 'requestId'>): Promise<CommitmentView> {
    const { lines } = await this.#requests.get({ id: requestId });
    const commitment = lines.flatMap(({ commitments }) => commitments).find((one) => one.id === id);
    if (!commitment) throw new Error(`Supply commitment ${id} is hidden from the caller.`);
    return commitment;
  }

  /** Commits a part of a line that the caller may see. Requests are locked first, then offers. */
  async commit(input: CommitSupplyInput, requestId: string, holder: HolderColumns) {
    const call = { caller: this.#caller, field: 'commitSupply', input, now: this.#now };
    const outcome = await runOnce(this.#db, call, async (db) => {
      const { quantity, unit, expectedAt } = input;
      const ledger = await lockLedger(db, requestId);
      const line = ledger?.lines.find(({ id }) => id === input.line);
      if (!ledger || !line) return unknownLine(input.line);
      const refusal =
        refusalIfOver(ledger.request) ??
        refusalIfToItself(ledger.request, holder.facilityId) ??
        refusalIfTooLate(ledger.request, expectedAt, this.#now) ??
        judgeCommitment(line, quantity, unit);
      if (refusal) return refusal;
      if (input.offer != null) {
        const offer = await lockOffer(db, input.offer);
        if (!offer || !isSameHolder(offer, holder)) return unknownOffer(input.offer);
        const requested = { itemId: line.itemId, quantity, unit };
        const refused = judgeOffer(offer, requested, this.#now);
        if (refused) return refused;
        await changeOffers(db, [{ offerId: offer.id, quantity }], this.#now);
      }
      const requested = {
        holder,
        offerId: input.offer ?? null,
        quantity,
        expectedAt: expectedAt ?? null,
      };
      const actor = { by: actorOf(this.#caller), now: this.#now };
      const { id } = await storeCommitment(db, { ledger, line }, requested, actor);
      return { __typename: 'SupplyCommitment' as const, id, requestId };
    });
    this.#requests.forget();
    return outcome;
  }

  /**
   * Withdraws what was not dispatched of a commitment; nothing changes if that is nothing. A late withdrawal by a supplier is
   * escalated at once: the requester relied on it.
   */
  async withdraw(
    input: WithdrawSupplyCommitmentInput,
    requestId: string,
    as: 'SUPPLIER' | 'REQUESTER',
  ) {
    const call = { caller: this.#caller, field: 'withdrawSupplyCommitment', input, now: this.#now };
    const outcome = await runOnce(this.#db, call, async (db) => {
      const ledger = await lockLedger(db, requestId);
      const commitment = ledger?.commitments.find(({ id }) => id === input.commitment);
      if (!ledger || !commitment) return unknownCommitment(input.commitment);
      const line = ledger.lines.find(({ id }) => id === commitment.lineId)!;
      const change = withdraw(commitment);
      const quantity = -change.committed;
      if (quantity > 0) {
        const { offerId } = commitment;
        if (offerId !== null) await changeOffers(db, [{ offerId, quantity: -quantity }], this.#now);
        await applyStep(db, ledger, {
          act: 'WITHDRAW',
          by: actorOf(this.#caller),
          at: this.#now,
          quantity,
          reason: input.reason.trim(),
          line,
          commitment,
          change,
        });
        const isLate = this.#now >= halfTimeOf(ledger.request) && !isOver(ledger.request.status);
        if (as === 'SUPPLIER' && isLate) await escalate(db, ledger, this.#now);
      }
      return { __typename: 'SupplyCommitment' as const, id: commitment.id, requestId };
    });
    this.#requests.forget();
    return outcome;
  }

  async #requestOf(statement: { name: string; text: string }, id: string) {
    const { rows } = await this.#db.query<{ requestId: string }>({
      ...statement,
      values: [idOrNone(id)],
    });
    return rows[0] && this.#requests.find(rows[0].requestId);
  }
}

/** Stores a commitment that the rules allow, under the lock of its request. */
export async function storeCommitment(
  db: PoolClient,
  { ledger, line }: { ledger: Ledger; line: LineRow },
  requested: {
    holder: HolderColumns;
    offerId: string | null;
    quantity: number;
    expectedAt: Date | null;
  },
  { by, now }: { by: string; now: Date },
): Promise<CommitmentRow> {
  const { holder, offerId, quantity, expectedAt } = requested;
  const requestId = ledger.request.id;
  const { rows } = await db.query<{ id: string }>({
    ...statements.STORE_COMMITMENT,
    values: [
      requestId,
      line.id,
      holder.organisationId,
      holder.facilityId,
      offerId,
      quantity,
      expectedAt,
      now,
      by,
    ],
  });
  const { organisationId, facilityId } = holder;
  const commitment = {
    id: rows[0]!.id,
    requestId,
    lineId: line.id,
    organisationId,
    facilityId,
    offerId,
    quantity,
    inTransit: 0,
    delivered: 0,
    expectedAt,
    committedAt: now,
  };
  const change = { committed: quantity, inTransit: 0, delivered: 0 };
  const step = { act: 'COMMIT' as const, by, at: now, quantity };
  await applyStep(db, ledger, { ...step, line, commitment, change });
  return commitment;
}
