import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { reasonFault, textFault } from '../../../shared/validation/rules.js';
import { regionOf } from '../capacity-client/rules.js';
import type { Resolvers } from '../generated/graphql.js';
import { unknownItem } from '../items/rules.js';

const LONGEST_BATCH = 50;

export const recallResolvers: Resolvers = {
  Mutation: {
    recallBatch: async (_, { input }, { caller, items, recalls }) => {
      permit(caller, 'batches:recall', { area: input.area });
      throwIfFault(textFault('batch', input.batch, LONGEST_BATCH) ?? reasonFault(input.reason));
      const item = await items.find(input.item);
      return item ? recalls.recall(input, item.id, caller) : unknownItem(input.item);
    },
  },
  BatchRecall: {
    item: async (ref, _, { recalls }) => ({ id: (await recalls.get(ref)).itemId }),
    batch: async (ref, _, { recalls }) => (await recalls.get(ref)).batch,
    area: async (ref, _, { recalls }) => (await recalls.get(ref)).area,
    region: async (ref, _, { recalls }) => regionOf((await recalls.get(ref)).area),
    reason: async (ref, _, { recalls }) => (await recalls.get(ref)).reason,
    at: async (ref, _, { recalls }) => (await recalls.get(ref)).at,
    holdings: ({ id }, _, { recalls }) => recalls.holdingsOf(id),
  },
  RecalledHolding: {
    stock: ({ stock }, _, { stocks }) => stocks.get(stock),
  },
};
