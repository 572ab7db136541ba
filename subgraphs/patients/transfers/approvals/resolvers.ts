import { permit } from '../../../../shared/identity/index.js';
import { regionOf } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { checkReason, type TransferRow, type TransferStore } from '../lifecycle/index.js';
import { stillMissing, possibleIn } from '../lifecycle/rules.js';

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
    possible: possibleNow,
  },
  TransferApproval: {
    region: ({ area }) => regionOf(area),
  },
  StepNotPossible: {
    possible: (refusal, args, context) =>
      refusal.transfer ? possibleNow(refusal.transfer, args, context) : refusal.possible,
  },
};

async function possibleNow(
  transfer: TransferRow,
  _: object,
  { transfers }: { transfers: TransferStore },
) {
  if (transfer.ownSteps) return [];
  const missing = stillMissing(transfer, await transfers.approvalsOf(transfer));
  return possibleIn(transfer.status, missing.length > 0);
}
