import { callersFault } from '../../../../shared/errors/callers-fault.js';
import { isRefused } from '../../../../shared/idempotency/idempotency.js';
import { permit } from '../../../../shared/identity/caller.js';
import { watch, type Change } from '../../../../shared/outbox/feed.js';
import { orUnavailable } from '../../capacity-client/unavailable.js';
import { unknownFacility } from '../../capacity-client/facility-areas/rules.js';
import type { Context } from '../../context.js';
import type { Resolvers } from '../../generated/graphql.js';
import { purposeFault } from '../identities/rules.js';
import { refuseSilence } from '../incidents/watched-incident.js';
import { lengthOf, ofConnection } from '../../lists/page.js';
import { facilityTag, incidentTag, inOffice, seesEvent } from '../../access/visibility.js';
import { registrationFault, unknownPatient } from './rules.js';
import { pzcParts, rmiWarning } from './rules/pzc.js';
import { seen } from './seen.js';
import { isOfPatient } from './topics.js';

const PLACE_UNKNOWN =
  'Where this facility lies cannot be asked, because the capacity service does not answer. Nothing was stored; send the call again in some seconds, with the same key.';

export const patientResolvers: Resolvers = {
  Query: {
    patient: (_, { id }, { caller, patients }) => {
      permit(caller, 'patients:read');
      return patients.ref(id);
    },
  },
  Mutation: {
    registerCasualties: async (_, { input }, { caller, facilities, incidents, registrations }) => {
      permit(caller, 'patients:register');
      refuse(registrationFault(input));
      incidents.forgetCasualties();
      const { incident, facility } = input;
      if (incident != null) {
        return registrations.inIncident(incident, input, caller, ({ area }) =>
          permit(inOffice(caller), 'patients:register', { area }),
        );
      }
      const area = await orUnavailable(PLACE_UNKNOWN, () => facilities.areaOf(facility!));
      if (area === undefined) return unknownFacility(facility!);
      permit(inOffice(caller), 'patients:register', { facility: facility!, area });
      return registrations.inFacility({ id: facility!, area }, input, caller);
    },
    erasePatient: async (_, { input: { patient, reason } }, { caller, erasures, patients }) => {
      permit(caller, 'patients:erase');
      refuse(purposeFault('reason', reason));
      const outcome = await erasures.erase(patient, reason, caller);
      if (isRefused(outcome)) return outcome;
      patients.forget();
      return (await patients.ref(outcome.id)) ? outcome : unknownPatient(outcome.id);
    },
  },
  Subscription: {
    patientChanged: {
      subscribe: async (
        _,
        { incident, facility, after },
        { caller, incidents, outbox, sight, tail },
      ) => {
        permit(caller, 'patients:read');
        await refuseSilence(incident, incidents);
        return watch(outbox, tail, {
          after: after ?? undefined,
          readAhead: (page, ids) => (page as Context).patients.readAhead(ids),
          matches: (event) =>
            isOfPatient(event) &&
            seesEvent(sight, event) &&
            (incident == null || event.tags.includes(incidentTag(incident))) &&
            (facility == null || event.tags.includes(facilityTag(facility))),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  PatientChange: {
    patient: ({ entity }, _, { patients }) => patients.ref(entity),
  },
  RegisteredCasualties: {
    outcomes: ({ outcomes }, _, { patients }) =>
      Promise.all(
        outcomes.map(async (outcome) =>
          outcome.__typename !== 'Patient' || (await patients.ref(outcome.id)) ? outcome : null,
        ),
      ),
  },
  DuplicateTag: {
    patient: ({ patient }, _, { patients }) => (patient ? patients.ref(patient.id) : null),
  },
  Incident: {
    patients: ({ id }, { first, after, dueForTriage }, { caller, now, patients }) => {
      permit(caller, 'patients:read');
      return patients.page(id, lengthOf(first), after, dueForTriage ? now : null);
    },
  },
  PatientConnection: ofConnection,
  Patient: {
    __resolveReference: ({ id }, { caller, patients }) => {
      permit(caller, 'patients:read');
      return patients.ref(id);
    },
    tag: async (ref, _, { patients }) => ref.tag ?? (await patients.get(ref)).tag,
    incident: seen(({ incident }) => (incident === null ? null : { id: incident })),
    category: seen(({ category }) => category),
    triagedByPhysician: seen(({ byPhysician }) => byPhysician),
    transportPriority: seen(({ transportPriority }) => transportPriority),
    needs: seen(({ needs }) => needs),
    ventilated: seen(({ ventilated }) => ventilated),
    physicianEscort: seen(({ physicianEscort }) => physicianEscort),
    transportable: seen(({ transportable }) => transportable),
    pzc: seen(({ pzc, category }, { rmiList }) =>
      pzc === null ? null : { ...pzcParts(pzc, category), warning: rmiWarning(pzc, rmiList) },
    ),
    location: seen((patient) => patient),
    origin: seen(({ origin }) => origin),
    registeredAt: seen(({ registeredAt }) => registeredAt),
    diedAt: seen(({ diedAt }) => diedAt),
    erasedAt: seen(({ erasedAt }) => erasedAt),
  },
  PatientLocation: {
    position: ({ latitude, longitude }) =>
      latitude === null || longitude === null ? null : { latitude, longitude },
    section: async ({ incident, section }, _, { incidents }) => {
      if (incident === null || section === null) return null;
      return (await incidents.sectionsOf(incident)).find(({ id }) => id === section) ?? null;
    },
    facility: ({ facility }) => (facility === null ? null : { id: facility }),
  },
};

function refuse(
  fault: { code: 'FORBIDDEN' | 'BAD_USER_INPUT' | 'TOO_MUCH'; message: string } | undefined,
): void {
  if (fault) throw callersFault(fault.code, fault.message);
}
