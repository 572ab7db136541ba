import { permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';

export const arrivalResolvers: Resolvers = {
  Facility: {
    inbound: ({ id }, _, { arrivals, caller }) => {
      permit(caller, 'patients:read');
      return arrivals.at(id);
    },
    inboundCount: ({ id }, _, { arrivals, caller }) => {
      permit(caller, 'patients:read');
      return arrivals.countAt(id);
    },
  },
  Inbound: {
    transfer: async ({ id }, _, { transfers }) => (await transfers.find(id)) ?? null,
  },
};
