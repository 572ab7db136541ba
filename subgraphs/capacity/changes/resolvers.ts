import { callersFault } from '../../../shared/errors/callers-fault.js';
import { permit } from '../../../shared/identity/caller.js';
import { watch, type Change } from '../../../shared/outbox/feed.js';
import { isArea } from '../facilities/rules.js';
import type { Resolvers } from '../generated/graphql.js';

export const changeResolvers: Resolvers = {
  Query: {
    capacityCursor: (_, __, { caller, startCursor }) => {
      permit(caller, 'regions:read');
      return startCursor ?? null;
    },
  },
  Subscription: {
    capacityChanged: {
      subscribe: async (
        _,
        { area, facility, category, after },
        { caller, facilities, outbox, tail },
      ) => {
        permit(caller, 'facilities:read');
        if (area != null && !isArea(area)) {
          throw callersFault(
            'BAD_USER_INPUT',
            `area is an AGS prefix of 2, 3 or 5 digits, or empty for Germany; "${area.slice(0, 20)}" came.`,
          );
        }
        if (facility != null && !(await facilities.find(facility))) {
          throw callersFault(
            'BAD_USER_INPUT',
            'No facility has this id, so nothing of it would ever change. Take the id from `facilities`.',
          );
        }
        return watch(outbox, tail, {
          after: after ?? undefined,
          matches: (event) =>
            event.area.startsWith(area ?? '') &&
            (facility == null || event.entity === facility) &&
            (category == null || event.tags.includes(category)),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  CapacityChange: {
    facility: ({ entity }) => ({ id: entity }),
  },
};
