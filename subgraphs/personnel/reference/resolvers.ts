import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { CHAMBERS, PROFESSIONS, professionWithOid } from './reference.js';

export const referenceResolvers: Resolvers = {
  Query: {
    professions: (_, __, { caller }) => {
      permit(caller, 'personnel:read');
      return [...PROFESSIONS];
    },
    chambers: (_, { profession }, { caller }) => {
      permit(caller, 'personnel:read');
      return CHAMBERS.filter(
        ({ professions }) => profession == null || professions.includes(profession),
      );
    },
  },
  Chamber: {
    professions: ({ professions }) => professions.map((oid) => professionWithOid(oid)!),
    areas: ({ areas }) => [...areas],
  },
};
