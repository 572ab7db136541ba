import type { SelectedRow } from '../../../shared/database/index.js';
import type { UnusableCause } from '../generated/graphql.js';
import type { Item, Stock, StockBatch, StockBooking } from '../generated/prisma/client.js';

/** A stock as it is read; quantities are in the item's unit, and the days of cover are infinite where no demand is stated. */
export interface StockRow extends SelectedRow<Stock>, Pick<Item, 'unit'> {
  /** AGS of the Kreis of the holder. */
  area: string;
  /** The duty that applies; null where none does. */
  dutyRule: string | null;
  requiredDays: number | null;
}

/** A batch of a stock; its number is null for what has no known batch. */
export interface BatchRow extends SelectedRow<Omit<StockBatch, 'batch' | 'bookedTo'>> {
  batch: string | null;
  unusable: UnusableCause | null;
}

/** A row of the history. */
export interface BookingRow extends SelectedRow<
  Omit<StockBooking, 'batch' | 'shipmentId' | 'counterpartId' | 'seq'>
> {
  batch: string | null;
}
