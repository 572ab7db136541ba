import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { unknownFacility } from '../facilities/rules.js';
import { judgeCapabilities } from './rules.js';

export const capabilityResolvers: Resolvers = {
  Mutation: {
    declareCapabilities: async (
      _,
      { input },
      { capabilities, caller, facilities, intakes, now },
    ) => {
      permit(caller, 'capabilities:declare');
      const facility = await facilities.find(input.facility);
      if (!facility) return unknownFacility(input.facility);
      permit(caller, 'capabilities:declare', { facility: facility.id, area: facility.area });
      const call = { caller, field: 'declareCapabilities', input, now };
      const outcome = await capabilities.declare(call, facility, () => judgeCapabilities(input));
      intakes.forget();
      return outcome;
    },
  },
  Facility: {
    capabilities: async ({ id }, _, { capabilities }) => (await capabilities.of(id)).capabilities,
    traumaLevel: async ({ id }, _, { capabilities }) => (await capabilities.of(id)).traumaLevel,
    childrenOnly: async ({ id }, _, { capabilities }) => (await capabilities.of(id)).childrenOnly,
    capabilityDeclarations: ({ id }, _, { capabilities }) => capabilities.declarationsOf(id),
  },
};
