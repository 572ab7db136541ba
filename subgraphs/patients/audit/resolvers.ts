import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import { parseReads } from './reports.js';
import { filterFault } from './rules.js';

export const auditResolvers: Resolvers = {
  Query: {
    patientsAuditEntries: (_, { filter, first, after }, { audit, caller }) => {
      permit(caller, 'audit:read');
      throwIfFault(filterFault(filter ?? {}));
      return audit.page(filter ?? {}, pageLength(first), after);
    },
  },
  Mutation: {
    recordPatientReads: async (_, { reads }, { audit, caller }) => {
      permit(caller, 'reads:record');
      const stored = parseReads(reads);
      await audit.store(stored);
      return stored.reduce((sum, { readers }) => sum + readers.length, 0);
    },
  },
  AuditEntry: {
    patientIds: ({ patients }) => patients,
    readerFacilityIds: ({ readerFacilities }) => readerFacilities,
  },
  AuditEntryConnection: connectionResolvers,
};
