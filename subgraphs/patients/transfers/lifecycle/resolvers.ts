import { permit } from '../../../../shared/identity/index.js';
import {
  type Change,
  type TaggedEvent,
  tagValues,
  watch,
} from '../../../../shared/outbox/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { facilityTag, incidentTag } from '../../access/index.js';
import { requireIncident } from '../../registry/index.js';
import { connectionResolvers, pageLength } from '../../../../shared/lists/index.js';
import { isOfTransfer } from './events.js';
import { permitSeeing } from './authorization.js';
import { checkReason } from './refusals.js';
import { mayReceive, transferVisibilityOf } from './visibility.js';

export const transferResolvers: Resolvers = {
  Query: {
    transfer: async (_, { id }, { caller, transfers }) => {
      permitSeeing(caller);
      return (await transfers.find(id)) ?? null;
    },
    transfers: (_, { filter, first, after }, { caller, transfers }) => {
      permitSeeing(caller);
      return transfers.page(filter ?? {}, pageLength(first), after);
    },
  },
  Mutation: {
    cancelTransfer: (_, { input }, { caller, transfers }) => {
      permit(caller, 'transfers:cancel');
      checkReason(input.reason, true);
      return transfers.transition({ field: 'cancelTransfer', act: 'CANCEL', input });
    },
  },
  Subscription: {
    transferChanged: {
      subscribe: async (_, { area, facility, incident, after }, context) => {
        const { caller, incidents } = context;
        permitSeeing(caller);
        await requireIncident(incident, incidents);
        const visibility = transferVisibilityOf(caller);
        return watch(context, {
          after,
          matches: (event) =>
            isOfTransfer(event) &&
            mayReceive(visibility, event) &&
            (area == null || concernsArea(event, area)) &&
            (facility == null || event.tags.includes(facilityTag(facility))) &&
            (incident == null || event.tags.includes(incidentTag(incident))),
          readAhead: (page, ids) => page.transfers.readAhead(ids),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  TransferChange: {
    transfer: async ({ entity }, _, { transfers }) =>
      entity === null ? null : ((await transfers.find(entity)) ?? null),
  },
  TransferConnection: connectionResolvers,
  Patient: {
    transfer: async ({ id }, _, { caller, transfers }) => {
      permit(caller, 'patients:read');
      return (await transfers.ofPatient(id)) ?? null;
    },
  },
  Transfer: {
    __resolveReference: async ({ id }, { caller, transfers }) => {
      permitSeeing(caller);
      return (await transfers.find(id)) ?? null;
    },
    patient: ({ patientId, ownSteps }, _, { patients }) =>
      ownSteps ? null : patients.ref(patientId),
    from: ({ fromFacility }) => (fromFacility === null ? null : { id: fromFacility }),
    to: ({ toFacility }) => (toFacility === null ? null : { id: toFacility }),
    steps: (transfer, _, { transfers }) => transfer.ownSteps ?? transfers.stepsOf(transfer),
    placeUntil: ({ placeUntil, reservationItem }) => (reservationItem === null ? null : placeUntil),
    escalated: ({ escalatedAt }) => escalatedAt !== null,
  },
  TransferStep: {
    facility: ({ facility }) => (facility === null ? null : { id: facility }),
  },
};

/** Whether the transfer of an event starts or ends in the area. */
function concernsArea(event: TaggedEvent, area: string): boolean {
  return ['from', 'to'].some((key) => tagValues(event, key).some((code) => code.startsWith(area)));
}
