import { throwIfFault } from '../../../../shared/errors/index.js';
import { forbidden, may, permit } from '../../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../../shared/lists/index.js';
import { type Change, watch } from '../../../../shared/outbox/index.js';
import { isRefused, reasonFault } from '../../../../shared/validation/rules.js';
import { regionOf } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { requireFacility } from '../../facilities/index.js';
import { unknownFacility } from '../../facilities/rules.js';
import { eventsFor } from '../ledger/index.js';
import { refusalIfNotAhead, openOf } from '../ledger/rules.js';
import { readLines } from './lines.js';
import { requestFault, unknownRequest } from './rules.js';

export const supplyRequestResolvers: Resolvers = {
  Query: {
    supplyRequest: async (_, { id }, { caller, supplyRequests }) => {
      permit(caller, 'supply:read');
      return (await supplyRequests.find(id)) ? { id } : null;
    },
    supplyRequests: async (_, { filter, first, after }, { caller, items, supplyRequests }) => {
      permit(caller, 'supply:read');
      const length = pageLength(first);
      const item = filter?.item == null ? null : ((await items.find(filter.item))?.id ?? NO_ITEM);
      return supplyRequests.page({ ...filter, item }, length, after);
    },
  },
  Mutation: {
    requestSupply: async (_, { input }, context) => {
      const { caller, facilities, supplyRequestChanges, now } = context;
      permit(caller, 'supplies:request');
      throwIfFault(requestFault(input));
      const mistimed = refusalIfNotAhead('neededUntil', input.neededUntil, now);
      if (mistimed) return mistimed;
      const area = await facilities.areaOf(input.facility);
      if (area === undefined) return unknownFacility(input.facility);
      const facility = { id: input.facility, area };
      permit(caller, 'supplies:request', { facility: facility.id, area });
      const lines = await readLines(input.lines, context);
      return Array.isArray(lines) ? supplyRequestChanges.make(input, facility, lines) : lines;
    },
    acknowledgeSupplyRequest: async (_, { input }, context) => {
      const { caller, supplyRequests, supplyRequestChanges } = context;
      if (!may(caller, 'supplies:request')) permit(caller, 'supplies:offer');
      const request = await supplyRequests.find(input.request);
      if (!request) return unknownRequest(input.request);
      // The facility sees its request whole as well, and acknowledges nothing of its own.
      const scope = request.isWhole ? 'supplies:request' : 'supplies:offer';
      if (!may(caller, scope, request.isWhole ? { area: request.area } : undefined)) {
        throw forbidden(caller, scope);
      }
      return afterwards(
        await supplyRequestChanges.acknowledge(input, request.isWhole ? 'AUTHORITY' : 'SUPPLIER'),
        supplyRequests,
      );
    },
    cancelSupplyRequest: async (_, { input }, context) => {
      const { caller, supplyRequests, supplyRequestChanges, offers } = context;
      permit(caller, 'supplies:request');
      throwIfFault(reasonFault(input.reason));
      const request = await supplyRequests.find(input.request);
      if (!request) return unknownRequest(input.request);
      const { facilityId: facility, area } = request;
      permit(caller, 'supplies:request', { facility, area });
      const outcome = await supplyRequestChanges.cancel(input, (db, parts) =>
        offers.giveBack(db, parts),
      );
      return afterwards(outcome, supplyRequests);
    },
  },
  Subscription: {
    supplyRequestChanged: {
      subscribe: async (_, { area, facility, after }, context) => {
        const { caller, facilities, supplyRequests } = context;
        permit(caller, 'supply:read');
        await requireFacility(facility, facilities);
        return watch(context, {
          after,
          readAhead: (page, ids) => page.supplyRequests.readAhead(ids),
          matches: eventsFor(supplyRequests.visibility, { area, facility }),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  SupplyRequestChange: {
    supplyRequest: async ({ entity }, _, { supplyRequests }) =>
      entity !== null && (await supplyRequests.find(entity)) ? { id: entity } : null,
  },
  SupplyRequest: {
    __resolveReference: async ({ id }, { caller, supplyRequests }) => {
      permit(caller, 'supply:read');
      return (await supplyRequests.find(id)) ? { id } : null;
    },
    facility: async (ref, _, { supplyRequests }) => {
      const { facilityId, isWhole, lines } = await supplyRequests.get(ref);
      const isSupplier = lines.some(({ commitments }) =>
        commitments.some(({ quantity }) => quantity > 0),
      );
      return isWhole || isSupplier ? { id: facilityId } : null;
    },
    area: async (ref, _, { supplyRequests }) => (await supplyRequests.get(ref)).area,
    region: async (ref, _, { supplyRequests }) => regionOf((await supplyRequests.get(ref)).area),
    status: async (ref, _, { supplyRequests }) => (await supplyRequests.get(ref)).status,
    neededUntil: async (ref, _, { supplyRequests }) => (await supplyRequests.get(ref)).neededUntil,
    reason: async (ref, _, { supplyRequests }) => {
      const { isWhole, reason } = await supplyRequests.get(ref);
      return isWhole ? reason : null;
    },
    requestedAt: async (ref, _, { supplyRequests }) => (await supplyRequests.get(ref)).requestedAt,
    acknowledgeUntil: async (ref, _, { supplyRequests }) =>
      (await supplyRequests.get(ref)).acknowledgeUntil,
    acknowledgedAt: async (ref, _, { supplyRequests }) =>
      (await supplyRequests.get(ref)).acknowledgedAt,
    escalatedAt: async (ref, _, { supplyRequests }) => (await supplyRequests.get(ref)).escalatedAt,
    cancelledAt: async (ref, _, { supplyRequests }) => (await supplyRequests.get(ref)).cancelledAt,
    lines: async (ref, _, { supplyRequests }) => (await supplyRequests.get(ref)).lines,
    steps: async (ref, _, { supplyRequests }) =>
      (await supplyRequests.get(ref)).isWhole ? supplyRequests.stepsOf(ref.id) : null,
  },
  SupplyStep: {
    line: async ({ requestId, lineId }, _, { supplyRequests }) =>
      (await supplyRequests.get({ id: requestId })).lines.find(({ id }) => id === lineId) ?? null,
  },
  SupplyLine: {
    item: ({ itemId }) => ({ id: itemId }),
    open: (line) => (line.isOver ? 0 : openOf(line)),
    committed: ({ isWhole, committed }) => (isWhole ? committed : null),
    inTransit: ({ isWhole, inTransit }) => (isWhole ? inTransit : null),
    delivered: ({ isWhole, delivered }) => (isWhole ? delivered : null),
    openToAll: ({ addressees }) => addressees.length === 0,
  },
  SupplyRequestConnection: connectionResolvers,
};

/** An id that no item has: a filter by an unknown item finds nothing. */
const NO_ITEM = '00000000-0000-0000-0000-000000000000';

/** Drops what was read before the change. */
function afterwards<Outcome extends object>(outcome: Outcome, requests: { forget(): void }) {
  if (!isRefused(outcome)) requests.forget();
  return outcome;
}
