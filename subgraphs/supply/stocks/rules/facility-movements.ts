import type { LifelineKind } from '../../generated/graphql.js';
import type { Change } from './movements.js';
import { quantityOf } from '../../items/rules.js';

/** A quantity that arrived at a facility or left it (below 0) of an item that feeds a lifeline, in the unit of the lifeline. */
export interface FacilityMovement {
  bookingId: string;
  stockId: string;
  facilityId: string;
  kind: LifelineKind;
  quantity: number;
  at: Date;
  /** Whether it takes back what was booked too much: at most what arrived, and only where that moved the lifeline. */
  isCorrection: boolean;
}

/**
 * Returns what a row of the history brought to a facility or took from it; undefined where nothing of a lifeline entered or left. An
 * issue without a shipment stays in the facility: bottles go to a ward, diesel into the generator, and the lifeline is drawn on there. Counts
 * and corrections that follow from them or from a model concern the books alone, and so does what a correction adds. A correction below 0
 * may take back a receipt.
 */
export function facilityMovementOf(
  { stock, movement, kind, change, at, count, ofModel }: Change,
  bookingId: string,
): FacilityMovement | undefined {
  if (stock.lifeline === null || !('facility' in stock.holder)) return undefined;
  const crosses = kind === 'RECEIPT' || kind === 'RELOCATION' || movement.shipment !== null;
  const isCorrection = kind === 'CORRECTION' && count === null && !ofModel && change < 0;
  if (kind === 'COUNT' || (kind === 'CORRECTION' ? !isCorrection : !crosses)) return undefined;
  const quantity = quantityOf(change) * (stock.lifelineQuantity ?? 1);
  return {
    bookingId,
    stockId: stock.id,
    facilityId: stock.holder.facility,
    kind: stock.lifeline,
    quantity,
    at,
    isCorrection,
  };
}
