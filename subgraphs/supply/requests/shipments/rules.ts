import { MINUTE_MS, YEAR_MS } from '../../../../shared/time/rules.js';
import type {
  CommitmentExceeded,
  RejectedGoodsHandling,
  ShipmentExceeded,
  StorageExceeded,
  StorageNeed,
  SupplyTimeOutOfRange,
  UnknownSupplyShipment,
} from '../../generated/graphql.js';
import {
  noneWithId,
  reasonFault,
  textFault,
  type WithTypename,
} from '../../../../shared/validation/rules.js';
import { positiveFault, sumOf } from '../../items/rules.js';
import { timeRefusal, type ExceededLimit } from '../ledger/rules.js';

const LONGEST_BATCH = 50;
/** Clocks of those who receive differ; this far ahead of ours is still believed. */
const MINUTES_AHEAD = 5;

/** Returns the fault of a dispatch, as a sentence for the caller; undefined if it has none. */
export function dispatchFault({
  quantity,
  batch,
}: {
  quantity: number;
  batch?: string | null;
}): string | undefined {
  return (
    positiveFault('quantity', quantity) ??
    (batch == null ? undefined : textFault('batch', batch, LONGEST_BATCH))
  );
}

/** Dates on packs lie within these years. */
const EXPIRY_YEARS_BACK = 20;
const EXPIRY_YEARS_AHEAD = 30;

/** Returns the fault of a receipt, as a sentence for the caller; undefined if it has none. */
export function receiptFault(
  { quantity, usableUntil }: { quantity: number; usableUntil?: Date | null },
  { batch }: { batch: string | null },
): string | undefined {
  const fault = positiveFault('quantity', quantity);
  if (fault !== undefined || usableUntil == null || batch !== null) return fault;
  return 'usableUntil belongs to a batch; the shipment has none. Leave it out.';
}

/** Refuses a date that stands on no pack, and an arrival before the dispatch or ahead of our clock. */
export function judgeReceiptTimes(
  { usableUntil, arrivedAt }: { usableUntil?: Date | null; arrivedAt?: Date | null },
  { dispatchedAt }: { dispatchedAt: Date },
  now: Date,
): WithTypename<SupplyTimeOutOfRange> | undefined {
  const inYears = (years: number) => new Date(now.getTime() + years * YEAR_MS);
  return (
    timeRefusal('usableUntil', usableUntil, {
      earliest: inYears(-EXPIRY_YEARS_BACK),
      latest: inYears(EXPIRY_YEARS_AHEAD),
    }) ??
    timeRefusal('arrivedAt', arrivedAt, {
      earliest: dispatchedAt,
      latest: new Date(now.getTime() + MINUTES_AHEAD * MINUTE_MS),
    })
  );
}

/** Returns the fault of a rejection, as a sentence for the caller; undefined if it has none. */
export function rejectionFault(
  {
    quantity,
    reason,
    handling,
  }: { quantity: number; reason: string; handling: RejectedGoodsHandling },
  { isReturn }: { isReturn: boolean },
): string | undefined {
  const fault = positiveFault('quantity', quantity) ?? reasonFault(reason);
  if (fault !== undefined || !isReturn || handling === 'DESTROY') return fault;
  return 'A return is not sent back again; received SEND_BACK. Give DESTROY, or receive it.';
}

/** Returns the fault of a return, as a sentence for the caller; undefined if it has none. */
export function returnFault({ quantity, reason }: { quantity: number; reason: string }) {
  return positiveFault('quantity', quantity) ?? reasonFault(reason);
}

export function commitmentExceeded(
  { possible }: ExceededLimit,
  quantity: number,
  unit: string,
): WithTypename<CommitmentExceeded> {
  return {
    __typename: 'CommitmentExceeded',
    message: `${possible} ${unit} of the commitment were not dispatched yet; ${quantity} were to be. Dispatch at most that much, or commit more first.`,
    notDispatched: possible,
  };
}

export function shipmentExceeded(
  { exceeded, possible }: ExceededLimit,
  quantity: number,
  unit: string,
): WithTypename<ShipmentExceeded> {
  const message =
    exceeded === 'IN_TRANSIT'
      ? `${possible} ${unit} of the shipment are in transit; ${quantity} were to be received or rejected. Give at most that much.`
      : `${possible} ${unit} of the shipment were received and not sent back; ${quantity} were to be sent back. Send back at most that much.`;
  return { __typename: 'ShipmentExceeded', message, atMost: possible };
}

/** Refuses a delivery larger than the free storage, less what is on its way there; undefined where no storage is declared. */
export function judgeStorage(
  storage: { free: number; inTransit: number } | undefined,
  delivery: { quantity: number; unit: string; need: StorageNeed },
): WithTypename<StorageExceeded> | undefined {
  if (!storage) return undefined;
  const possible = Math.max(0, sumOf(storage.free, -storage.inTransit));
  const { quantity, unit, need } = delivery;
  if (sumOf(quantity) <= possible) return undefined;
  return {
    __typename: 'StorageExceeded',
    message: `The receiver can store ${possible} ${unit} more in its ${need} storage, with what is on its way there; ${quantity} were to be dispatched. Dispatch less, or wait until the receiver declares more room.`,
    storage: need,
    atMost: possible,
  };
}

export function unknownShipment(id: string): WithTypename<UnknownSupplyShipment> {
  return noneWithId('supplyShipment', id, '`SupplyCommitment.shipments`');
}
