import { permit } from '../../../shared/identity/caller.js';
import type { Resolvers } from '../generated/graphql.js';
import { lengthOf, ofConnection } from '../lists/page.js';
import { readsReported } from './reports.js';

export const auditResolvers: Resolvers = {
  Query: {
    patientsAuditEntries: (_, { filter, first, after }, { audit, caller }) => {
      permit(caller, 'audit:read');
      return audit.page(filter ?? {}, lengthOf(first), after);
    },
  },
  Mutation: {
    recordPatientReads: async (_, { reads }, { audit, caller }) => {
      permit(caller, 'reads:record');
      const stored = readsReported(reads);
      await audit.store(stored);
      return stored.reduce((sum, { readers }) => sum + readers.length, 0);
    },
  },
  AuditEntryConnection: ofConnection,
};
