import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import {
  type CapacityClient,
  CapacityUnavailable,
  StatusOfSlotsDocument,
} from '../../capacity-client/index.js';
import { addTransferJob, type TransferJob } from '../lifecycle/reservation-jobs.js';
import type { TransferRow } from '../lifecycle/row.js';
import { CLOCK, lockTransfersUnchecked } from '../lifecycle/transition.js';
import { isComing } from './rules.js';
import { OPEN_CLAIM, SLOTS_RELIED_ON } from './statements.js';

/** How many slots one turn checks, so that a turn costs the same however many there are. */
const AT_ONCE = 100;
/** A slot that is about to lapse is left to the clock. */
const MINUTES_BEFORE_LAPSE = 5;

/** A kept slot that a transfer relies on. */
interface ReliedOn {
  /** The transfer. */
  id: string;
  reservation: string;
  item: string;
}

/**
 * Compares the slots that transfers rely on with capacity, some in each turn. Whoever settles reservations at a facility can
 * release the slot of a transfer there, and a restored database may know none of it: the next patient would get the bed, and two
 * would be accepted for it.
 */
export class SlotCheck {
  readonly #db: Pool;
  readonly #capacity: CapacityClient;
  /** The item that the last turn ended with; null for a turn from the first. */
  #last: string | null = null;

  constructor(db: Pool, capacity: CapacityClient) {
    this.#db = db;
    this.#capacity = capacity;
  }

  /** Returns jobs that claim the lost slots again; their outcome says what becomes of the transfers. */
  async run(now: Date): Promise<TransferJob[]> {
    const until = new Date(now.getTime() + MINUTES_BEFORE_LAPSE * 60_000);
    const { rows } = await this.#db.query<ReliedOn>({
      ...SLOTS_RELIED_ON,
      values: [this.#last, until, AT_ONCE],
    });
    const lost = await this.#lost(rows);
    this.#last = rows.length < AT_ONCE ? null : rows.at(-1)!.item;
    if (lost.length === 0) return [];
    return inTransaction(this.#db, (db) => claimAgain(db, lost, now));
  }

  /** Those of the slots that capacity no longer keeps; none while that cannot be known. */
  async #lost(slots: readonly ReliedOn[]): Promise<ReliedOn[]> {
    if (slots.length === 0) return [];
    const ids = [...new Set(slots.map(({ reservation }) => reservation))];
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
      if (error instanceof CapacityUnavailable) return [];
      throw error;
    }
  }
}

/** REDEEMED: the facility itself has said that the patient is there, so the bed is theirs. */
const KEPT: ReadonlySet<string> = new Set(['OPEN', 'CONFIRMED', 'REDEEMED']);

async function claimAgain(
  db: PoolClient,
  lost: readonly ReliedOn[],
  at: Date,
): Promise<TransferJob[]> {
  const transfers = await lockTransfersUnchecked(
    db,
    lost.map(({ id }) => id),
  );
  const jobs: TransferJob[] = [];
  for (const { id, item } of lost) {
    const transfer = transfers.get(id);
    if (!transfer || transfer.item !== item || !isComing(transfer.status)) continue;
    if (await isClaimed(db, transfer)) continue;
    const { attempt, toFacility, reservation } = transfer;
    const about = { attempt, facility: toFacility!, bedCategory: null, intake: null };
    const operation = 'CONFIRM' as const;
    jobs.push(
      await addTransferJob(db, transfer, {
        ...{ operation, ...about, reservation, item },
        ...{ actor: CLOCK, at },
      }),
    );
  }
  return jobs;
}

/** Whether somebody already claims a slot for the transfer. */
async function isClaimed(db: PoolClient, { id, attempt }: TransferRow): Promise<boolean> {
  const { rowCount } = await db.query({ ...OPEN_CLAIM, values: [id, attempt] });
  return rowCount !== 0;
}
