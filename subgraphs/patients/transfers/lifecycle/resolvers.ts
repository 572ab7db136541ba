import { callersFault } from '../../../../shared/errors/callers-fault.js';
import { permit } from '../../../../shared/identity/caller.js';
import { watch, type Change } from '../../../../shared/outbox/feed.js';
import { stillMissing } from '../approvals/rules.js';
import type { Context } from '../../context.js';
import { unknownFacility } from '../../capacity-client/facility-areas/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { areaOf, placeNamed } from '../destinations/answers.js';
import { refuseSilence } from '../../registry/incidents/watched-incident.js';
import { lengthOf, ofConnection } from '../../lists/page.js';
import { facilityTag, incidentTag } from '../../access/visibility.js';
import { permitSeeing } from './permits.js';
import { checkReason } from './refusals.js';
import type { TransferRow } from './row.js';
import { possibleIn, requestFault } from './rules.js';
import { mayHear, viewerOf } from './viewer.js';

export const transferResolvers: Resolvers = {
  Query: {
    transfer: async (_, { id }, { caller, transfers }) => {
      permitSeeing(caller);
      return (await transfers.find(id)) ?? null;
    },
    transfers: (_, { filter, first, after }, { caller, transfers }) => {
      permitSeeing(caller);
      return transfers.page(filter ?? {}, lengthOf(first), after);
    },
  },
  Mutation: {
    requestTransfer: async (_, { input }, { caller, errands, facilities, requests }) => {
      permit(caller, 'transfers:request');
      checkReason(input.reason, false);
      const fault = requestFault(input);
      if (fault !== undefined) throw callersFault('BAD_USER_INPUT', fault);
      if (input.to == null) return requests.request(input, undefined);
      const area = await areaOf(facilities, input.to);
      if (area === undefined) return unknownFacility(input.to);
      const reservation = await placeNamed(errands, input.reservation);
      return requests.request(input, { id: input.to, area, reservation });
    },
    cancelTransfer: (_, { input }, { caller, transfers }) => {
      permit(caller, 'transfers:cancel');
      checkReason(input.reason, true);
      return transfers.step({ field: 'cancelTransfer', act: 'CANCEL', input });
    },
    recordDeath: (_, { input: { patient } }, { caller, deaths, patients }) => {
      permit(caller, 'patients:triage');
      patients.forget();
      return deaths.record(patient);
    },
  },
  Subscription: {
    transferChanged: {
      subscribe: async (_, { area, facility, incident, after }, context) => {
        const { caller, incidents, outbox, tail } = context;
        permitSeeing(caller);
        await refuseSilence(incident, incidents);
        const viewer = viewerOf(caller);
        return watch(outbox, tail, {
          after: after ?? undefined,
          matches: (event) =>
            event.topic.startsWith('patients.transfer-') &&
            mayHear(viewer, event) &&
            (area == null || event.tags.some((tag) => isWithin(tag, area))) &&
            (facility == null || event.tags.includes(facilityTag(facility))) &&
            (incident == null || event.tags.includes(incidentTag(incident))),
          readAhead: (page, ids) => (page as Context).transfers.readAhead(ids),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  TransferChange: {
    transfer: async ({ entity }, _, { transfers }) => (await transfers.find(entity)) ?? null,
  },
  TransferConnection: ofConnection,
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
    patient: ({ patient, ownSteps }, _, { patients }) => (ownSteps ? null : patients.ref(patient)),
    from: ({ fromFacility }) => (fromFacility === null ? null : { id: fromFacility }),
    to: ({ toFacility }) => (toFacility === null ? null : { id: toFacility }),
    steps: (transfer, _, { transfers }) => transfer.ownSteps ?? transfers.stepsOf(transfer),
    placeUntil: ({ placeUntil, item }) => (item === null ? null : placeUntil),
    escalated: ({ escalatedAt }) => escalatedAt !== null,
    possible: possibleNow,
  },
  StepNotPossible: {
    possible: (refusal, args, context) =>
      refusal.transfer ? possibleNow(refusal.transfer, args, context) : refusal.possible,
  },
  TransferStep: {
    facility: ({ facility }) => (facility === null ? null : { id: facility }),
  },
};

async function possibleNow(transfer: TransferRow, _: object, { transfers }: Context) {
  if (transfer.ownSteps) return [];
  const missing = stillMissing(transfer, await transfers.approvalsOf(transfer));
  return possibleIn(transfer.status, missing.length > 0);
}

/** Whether a tag of an event says that the transfer starts or ends in the area. */
function isWithin(tag: string, area: string): boolean {
  return tag.startsWith(`from:${area}`) || tag.startsWith(`to:${area}`);
}
