import { throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { unknownFacility } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { areaOf, lookUpSlot } from '../destinations/index.js';
import { checkReason } from '../lifecycle/index.js';
import { requestFault } from './rules.js';

export const requestResolvers: Resolvers = {
  Mutation: {
    requestTransfer: async (_, { input }, { caller, jobs, facilities, requests }) => {
      permit(caller, 'transfers:request');
      checkReason(input.reason, false);
      throwIfFault(requestFault(input));
      if (input.to == null) return requests.request(input, undefined);
      const area = await areaOf(facilities, input.to);
      if (area === undefined) return unknownFacility(input.to);
      const reservation = await lookUpSlot(jobs, input.reservation);
      return requests.request(input, { id: input.to, area, reservation });
    },
  },
};
