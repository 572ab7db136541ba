import type { PoolClient } from 'pg';
import { publish } from '../../../../shared/outbox/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { SupplyAct } from '../../generated/graphql.js';
import { REQUEST_TOPICS, tagsOf } from './events.js';
import { sumOf } from '../../items/rules.js';
import type { CommitmentRow, LineRow, RequestRow } from './rows.js';
import {
  changed,
  isUnacknowledged,
  isOver,
  type LedgerChange,
  statusOf,
  acknowledges,
} from './rules.js';
import * as statements from './statements.js';

/** A request with its lines and commitments, under the lock of the request until the transaction ends. */
export interface Ledger {
  request: RequestRow;
  lines: LineRow[];
  commitments: CommitmentRow[];
}

/** A step of a request that the rules allow. */
export interface LedgerStep {
  act: SupplyAct;
  /** Pseudonym of the actor, or CLOCK. */
  by: string;
  at: Date;
  quantity?: number;
  reason?: string;
  /** The line that it concerns; without one the whole request. */
  line?: LineRow;
  commitment?: CommitmentRow;
  change?: LedgerChange;
}

/** The actor of a step that the hub itself takes. */
export const CLOCK = 'clock';

/** Acts that change what a line has open, or the request as a whole: every supplier that sees the line learns of them. */
const CONCERNS_ALL_SUPPLIERS: ReadonlySet<SupplyAct> = new Set<SupplyAct>([
  'REQUEST',
  'ACKNOWLEDGE',
  'ESCALATE',
  'COMMIT',
  'WITHDRAW',
  'CANCEL',
] as SupplyAct[]);

/** Locks a request with all that belongs to it; undefined if there is none. */
export async function lockLedger(db: PoolClient, id: string): Promise<Ledger | undefined> {
  if (!isUuid(id)) return undefined;
  const locked = await db.query<RequestRow>({ ...statements.REQUEST_LOCKED, values: [id] });
  const [request] = locked.rows;
  if (!request) return undefined;
  const values = [[id]];
  const lines = await db.query<LineRow>({ ...statements.LINES_OF_REQUESTS, values });
  const commitments = await db.query<CommitmentRow>({
    ...statements.COMMITMENTS_OF_REQUESTS,
    values,
  });
  return { request, lines: lines.rows, commitments: commitments.rows };
}

/** Applies a step that the rules allow: stores the quantities, where the request stands, and the step, and publishes the event. */
export async function applyStep(db: PoolClient, ledger: Ledger, step: LedgerStep): Promise<void> {
  const { line, commitment, change } = step;
  if (line && change) {
    await db.query({
      ...statements.CHANGE_QUANTITIES,
      values: [
        line.id,
        step.act === 'COMMIT' ? null : (commitment?.id ?? null),
        change.committed,
        change.inTransit,
        change.delivered,
      ],
    });
    Object.assign(line, changed(line, change), {
      committed: sumOf(line.committed, change.committed),
    });
    if (commitment && step.act !== 'COMMIT') {
      Object.assign(commitment, changed(commitment, change), {
        quantity: sumOf(commitment.quantity, change.committed),
      });
    }
  }
  await storeStatus(db, ledger, step);
  await recordStep(db, ledger, step);
}

/** Stores a step and publishes its event, where the request itself is stored already. */
export async function recordStep(db: PoolClient, ledger: Ledger, step: LedgerStep): Promise<void> {
  const { request } = ledger;
  const { act, by, at, line, commitment, quantity, reason } = step;
  await db.query({
    ...statements.STORE_STEP,
    values: [
      request.id,
      act,
      at,
      by,
      line?.id ?? null,
      commitment?.id ?? null,
      quantity ?? null,
      reason ?? null,
    ],
  });
  const { id, area, facilityId } = request;
  const topic = REQUEST_TOPICS[act];
  await publish(db, [
    { topic, entity: id, area, tags: tagsOf(facilityId, ...suppliersOf(ledger, step)), at },
  ]);
}

async function storeStatus(db: PoolClient, { request, lines }: Ledger, step: LedgerStep) {
  const isAcknowledgedNow = isUnacknowledged(request) && acknowledges(step.act, lines);
  const acknowledgedAt = isAcknowledgedNow ? step.at : request.acknowledgedAt;
  const cancelledAt = step.act === 'CANCEL' ? step.at : request.cancelledAt;
  const status = statusOf(
    { isAcknowledged: acknowledgedAt !== null, isCancelled: cancelledAt !== null },
    lines,
  );
  const isWaiting = acknowledgedAt === null && !isOver(status);
  Object.assign(request, { acknowledgedAt, cancelledAt, status });
  if (!isWaiting) request.acknowledgeUntil = null;
  await db.query({
    ...statements.STORE_STATUS,
    values: [request.id, status, acknowledgedAt, cancelledAt, isWaiting],
  });
}

/** The lists of addressees of the lines that the step concerns, and the holders of its commitments. */
function suppliersOf(
  { lines, commitments }: Ledger,
  { act, line, commitment }: LedgerStep,
): [readonly string[][], string[]] {
  const concerned = line ? [line] : lines;
  const addressees = CONCERNS_ALL_SUPPLIERS.has(act) ? concerned.map((one) => one.addressees) : [];
  const holders = line ? (commitment ? [commitment] : []) : commitments;
  return [
    addressees,
    holders.map(({ organisationId, facilityId }) => (organisationId ?? facilityId)!),
  ];
}
