import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { reasonFault } from '../../../shared/validation/rules.js';
import { unknownFacility } from '../facilities/rules.js';
import type { Resolvers } from '../generated/graphql.js';
import { strictest } from '../phases/rules.js';
import { countFault, faultInHolding, isCounting, unknownHold } from './rules.js';

export const holdResolvers: Resolvers = {
  Mutation: {
    holdBeds: async (_, { input }, { caller, facilities, holds, now }) => {
      permit(caller, 'holds:place');
      throwIfFault(faultInHolding(input) ?? reasonFault(input.reason));
      const facility = await facilities.find(input.facility);
      if (!facility) return unknownFacility(input.facility);
      permit(caller, 'holds:place', { facility: facility.id, area: facility.area });
      return holds.holdBeds({ caller, field: 'holdBeds', input, now });
    },
    releaseHold: async (_, { input }, { caller, holds, now }) => {
      permit(caller, 'holds:release');
      throwIfFault(countFault(input.count) ?? reasonFault(input.reason));
      const hold = await holds.find(input.hold);
      if (!hold) return unknownHold(input.hold);
      permit(caller, 'holds:release', { facility: hold.facilityId, area: hold.facility.area });
      return holds.release({ caller, field: 'releaseHold', input, now }, hold);
    },
  },
  Facility: {
    holds: ({ id }, _, { holds }) => holds.of(id),
  },
  Hold: {
    facility: ({ facilityId }) => ({ id: facilityId }),
    counting: async (hold, _, { facilities, phases }) => {
      const { area } = await facilities.get({ id: hold.facilityId });
      return isCounting(hold, strictest(await phases.bearingOn([area])));
    },
  },
};
