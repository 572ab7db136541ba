import { permit } from '../../../../shared/identity/index.js';
import { unknownFacility } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { checkReason } from '../lifecycle/index.js';
import { areaOf, lookUpSlot } from './responses.js';

export const destinationResolvers: Resolvers = {
  Mutation: {
    requestDestination: async (_, { input }, { caller, destinations, jobs, facilities }) => {
      permit(caller, 'transfers:request');
      const { to, reason } = input;
      checkReason(reason, false);
      const area = await areaOf(facilities, to);
      if (area === undefined) return unknownFacility(to);
      const reservation = await lookUpSlot(jobs, input.reservation);
      return destinations.name(input, { id: to, area, reservation });
    },
    acceptTransfer: (_, { input }, { caller, destinations }) => {
      permit(caller, 'transfers:accept');
      return destinations.accept(input);
    },
    refuseTransfer: (_, { input }, { caller, destinations }) => {
      permit(caller, 'transfers:accept');
      checkReason(input.reason, true);
      return destinations.refuse(input);
    },
    divertTransfer: async (_, { input }, { caller, destinations, facilities }) => {
      permit(caller, 'transfers:request');
      const { to, reason } = input;
      checkReason(reason, true);
      const area = await areaOf(facilities, to);
      if (area === undefined) return unknownFacility(to);
      return destinations.divert(input, { id: to, area });
    },
    handOver: (_, { input }, { caller, destinations, patients }) => {
      permit(caller, 'transfers:accept');
      patients.forget();
      return destinations.handOver(input);
    },
  },
};
