import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';

export const duplicateResolvers: Resolvers = {
  Mutation: {
    confirmSamePerson: (_, { input }, { caller, duplicates }) => {
      permit(caller, 'duplicates:decide');
      return duplicates.decide(input, caller);
    },
  },
  PossibleDuplicate: {
    otherId: ({ other, isCompetent }) => (isCompetent ? other : null),
  },
};
