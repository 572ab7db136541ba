import { throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { limitToLedAreas } from '../../access/index.js';
import { orUnavailable } from '../../../../shared/subgraph-client/index.js';
import { unknownFacility } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { registrationFault } from './rules.js';

const AREA_UNKNOWN =
  'The area of this facility is not known, because the capacity service does not respond. Nothing was stored; repeat the call with the same key in some seconds.';

export const registrationResolvers: Resolvers = {
  Mutation: {
    registerCasualties: async (_, { input }, { caller, facilities, incidents, registrations }) => {
      permit(caller, 'patients:register');
      throwIfFault(registrationFault(input));
      incidents.forgetCasualties();
      const { incident, facility } = input;
      if (incident != null) {
        return registrations.inIncident(incident, input, caller, ({ area }) =>
          permit(limitToLedAreas(caller), 'patients:register', { area }),
        );
      }
      const area = await orUnavailable(AREA_UNKNOWN, () => facilities.areaOf(facility!));
      if (area === undefined) return unknownFacility(facility!);
      permit(limitToLedAreas(caller), 'patients:register', { facility: facility!, area });
      return registrations.inFacility({ id: facility!, area }, input, caller);
    },
  },
  RegisteredCasualties: {
    outcomes: ({ outcomes }, _, { patients }) =>
      Promise.all(
        outcomes.map(async (outcome) =>
          outcome.__typename !== 'Patient' || (await patients.ref(outcome.id)) ? outcome : null,
        ),
      ),
  },
  TagInUse: {
    patient: ({ patient }, _, { patients }) => (patient ? patients.ref(patient.id) : null),
  },
};
