import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';

export const changeResolvers: Resolvers = {
  Query: {
    patientsCursor: (_, __, { caller, startCursor }) => {
      permit(caller, 'incidents:read');
      return startCursor ?? null;
    },
  },
};
