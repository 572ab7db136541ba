import type { Pool, PoolClient } from 'pg';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import type { Database } from '../../database/database.js';
import type {
  AcknowledgeSupplyRequestInput,
  CancelSupplyRequestInput,
  RequestSupplyInput,
} from '../../generated/graphql.js';
import { type Ledger, lockLedger, recordStep, applyStep } from '../ledger/index.js';
import { acknowledgeUntil, isUnacknowledged, withdraw } from '../ledger/rules.js';
import { refusalIfOver, refusalIfOwn, unknownRequest } from './rules.js';
import { HAS_SEEN, STORE_LINE, STORE_REQUEST } from './statements.js';

/** A line whose item and addressees are known to exist. */
export interface NewLine {
  itemId: string;
  requested: number;
  addressees: string[];
}

/** Makes, acknowledges and cancels requests. The callers of its methods check the right. */
export class SupplyRequestChanges {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#now = now;
  }

  /** Makes a request of a facility that is known to exist, once per key. */
  make(input: RequestSupplyInput, facility: { id: string; area: string }, lines: NewLine[]) {
    return runOnce(this.#db, this.#call('requestSupply', input), async (db) => {
      const { neededUntil, reason } = input;
      const until = acknowledgeUntil(this.#now, neededUntil);
      const { rows } = await db.query<{ id: string }>({
        ...STORE_REQUEST,
        values: [
          facility.id,
          facility.area,
          neededUntil,
          reason.trim(),
          this.#now,
          actorOf(this.#caller),
          until,
        ],
      });
      const { id } = rows[0]!;
      for (const [index, { itemId, requested, addressees }] of lines.entries()) {
        const values = [id, index + 1, itemId, requested, addressees];
        await db.query({ ...STORE_LINE, values });
      }
      await recordStep(db, (await lockLedger(db, id))!, {
        act: 'REQUEST',
        by: actorOf(this.#caller),
        at: this.#now,
        reason: reason.trim(),
      });
      return { __typename: 'SupplyRequest' as const, id };
    });
  }

  /** Acknowledges a request for its area, or notes that a supplier saw it, which stops no clock. Nothing changes the second time. */
  acknowledge(input: AcknowledgeSupplyRequestInput, as: 'AUTHORITY' | 'SUPPLIER') {
    const call = this.#call('acknowledgeSupplyRequest', input);
    return runOnce(this.#db, call, async (db) => {
      const ledger = await lockLedger(db, input.request);
      if (!ledger) return unknownRequest(input.request);
      const { request } = ledger;
      const by = actorOf(this.#caller);
      const refusal = refusalIfOver(request) ?? refusalIfOwn(request, by);
      if (refusal) return refusal;
      if (as === 'SUPPLIER') {
        const seen = await db.query({ ...HAS_SEEN, values: [request.id, by] });
        if (seen.rowCount === 0) await recordStep(db, ledger, { act: 'SEE', by, at: this.#now });
      } else if (isUnacknowledged(request)) {
        await applyStep(db, ledger, { act: 'ACKNOWLEDGE', by, at: this.#now });
      }
      return { __typename: 'SupplyRequest' as const, id: request.id };
    });
  }

  /** Cancels what was not dispatched of a request that the caller may cancel; `returnToOffer` gives offers back what they had committed. */
  cancel(
    input: CancelSupplyRequestInput,
    returnToOffer: (db: PoolClient, parts: readonly OfferPart[]) => Promise<void>,
  ) {
    return runOnce(this.#db, this.#call('cancelSupplyRequest', input), async (db) => {
      const ledger = await lockLedger(db, input.request);
      if (!ledger) return unknownRequest(input.request);
      const refusal = refusalIfOver(ledger.request);
      if (refusal) return refusal;
      await returnToOffer(db, await this.#withdrawAll(db, ledger));
      const reason = input.reason.trim();
      const by = actorOf(this.#caller);
      await applyStep(db, ledger, { act: 'CANCEL', by, at: this.#now, reason });
      return { __typename: 'SupplyRequest' as const, id: ledger.request.id };
    });
  }

  async #withdrawAll(db: PoolClient, ledger: Ledger): Promise<OfferPart[]> {
    const parts: OfferPart[] = [];
    for (const commitment of ledger.commitments) {
      const change = withdraw(commitment);
      const quantity = -change.committed;
      if (quantity === 0) continue;
      const line = ledger.lines.find(({ id }) => id === commitment.lineId)!;
      const step = { by: actorOf(this.#caller), at: this.#now, quantity };
      await applyStep(db, ledger, { act: 'WITHDRAW', ...step, line, commitment, change });
      if (commitment.offerId !== null) parts.push({ offerId: commitment.offerId, quantity });
    }
    return parts;
  }

  #call<Input>(field: string, input: Input) {
    return { caller: this.#caller, field, input, now: this.#now };
  }
}

/** The quantity that an offer gets back when a commitment from it is withdrawn. */
export interface OfferPart {
  offerId: string;
  quantity: number;
}
