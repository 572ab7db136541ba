import type { PoolClient } from 'pg';
import type { Job, JobKind, JobOutcome } from '../../../../shared/jobs/index.js';
import type { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import {
  isReservationConflict,
  type TransferRow,
  lockUnchecked,
  isReservationUsed,
  publishTransfers,
  storeReservation,
  transition,
  addTransferJob,
  RESERVATION_JOB,
  type ReservationInput,
  type TransferJob,
} from '../lifecycle/index.js';
import { isActRefusal, pathOf, type Side } from '../lifecycle/rules.js';
import { callCapacity } from './capacity-calls.js';
import { effectsOf, isClaim, wanted, type Effect, type Outcome } from './rules.js';

const DESTINATION: ReadonlySet<Side> = new Set(['DESTINATION']);
const NO_SLOT = { reservationId: null, reservationItem: null, placeUntil: null };

/** The jobs of transfers: capacity reserves, confirms, redeems or releases, and the transfer follows. */
export class ReservationJobKind implements JobKind<
  ReservationInput,
  Outcome,
  Outcome,
  TransferRow
> {
  readonly name = RESERVATION_JOB;
  readonly formerName = 'transfer.reservation';
  readonly #capacity: SubgraphClient;
  readonly #now: () => Date;

  constructor(capacity: SubgraphClient, now: () => Date) {
    this.#capacity = capacity;
    this.#now = now;
  }

  call(job: TransferJob): Promise<Outcome> {
    return callCapacity(this.#capacity, job);
  }

  lock(db: PoolClient, { subject }: TransferJob): Promise<TransferRow> {
    return lockUnchecked(db, subject);
  }

  async record(
    db: PoolClient,
    job: TransferJob,
    result: Outcome,
    transfer: TransferRow,
  ): Promise<JobOutcome<Outcome>> {
    const { input, attempt } = job;
    const outcome = await this.#whatIsLeft(db, job, result);
    const next: TransferJob[] = [];
    for (const effect of effectsOf(input, outcome, transfer)) {
      next.push(...(await this.#effect(db, transfer, job, outcome, effect)));
    }
    // Nobody waits for the outcome of a later attempt.
    if (outcome.is === 'NO_PLACE' && transfer.accepting && attempt > 1) {
      await publishTransfers(db, [transfer.id], 'RESERVATION_REFUSED', this.#now());
    }
    const [claim] = next;
    const isMadeAgain = isClaim(input) && outcome.is === 'ENDED' && claim !== undefined;
    return { outcome, next, ...(isMadeAgain && { continuedBy: claim }) };
  }

  /** Another attempt ended without a slot, and this one reserved one after all: nobody would use it, so it is released. */
  async recordLate(
    db: PoolClient,
    job: TransferJob,
    result: Outcome,
    { locked: transfer, outcome: earlier }: { locked: TransferRow; outcome: Outcome },
  ): Promise<Job[]> {
    const outcome = await this.#whatIsLeft(db, job, result);
    if (outcome.is !== 'KEPT' || earlier.is === 'KEPT') return [];
    return [await this.#follow(db, transfer, job, 'RELEASE', outcome)];
  }

  /** Another transaction named the slot after this one had looked for it: once that has committed, another look finds it. */
  isConflict(error: unknown): boolean {
    return isReservationConflict(error);
  }

  /**
   * Returns the outcome that still counts. A slot that was just reserved can be named for another transfer before the
   * outcome is recorded here: then that transfer uses and releases it, and another one is reserved.
   */
  async #whatIsLeft(
    db: PoolClient,
    { input, subject }: TransferJob,
    outcome: Outcome,
  ): Promise<Outcome> {
    if (input.operation !== 'RESERVE' || outcome.is !== 'KEPT') return outcome;
    return (await isReservationUsed(db, outcome.item, subject)) ? { is: 'ENDED' } : outcome;
  }

  async #effect(
    db: PoolClient,
    transfer: TransferRow,
    job: TransferJob,
    outcome: Outcome,
    { does }: Effect,
  ): Promise<TransferJob[]> {
    const at = this.#now();
    const slot =
      outcome.is === 'KEPT'
        ? {
            reservationId: outcome.reservation,
            reservationItem: outcome.item,
            placeUntil: new Date(outcome.until),
          }
        : NO_SLOT;
    switch (does) {
      case 'ACCEPT': {
        const path = pathOf(transfer.status, 'ACCEPT', DESTINATION);
        if (isActRefusal(path)) throw new Error(path.reason);
        return transition(db, transfer, path, { act: 'ACCEPT', by: job.actor, at, set: slot });
      }
      case 'KEEP_SLOT':
      case 'LOSE_SLOT':
        await storeReservation(db, transfer.id, slot);
        await publishTransfers(
          db,
          [transfer.id],
          does === 'KEEP_SLOT' ? 'RESERVATION_KEPT' : 'RESERVATION_LOST',
          at,
        );
        return [];
      case 'RESERVE':
        await storeReservation(db, transfer.id, NO_SLOT);
        return [
          await this.#follow(db, transfer, job, 'RESERVE', { reservation: null, item: null }),
        ];
      case 'RELEASE':
      case 'REDEEM':
        return [
          await this.#follow(db, transfer, job, does, {
            reservation: slot.reservationId,
            item: slot.reservationItem,
          }),
        ];
    }
  }

  #follow(
    db: PoolClient,
    transfer: TransferRow,
    { input: { attempt, facility }, actor }: TransferJob,
    operation: ReservationInput['operation'],
    { reservation, item }: Pick<ReservationInput, 'reservation' | 'item'>,
  ): Promise<TransferJob> {
    return addTransferJob(db, transfer, {
      operation,
      attempt,
      facility,
      ...wanted(transfer),
      reservation,
      item,
      actor,
      at: this.#now(),
    });
  }
}
