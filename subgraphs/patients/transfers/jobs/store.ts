import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/transaction.js';
import { CapacityAway, type CapacityLink } from '../../capacity-client/client.js';
import type { Database } from '../../database/database.js';
import type { TransferKind } from '../../generated/graphql.js';
import { isId } from '../../access/visibility.js';
import type { TransferRow } from '../lifecycle/row.js';
import { step, type Party } from '../lifecycle/rules.js';
import { isPlaceTaken } from '../lifecycle/place-taken.js';
import { KEEP_PLACE, PLACE_USED } from '../lifecycle/statements.js';
import { lockUnseen, take, tell } from '../lifecycle/transition.js';
import { carryOut, placeOf, type KeptPlace } from './capacity-calls.js';
import {
  effectsOf,
  GRACE_SECONDS,
  isClaim,
  LONGEST_PAUSE_SECONDS,
  type Effect,
  type Errand,
  type Outcome,
} from './rules.js';
import { ERRAND_BY_ID, ERRAND_LOCKED, FINISH_ERRAND, TAKE_DUE } from './statements.js';
import { storeErrand } from './storing.js';

/** How many unfinished errands are taken up together. */
const AT_ONCE = 20;
const DESTINATION: ReadonlySet<Party> = new Set(['DESTINATION']);

/**
 * What is to be done in capacity for transfers. A step writes its errand in its own transaction; then the errand is carried
 * out and its outcome written, each in a way that may be repeated. So a process may be killed anywhere: what it left is
 * found and finished by the next, and no place is got twice or kept for nobody.
 */
export class ErrandStore {
  readonly #db: Pool;
  readonly #capacity: CapacityLink;
  readonly #now: Date;

  constructor({ pool }: Database, capacity: CapacityLink, now: Date) {
    this.#db = pool;
    this.#capacity = capacity;
    this.#now = now;
  }

  /** A reserved place as capacity has it; undefined when there is none. Throws CapacityAway. */
  async placeOf(named: { id: string; item: string }): Promise<KeptPlace | undefined> {
    return isId(named.id) && isId(named.item) ? placeOf(this.#capacity, named) : undefined;
  }

  /** Does an errand, and what follows from it, unless somebody has. Throws CapacityAway when it must be tried again. */
  async run(id: string): Promise<Outcome> {
    const { rows } = await this.#db.query<
      Errand & { transferKind: TransferKind; fromArea: string }
    >({
      ...ERRAND_BY_ID,
      values: [id],
    });
    const errand = rows[0];
    if (!errand) throw new Error(`Errand ${id} has vanished.`);
    if (errand.outcome) return errand.outcome;
    const outcome = await carryOut(this.#capacity, errand, {
      kind: errand.transferKind,
      fromArea: errand.fromArea,
    });
    const { written, next } = await this.#writeDown(errand, outcome);
    const outcomes = new Map<string, Outcome>();
    for (const follower of next) outcomes.set(follower, await this.run(follower));
    // A claim that had to be made anew ends as its successor does.
    return isClaim(errand) && written.is === 'ENDED'
      ? ([...outcomes.values()].at(-1) ?? written)
      : written;
  }

  /** Does errands whose step is committed. When capacity is away they wait for the loop: the step itself stands. */
  async runSoon(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      try {
        await this.run(id);
      } catch (error) {
        if (!(error instanceof CapacityAway)) throw error;
        return;
      }
    }
  }

  /** Finishes what was begun and not ended, by whichever process. One that fails does not hold up the others. */
  async finishDue(): Promise<void> {
    const faults: unknown[] = [];
    for (;;) {
      const { rows } = await this.#db.query<{ id: string }>({
        ...TAKE_DUE,
        values: [this.#now, AT_ONCE, GRACE_SECONDS, LONGEST_PAUSE_SECONDS],
      });
      const ends = await Promise.allSettled(rows.map(({ id }) => this.run(id)));
      const failed = ends.flatMap((end) =>
        end.status === 'rejected' ? [end.reason as unknown] : [],
      );
      faults.push(...failed.filter((reason) => !(reason instanceof CapacityAway)));
      if (rows.length < AT_ONCE || failed.length === rows.length) break;
    }
    if (faults.length > 0) throw faults[0];
  }

  async #writeDown(errand: Errand, outcome: Outcome) {
    const finish = () => inTransaction(this.#db, (db) => this.#finish(db, errand, outcome));
    try {
      return await finish();
    } catch (error) {
      // Somebody named the place after it was looked whether anybody had: now that he is done, the look finds him.
      if (!isPlaceTaken(error)) throw error;
      return finish();
    }
  }

  async #finish(db: PoolClient, { id, transfer: of }: Errand, came: Outcome) {
    // The transfer's lock before the errand's, as everywhere.
    const transfer = await lockUnseen(db, of);
    const { rows } = await db.query<Errand>({ ...ERRAND_LOCKED, values: [id] });
    const errand = rows[0]!;
    const outcome = await whatIsLeft(db, errand, came);
    if (errand.outcome) {
      const next = await this.#giveBackLate(db, transfer, errand, outcome);
      return { written: errand.outcome, next };
    }
    await db.query({ ...FINISH_ERRAND, values: [id, this.#now, JSON.stringify(outcome)] });
    const next: string[] = [];
    for (const effect of effectsOf(errand, outcome, transfer)) {
      next.push(...(await this.#effect(db, transfer, errand, outcome, effect)));
    }
    if (outcome.is === 'NO_PLACE' && transfer.accepting && errand.tries > 0) {
      await tell(db, [transfer.id], 'PLACE_REFUSED', this.#now);
    }
    return { written: outcome, next };
  }

  async #effect(
    db: PoolClient,
    transfer: TransferRow,
    errand: Errand,
    outcome: Outcome,
    { does }: Effect,
  ): Promise<string[]> {
    const place =
      outcome.is === 'KEPT'
        ? {
            reservation: outcome.reservation,
            item: outcome.item,
            placeUntil: new Date(outcome.until),
          }
        : { reservation: null, item: null, placeUntil: null };
    switch (does) {
      case 'ACCEPT': {
        const path = step(transfer.status, 'ACCEPT', DESTINATION);
        if ('no' in path) throw new Error(path.reason);
        const taken = { act: 'ACCEPT' as const, by: errand.actor, at: this.#now, set: place };
        return take(db, transfer, path, taken);
      }
      case 'KEEP_PLACE':
      case 'LOSE_PLACE':
        await db.query({
          ...KEEP_PLACE,
          values: [transfer.id, place.reservation, place.item, place.placeUntil],
        });
        await tell(
          db,
          [transfer.id],
          does === 'KEEP_PLACE' ? 'PLACE_KEPT' : 'PLACE_LOST',
          this.#now,
        );
        return [];
      case 'RESERVE':
        await db.query({ ...KEEP_PLACE, values: [transfer.id, null, null, null] });
        return [
          await this.#follow(db, transfer, errand, 'RESERVE', { reservation: null, item: null }),
        ];
      case 'RELEASE':
      case 'REDEEM':
        return [await this.#follow(db, transfer, errand, does, place)];
    }
  }

  /** Another try ended the errand without a place, and this one got it after all: nobody would use it, so it goes back. */
  async #giveBackLate(db: PoolClient, transfer: TransferRow, errand: Errand, outcome: Outcome) {
    if (outcome.is !== 'KEPT' || errand.outcome?.is === 'KEPT') return [];
    return [await this.#follow(db, transfer, errand, 'RELEASE', outcome)];
  }

  #follow(
    db: PoolClient,
    transfer: TransferRow,
    errand: Errand,
    kind: Errand['kind'],
    { reservation, item }: Pick<Errand, 'reservation' | 'item'>,
  ): Promise<string> {
    return storeErrand(db, {
      ...errand,
      ...wanted(transfer),
      kind,
      reservation,
      item,
      createdAt: this.#now,
    });
  }
}

/**
 * What of an outcome still counts. A place that was just got can be named for another transfer before it is written down
 * here: then it is that one's to use and to give back, and another is got.
 */
async function whatIsLeft(
  db: PoolClient,
  { kind, transfer }: Errand,
  outcome: Outcome,
): Promise<Outcome> {
  if (kind !== 'RESERVE' || outcome.is !== 'KEPT') return outcome;
  const { rowCount } = await db.query({ ...PLACE_USED, values: [outcome.item, transfer] });
  return rowCount === 0 ? outcome : { is: 'ENDED' };
}

/** What a place at the destination is asked for as: a bed, or the intake of the patient's category as it is now. */
export function wanted({
  bedCategory,
  patientCategory,
}: Pick<TransferRow, 'bedCategory' | 'patientCategory'>) {
  return { bedCategory, intake: bedCategory ? null : patientCategory };
}
