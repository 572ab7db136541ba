import { permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';

export const deathResolvers: Resolvers = {
  Mutation: {
    recordDeath: (_, { input: { patient } }, { caller, deaths, patients }) => {
      permit(caller, 'patients:triage');
      patients.forget();
      return deaths.record(patient);
    },
  },
};
