import { throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { limitToLedAreas } from '../../access/index.js';
import { orUnavailable } from '../../../../shared/subgraph-client/index.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { discardingFault, judgeDistribution, judgeProposal } from './rules.js';

const NOTHING_PROPOSED =
  'Capacity is unavailable, so the intake of the facilities is not known. Nothing was proposed; send the call again in some seconds, with the same key.';

export const proposalResolvers: Resolvers = {
  Mutation: {
    proposeAllocation: (_, { input }, { allocations, caller, proposals }) => {
      permit(caller, 'allocations:propose');
      const chosen = judgeProposal(input);
      if (isRefused(chosen)) return chosen;
      allocations.forget();
      return orUnavailable(NOTHING_PROPOSED, () =>
        proposals.propose(input, chosen, ({ area }) =>
          permit(limitToLedAreas(caller), 'allocations:propose', { area }),
        ),
      );
    },
    distributeFrom: (_, { input }, { allocations, caller, proposals }) => {
      permit(caller, 'allocations:propose');
      const chosen = judgeDistribution(input);
      if (isRefused(chosen)) return chosen;
      allocations.forget();
      return orUnavailable(NOTHING_PROPOSED, () =>
        proposals.distribute(input, chosen, ({ id, area }) =>
          permit(limitToLedAreas(caller), 'allocations:propose', { facility: id, area }),
        ),
      );
    },
    discardAllocation: (_, { input }, { allocations, caller, proposals }) => {
      permit(caller, 'allocations:propose');
      throwIfFault(discardingFault(input.reason));
      allocations.forget();
      return proposals.discard(input);
    },
  },
};
