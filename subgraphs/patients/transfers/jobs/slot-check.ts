import {
  type SubgraphClient,
  SubgraphUnavailable,
} from '../../../../shared/subgraph-client/index.js';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { MINUTE_MS } from '../../../../shared/time/rules.js';
import { StatusOfSlotsDocument } from '../../capacity-client/index.js';
import {
  addTransferJob,
  type TransferJob,
  lockTransfersUnchecked,
  CLOCK,
} from '../lifecycle/index.js';
import { isComing } from './rules.js';
import { openClaim, slotsReliedOn, type UsedSlot } from './store-slots.js';

/** The number of slots that one run checks, so that each run costs the same however many there are. */
const AT_ONCE = 100;
/** A slot that is about to lapse is left to the clock. */
const MINUTES_BEFORE_LAPSE = 5;

/**
 * Compares the slots that transfers rely on with capacity, some in each run. A facility can release the slot of a transfer in
 * capacity, and a restored database may have lost it: the next patient would get the bed, and two would be accepted for it.
 */
export class SlotCheck {
  readonly #db: Pool;
  readonly #capacity: SubgraphClient;
  /** The last item of the run before; null for a run from the first item. */
  #last: string | null = null;

  constructor(db: Pool, capacity: SubgraphClient) {
    this.#db = db;
    this.#capacity = capacity;
  }

  /** Returns jobs that claim the lost slots again; their outcome decides about the transfers. */
  async run(now: Date): Promise<TransferJob[]> {
    const until = new Date(now.getTime() + MINUTES_BEFORE_LAPSE * MINUTE_MS);
    const slots = await slotsReliedOn(this.#db, { after: this.#last, until, count: AT_ONCE });
    const lost = await this.#lost(slots);
    this.#last = slots.length < AT_ONCE ? null : slots.at(-1)!.item;
    if (lost.length === 0) return [];
    return inTransaction(this.#db, (db) => claimAgain(db, lost, now));
  }

  /** Returns the slots that capacity no longer reserves; none while capacity is unavailable. */
  async #lost(slots: readonly UsedSlot[]): Promise<UsedSlot[]> {
    if (slots.length === 0) return [];
    const ids = [...new Set(slots.flatMap(({ reservation }) => reservation ?? []))];
    const variables = {
      refs: ids.map((id) => ({ __typename: 'Reservation', id })),
      items: slots.map(({ item }) => item),
    };
    try {
      const { reservations } = await this.#capacity.request(StatusOfSlotsDocument, variables);
      const items = reservations.flatMap((found) =>
        found?.__typename === 'Reservation' ? found.items : [],
      );
      const kept = new Set(items.filter(({ status }) => KEPT.has(status)).map(({ id }) => id));
      return slots.filter(({ item }) => !kept.has(item));
    } catch (error) {
      if (error instanceof SubgraphUnavailable) return [];
      throw error;
    }
  }
}

/** REDEEMED: the facility itself has reported the patient, so the bed is theirs. */
const KEPT: ReadonlySet<string> = new Set(['OPEN', 'CONFIRMED', 'REDEEMED']);

async function claimAgain(
  db: PoolClient,
  lost: readonly UsedSlot[],
  at: Date,
): Promise<TransferJob[]> {
  const transfers = await lockTransfersUnchecked(
    db,
    lost.map(({ id }) => id),
  );
  const jobs: TransferJob[] = [];
  for (const { id, item } of lost) {
    const transfer = transfers.get(id);
    if (!transfer || transfer.reservationItem !== item || !isComing(transfer.status)) continue;
    if ((await openClaim(db, transfer)) !== undefined) continue;
    const { attempt, toFacility, reservationId: reservation } = transfer;
    const about = { attempt, facility: toFacility!, bedCategory: null, intake: null };
    const operation = 'CONFIRM' as const;
    jobs.push(
      await addTransferJob(db, transfer, {
        operation,
        ...about,
        reservation,
        item,
        actor: CLOCK,
        at,
      }),
    );
  }
  return jobs;
}
