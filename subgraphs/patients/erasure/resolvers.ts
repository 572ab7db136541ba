import { throwIfFault } from '../../../shared/errors/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { purposeFault, unknownPatient } from '../registry/rules.js';

export const erasureResolvers: Resolvers = {
  Mutation: {
    erasePatient: async (_, { input: { patient, reason } }, { caller, erasures, patients }) => {
      permit(caller, 'patients:erase');
      throwIfFault(purposeFault('reason', reason));
      const outcome = await erasures.erase(patient, reason, caller);
      if (isRefused(outcome)) return outcome;
      patients.forget();
      return (await patients.ref(outcome.id)) ? outcome : unknownPatient(outcome.id);
    },
  },
};
