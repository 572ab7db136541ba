import { requireFacility } from '../../../shared/facility-directory/index.js';
import { may, permit } from '../../../shared/identity/index.js';
import { type Change, type TaggedEvent, watch } from '../../../shared/outbox/index.js';
import type { Phase, Resolvers } from '../generated/graphql.js';
import { BOUND_ELSEWHERE, STAFFING_CHANGED } from '../professionals/index.js';
import { type Detail, detailAt, detailOf } from './access.js';
import type { StaffingChangeRow } from './events.js';
import { numbersOf } from './sums.js';

export const staffingChangeResolvers: Resolvers = {
  Subscription: {
    staffingChanged: {
      subscribe: async (_, { area, facility, phase, after }, context) => {
        const { caller, facilities } = context;
        permit(caller, 'staffing:read');
        await requireFacility(facility, facilities);
        return watch(context, {
          after,
          readAhead: (page, ids) => page.staffing.readAhead(ids, phase),
          matches: (event) =>
            event.topic === STAFFING_CHANGED &&
            event.area.startsWith(area ?? '') &&
            (facility == null || event.entity === facility) &&
            may(caller, 'staffing:read') &&
            notices(event, detailOf(caller, { id: event.entity, area: event.area })),
        });
      },
      resolve: (change: Change, { phase }: { phase: Phase }): StaffingChangeRow =>
        Object.assign({ phase }, change),
    },
  },
  StaffingChange: {
    staffing: async ({ entity, phase }, _, { caller, facilities, staffing }) => {
      if (entity === null) return null;
      const detail = await detailAt(entity, caller, facilities);
      if (detail === 'NONE') return null;
      const groups = numbersOf(await staffing.ofFacility(entity, phase), phase, detail);
      return { facility: { id: entity }, groups };
    },
  },
};

/** For those who see steps, a message would reveal what the steps hide. */
function notices({ tags }: TaggedEvent, detail: Detail): boolean {
  return detail === 'EXACT' || (detail === 'STEPS' && !tags.includes(BOUND_ELSEWHERE));
}
