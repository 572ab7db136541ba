import { callersFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { identityFault, identityOf, purposeFault } from './rules.js';

export const identityResolvers: Resolvers = {
  Query: {
    patientByTag: async (_, { tag, purpose, incident }, { caller, disclosures, identities }) => {
      permit(caller, 'patients:find');
      refusePurpose(purpose);
      const found = await identities.byTag(tag, incident ?? null, purpose, caller);
      if (found) disclosures?.cover(found.id);
      return found;
    },
  },
  Mutation: {
    recordIdentity: (_, { input }, { caller, identityRecords, now }) => {
      permit(caller, 'patients:identify');
      const identity = identityOf(input);
      if (!identity) {
        throw callersFault('BAD_USER_INPUT', 'Give name, dateOfBirth or both; received neither.');
      }
      const invalid = identityFault(input, now.toISOString().slice(0, 10));
      return invalid ?? identityRecords.record(input, identity, caller);
    },
    revealIdentity: (_, { input: { patient, purpose } }, { caller, identities }) => {
      permit(caller, 'patients:identify');
      refusePurpose(purpose);
      return identities.reveal(patient, purpose, caller);
    },
  },
};

function refusePurpose(purpose: string): void {
  const fault = purposeFault('purpose', purpose);
  if (fault) throw callersFault(fault.code, fault.message);
}
