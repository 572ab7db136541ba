import { throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../../shared/lists/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { filterFault, referenceFault } from './rules.js';

export const itemResolvers: Resolvers = {
  Query: {
    item: async (_, { id: reference }, { caller, items }) => {
      permit(caller, 'supply:read');
      throwIfFault(referenceFault(reference));
      const item = await items.find(reference);
      return item ? { id: item.id } : null;
    },
    items: (_, { filter, first, after }, { caller, items }) => {
      permit(caller, 'supply:read');
      throwIfFault(filterFault(filter ?? {}));
      return items.page(filter ?? {}, pageLength(first), after);
    },
  },
  Item: {
    __resolveReference: async ({ id }, { caller, items }) => {
      permit(caller, 'supply:read');
      return (await items.find(id)) ? { id } : null;
    },
    kind: async (ref, _, { items }) => (await items.get(ref)).kind,
    name: async (ref, _, { items }) => (await items.get(ref)).name,
    unit: async (ref, _, { items }) => (await items.get(ref)).unit,
    storage: async (ref, _, { items }) => (await items.get(ref)).storage,
    pzn: async (ref, _, { items }) => (await items.get(ref)).pzn,
    doseForm: async (ref, _, { items }) => (await items.get(ref)).doseForm,
    substance: async (ref, _, { items }) => (await items.get(ref)).substance,
  },
  ItemConnection: connectionResolvers,
};
