import { callersFault, throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../../shared/lists/index.js';
import { type Change, watch } from '../../../../shared/outbox/index.js';
import { idOrNone, isRefused } from '../../../../shared/validation/rules.js';
import { regionOf } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { unknownItem, wrongUnit } from '../../items/rules.js';
import { ownHolder, permitHolder } from '../access/index.js';
import { type HolderColumns, isOwn } from '../access/rules.js';
import { refusalOfOfferTimes, openOf } from '../ledger/rules.js';
import { offerEventsFor } from './events.js';
import {
  firstOfEachHolder,
  leftOf,
  matchesOf,
  offerFault,
  proposalsOf,
  refusalIfExpired,
  unknownOffer,
} from './rules.js';

const MOST_MATCHES = 50;

export const offerResolvers: Resolvers = {
  Query: {
    supplyOffer: async (_, { id }, { caller, offers }) => {
      permit(caller, 'supply:read');
      return (await offers.find(id)) ? { id } : null;
    },
    supplyOffers: async (_, { filter, first, after }, { caller, items, offers }) => {
      permit(caller, 'supply:read');
      const length = pageLength(first);
      const item =
        filter?.item == null ? null : ((await items.find(filter.item))?.id ?? idOrNone(''));
      return offers.page({ ...filter, item }, length, after);
    },
  },
  Mutation: {
    offerSupply: async (_, { input }, context) => {
      const { caller, items, offers, now } = context;
      permit(caller, 'supplies:offer');
      throwIfFault(offerFault(input));
      const from = input.availableFrom ?? now;
      const mistimed = refusalOfOfferTimes(input, now);
      if (mistimed) return mistimed;
      const holder = await ownHolder(input, 'supplies:offer', context);
      if (isRefused(holder)) return holder;
      const item = await items.find(input.item);
      if (!item) return unknownItem(input.item);
      const refusal =
        wrongUnit(item, input.unit) ??
        refusalIfExpired(input.usableUntil, from) ??
        refusalIfExpired(input.usableUntil, now);
      return refusal ?? offers.offer(input, holder, item.id);
    },
    withdrawSupplyOffer: async (_, { input }, { caller, offers }) => {
      permit(caller, 'supplies:offer');
      const offer = await offers.find(input.offer);
      if (!offer) return unknownOffer(input.offer);
      permitHolder(caller, 'supplies:offer', offer);
      return offers.withdraw(input);
    },
  },
  Subscription: {
    supplyOfferChanged: {
      subscribe: (_, { area, after }, context) => {
        const { caller, supplyRequests } = context;
        permit(caller, 'supply:read');
        return watch(context, {
          after,
          readAhead: (page, ids) => page.offers.readAhead(ids),
          matches: offerEventsFor(supplyRequests.visibility, area),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  SupplyOfferChange: {
    supplyOffer: async ({ entity }, _, { offers }) =>
      entity !== null && (await offers.find(entity)) ? { id: entity } : null,
  },
  SupplyOffer: {
    __resolveReference: async ({ id }, { caller, offers }) => {
      permit(caller, 'supply:read');
      return (await offers.find(id)) ? { id } : null;
    },
    organisation: async (ref, _, { offers }) => refOf((await offers.get(ref)).organisationId),
    facility: async (ref, _, { offers }) => refOf((await offers.get(ref)).facilityId),
    area: async (ref, _, { offers }) => (await offers.get(ref)).area,
    region: async (ref, _, { offers }) => regionOf((await offers.get(ref)).area),
    item: async (ref, _, { offers }) => ({ id: (await offers.get(ref)).itemId }),
    quantity: async (ref, _, { offers }) => (await offers.get(ref)).quantity,
    committed: async (ref, _, { offers }) => (await offers.get(ref)).committed,
    left: async (ref, _, { offers, now }) => leftOf(await offers.get(ref), now),
    availableFrom: async (ref, _, { offers }) => (await offers.get(ref)).availableFrom,
    until: async (ref, _, { offers }) => (await offers.get(ref)).until,
    usableUntil: async (ref, _, { offers }) => (await offers.get(ref)).usableUntil,
    offeredAt: async (ref, _, { offers }) => (await offers.get(ref)).offeredAt,
    withdrawnAt: async (ref, _, { offers }) => (await offers.get(ref)).withdrawnAt,
    matches: async (ref, { first }, { offers, supplyRequests, now }) => {
      const offer = await offers.get(ref);
      if (!isOwn(supplyRequests.visibility, offer)) return null;
      const left = leftOf(offer, now);
      if (left === 0) return [];
      const ids = await offers.requestsFor(offer);
      const found = await Promise.all(ids.map((id) => supplyRequests.find(id)));
      const lines = found.flatMap((request) =>
        (request?.lines ?? [])
          .filter((line) => line.itemId === offer.itemId && !isOwnFacility(offer, request!))
          .map((line) => ({ line, request: request!, open: openOf(line) })),
      );
      const candidates = lines.map(({ line, request, open }) => {
        const { area, neededUntil, requestedAt } = request;
        return { line, open, area, neededUntil, requestedAt, supplyRequest: { id: request.id } };
      });
      return matchesOf({ ...offer, left }, candidates).slice(0, matchCount(first));
    },
  },
  SupplyLine: {
    proposals: async (line, { first }, { offers, supplyRequests, now }) => {
      const count = matchCount(first);
      if (!line.isWhole) return null;
      if (line.isOver || openOf(line) === 0) return [];
      const { area, neededUntil, facilityId } = await supplyRequests.get({ id: line.requestId });
      const standing = (await offers.standingOf(line.itemId))
        .filter((offer) => offer.facilityId !== facilityId)
        .map((offer) => ({ ...offer, left: leftOf(offer, now) }));
      const proposals = proposalsOf({ open: openOf(line), area, neededUntil }, standing);
      return firstOfEachHolder(proposals)
        .slice(0, count)
        .map((proposal) => ({
          ...proposal,
          isAddressed: isAddressedTo(line.addressees, proposal),
        }));
    },
  },
  SupplyProposal: {
    organisation: ({ organisationId }) => refOf(organisationId),
    facility: ({ facilityId }) => refOf(facilityId),
    region: ({ area }) => regionOf(area),
  },
  SupplyOfferConnection: connectionResolvers,
};

function isOwnFacility(
  { facilityId }: { facilityId: string | null },
  request: { facilityId: string },
): boolean {
  return facilityId === request.facilityId;
}

/** Whether the holder of an offer sees a line: a line that is open to all is seen by organisations, and never by other facilities. */
function isAddressedTo(
  addressees: readonly string[],
  { organisationId, facilityId }: HolderColumns,
): boolean {
  if (addressees.length === 0) return organisationId !== null;
  return addressees.includes((organisationId ?? facilityId)!);
}

function matchCount(first: number | null | undefined): number {
  const count = first ?? 10;
  if (count >= 1 && count <= MOST_MATCHES) return count;
  throw callersFault(
    'BAD_USER_INPUT',
    `first lies between 1 and ${MOST_MATCHES}; received ${count}.`,
  );
}

function refOf(id: string | null): { id: string } | null {
  return id === null ? null : { id };
}
