import { permit } from '../../../../shared/identity/index.js';
import { type Change, watch } from '../../../../shared/outbox/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { requireIncident } from '../incidents/index.js';
import { connectionResolvers, pageLength } from '../../../../shared/lists/index.js';
import { facilityTag, incidentTag, seesEvent } from '../../access/index.js';
import { pzcParts, rmiWarning } from './rules/pzc.js';
import { ifVisible } from './if-visible.js';
import { isOfPatient } from './events.js';

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
        const { caller, incidents, visibility } = context;
        permit(caller, 'patients:read');
        await requireIncident(incident, incidents);
        return watch(context, {
          after,
          readAhead: (page, ids) => page.patients.readAhead(ids),
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
    patient: ({ entity }, _, { patients }) => (entity === null ? null : patients.ref(entity)),
  },
  Incident: {
    patients: ({ id }, { first, after, dueForTriage }, { caller, now, patients }) => {
      permit(caller, 'patients:read');
      return patients.page(id, pageLength(first), after, dueForTriage ? now : null);
    },
  },
  PatientConnection: connectionResolvers,
  Patient: {
    __resolveReference: ({ id }, { caller, patients }) => {
      permit(caller, 'patients:read');
      return patients.ref(id);
    },
    tag: async (ref, _, { patients }) => ref.tag ?? (await patients.get(ref)).tag,
    incident: ifVisible(({ incidentId: id }) => (id === null ? null : { id })),
    category: ifVisible(({ category }) => category),
    triagedByPhysician: ifVisible(({ byPhysician }) => byPhysician),
    transportPriority: ifVisible(({ transportPriority }) => transportPriority),
    needs: ifVisible(({ needs }) => needs),
    ventilated: ifVisible(({ ventilated }) => ventilated),
    physicianEscort: ifVisible(({ physicianEscort }) => physicianEscort),
    transportable: ifVisible(({ transportable }) => transportable),
    pzc: ifVisible(({ pzc, category }, { rmiList }) =>
      pzc === null ? null : { ...pzcParts(pzc, category), warning: rmiWarning(pzc, rmiList) },
    ),
    location: ifVisible((patient) => patient),
    origin: ifVisible(({ origin }) => origin),
    registeredAt: ifVisible(({ registeredAt }) => registeredAt),
    diedAt: ifVisible(({ diedAt }) => diedAt),
    erasedAt: ifVisible(({ erasedAt }) => erasedAt),
  },
  PatientLocation: {
    position: ({ latitude, longitude }) =>
      latitude === null || longitude === null ? null : { latitude, longitude },
    section: async ({ incidentId, sectionId }, _, { incidents }) => {
      if (incidentId === null || sectionId === null) return null;
      return (await incidents.sectionsOf(incidentId)).find(({ id }) => id === sectionId) ?? null;
    },
    facility: ({ facilityId: id }) => (id === null ? null : { id }),
  },
};
