import { throwIfFault } from '../../../../shared/errors/index.js';
import { permit, type Caller } from '../../../../shared/identity/index.js';
import { reasonFault } from '../../../../shared/validation/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { wrongUnit } from '../../items/rules.js';
import { permitHolder, permitReceiver, requestVisibilityOf } from '../access/index.js';
import { isOwn, type HolderColumns } from '../access/rules.js';
import { unknownCommitment } from '../commitments/rules.js';
import { refusalIfNotAhead, inTransitOf } from '../ledger/rules.js';
import {
  dispatchFault,
  judgeReceiptTimes,
  receiptFault,
  rejectionFault,
  returnFault,
  unknownShipment,
} from './rules.js';

export const shipmentResolvers: Resolvers = {
  Mutation: {
    dispatchShipment: async (_, { input }, { caller, commitments, items, shipments, now }) => {
      permit(caller, 'shipments:dispatch');
      throwIfFault(dispatchFault(input));
      const mistimed = refusalIfNotAhead('expectedAt', input.expectedAt, now);
      if (mistimed) return mistimed;
      const found = await commitments.findWithLine(input.commitment);
      if (!found) return unknownCommitment(input.commitment);
      permitHolder(caller, 'shipments:dispatch', found.commitment);
      const item = await items.get({ id: found.line.itemId });
      return wrongUnit(item, input.unit) ?? shipments.dispatch(input, found.commitment, item);
    },
    receiveShipment: async (_, { input }, { caller, items, shipments, now }) => {
      permit(caller, 'shipments:receive');
      const found = await shipments.find(input.shipment);
      if (!found) return unknownShipment(input.shipment);
      permitReceiverOf(caller, found);
      throwIfFault(receiptFault(input, found.shipment));
      const mistimed = judgeReceiptTimes(input, found.shipment, now);
      if (mistimed) return mistimed;
      const item = await items.get({ id: found.line.itemId });
      return wrongUnit(item, input.unit) ?? shipments.receive(input, found.shipment, item);
    },
    rejectShipment: async (_, { input }, { caller, items, shipments }) => {
      permit(caller, 'shipments:receive');
      const found = await shipments.find(input.shipment);
      if (!found) return unknownShipment(input.shipment);
      permitReceiverOf(caller, found);
      throwIfFault(rejectionFault(input, { isReturn: found.shipment.returnsId !== null }));
      const item = await items.get({ id: found.line.itemId });
      return wrongUnit(item, input.unit) ?? shipments.reject(input, found.shipment);
    },
    returnShipment: async (_, { input }, { caller, items, shipments }) => {
      permit(caller, 'shipments:dispatch');
      throwIfFault(returnFault(input));
      const found = await shipments.find(input.shipment);
      if (!found) return unknownShipment(input.shipment);
      permit(caller, 'shipments:dispatch', { facility: found.request.facilityId });
      const item = await items.get({ id: found.line.itemId });
      return wrongUnit(item, input.unit) ?? shipments.sendBack(input, found.shipment, item);
    },
    declareShipmentLost: async (_, { input }, { caller, shipments }) => {
      permit(caller, 'shipments:receive');
      throwIfFault(reasonFault(input.reason));
      const found = await shipments.find(input.shipment);
      if (!found) return unknownShipment(input.shipment);
      if (!isSender(caller, found.commitment)) permitReceiver(caller, found.request);
      return shipments.declareLost(input, found.shipment);
    },
  },
  SupplyCommitment: {
    shipments: ({ id }, _, { shipments }) => shipments.of(id),
  },
  SupplyShipment: {
    supplyRequest: async (ref, _, { shipments }) => ({ id: (await shipments.get(ref)).requestId }),
    isReturn: async (ref, _, { shipments }) => (await shipments.get(ref)).returnsId !== null,
    batch: async (ref, _, { shipments }) => (await shipments.get(ref)).batch,
    batchUsableUntil: async (ref, _, { shipments }) => (await shipments.get(ref)).usableUntil,
    quantity: async (ref, _, { shipments }) => (await shipments.get(ref)).quantity,
    received: async (ref, _, { shipments }) => (await shipments.get(ref)).received,
    lost: async (ref, _, { shipments }) => (await shipments.get(ref)).lost,
    rejected: async (ref, _, { shipments }) => (await shipments.get(ref)).rejected,
    inTransit: async (ref, _, { shipments }) => inTransitOf(await shipments.get(ref)),
    returned: async (ref, _, { shipments }) => (await shipments.get(ref)).returned,
    expectedAt: async (ref, _, { shipments }) => (await shipments.get(ref)).expectedAt,
    dispatchedAt: async (ref, _, { shipments }) => (await shipments.get(ref)).dispatchedAt,
    receivedAt: async (ref, _, { shipments }) => (await shipments.get(ref)).receivedAt,
  },
};

function isSender(caller: Caller, commitment: HolderColumns): boolean {
  return isOwn(requestVisibilityOf(caller), commitment);
}

/** A return is received by the one who had sent the delivery. */
function permitReceiverOf(
  caller: Caller,
  {
    shipment,
    request,
    commitment,
  }: {
    shipment: { returnsId: string | null };
    request: { facilityId: string; area: string };
    commitment: HolderColumns;
  },
): void {
  if (shipment.returnsId !== null) permitHolder(caller, 'shipments:receive', commitment);
  else permitReceiver(caller, request);
}
