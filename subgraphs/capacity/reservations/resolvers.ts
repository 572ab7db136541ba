import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { tooManyFault } from '../../../shared/validation/rules.js';
import { type Caller, permit } from '../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import { type Change, watch } from '../../../shared/outbox/index.js';
import { seesIntake, type CasualtyVisibility } from '../access/index.js';
import { requireFacility } from '../facilities/index.js';
import type { LocatedFacility } from '../facilities/index.js';
import type { ReservationItemInput, Resolvers } from '../generated/graphql.js';
import { nextExpiry, statusOf, statusOfAll } from './transitions/rules.js';
import { MOST_ITEMS } from './reserving/rules.js';
import type { TransitionInput } from './transitions/index.js';
import { concerns, isOfReservation } from './reserving/index.js';

export const reservationResolvers: Resolvers = {
  Query: {
    reservation: async (_, { id }, { caller, reservations }) => {
      permit(caller, 'reservations:read');
      return (await reservations.find(id)) ?? null;
    },
    reservations: async (_, { filter, first, after }, context) => {
      permit(context.caller, 'reservations:read');
      const length = pageLength(first);
      await requireFacility(filter?.facility, context.facilities);
      return context.reservations.page(filter ?? {}, length, after);
    },
  },
  Mutation: {
    reserveBeds: (_, { input }, { caller, reservations, visibility }) => {
      permit(caller, 'reservations:create');
      const { length } = input.items;
      throwIfFault(length > 0 ? undefined : `items has 1 to ${MOST_ITEMS} entries; received none.`);
      throwIfFault(tooManyFault('items', length, MOST_ITEMS));
      permitIntake(visibility, input.items);
      return reservations.reserve(input, caller, ({ id, area }) =>
        permit(caller, 'reservations:create', { facility: id, area }),
      );
    },
    confirmReservation: (_, { input }, { caller, reservations }) =>
      reservations.confirm(input, caller, permitTransition(caller, input)),
    redeemReservation: (_, { input }, { caller, reservations }) =>
      reservations.transition('redeem', input, caller, permitTransition(caller, input)),
    releaseReservation: (_, { input }, { caller, reservations }) =>
      reservations.transition('release', input, caller, permitTransition(caller, input)),
  },
  Subscription: {
    reservationChanged: {
      subscribe: async (_, { facility, area, after }, context) => {
        permit(context.caller, 'reservations:read');
        await requireFacility(facility, context.facilities);
        return watch(context, {
          after,
          matches: (event) =>
            isOfReservation(event) && concerns(event, { facility, area }, context.visibility),
          readAhead: (page, ids) => page.reservations.readAhead(ids),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  ReservationChange: {
    reservation: async ({ entity }, _, { reservations }) =>
      entity === null ? null : ((await reservations.find(entity)) ?? null),
  },
  Reservation: {
    __resolveReference: async ({ id }, { caller, reservations }) => {
      permit(caller, 'reservations:read');
      return (await reservations.find(id)) ?? null;
    },
    kind: async (ref, _, { reservations }) => (await reservations.get(ref)).kind,
    createdAt: async (ref, _, { reservations }) => (await reservations.get(ref)).createdAt,
    createdBy: async (ref, _, { reservations }) => (await reservations.get(ref)).createdBy,
    status: async (ref, _, { reservations, now }) =>
      statusOfAll(await reservations.standing(ref), now),
    until: async (ref, _, { reservations, now }) =>
      nextExpiry(await reservations.standing(ref), now),
    items: (ref, { ids }, { reservations }) =>
      ids ? reservations.itemsNamed(ref, ids) : reservations.items(ref),
  },
  ReservationItem: {
    facility: ({ facilityId }) => ({ id: facilityId }),
    until: ({ expiresAt }) => expiresAt,
    status: (item, _, { now }) => statusOf(item, now),
  },
  Shortfall: {
    facility: ({ facility }) => ({ id: facility }),
    alternatives: (shortfall, _, { reservations }) => reservations.alternatives(shortfall),
  },
  AlternativePlace: {
    facility: ({ facility }) => ({ id: facility }),
  },
  ReservationConnection: connectionResolvers,
};

/**
 * Throws FORBIDDEN for intake of a facility whose intake the caller does not see: how much is left would show in whether the
 * slots are given.
 */
function permitIntake(
  visibility: CasualtyVisibility,
  items: readonly ReservationItemInput[],
): void {
  if (items.every(({ intake, facility }) => intake == null || seesIntake(visibility, facility))) {
    return;
  }
  throw callersFault(
    'FORBIDDEN',
    'Intake is reserved by the facility itself and by control rooms and crisis staff, who see what is left of it. Reserve beds, or let one of them reserve.',
  );
}

/** The right to move items to another status, checked at each of their facilities. */
function permitTransition(
  caller: Caller,
  { items }: TransitionInput,
): (slot: LocatedFacility) => void {
  permit(caller, 'reservations:settle');
  if (items?.length === 0) {
    throw callersFault(
      'BAD_USER_INPUT',
      'items names at least one item of the reservation; received none. Leave it out to mean all.',
    );
  }
  return ({ id, area }) => permit(caller, 'reservations:settle', { facility: id, area });
}
