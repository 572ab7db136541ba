import { permit } from '../../../shared/identity/caller.js';
import type { Resolvers } from '../generated/graphql.js';
import { checkReason } from '../transfers/refusals.js';
import { stillMissing } from './rules.js';

export const approvalResolvers: Resolvers = {
  Mutation: {
    approveTransfer: (_, { input: { transfer, decision, reason } }, { approvals, caller }) => {
      permit(caller, 'transfers:approve');
      checkReason(reason, decision !== 'APPROVE');
      return approvals.decide(transfer, decision, reason);
    },
  },
  Transfer: {
    approvals: (transfer, _, { transfers }) => transfers.approvalsOf(transfer),
    approvalsMissing: async (transfer, _, { transfers }) =>
      stillMissing(transfer, await transfers.approvalsOf(transfer)),
  },
};
