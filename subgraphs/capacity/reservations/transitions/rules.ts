import { noneWithId, type WithTypename } from '../../../../shared/validation/rules.js';
import type {
  ReservationStatus,
  UnknownReservation,
  UnknownReservationItem,
} from '../../generated/graphql.js';
import type { ReservationItem } from '../../generated/prisma/client.js';
import { LONGEST_HOURS, minutesAfter } from '../reserving/rules.js';

/** The facts of an item that decide its state. */
export type ItemLife = Pick<
  ReservationItem,
  'id' | 'count' | 'expiresAt' | 'confirmedAt' | 'redeemedAt' | 'releasedAt' | 'finalized'
>;

/** Acts by which a caller moves reserved slots to another status. */
export type ReservationAct = 'confirm' | 'redeem' | 'release';

/** The statuses in which an act has nothing left to do, and its word in a refusal. */
const ACTS: Readonly<Record<ReservationAct, { done: readonly ReservationStatus[]; past: string }>> =
  {
    confirm: { done: ['REDEEMED'], past: 'confirmed' },
    redeem: { done: ['REDEEMED'], past: 'redeemed' },
    release: { done: ['RELEASED', 'LAPSED', 'NOT_GIVEN'], past: 'released' },
  };

/** From most to least left to do: what the status of a whole reservation is. */
const LEFT_TO_DO: readonly ReservationStatus[] = [
  'OPEN',
  'CONFIRMED',
  'REDEEMED',
  'LAPSED',
  'RELEASED',
];

export interface EndedRefusal<Item> {
  __typename: 'ReservationEnded';
  message: string;
  reservation: { id: string };
  items: Item[];
}

/**
 * Where an item stands at an instant. Lapsing needs no call: the clock does it. An item that was published as lapsed stays
 * so, also for a process whose clock is a little behind.
 */
export function statusOf(item: ItemLife, now: Date): ReservationStatus {
  if (item.count === 0) return 'NOT_GIVEN';
  if (item.redeemedAt) return 'REDEEMED';
  if (item.releasedAt) return 'RELEASED';
  if (item.finalized || item.expiresAt <= now) return 'LAPSED';
  return item.confirmedAt ? 'CONFIRMED' : 'OPEN';
}

export function isKeeping(item: ItemLife, now: Date): boolean {
  const status = statusOf(item, now);
  return status === 'OPEN' || status === 'CONFIRMED';
}

/** Where a reservation stands on the whole. */
export function statusOfAll(items: readonly ItemLife[], now: Date): ReservationStatus {
  const statuses = new Set(items.map((item) => statusOf(item, now)));
  return LEFT_TO_DO.find((status) => statuses.has(status)) ?? 'NOT_GIVEN';
}

/** When the next of its slots lapses; once none is kept any more, the last of these times. */
export function nextExpiry(items: readonly ItemLife[], now: Date): Date {
  const times = items.map(({ expiresAt }) => expiresAt).sort((a, b) => +a - +b);
  const kept = items.filter((item) => isKeeping(item, now)).map(({ expiresAt }) => expiresAt);
  return kept.sort((a, b) => +a - +b)[0] ?? times.at(-1)!;
}

/**
 * The items a step moves on, of those that are meant: `named`, or all. Where some of all have ended already the step is made for the rest; what is named must be able to take it. A step that was reserved before moves nothing and is no fault,
 * so a call whose response got lost may be repeated.
 */
export function transition<Item extends ItemLife>(
  act: ReservationAct,
  reservation: string,
  { items, named }: { items: readonly Item[]; named: readonly string[] | undefined },
  now: Date,
): Item[] | EndedRefusal<Item> | WithTypename<UnknownReservationItem> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const unknown = named?.find((id) => !byId.has(id));
  if (unknown !== undefined) return unknownItem(reservation, unknown);
  const meant = named ? [...new Set(named)].map((id) => byId.get(id)!) : items;
  const isDone = (item: Item) => ACTS[act].done.includes(statusOf(item, now));
  const able = meant.filter((item) => isKeeping(item, now));
  const ended = meant.filter((item) => !isKeeping(item, now) && !isDone(item));
  const isRefused = named ? ended.length > 0 : able.length === 0 && !meant.some(isDone);
  return isRefused ? hasEnded(act, reservation, ended, now) : able;
}

/** Returns until when a slot is kept once it is confirmed. A slot that is confirmed already keeps its time unless another is named. */
export function confirmedUntil(item: ItemLife, expiresAt: Date | undefined, now: Date): Date {
  if (expiresAt) return expiresAt;
  return item.confirmedAt ? item.expiresAt : minutesAfter(now, LONGEST_HOURS * 60);
}

export function unknownReservation(reservation: string): WithTypename<UnknownReservation> {
  return noneWithId('reservation', reservation, 'the result of reserveBeds or from `reservations`');
}

function unknownItem(reservation: string, item: string): WithTypename<UnknownReservationItem> {
  const source = '`Reservation.items` of the reservation, or leave `items` out to mean all';
  return { ...noneWithId('reservationItem', item, source), reservationId: reservation };
}

function hasEnded<Item extends ItemLife>(
  act: ReservationAct,
  reservation: string,
  items: Item[],
  now: Date,
): EndedRefusal<Item> {
  const statuses = [...new Set(items.map((item) => statusOf(item, now)))].join(', ');
  const remedy =
    act === 'release'
      ? 'The patients have arrived; the facility’s next report says when their beds are free.'
      : 'Reserve again, or name only items that are OPEN or CONFIRMED.';
  return {
    __typename: 'ReservationEnded',
    message: `Only what still keeps its slots can be ${ACTS[act].past}; ${items.length} of the items meant do not (${statuses}). Nothing was changed. ${remedy}`,
    reservation: { id: reservation },
    items,
  };
}
