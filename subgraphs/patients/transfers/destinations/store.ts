import type { PoolClient } from 'pg';
import { isRefused } from '../../../../shared/validation/rules.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { withConcerns } from '../../audit/index.js';
import type {
  AcceptTransferInput,
  DivertTransferInput,
  HandOverInput,
  RefuseTransferInput,
  RequestDestinationInput,
} from '../../generated/graphql.js';
import { wanted, type Outcome } from '../jobs/rules.js';
import { type TransferJobs, openClaim } from '../jobs/index.js';
import {
  readinessOf,
  isAwaitingDecision,
  isActRefusal,
  nextPath,
  reasonAgainst,
  pathOf,
} from '../lifecycle/rules.js';
import {
  type TransferRow,
  sidesOf,
  isReservationConflict,
  notPossible,
  type TransferStore,
  isReservationUsed,
  APPROVALS_OF_TRANSFERS,
  transition,
  type PerformedAct,
  type ApprovalRow,
  addTransferJob,
  type TransferJob,
} from '../lifecycle/index.js';
import {
  alreadyThere,
  reservationInUse,
  reservationNotYours,
  reservationUnfit,
  type NamedSlot,
} from './rules.js';
import { noSlotLeft, notYet } from './responses.js';

/** A named destination: the facility, its area, and the slot that an allocation has reserved there. */
export interface Destination {
  id: string;
  area: string;
  reservation?: NamedSlot | undefined;
}

/** Names destinations, and stores their decisions. */
export class DestinationStore {
  readonly #jobs: TransferJobs;
  readonly #transfers: TransferStore;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor(
    { jobs, transfers }: { jobs: TransferJobs; transfers: TransferStore },
    caller: Caller,
    now: Date,
  ) {
    this.#jobs = jobs;
    this.#transfers = transfers;
    this.#caller = caller;
    this.#now = now;
  }

  /** Names a destination, the first or the next; a slot that was reserved at the previous one is released. */
  name(input: RequestDestinationInput, to: Destination) {
    const { transfer: id, reason } = input;
    const request = { field: 'requestDestination', act: 'REQUEST_DESTINATION', input } as const;
    const named = this.#transfers.act(request, async (db, transfer) => {
      const sides = sidesOf(this.#caller, transfer);
      const against = reasonAgainst(transfer.status, 'REQUEST_DESTINATION', sides);
      if (against) return notPossible(transfer, 'REQUEST_DESTINATION', against);
      const refused =
        alreadyThere(transfer, to.id) ??
        (await slotRefusal(db, to, transfer, { transfer: id, by: actorOf(this.#caller) }));
      if (refused) return withConcerns(refused, transfer);
      const { rows } = await db.query<ApprovalRow>({
        ...APPROVALS_OF_TRANSFERS,
        values: [[transfer.id]],
      });
      const readiness = readinessOf({ ...transfer, toArea: to.area }, rows);
      const path = nextPath(transfer.status, 'REQUEST_DESTINATION', readiness);
      const set = namedAs(to, transfer.attempt);
      return {
        jobs: await transition(
          db,
          transfer,
          path,
          this.#performed('REQUEST_DESTINATION', { reason, set }),
        ),
      };
    });
    return orInUse(to, named);
  }

  divert(input: DivertTransferInput, to: Destination) {
    const { reason } = input;
    const request = { field: 'divertTransfer', act: 'DIVERT', input } as const;
    return this.#transfers.act(request, async (db, transfer) => {
      const sides = sidesOf(this.#caller, transfer);
      const path = pathOf(transfer.status, 'DIVERT', sides);
      if (isActRefusal(path)) return notPossible(transfer, 'DIVERT', path);
      // The origin may receive the patient again.
      const refused = alreadyThere({ ...transfer, fromFacility: null }, to.id);
      if (refused) return withConcerns(refused, transfer);
      const set = namedAs(to, transfer.attempt);
      return {
        jobs: await transition(db, transfer, path, this.#performed('DIVERT', { reason, set })),
      };
    });
  }

  refuse(input: RefuseTransferInput) {
    return this.#transfers.transition({ field: 'refuseTransfer', act: 'REFUSE', input });
  }

  handOver(input: HandOverInput) {
    return this.#transfers.transition({ field: 'handOver', act: 'HAND_OVER', input });
  }

  /**
   * Accepts: stores that the facility accepts the patient, with the job that reserves a slot; then calls capacity, then
   * both become the acceptance. The transfer waits for the outcome until then, so a crash in between leaves an
   * acceptance that another attempt finishes, and never a patient without a slot or a slot without a patient.
   */
  async accept(input: AcceptTransferInput) {
    const request = { field: 'acceptTransfer', act: 'ACCEPT', input } as const;
    let added: TransferJob | undefined;
    const claimed = await this.#transfers.runOnce(request, async (db) => {
      const transfer = await this.#transfers.lockUnlessRepeated(db, request);
      if (transfer.__typename !== 'Transfer') return transfer;
      const path = pathOf(transfer.status, 'ACCEPT', sidesOf(this.#caller, transfer));
      if (isActRefusal(path)) return notPossible(transfer, 'ACCEPT', path);
      // Two acceptances for the same facility at once share a job.
      const open = await openClaim(db, transfer);
      added = open === undefined ? await this.#claim(db, transfer) : undefined;
      return { attempt: transfer.attempt, job: added?.id ?? open! };
    });
    if (isRefused(claimed)) return claimed;
    if (!('job' in claimed)) return this.#transfers.acted(request);
    const outcome = (await (added ? this.#jobs.run(added) : this.#jobs.outcomeOf(claimed.job))) as
      Outcome | undefined;
    if (!outcome) return notYet();
    const transfer = await this.#transfers.findUnchecked(input.transfer);
    const isSame = transfer.attempt === claimed.attempt;
    const isAccepted =
      isSame && !isAwaitingDecision(transfer.status) && transfer.reservationItem !== null;
    if (isAccepted || (await this.#transfers.hasActed(request, claimed.attempt))) {
      return this.#transfers.acted(request);
    }
    // It was not accepted, so the key stays free for the next try.
    await this.#transfers.freeKey(request);
    if (outcome.is === 'NO_PLACE') {
      return withConcerns(noSlotLeft(transfer, outcome, this.#caller), transfer);
    }
    const path = pathOf(transfer.status, 'ACCEPT', sidesOf(this.#caller, transfer));
    return isActRefusal(path) ? notPossible(transfer, 'ACCEPT', path) : notYet();
  }

  #claim(db: PoolClient, transfer: TransferRow): Promise<TransferJob> {
    const { attempt, toFacility, reservationId: reservation, reservationItem: item } = transfer;
    return addTransferJob(db, transfer, {
      operation: item === null ? 'RESERVE' : 'CONFIRM',
      attempt,
      facility: toFacility!,
      ...wanted(transfer),
      reservation,
      item,
      actor: actorOf(this.#caller),
      at: this.#now,
    });
  }

  #performed(act: PerformedAct['act'], how: Pick<PerformedAct, 'reason' | 'set'>): PerformedAct {
    return { act, by: actorOf(this.#caller), at: this.#now, ...how };
  }
}

/** Changes of a transfer when a destination is named. */
function namedAs(
  { id, area, reservation }: Destination,
  attempt: number,
): NonNullable<PerformedAct['set']> {
  return {
    toFacility: id,
    toArea: area,
    attempt: attempt + 1,
    reservationId: reservation?.id ?? null,
    reservationItem: reservation?.item ?? null,
  };
}

/** Refuses a reserved slot that another transfer uses or has released, or that does not fit the patient. */
export async function slotRefusal(
  db: PoolClient,
  { id, reservation }: Destination,
  patient: Parameters<typeof wanted>[0],
  { transfer, by }: { transfer: string | null; by: string },
) {
  if (!reservation) return undefined;
  const { item } = reservation;
  const needed = { facility: id, ...wanted(patient), by };
  const notYours = reservationNotYours(reservation, needed);
  if (notYours) return notYours;
  if (await isReservationUsed(db, item, transfer)) return reservationInUse(item);
  return reservationUnfit(reservation, needed);
}

/**
 * Two callers who name the same slot at once both find it free: the second one violates the index that gives it to one
 * transfer.
 */
export async function orInUse<T>({ reservation }: Destination, naming: Promise<T>) {
  try {
    return await naming;
  } catch (error) {
    if (!reservation || !isReservationConflict(error)) throw error;
    return reservationInUse(reservation.item);
  }
}
