import { MINUTE_MS } from '../../../../shared/time/rules.js';
import type { SupplyAct, SupplyRequestStatus } from '../../generated/graphql.js';
import { sumOf } from '../../items/rules.js';

export { refusalIfNotAhead, refusalOfOfferTimes, timeRefusal } from './rules/times.js';

/**
 * The quantities of one line: requested ≥ committed ≥ in transit + delivered, always. Every step returns the new
 * quantities, or the refusal with what would still be possible.
 */
export interface LineQuantities {
  requested: number;
  committed: number;
  inTransit: number;
  delivered: number;
}

/** The part of a line that one holder has committed. */
export interface CommitmentQuantities {
  quantity: number;
  inTransit: number;
  delivered: number;
}

/**
 * A quantity that was dispatched at once. `rejected` arrived and was not taken into stock; `returned` is the part of the received that
 * was sent back.
 */
export interface ShipmentQuantities {
  quantity: number;
  received: number;
  lost: number;
  rejected: number;
  returned: number;
}

/** The limit that a step would exceed: how much is possible. */
export interface ExceededLimit {
  exceeded: 'OPEN' | 'COMMITTED' | 'IN_TRANSIT' | 'DELIVERED' | 'OFFERED';
  possible: number;
}

export function isExceeded(outcome: object): outcome is ExceededLimit {
  return 'exceeded' in outcome;
}

/** Returns how much of a line nobody has committed. */
export function openOf({ requested, committed }: Pick<LineQuantities, 'requested' | 'committed'>) {
  return sumOf(requested, -committed);
}

/** Returns how much of a commitment was not dispatched yet. */
export function notDispatchedOf({ quantity, inTransit, delivered }: CommitmentQuantities): number {
  return sumOf(quantity, -inTransit, -delivered);
}

/** Returns how much of a shipment was dispatched and neither received, rejected nor declared lost. */
export function inTransitOf({ quantity, received, lost, rejected }: ShipmentQuantities): number {
  return sumOf(quantity, -received, -lost, -rejected);
}

/** Returns how much of a shipment its receiver still has and can send back. */
export function returnableOf({ received, returned }: ShipmentQuantities): number {
  return sumOf(received, -returned);
}

/** Commits a part of a line. */
export function commit(line: LineQuantities, quantity: number): LineQuantities | ExceededLimit {
  const open = openOf(line);
  if (sumOf(quantity) > open) return { exceeded: 'OPEN', possible: open };
  return { ...line, committed: sumOf(line.committed, quantity) };
}

/** Draws a part of an offer for a commitment: a commitment never exceeds its offer. */
export function drawFromOffer<Offer extends { quantity: number; committed: number }>(
  offer: Offer,
  quantity: number,
): Offer | ExceededLimit {
  const left = openOf({ requested: offer.quantity, committed: offer.committed });
  if (sumOf(quantity) > left) return { exceeded: 'OFFERED', possible: left };
  return { ...offer, committed: sumOf(offer.committed, quantity) };
}

/** The effect of a step on a line and on the commitment in it. */
export interface LedgerChange {
  /** Added to what the line has committed, and to the commitment. */
  committed: number;
  inTransit: number;
  delivered: number;
}

const NO_CHANGE: LedgerChange = { committed: 0, inTransit: 0, delivered: 0 };

/** Gives back what of a commitment was not dispatched: others may commit it. */
export function withdraw(commitment: CommitmentQuantities): LedgerChange {
  return { ...NO_CHANGE, committed: sumOf(-notDispatchedOf(commitment)) };
}

/** Dispatches a part of a commitment. */
export function dispatch(
  commitment: CommitmentQuantities,
  quantity: number,
): LedgerChange | ExceededLimit {
  const possible = notDispatchedOf(commitment);
  if (sumOf(quantity) > possible) return { exceeded: 'COMMITTED', possible };
  return { ...NO_CHANGE, inTransit: quantity };
}

/** Receives a part of a shipment; the rest stays in transit. */
export function receive(
  shipment: ShipmentQuantities,
  quantity: number,
): LedgerChange | ExceededLimit {
  const possible = inTransitOf(shipment);
  if (sumOf(quantity) > possible) return { exceeded: 'IN_TRANSIT', possible };
  return { ...NO_CHANGE, inTransit: -quantity, delivered: quantity };
}

/** Declares lost what of a shipment is in transit: its sender may dispatch as much again. */
export function lose(shipment: ShipmentQuantities): LedgerChange {
  return { ...NO_CHANGE, inTransit: sumOf(-inTransitOf(shipment)) };
}

/** Rejects a part of a shipment that arrived and cannot be used: its sender may dispatch as much again. */
export function reject(
  shipment: ShipmentQuantities,
  quantity: number,
): LedgerChange | ExceededLimit {
  const possible = inTransitOf(shipment);
  if (sumOf(quantity) > possible) return { exceeded: 'IN_TRANSIT', possible };
  return { ...NO_CHANGE, inTransit: -quantity };
}

/** Sends back a part of what was received: its sender may dispatch as much again. */
export function sendBack(
  shipment: ShipmentQuantities,
  quantity: number,
): LedgerChange | ExceededLimit {
  const possible = returnableOf(shipment);
  if (sumOf(quantity) > possible) return { exceeded: 'DELIVERED', possible };
  return { ...NO_CHANGE, delivered: -quantity };
}

/** Returns the quantities of a line or a commitment after a change. */
export function changed<Quantities extends { inTransit: number; delivered: number }>(
  quantities: Quantities,
  change: Pick<LedgerChange, 'inTransit' | 'delivered'>,
): Quantities {
  return {
    ...quantities,
    inTransit: sumOf(quantities.inTransit, change.inTransit),
    delivered: sumOf(quantities.delivered, change.delivered),
  };
}

/** Returns the status of a request: its lines decide it, and people where they acknowledged or cancelled it. */
export function statusOf(
  request: { isAcknowledged: boolean; isCancelled: boolean },
  lines: readonly LineQuantities[],
): SupplyRequestStatus {
  if (request.isCancelled) return 'CANCELLED';
  if (lines.every(({ requested, delivered }) => delivered === requested)) return 'RECEIVED';
  const isWhollyDispatched = lines.every(
    ({ requested, inTransit, delivered }) => sumOf(inTransit, delivered) === requested,
  );
  if (isWhollyDispatched) return 'DISPATCHED';
  if (lines.every((line) => openOf(line) === 0)) return 'COMMITTED';
  if (lines.some(({ committed }) => committed > 0)) return 'PARTLY_COMMITTED';
  return request.isAcknowledged ? 'ACKNOWLEDGED' : 'REQUESTED';
}

/** Whether suppliers may still commit, and authorities acknowledge. */
export function isOver(status: SupplyRequestStatus): boolean {
  return status === 'CANCELLED' || status === 'RECEIVED';
}

/** Whether nobody on the other side has taken care of a request since it was made, or since it was escalated last. */
export function isUnacknowledged({
  acknowledgedAt,
  escalatedAt,
}: {
  acknowledgedAt: Date | null;
  escalatedAt: Date | null;
}): boolean {
  return acknowledgedAt === null || (escalatedAt !== null && acknowledgedAt < escalatedAt);
}

/** Whether an act takes care of a request: an authority's acknowledgement, or the commitment after which nothing is open. */
export function acknowledges(act: SupplyAct, lines: readonly LineQuantities[]): boolean {
  return act === 'ACKNOWLEDGE' || (act === 'COMMIT' && lines.every((line) => openOf(line) === 0));
}

/** Returns the instant at which half the time until a request's goods are needed is over: what is open then is escalated again. */
export function halfTimeOf({
  requestedAt,
  neededUntil,
}: {
  requestedAt: Date;
  neededUntil: Date;
}): Date {
  return new Date((requestedAt.getTime() + neededUntil.getTime()) / 2);
}

/** A commitment of which nothing was dispatched so long after it was expected is released: others can commit it. */
export const OVERDUE_HOURS = 2;

/** The longest time in which a request has to be acknowledged: the default of UCRI2, an hour. */
const LONGEST_MINUTES = 60;
/** Shorter than this nobody reads a request and answers it. */
const SHORTEST_MINUTES = 10;

/**
 * Returns until when a request has to be acknowledged: a quarter of the time until it is needed, between 10 and 60 minutes.
 * After it the request is escalated; the requester stays responsible.
 */
export function acknowledgeUntil(requestedAt: Date, neededUntil: Date): Date {
  const quarter = (neededUntil.getTime() - requestedAt.getTime()) / 4;
  const minutes = Math.min(LONGEST_MINUTES, Math.max(SHORTEST_MINUTES, quarter / MINUTE_MS));
  return new Date(requestedAt.getTime() + minutes * MINUTE_MS);
}
