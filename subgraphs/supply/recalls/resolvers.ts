import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import {
  invalid,
  isUuid,
  noneWithId,
  reasonFault,
  textFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import { regionOf } from '../capacity-client/rules.js';
import type { InvalidText, Resolvers, UnknownRecall } from '../generated/graphql.js';
import { unknownItem } from '../items/rules.js';

const LONGEST_BATCH = 50;

export const recallResolvers: Resolvers = {
  Mutation: {
    recallBatch: async (_, { input }, { caller, items, recalls }) => {
      permit(caller, 'batches:recall', { area: input.area });
      throwIfFault(textFault('batch', input.batch, LONGEST_BATCH) ?? reasonFault(input.reason));
      if (isUuid(input.batch)) return packetsOfReserve(input.batch);
      const item = await items.find(input.item);
      return item ? recalls.recall(input, item.id, caller) : unknownItem(input.item);
    },
    endRecall: async (_, { input }, { caller, recalls }) => {
      permit(caller, 'batches:recall');
      throwIfFault(reasonFault(input.reason));
      const recall = await recalls.find(input.recall);
      if (!recall) return unknownRecall(input.recall);
      permit(caller, 'batches:recall', { area: recall.area });
      return recalls.end({ ...input, recall: recall.id }, caller);
    },
  },
  BatchRecall: {
    endedAt: async (ref, _, { recalls }) => (await recalls.get(ref)).endedAt,
    endReason: async (ref, _, { recalls }) => (await recalls.get(ref)).endReason,
    item: async (ref, _, { recalls }) => ({ id: (await recalls.get(ref)).itemId }),
    batch: async (ref, _, { recalls }) => (await recalls.get(ref)).batch,
    area: async (ref, _, { recalls }) => (await recalls.get(ref)).area,
    region: async (ref, _, { recalls }) => regionOf((await recalls.get(ref)).area),
    reason: async (ref, _, { recalls }) => (await recalls.get(ref)).reason,
    at: async (ref, _, { recalls }) => (await recalls.get(ref)).at,
    toReview: async ({ id }, _, { recalls }) =>
      (await recalls.bookingsToReview(id)).map(({ booking }) => ({ id: booking })),
    inTransit: ({ id }, _, { recalls }) => recalls.inTransitOf(id),
    holdings: ({ id }, _, { recalls }) => recalls.holdingsOf(id),
  },
  RecalledShipment: {
    facility: ({ facility }) => (facility === null ? null : { id: facility }),
    organisation: ({ organisation }) => (organisation === null ? null : { id: organisation }),
  },
  RecalledHolding: {
    stock: ({ stock }, _, { stocks }) => stocks.get(stock),
  },
};

/** A UUID is no manufacturer's number: the hub books the packets of a reserve under its id, and to block them all is no recall. */
function packetsOfReserve(batch: string): WithTypename<InvalidText> {
  return invalid(
    'InvalidText',
    'batch',
    `batch is the number that the manufacturer printed on the pack; received ${batch}, an id as the hub gives it to the packets of a reserve. Recall the batches of the goods in the packets.`,
  );
}

function unknownRecall(id: string): WithTypename<UnknownRecall> {
  return noneWithId('recall', id, '`BatchRecall.id`');
}
