import { callersFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';

/** The most verifications of one call. */
const MOST_VERIFICATIONS = 1_000;

export const verificationResolvers: Resolvers = {
  Mutation: {
    verifyQualification: (_, { input }, { caller, verifications }) => {
      permit(caller, 'qualifications:verify');
      return verifications.verify(input, caller);
    },
    verifyQualifications: (_, { input }, { caller, verifications }) => {
      permit(caller, 'qualifications:verify');
      const { length } = input.verifications;
      if (length > MOST_VERIFICATIONS) {
        throw callersFault(
          'TOO_MUCH',
          `One call takes up to ${MOST_VERIFICATIONS} verifications; received ${length}. Nothing was stored; send them in several calls.`,
        );
      }
      return verifications.verifyAll(input, caller);
    },
  },
};
