import type { PoolClient } from 'pg';
import { publish } from '../../../../shared/outbox/index.js';
import { isRefused, isUuid } from '../../../../shared/validation/rules.js';
import { countedAs } from '../../beds/index.js';
import { lockFacilities } from '../../facilities/index.js';
import { casualtyVisibilityValues } from '../../access/index.js';
import { type Actor, eventsOf } from '../reserving/index.js';
import { confirmedUntil, transition, unknownReservation, type ReservationAct } from './rules.js';
import {
  CONFIRM,
  LAST_CLAIMED,
  LOCKED_ITEMS,
  LOCKED_ITEMS_NAMED,
  REDEEM,
  RELEASE,
  RESERVATION_SEEN,
  type ItemRow,
} from './statements.js';

/** A transition of reserved slots; without `items` it is meant for all of them. */
export interface TransitionInput {
  reservation: string;
  items?: readonly string[] | null | undefined;
  until?: Date | null | undefined;
}

interface LockedItem extends ItemRow {
  /** AGS of the facility's Kreis. */
  area: string;
  origin: string | null;
  approvedBySpoc: boolean;
}

const ACTS = {
  confirm: { topic: 'capacity.reservation-confirmed', numbers: undefined, statement: CONFIRM },
  redeem: {
    topic: 'capacity.reservation-redeemed',
    numbers: 'capacity.beds-claimed',
    statement: REDEEM,
  },
  release: {
    topic: 'capacity.reservation-released',
    numbers: 'capacity.beds-freed',
    statement: RELEASE,
  },
} as const;

/** Makes a transition of reserved slots, in the transaction `db` is in. Repeated, it changes nothing and sends no event. */
export async function transitionWithin(
  db: PoolClient,
  act: ReservationAct,
  { reservation, items: named, until: given }: TransitionInput,
  { name, now, permitAt, visibility }: Actor,
) {
  const items = await lockItems(db, casualtyVisibilityValues(visibility), { reservation, named });
  if (!items) return unknownReservation(reservation);
  const meant = named ? items.filter(({ id }) => named.includes(id)) : items;
  for (const { facilityId, area } of meant) permitAt({ id: facilityId, area });

  const moment = act === 'release' ? now : await momentAt(db, meant, now);
  const able = transition(act, reservation, { items, named: named ?? undefined }, moment);
  if (isRefused(able)) return able;
  const moved = able.flatMap((item) => {
    const until = confirmedUntil(item, given ?? undefined, now);
    const isRepeated = act === 'confirm' && item.confirmedAt && +until === +item.expiresAt;
    return isRepeated ? [] : [{ item, until }];
  });
  if (moved.length > 0) {
    const { topic, numbers, statement } = ACTS[act];
    await db.query({
      name: `reservation-${act}`,
      text: statement,
      values: [
        moved.map(({ item }) => item.id),
        now,
        name,
        ...(act === 'confirm' ? [moved.map(({ until }) => until.toISOString())] : []),
      ],
    });
    const changed = moved.map(({ item }) => {
      const { facilityId: facility, area, category, intake, origin, approvedBySpoc } = item;
      return { reservation, facility, area, category, intake, origin, approvedBySpoc };
    });
    const counted = numbers && (await countedAs(db, changed, now));
    const items = changed.map((item) => ({ ...item, countedAs: counted?.(item) }));
    await publish(db, eventsOf(topic, numbers, items, now));
  }
  return { __typename: 'Reservation' as const, id: reservation };
}

/**
 * Items of a reservation that the caller sees, those named or all; undefined when there is no such reservation, or none of it
 * is seen. A call for all items locks the row of the reservation for itself:
 * other transitions, and the clock, come before or after. A call that names items shares that lock and locks only those items: the
 * casualties of one reservation of thousands are accepted side by side.
 */
async function lockItems(
  db: PoolClient,
  seen: ReturnType<typeof casualtyVisibilityValues>,
  { reservation, named }: { reservation: string; named: TransitionInput['items'] },
): Promise<LockedItem[] | undefined> {
  if (!isUuid(reservation)) return undefined;
  const values = [reservation, ...seen];
  const { rowCount } = await db.query(
    named
      ? { name: 'share-reservation', text: `${RESERVATION_SEEN} FOR SHARE OF r`, values }
      : { name: 'lock-reservation', text: `${RESERVATION_SEEN} FOR NO KEY UPDATE OF r`, values },
  );
  if (rowCount === 0) return undefined;
  const { rows } = await db.query<LockedItem>(
    named
      ? {
          name: 'locked-items-named',
          text: LOCKED_ITEMS_NAMED,
          values: [...values, named.filter(isUuid)],
        }
      : { name: 'locked-items', text: LOCKED_ITEMS, values },
  );
  return rows;
}

/**
 * The instant at which it is judged whether slots are still kept: now, but not before anybody else took slots there.
 * A call that waited for the lock brings an instant from before it, and another process's clock may be ahead; by either, a slot
 * that was given on because its time had run out would seem kept still, and be given twice.
 */
async function momentAt(db: PoolClient, items: readonly LockedItem[], now: Date): Promise<Date> {
  const facilities = [...new Set(items.map(({ facilityId }) => facilityId))];
  await lockFacilities(db, facilities);
  const { rows } = await db.query<{ lastClaimed: Date | null }>({
    name: 'last-reserved',
    text: LAST_CLAIMED,
    values: [facilities],
  });
  const { lastClaimed } = rows[0]!;
  return lastClaimed && lastClaimed > now ? lastClaimed : now;
}
