import { type Caller, permit } from '../../../../shared/identity/index.js';
import { type Change, watch } from '../../../../shared/outbox/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { incidentTag, seesEveryIntake, seesIntake } from '../../access/index.js';
import { requireIncident } from '../../registry/index.js';
import { catalogueOf } from '../../steering/rules.js';
import { connectionResolvers } from '../../../../shared/lists/index.js';
import { ofPlan, ofPlanIfLeading } from './reading.js';
import type { AllocationRow, LeftOverRow } from './row.js';
import { summaryOf } from './rules.js';
import type { AllocationStore } from './store.js';
import { isOfPlan } from './topics.js';
import { seesPlan, planViewerOf, concernsArea } from './viewer.js';

const ofFacility = ({ facility }: { facility: string }) => ({ id: facility });

/** The houses that were not chosen: it tells what is left of their intakes. */
const rejected = (
  row: AllocationRow | LeftOverRow,
  _: unknown,
  { allocations, caller }: { allocations: AllocationStore; caller: Caller },
) => (seesEveryIntake(caller) ? allocations.rejectedOf(row) : []);

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
        const viewer = planViewerOf(caller);
        return watch(context, {
          after,
          readAhead: (page, ids) => page.allocations.readAhead(ids),
          matches: (event) =>
            isOfPlan(event) &&
            seesPlan(viewer, event) &&
            (incident == null || event.tags.includes(incidentTag(incident))) &&
            (area == null || concernsArea(viewer, event, area)),
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
    incident: ofPlan(({ incident }) => (incident === null ? null : { id: incident })),
    facility: ofPlan(({ facility }) => (facility === null ? null : { id: facility })),
    area: ofPlan(({ area }) => area),
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
  AssignmentConnection: connectionResolvers,
  UnallocatedConnection: connectionResolvers,
  LoadConnection: connectionResolvers,
  Assignment: {
    patient: ({ patient }, _, { patients }) => patients.ref(patient),
    facility: ofFacility,
    method: () => 'ESTIMATED',
    rejected,
    overrideReason: async ({ plan, patient, overrideReason }, _, { allocations, patients }) => {
      const isVisible = (await allocations.leads(plan)) || (await patients.ref(patient)) !== null;
      return isVisible ? overrideReason : null;
    },
    transfer: async ({ transfer }, _, { transfers }) =>
      transfer === null ? null : ((await transfers.find(transfer)) ?? null),
  },
  UnallocatedPatient: {
    patient: ({ patient }, _, { patients }) => patients.ref(patient),
    rejected,
  },
  FacilityLoad: {
    facility: ofFacility,
    allowed: ({ facility, allowed }, _, { caller }) =>
      seesIntake(caller, facility) ? allowed : null,
    limit: ({ facility, limit }, _, { caller }) => (seesIntake(caller, facility) ? limit : null),
  },
  RejectedFacility: { facility: ofFacility, reason: ({ message }) => message },
};
