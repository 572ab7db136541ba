import { callersFault, throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { identityOf, judgeIdentity, purposeFault } from './rules.js';

export const identityResolvers: Resolvers = {
  Query: {
    patientByTag: async (_, { tag, purpose, incident }, { caller, disclosures, identities }) => {
      permit(caller, 'patients:find');
      throwIfFault(purposeFault('purpose', purpose));
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
      const invalid = judgeIdentity(input, now.toISOString().slice(0, 10));
      return invalid ?? identityRecords.record(input, identity, caller);
    },
    revealIdentity: (_, { input: { patient, purpose } }, { caller, identities }) => {
      permit(caller, 'patients:identify');
      throwIfFault(purposeFault('purpose', purpose));
      return identities.reveal(patient, purpose, caller);
    },
  },
};
