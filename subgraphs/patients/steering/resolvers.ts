import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { catalogueOf, USUAL } from './rules/catalogue.js';

export const steeringResolvers: Resolvers = {
  Query: {
    allocationParameters: (_, __, { caller }) => {
      permit(caller, 'allocations:read');
      return catalogueOf(USUAL);
    },
  },
};
