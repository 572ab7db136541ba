import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { filterFault } from './rules.js';

export const auditResolvers: Resolvers = {
  Query: {
    personnelAuditEntries: (_, { filter, first, after }, { audit, caller }) => {
      permit(caller, 'audit:read');
      throwIfFault(filterFault(filter ?? {}));
      return audit.page(filter ?? {}, pageLength(first), after);
    },
  },
  PersonnelAuditEntry: {
    professionalIds: ({ people }) => people,
    readerFacilityIds: ({ readerFacilities }) => readerFacilities,
  },
  PersonnelAuditEntryConnection: connectionResolvers,
};
