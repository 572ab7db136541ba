import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { type Caller, permit } from '../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import { type Change, watch } from '../../../shared/outbox/index.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import type { Resolvers } from '../generated/graphql.js';
import { unknownOrganisation } from '../organisations/rules.js';
import { unknownLine } from '../requests/index.js';
import { seesStocksOf, stockVisibilityOf } from '../stocks/index.js';
import { reserveEventsFor } from './events.js';
import {
  coverOf,
  packetsFault,
  readinessOf,
  registrationFault,
  releaseFault,
  type ReserveRow,
} from './rules.js';

export const reserveResolvers: Resolvers = {
  Query: {
    reserves: (_, { filter, first, after }, { caller, reserves }) => {
      permit(caller, 'supply:read');
      return reserves.page(filter ?? {}, stockVisibilityOf(caller), pageLength(first), after);
    },
  },
  Mutation: {
    registerReserve: async (_, { input }, { caller, organisations, reserves }) => {
      permit(caller, 'reserves:release');
      throwIfFault(registrationFault(input));
      const { releaseArea } = input;
      permit(caller, 'reserves:release', { area: releaseArea });
      const organisation = await organisations.find(input.organisation);
      if (!organisation) return unknownOrganisation(input.organisation);
      if (!organisation.area.startsWith(releaseArea))
        throw areaFault(organisation.area, releaseArea);
      return reserves.register(input, organisation.area, caller);
    },
    releaseReserve: async (_, { input }, { caller, commitments, reserves }) => {
      permit(caller, 'reserves:release');
      throwIfFault(releaseFault(input));
      const found = input.line == null ? undefined : await commitments.findLine(input.line);
      if (input.line != null && !found) return unknownLine(input.line);
      const outcome = await reserves.release(input, found?.line, caller, releases(caller));
      if (isRefused(outcome)) return outcome;
      return { __typename: 'ReserveRelease' as const, ...(await reserves.getRelease(outcome.id)) };
    },
    replenishReserve: (_, { input }, { caller, reserves }) => {
      permit(caller, 'reserves:release');
      throwIfFault(packetsFault(input.packets));
      return reserves.replenish(input, caller, releases(caller));
    },
  },
  Subscription: {
    reserveChanged: {
      subscribe: (_, { area, after }, context) => {
        permit(context.caller, 'supply:read');
        return watch(context, {
          after,
          matches: reserveEventsFor(stockVisibilityOf(context.caller), area),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  ReserveChange: {
    reserve: async ({ entity }, _, { caller, reserves }) => {
      const row = entity === null ? undefined : await reserves.find(entity);
      if (!row) return null;
      const holder = { organisation: row.organisationId };
      const isSeen = seesStocksOf(stockVisibilityOf(caller), { holder, area: row.area });
      return isSeen ? { id: row.id } : null;
    },
  },
  Reserve: {
    organisation: async (ref, _, { reserves }) => ({
      id: (await reserves.get(ref)).organisationId,
    }),
    kind: async (ref, _, { reserves }) => (await reserves.get(ref)).kind,
    name: async (ref, _, { reserves }) => (await reserves.get(ref)).name,
    releaseArea: async (ref, _, { reserves }) => (await reserves.get(ref)).releaseArea,
    releaseRule: async (ref, _, { reserves }) => (await reserves.get(ref)).releaseRule,
    readinessHours: async (ref, _, { reserves }) => (await reserves.get(ref)).readinessHours,
    method: async (ref, _, { reserves }) =>
      (await reserves.get(ref)).modelledPackets === null ? 'REPORTED' : 'MODELLED',
    item: async (ref, _, { reserves }) => ({ id: (await reserves.get(ref)).itemId }),
    readiness: async (ref, _, { reserves }) => readinessOf(await reserves.get(ref)),
    packets: async (ref, _, { reserves }) => (await reserves.get(ref)).packets,
    target: async (ref, _, { reserves }) => (await reserves.get(ref)).target,
    coverPerPacket: async (ref, _, { reserves }) => coverOf(await reserves.get(ref), 1),
    cover: async (ref, _, { reserves }) => {
      const reserve = await reserves.get(ref);
      return coverOf(reserve, reserve.packets);
    },
    releases: ({ id }, _, { reserves }) => reserves.releasesOf(id),
  },
  ReserveRelease: {
    reserve: ({ reserveId }) => ({ id: reserveId }),
    by: ({ releasedBy }) => releasedBy,
    shipment: async ({ shipmentId }, _, { shipments }) =>
      shipmentId !== null && (await shipments.find(shipmentId)) ? { id: shipmentId } : null,
    cover: async ({ reserveId, packets }, _, { reserves }) =>
      coverOf(await reserves.get({ id: reserveId }), packets),
    readyAt: async ({ reserveId, releasedAt }, _, { reserves }) => {
      const { readinessHours } = await reserves.get({ id: reserveId });
      return new Date(releasedAt.getTime() + readinessHours * HOUR_MS);
    },
  },
  ReserveConnection: connectionResolvers,
};

/** A reserve outside the areas of the caller reads as one that does not exist; one that another level releases is refused. */
function releases(caller: Caller): (reserve: ReserveRow) => boolean {
  const visibility = stockVisibilityOf(caller);
  return ({ organisationId: organisation, area, releaseArea }) => {
    if (!seesStocksOf(visibility, { holder: { organisation }, area })) return false;
    permit(caller, 'reserves:release', { area: releaseArea });
    return true;
  };
}

function areaFault(area: string, releaseArea: string): Error {
  return callersFault(
    'BAD_USER_INPUT',
    `releaseArea is around the Kreis ${area}, where the reserve is kept: its digits, fewer of them, or none for Germany; received "${releaseArea}".`,
  );
}
