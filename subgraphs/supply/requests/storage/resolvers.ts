import { throwIfFault } from '../../../../shared/errors/index.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import { permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { ownHolder } from '../access/index.js';
import { seesStocksOf, stockVisibilityOf } from '../../stocks/index.js';
import { storageFault } from './rules.js';

export const storageResolvers: Resolvers = {
  Mutation: {
    declareStorage: async (_, { input }, context) => {
      permit(context.caller, 'stocks:book');
      throwIfFault(storageFault(input));
      const holder = await ownHolder(input, 'stocks:book', context);
      return isRefused(holder) ? holder : context.storage.declare(input, holder);
    },
  },
  Facility: {
    storageSites: async ({ id: facility }, _, { caller, facilities, storage }) => {
      permit(caller, 'supply:read');
      const area = await facilities.areaOf(facility);
      if (area === undefined) return null;
      const isSeen = seesStocksOf(stockVisibilityOf(caller), { holder: { facility }, area });
      return isSeen ? storage.of(facility) : null;
    },
  },
  Organisation: {
    storageSites: async ({ id: organisation }, _, { caller, organisations, storage }) => {
      const { area } = await organisations.get({ id: organisation });
      const isSeen = seesStocksOf(stockVisibilityOf(caller), { holder: { organisation }, area });
      return isSeen ? storage.of(organisation) : null;
    },
  },
  StorageSite: {
    kind: async (ref, _, { storage }) => (await storage.get(ref)).kind,
    unit: async (ref, _, { storage }) => (await storage.get(ref)).unit,
    capacity: async (ref, _, { storage }) => (await storage.get(ref)).capacity,
    free: async (ref, _, { storage }) => (await storage.get(ref)).free,
    declaredAt: async (ref, _, { storage }) => (await storage.get(ref)).declaredAt,
  },
};
