import { callersFault } from '../../../../shared/errors/index.js';
import { isRefused } from '../../../../shared/idempotency/index.js';
import { permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { ownHolder } from '../access/holders.js';
import { storageFault } from './rules.js';

export const storageResolvers: Resolvers = {
  Mutation: {
    declareStorage: async (_, { input }, context) => {
      permit(context.caller, 'stocks:book');
      const fault = storageFault(input);
      if (fault !== undefined) throw callersFault('BAD_USER_INPUT', fault);
      const holder = await ownHolder(input, 'stocks:book', context);
      return isRefused(holder) ? holder : context.storage.declare(input, holder);
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
