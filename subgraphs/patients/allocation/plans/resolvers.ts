import { permit } from '../../../../shared/identity/index.js';
import { watch, type Change } from '../../../../shared/outbox/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { incidentTag, seesEveryIntake } from '../../access/index.js';
import { regionOf } from '../../capacity-client/rules.js';
import { requireIncident } from '../../registry/index.js';
import { catalogueOf } from '../../steering/rules.js';
import { ofPlan, ofPlanIfLeading } from './reading.js';
import { summaryOf } from './rules.js';
import { isOfPlan } from './events.js';
import { seesPlan, planVisibilityOf, concernsArea } from './visibility.js';

export const allocationResolvers: Resolvers = {
  Query: {
    allocationPlan: (_, { id }, { allocations, caller }) => {
      permit(caller, 'allocations:read');
      return allocations.ref(id);
    },
  },
  Subscription: {
    allocationChanged: {
      subscribe: async (_, { incident, area, after }, context) => {
        const { caller, incidents } = context;
        permit(caller, 'allocations:read');
        await requireIncident(incident, incidents);
        const visibility = planVisibilityOf(caller);
        return watch(context, {
          after,
          readAhead: (page, ids) => page.allocations.readAhead(ids),
          matches: (event) =>
            isOfPlan(event) &&
            seesPlan(visibility, event) &&
            (incident == null || event.tags.includes(incidentTag(incident))) &&
            (area == null || concernsArea(visibility, event, area)),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  AllocationChange: {
    plan: ({ entity }, _, { allocations }) => (entity === null ? null : allocations.ref(entity)),
  },
  Incident: {
    allocationPlans: ({ id }, _, { allocations, caller }) => {
      permit(caller, 'allocations:read');
      return allocations.ofIncident(id);
    },
  },
  AllocationPlan: {
    __resolveReference: ({ id }, { allocations, caller }) => {
      permit(caller, 'allocations:read');
      return allocations.ref(id);
    },
    incident: ofPlan(({ incidentId: id }) => (id === null ? null : { id })),
    facility: ofPlan(({ facilityId: id }) => (id === null ? null : { id })),
    area: ofPlan(({ area }) => area),
    region: ofPlan(({ area }) => regionOf(area)),
    wave: ofPlan(({ wave }) => wave),
    status: ofPlan(({ status }) => status),
    digest: ofPlan(({ digest }, { caller }) => (seesEveryIntake(caller) ? digest : null)),
    parameters: ofPlan(({ parameters }) => catalogueOf(parameters)),
    summary: ofPlanIfLeading(async (plan, _, { allocations }) =>
      summaryOf(plan, plan.status === 'PROPOSED' ? undefined : await allocations.outcomesOf(plan)),
    ),
    assignments: (ref, page, { allocations }) => allocations.assignmentsOf(ref, page),
    unallocated: ofPlanIfLeading((plan, page, { allocations }) =>
      allocations.unallocatedOf(plan, page),
    ),
    load: (ref, page, { allocations }) => allocations.loadOf(ref, page),
    proposedAt: ofPlan(({ proposedAt }) => proposedAt),
    proposedBy: ofPlan(({ proposedBy }) => proposedBy),
    settledAt: ofPlan(({ settledAt }) => settledAt),
    settledBy: ofPlan(({ settledBy }) => settledBy),
    settledReason: ofPlanIfLeading(({ settledReason }) => settledReason),
  },
};
