import { permit } from '../../../../shared/identity/caller.js';
import type { Resolvers } from '../../generated/graphql.js';
import { checkReason } from '../lifecycle/refusals.js';
import { stillMissing } from './rules.js';

export const approvalResolvers: Resolvers = {
  Mutation: {
    approveTransfer: (_, { input }, { approvals, caller }) => {
      permit(caller, 'transfers:approve');
      checkReason(input.reason, input.decision !== 'APPROVE');
      return approvals.decide(input);
    },
  },
  Transfer: {
    approvals: (transfer, _, { transfers }) =>
      transfer.ownSteps ? [] : transfers.approvalsOf(transfer),
    approvalsMissing: async (transfer, _, { transfers }) =>
      transfer.ownSteps ? [] : stillMissing(transfer, await transfers.approvalsOf(transfer)),
  },
};
