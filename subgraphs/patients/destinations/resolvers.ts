import { permit } from '../../../shared/identity/caller.js';
import { unknownFacility } from '../facilities/rules.js';
import type { Resolvers } from '../generated/graphql.js';
import { checkReason } from '../transfers/refusals.js';
import { areaOf, placeNamed } from './answers.js';

export const destinationResolvers: Resolvers = {
  Mutation: {
    requestDestination: async (_, { input }, { caller, destinations, errands, facilities }) => {
      permit(caller, 'transfers:request');
      const { transfer, to, reason } = input;
      checkReason(reason, false);
      const area = await areaOf(facilities, to);
      if (area === undefined) return unknownFacility(to);
      const reservation = await placeNamed(errands, input.reservation);
      return destinations.name(transfer, { id: to, area, reservation }, reason);
    },
    acceptTransfer: (_, { input: { transfer } }, { caller, destinations }) => {
      permit(caller, 'transfers:accept');
      return destinations.accept(transfer);
    },
    refuseTransfer: (_, { input: { transfer, reason } }, { caller, destinations }) => {
      permit(caller, 'transfers:accept');
      checkReason(reason, true);
      return destinations.refuse(transfer, reason);
    },
    divertTransfer: async (_, { input }, { caller, destinations, facilities }) => {
      permit(caller, 'transfers:request');
      const { transfer, to, reason } = input;
      checkReason(reason, true);
      const area = await areaOf(facilities, to);
      if (area === undefined) return unknownFacility(to);
      return destinations.divert(transfer, { id: to, area }, reason);
    },
    handOver: (_, { input: { transfer } }, { caller, destinations, patients }) => {
      permit(caller, 'transfers:accept');
      patients.forget();
      return destinations.handOver(transfer);
    },
  },
};
