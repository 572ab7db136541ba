import type {
  CommitmentExceeded,
  ShipmentExceeded,
  StorageExceeded,
  StorageNeed,
  UnknownSupplyShipment,
} from '../../generated/graphql.js';
import { reasonFault, textFault } from '../../../../shared/validation/rules.js';
import type { WithTypename } from '../../organisations/rules.js';
import { expectedFault } from '../commitments/rules.js';
import { positiveFault, sumOf } from '../ledger/rules/quantities.js';
import type { ExceededLimit } from '../ledger/rules.js';

const LONGEST_BATCH = 50;

/** Returns the fault of a dispatch, as a sentence for the caller; undefined if it has none. */
export function dispatchFault(
  input: { quantity: number; batch?: string | null; expectedAt?: Date | null },
  now: Date,
): string | undefined {
  return (
    positiveFault('quantity', input.quantity) ??
    (input.batch == null ? undefined : textFault('batch', input.batch, LONGEST_BATCH)) ??
    expectedFault(input.expectedAt, now)
  );
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
      ? `${possible} ${unit} of the shipment are in transit; ${quantity} were to be received. Receive at most that much.`
      : `${possible} ${unit} of the shipment were received and not sent back; ${quantity} were to be sent back. Send back at most that much.`;
  return { __typename: 'ShipmentExceeded', message, atMost: possible };
}

/** Refuses a delivery larger than the free storage, less what is on its way there; undefined where no storage is declared. */
export function judgeStorage(
  storage: { free: number; inTransit: number } | undefined,
  wish: { quantity: number; unit: string; need: StorageNeed },
): WithTypename<StorageExceeded> | undefined {
  if (!storage) return undefined;
  const possible = Math.max(0, sumOf(storage.free, -storage.inTransit));
  const { quantity, unit, need } = wish;
  if (quantity <= possible) return undefined;
  return {
    __typename: 'StorageExceeded',
    message: `The receiver can store ${possible} ${unit} more in its ${need} storage, with what is on its way there; ${quantity} were to be dispatched. Dispatch less, or wait until the receiver declares more room.`,
    storage: need,
    atMost: possible,
  };
}

export function unknownShipment(id: string): WithTypename<UnknownSupplyShipment> {
  return {
    __typename: 'UnknownSupplyShipment',
    message: `There is no shipment with the id ${id.slice(0, 100)} that you may see. Take the id from \`SupplyCommitment.shipments\`.`,
    supplyShipmentId: id,
  };
}
