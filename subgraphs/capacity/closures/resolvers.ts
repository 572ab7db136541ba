import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { type Change, tagFilter, watch } from '../../../shared/outbox/index.js';
import { isRefused, reasonFault } from '../../../shared/validation/rules.js';
import { requireFacility } from '../facilities/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { endOf, faultInClosing, judgeClosing, override, reopen } from './rules.js';
import { isOfClosure } from './events.js';

export const closureResolvers: Resolvers = {
  Mutation: {
    closeDepartment: async (_, { input }, { caller, closures, now }) => {
      permit(caller, 'closures:declare');
      throwIfFault(faultInClosing(input));
      const outcome = await closures.close(input, caller, ({ id, area }, inForce) => {
        permit(caller, 'closures:declare', { facility: id, area });
        return judgeClosing(input, inForce, now);
      });
      return isRefused(outcome) ? outcome : closures.get(outcome.id);
    },
    reopenDepartment: (_, { input: { closure: id } }, { caller, closures, now }) => {
      permit(caller, 'closures:declare');
      return closures.end(id, caller, (closure, facility) => {
        permit(caller, 'closures:declare', facility);
        return reopen(closure, now);
      });
    },
    overrideClosure: (_, { input: { closure: id, reason } }, { caller, closures, now }) => {
      permit(caller, 'closures:override');
      throwIfFault(reasonFault(reason));
      return closures.end(id, caller, (closure, facility) => {
        permit(caller, 'closures:override', facility);
        return override(closure, facility, reason, now);
      });
    },
  },
  Subscription: {
    closureChanged: {
      subscribe: async (_, { area, facility, after }, context) => {
        const { caller, facilities } = context;
        permit(caller, 'facilities:read');
        await requireFacility(facility, facilities);
        const concernsFacility = tagFilter('facility', facility);
        return watch(context, {
          after,
          matches: (event) =>
            isOfClosure(event) && event.area.startsWith(area ?? '') && concernsFacility(event),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  ClosureChange: {
    closure: ({ entity }, _, { closures }) => (entity === null ? null : closures.get(entity)),
  },
  Facility: {
    closures: ({ id }, { active }, { closures }) => closures.of(id, active),
  },
  NotInCrisis: {
    region: ({ area }, _, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.ofArea(area);
    },
  },
  Closure: {
    facility: ({ facilityId }) => ({ id: facilityId }),
    active: (closure, _, { now }) => endOf(closure, now) === undefined,
    endedAt: (closure, _, { now }) => endOf(closure, now)?.at ?? null,
    end: (closure, _, { now }) => endOf(closure, now)?.end ?? null,
  },
};
