import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { faultIn } from '../facilities/rules.js';
import type { Resolvers } from '../generated/graphql.js';

export const casualtyFacilityResolvers: Resolvers = {
  Query: {
    casualtyFacilities: (_, { filter }, { caller, casualtyFacilities, visibility }) => {
      permit(caller, 'facilities:read');
      if (!visibility.everyIntake) {
        throw callersFault(
          'FORBIDDEN',
          'Only who steers casualties to any facility may query casualtyFacilities. Query `places`.',
        );
      }
      throwIfFault(faultIn(filter));
      return casualtyFacilities.list(filter);
    },
  },
};
