import type { PoolClient } from 'pg';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { withConcerns } from '../../audit/index.js';
import type { ApproveTransferInput } from '../../generated/graphql.js';
import {
  levelsOf,
  sidesOf,
  notPossible,
  type ApprovalRow,
  type TransferRow,
  APPROVALS_OF_TRANSFERS,
  STORE_APPROVAL,
  type TransferStore,
  publishTransfers,
  transition,
} from '../lifecycle/index.js';
import {
  readinessOf,
  areaOfApproval,
  stillMissing,
  nextPath,
  reasonAgainst,
} from '../lifecycle/rules.js';
import { levelToApprove, notOpen } from './rules.js';

/** Stores the decisions of the levels on transfers. */
export class ApprovalStore {
  readonly #transfers: TransferStore;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor(transfers: TransferStore, caller: Caller, now: Date) {
    this.#transfers = transfers;
    this.#caller = caller;
    this.#now = now;
  }

  decide(input: ApproveTransferInput) {
    const { transfer: id, decision: act, reason } = input;
    const request = { field: 'approveTransfer', act, input } as const;
    return this.#transfers.act(request, async (db, transfer) => {
      const refused = reasonAgainst(transfer.status, act, sidesOf(this.#caller, transfer));
      if (refused) return notPossible(transfer, act, refused);
      const { rows: given } = await db.query<ApprovalRow>({
        ...APPROVALS_OF_TRANSFERS,
        values: [[id]],
      });
      const by = actorOf(this.#caller);
      const missing = stillMissing(transfer, given);
      const standing = given.filter((one) => one.area === areaOfApproval(one.level, transfer));
      const levels = levelsOf(this.#caller, transfer);
      const isRepetition =
        act === 'APPROVE' &&
        input.idempotencyKey == null &&
        standing.some(
          (one) => one.by === by && one.reason === (reason ?? null) && levels.includes(one.level),
        );
      if (isRepetition) return { jobs: [] };
      const level = levelToApprove(levels, missing, standing, by);
      if (typeof level !== 'string') {
        return withConcerns(notOpen(level.fault, missing), transfer);
      }
      if (act !== 'APPROVE') {
        const path = nextPath(transfer.status, act);
        return { jobs: await transition(db, transfer, path, { act, by, at: this.#now, reason }) };
      }
      const approval = {
        transferId: id,
        level,
        area: areaOfApproval(level, transfer)!,
        at: this.#now,
        by,
        reason: reason ?? null,
      };
      return this.#approve(db, transfer, approval, given);
    });
  }

  /**
   * Stores an approval. The last one requests the named destination. One that leaves the status as it is is published and is no
   * step: one of several, and any while the patient is on board.
   */
  async #approve(
    db: PoolClient,
    transfer: TransferRow,
    approval: ApprovalRow,
    given: ApprovalRow[],
  ) {
    const { level, area, at, by, reason } = approval;
    await db.query({ ...STORE_APPROVAL, values: [transfer.id, level, area, at, by, reason] });
    const approvals = [...given, approval];
    const path = nextPath(transfer.status, 'APPROVE', readinessOf(transfer, approvals));
    if (path.at(-1) === transfer.status) {
      const isLast = stillMissing(transfer, approvals).length === 0;
      await publishTransfers(db, [transfer.id], isLast ? 'APPROVED' : 'APPROVED_IN_PART', at);
      return { jobs: [] };
    }
    return { jobs: await transition(db, transfer, path, { act: 'APPROVE', by, at, reason }) };
  }
}
