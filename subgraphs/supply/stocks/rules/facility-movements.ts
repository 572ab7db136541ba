import type { LifelineKind } from '../../generated/graphql.js';
import type { Change } from './movements.js';
import { quantityOf } from '../../items/rules.js';

/** A quantity that arrived at a facility or left it (below 0) of an item that feeds a lifeline, in the unit of the lifeline. */
export interface FacilityMovement {
  bookingId: string;
  facilityId: string;
  kind: LifelineKind;
  quantity: number;
  at: Date;
}

/**
 * Returns what a row of the history brought to a facility or took from it; undefined where nothing of a lifeline entered or left. An
 * issue without a shipment stays in the facility: bottles go to a ward, diesel into the generator, and the lifeline is drawn on there. Counts
 * and corrections concern the books alone.
 */
export function facilityMovementOf(
  { stock, movement, kind, change, at }: Change,
  bookingId: string,
): FacilityMovement | undefined {
  if (stock.lifeline === null || !('facility' in stock.holder)) return undefined;
  const crosses = kind === 'RECEIPT' || kind === 'RELOCATION' || movement.shipment !== null;
  if (!crosses || kind === 'CORRECTION' || kind === 'COUNT') return undefined;
  const quantity = quantityOf(change) * (stock.lifelineQuantity ?? 1);
  return { bookingId, facilityId: stock.holder.facility, kind: stock.lifeline, quantity, at };
}
