import { permit } from '../../../shared/identity/index.js';
import { rankOf } from '../commitments/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { visibilityOf } from '../professionals/index.js';

export const declarationResolvers: Resolvers = {
  Mutation: {
    declareCommitment: (_, { input }, { caller, declarations }) => {
      permit(caller, 'commitments:declare');
      return declarations.declare(input, caller);
    },
    endCommitment: (_, { input }, { caller, declarations }) => {
      permit(caller, 'commitments:declare');
      return declarations.end(input, caller);
    },
  },
  Professional: {
    commitments: async ({ id, registrant, employerFacility, employerOrganisation }, _, context) => {
      const { facilities, organisations, own } = visibilityOf(context.caller);
      const bodies = new Set(facilities.concat(organisations));
      const isBody = [registrant, employerFacility, employerOrganisation].some(
        (body) => body !== null && bodies.has(body),
      );
      if (id !== own && !isBody) return null;
      const all = await context.commitments.ofRecord(id);
      if (id === own) return all;
      return all.filter(({ facilityId, organisationId }) => {
        const body = facilityId ?? organisationId;
        return body !== null && bodies.has(body);
      });
    },
  },
  Commitment: {
    facility: ({ facilityId }) => (facilityId === null ? null : { id: facilityId }),
    rank: ({ kind }, _, { now }) => rankOf(kind, now)?.rank ?? null,
    phases: ({ kind }, _, { now }) => [...(rankOf(kind, now)?.phases ?? [])],
    legalSource: ({ kind }, _, { now }) => rankOf(kind, now)?.source ?? null,
  },
};
