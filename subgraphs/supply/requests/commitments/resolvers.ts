import { throwIfFault } from '../../../../shared/errors/index.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import { may, permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { wrongUnit } from '../../items/rules.js';
import { ownHolder, permitHolder } from '../access/index.js';
import { refusalIfNotAhead } from '../ledger/rules.js';
import { commitmentFault, unknownCommitment, unknownLine, withdrawalFault } from './rules.js';

export const commitmentResolvers: Resolvers = {
  Mutation: {
    commitSupply: async (_, { input }, context) => {
      const { caller, commitments, items, now } = context;
      permit(caller, 'supplies:offer');
      throwIfFault(commitmentFault(input));
      const mistimed = refusalIfNotAhead('expectedAt', input.expectedAt, now);
      if (mistimed) return mistimed;
      const holder = await ownHolder(input, 'supplies:offer', context);
      if (isRefused(holder)) return holder;
      const found = await commitments.findLine(input.line);
      if (!found) return unknownLine(input.line);
      const refusal = wrongUnit(await items.get({ id: found.line.itemId }), input.unit);
      if (refusal) return refusal;
      const { organisationId, facilityId } = holder;
      return commitments.commit(input, found.request.id, { organisationId, facilityId });
    },
    withdrawSupplyCommitment: async (_, { input }, { caller, commitments, supplyRequests }) => {
      if (!may(caller, 'supplies:request')) permit(caller, 'supplies:offer');
      throwIfFault(withdrawalFault(input));
      const commitment = await commitments.find(input.commitment);
      if (!commitment) return unknownCommitment(input.commitment);
      const { facilityId: facility, area } = await supplyRequests.get({ id: commitment.requestId });
      const isRequester = may(caller, 'supplies:request', { facility, area });
      if (!isRequester) permitHolder(caller, 'supplies:offer', commitment);
      const as = isRequester ? 'REQUESTER' : 'SUPPLIER';
      return commitments.withdraw(input, commitment.requestId, as);
    },
  },
  SupplyCommitment: {
    supplyRequest: ({ requestId }) => ({ id: requestId }),
    organisation: async (ref, _, { commitments }) =>
      refOf((await commitments.get(ref)).organisationId),
    facility: async (ref, _, { commitments }) => refOf((await commitments.get(ref)).facilityId),
    supplyOffer: async (ref, _, { commitments, offers }) => {
      const { offerId } = await commitments.get(ref);
      return offerId !== null && (await offers.find(offerId)) ? { id: offerId } : null;
    },
    quantity: async (ref, _, { commitments }) => (await commitments.get(ref)).quantity,
    inTransit: async (ref, _, { commitments }) => (await commitments.get(ref)).inTransit,
    delivered: async (ref, _, { commitments }) => (await commitments.get(ref)).delivered,
    expectedAt: async (ref, _, { commitments }) => (await commitments.get(ref)).expectedAt,
    committedAt: async (ref, _, { commitments }) => (await commitments.get(ref)).committedAt,
  },
};

function refOf(id: string | null): { id: string } | null {
  return id === null ? null : { id };
}
