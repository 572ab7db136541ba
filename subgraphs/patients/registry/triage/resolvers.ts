import { throwIfFault } from '../../../../shared/errors/index.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import { permit } from '../../../../shared/identity/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { unknownPatient } from '../patients/rules.js';
import { ifVisible } from '../patients/index.js';
import { permitCare } from '../../access/index.js';
import { isDue, triageFault } from './rules.js';

export const triageResolvers: Resolvers = {
  Mutation: {
    triagePatient: async (_, { input }, { caller, incidents, patients, triages }) => {
      permit(caller, 'patients:triage');
      throwIfFault(triageFault(input));
      const outcome = await triages.triage(input, caller, (patient) =>
        permitCare(caller, 'patients:triage', patient),
      );
      if (isRefused(outcome)) return outcome;
      patients.forget();
      incidents.forgetCasualties();
      return (await patients.ref(outcome.id)) ? outcome : unknownPatient(outcome.id);
    },
  },
  Patient: {
    triagedAt: ifVisible(({ triagedAt }) => triagedAt),
    retriageAt: ifVisible(({ retriageAt }) => retriageAt),
    retriageDue: ifVisible(({ retriageAt }, { now }) => isDue(retriageAt, now)),
    triageHistory: ifVisible(({ id }, { triages }) => triages.historyOf(id)),
  },
};
