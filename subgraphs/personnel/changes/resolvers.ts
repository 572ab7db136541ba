import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';

export const changeResolvers: Resolvers = {
  Query: {
    personnelCursor: (_, __, { caller, startCursor }) => {
      permit(caller, 'personnel:read');
      return startCursor ?? null;
    },
  },
};
