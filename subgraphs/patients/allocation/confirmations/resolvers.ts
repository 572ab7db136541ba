import { callersFault, throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { ofPlanIfLeading, type PageArguments } from '../plans/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { connectionResolvers } from '../../../../shared/lists/index.js';
import { MOST_OVERRIDES, overridesFault } from './rules/overrides.js';

export const confirmationResolvers: Resolvers = {
  Mutation: {
    confirmAllocation: async (_, { input }, { allocations, caller, confirmations, patients }) => {
      permit(caller, 'allocations:propose');
      const overrides = input.overrides ?? [];
      if (overrides.length > MOST_OVERRIDES) {
        throw callersFault(
          'TOO_MUCH',
          `overrides has up to ${MOST_OVERRIDES} entries, not ${overrides.length}. Nothing was confirmed; propose again with other parameters.`,
        );
      }
      throwIfFault(overridesFault(overrides));
      const outcome = await confirmations.confirm(input);
      allocations.forget();
      patients.forget();
      return outcome;
    },
  },
  AllocationPlan: {
    lost: ofPlanIfLeading((plan, page: PageArguments, { lost }) => lost.of(plan, page)),
  },
  LostConnection: connectionResolvers,
  LostAssignment: {
    patient: ({ patientId }, _, { patients }) => patients.ref(patientId),
    facility: ({ facilityId }) => ({ id: facilityId }),
  },
};
