import { throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { type Change, watch } from '../../../../shared/outbox/index.js';
import { regionOf } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { connectionResolvers, pageLength } from '../../../../shared/lists/index.js';
import { reasonFault } from '../../../../shared/validation/rules.js';
import { seesArea } from '../../access/index.js';
import {
  ENTRIES,
  casualtyCounts,
  close,
  declarationFault,
  escalate,
  estimate,
  estimateFault,
  openEstimate,
  refusalIfClosed,
  sectionFault,
} from './rules.js';
import { positionRefusal } from '../positions/position-in-kreis.js';
import { isOfIncident, FOR_PATIENT_VIEWERS } from './events.js';
import { requireIncident } from './watched-incident.js';

export const incidentResolvers: Resolvers = {
  Query: {
    incident: async (_, { id }, { caller, incidents }) => {
      permit(caller, 'incidents:read');
      return (await incidents.find(id)) ? { id } : null;
    },
    incidents: (_, { filter, first, after }, { caller, incidents }) => {
      permit(caller, 'incidents:read');
      const length = pageLength(first);
      return incidents.page(filter ?? {}, length, after);
    },
  },
  Mutation: {
    declareIncident: (_, { input }, { caller, incidentChanges }) => {
      permit(caller, 'incidents:declare');
      throwIfFault(declarationFault(input));
      permit(caller, 'incidents:declare', { area: input.area });
      return positionRefusal(input.position, input.area) ?? incidentChanges.declare(input, caller);
    },
    updateEstimate: (_, { input }, { caller, incidentChanges }) => {
      permit(caller, 'incidents:declare');
      throwIfFault(estimateFault(input.estimatedCasualties));
      const entry = ENTRIES.estimate(input.estimatedCasualties);
      return incidentChanges.change(input.incident, caller, entry, (incident) => {
        permit(caller, 'incidents:declare', { area: incident.area });
        return refusalIfClosed(incident) ?? estimate(incident, input.estimatedCasualties);
      });
    },
    openSection: (_, { input }, { caller, incidentChanges }) => {
      permit(caller, 'incidents:declare');
      throwIfFault(sectionFault(input));
      return incidentChanges.openSection(input, caller, (incident) => {
        permit(caller, 'incidents:declare', { area: incident.area });
        return refusalIfClosed(incident) ?? positionRefusal(input.position, incident.area);
      });
    },
    escalateIncident: (_, { input }, { caller, incidentChanges }) => {
      permit(caller, 'incidents:declare');
      throwIfFault(reasonFault(input.reason));
      const entry = ENTRIES.escalation(input.leadingArea, input.reason);
      return incidentChanges.change(input.incident, caller, entry, (incident) => {
        permit(caller, 'incidents:declare', { area: incident.leadingArea });
        return refusalIfClosed(incident) ?? escalate(incident, input.leadingArea, input.reason);
      });
    },
    closeIncident: (_, { input }, { caller, incidentChanges, now }) => {
      permit(caller, 'incidents:declare');
      throwIfFault(reasonFault(input.reason));
      return incidentChanges.change(
        input.incident,
        caller,
        ENTRIES.closing(input.reason),
        (incident) => {
          permit(caller, 'incidents:declare', { area: incident.leadingArea });
          return refusalIfClosed(incident) ?? close(incident, input.reason, now);
        },
      );
    },
  },
  Subscription: {
    incidentChanged: {
      subscribe: async (_, { id, area, after }, context) => {
        const { caller, incidents, visibility } = context;
        permit(caller, 'incidents:read');
        await requireIncident(id, incidents);
        return watch(context, {
          after,
          readAhead: (page, ids) => page.incidents.readAhead(ids),
          matches: (event) =>
            isOfIncident(event) &&
            event.area.startsWith(area ?? '') &&
            (id == null || event.entity === id) &&
            // To other subscribers the event would disclose that there are casualties, whose number is hidden from them.
            (!FOR_PATIENT_VIEWERS.has(event.topic) || seesArea(visibility, event.area)),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  IncidentChange: {
    incident: ({ entity }) => (entity === null ? null : { id: entity }),
  },
  Incident: {
    __resolveReference: async ({ id }, { caller, incidents }) => {
      permit(caller, 'incidents:read');
      return (await incidents.find(id)) ? { id } : null;
    },
    name: async (ref, _, { incidents }) => (await incidents.get(ref)).name,
    hazard: async (ref, _, { incidents }) => (await incidents.get(ref)).hazard,
    position: async (ref, _, { incidents }) => {
      const { latitude, longitude } = await incidents.get(ref);
      return { latitude, longitude };
    },
    area: async (ref, _, { incidents }) => (await incidents.get(ref)).area,
    region: async (ref, _, { incidents }) => regionOf((await incidents.get(ref)).area),
    leadingArea: async (ref, _, { incidents }) => (await incidents.get(ref)).leadingArea,
    status: async (ref, _, { incidents }) => (await incidents.get(ref)).status,
    estimatedCasualties: async (ref, _, { incidents, visibility }) => {
      const { area, estimatedCasualties } = await incidents.get(ref);
      return seesArea(visibility, area) ? estimatedCasualties : openEstimate(estimatedCasualties);
    },
    declaredAt: async (ref, _, { incidents }) => (await incidents.get(ref)).declaredAt,
    closedAt: async (ref, _, { incidents }) => (await incidents.get(ref)).closedAt,
    sections: ({ id }, _, { incidents }) => incidents.sectionsOf(id),
    timeline: async (ref, _, { incidents, visibility }) => {
      const { area } = await incidents.get(ref);
      return seesArea(visibility, area) ? incidents.timelineOf(ref.id) : null;
    },
    casualties: async (ref, _, { incidents, visibility }) => {
      const { area } = await incidents.get(ref);
      const sees = seesArea(visibility, area);
      return casualtyCounts(sees ? await incidents.casualtiesOf(ref.id) : new Map(), sees);
    },
    remaining: async (ref, _, { incidents, visibility }) => {
      const { area } = await incidents.get(ref);
      return seesArea(visibility, area) ? incidents.remainingOf(ref.id) : null;
    },
  },
  IncidentConnection: connectionResolvers,
};
