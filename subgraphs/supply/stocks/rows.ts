import type { BookingKind, Unit, UnusableCause } from '../generated/graphql.js';
import type { HolderKind } from '../generated/prisma/client.js';

/** A stock as it is read; quantities are in the item's unit. */
export interface StockRow {
  id: string;
  holderKind: HolderKind;
  holderId: string;
  itemId: string;
  unit: Unit;
  quantity: number;
  minimum: number | null;
  averageConsumption: number | null;
  /** Infinity where no demand is stated. */
  daysOfCover: number;
  modelled: boolean;
  renewalQuantity: number | null;
  renewalDays: number | null;
  renewsAt: Date | null;
  createdAt: Date;
  changedAt: Date;
  /** AGS of the Kreis of the holder. */
  area: string;
  /** The duty that applies; null where none does. */
  dutyRule: string | null;
  requiredDays: number | null;
}

export interface BatchRow {
  stock: string;
  batch: string | null;
  quantity: number;
  usableUntil: Date | null;
  unusable: UnusableCause | null;
}

/** A row of the history. */
export interface BookingRow {
  id: string;
  stockId: string;
  kind: BookingKind;
  batch: string | null;
  change: number;
  counted: number | null;
  quantityAfter: number;
  minimum: number | null;
  averageConsumption: number | null;
  reason: string | null;
  countId: string | null;
  by: string;
  at: Date;
  recordedAt: Date;
}
