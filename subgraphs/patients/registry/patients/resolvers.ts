import { permit } from '../../../../shared/identity/caller.js';
import { watch, type Change } from '../../../../shared/outbox/feed.js';
import type { Resolvers } from '../../generated/graphql.js';
import { refuseSilence } from '../incidents/watched-incident.js';
import { lengthOf, ofConnection } from '../../lists/page.js';
import { facilityTag, incidentTag, seesEvent } from '../../access/index.js';
import { pzcParts, rmiWarning } from './rules/pzc.js';
import { seen } from './seen.js';
import { isOfPatient } from './topics.js';

export const patientResolvers: Resolvers = {
  Query: {
    patient: (_, { id }, { caller, patients }) => {
      permit(caller, 'patients:read');
      return patients.ref(id);
    },
  },
  Subscription: {
    patientChanged: {
      subscribe: async (_, { incident, facility, after }, context) => {
        const { caller, incidents, outbox, visibility: visibility, tail } = context;
        permit(caller, 'patients:read');
        await refuseSilence(incident, incidents);
        return watch(outbox, tail, {
          after: after ?? undefined,
          readAhead: (page, ids) => (page as typeof context).patients.readAhead(ids),
          matches: (event) =>
            isOfPatient(event) &&
            seesEvent(visibility, event) &&
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
