import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';

export const changeResolvers: Resolvers = {
  Query: {
    supplyCursor: (_, __, { caller, startCursor }) => {
      permit(caller, 'supply:read');
      return startCursor ?? null;
    },
  },
};
