import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';

export const erasureResolvers: Resolvers = {
  Mutation: {
    eraseProfessional: (_, { input }, { caller, erasures }) => {
      permit(caller, 'professionals:erase');
      return erasures.erase(input.professional, caller);
    },
  },
};
