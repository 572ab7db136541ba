import { permit } from '../../../shared/identity/index.js';
import { type Change, tagFilter, watch } from '../../../shared/outbox/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { seesIntake, seesSustainability } from '../access/index.js';
import { isHourOfFailure, isIntakeClaim, isOfFacility } from './events.js';
import { requireFacility } from '../facilities/index.js';

export const changeResolvers: Resolvers = {
  Query: {
    capacityCursor: (_, __, { caller, startCursor }) => {
      permit(caller, 'regions:read');
      return startCursor ?? null;
    },
  },
  Subscription: {
    capacityChanged: {
      subscribe: async (_, { area, facility, category, after }, context) => {
        const { caller, facilities, visibility, sustainabilityVisibility } = context;
        permit(caller, 'facilities:read');
        await requireFacility(facility, facilities);
        const isOfCategory = tagFilter('category', category);
        return watch(context, {
          after,
          matches: (event) =>
            isOfFacility(event) &&
            (!isIntakeClaim(event) || seesIntake(visibility, event.entity)) &&
            (!isHourOfFailure(event) ||
              seesSustainability(sustainabilityVisibility, event.entity, event.area)) &&
            event.area.startsWith(area ?? '') &&
            (facility == null || event.entity === facility) &&
            isOfCategory(event),
          readAhead: (page, ids) => {
            page.facilities.readAhead(ids);
            page.beds.readAhead(ids);
          },
        });
      },
      resolve: (change: Change) => change,
    },
  },
  CapacityChange: {
    facility: ({ entity }) => (entity === null ? null : { id: entity }),
  },
};
