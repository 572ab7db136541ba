import type { Caller } from '../../../../../shared/identity/index.js';
import { connectionResolvers } from '../../../../../shared/lists/index.js';
import { seesEveryIntake, seesIntake } from '../../../access/index.js';
import type { Resolvers } from '../../../generated/graphql.js';
import type { AllocationRow, LeftOverRow } from '../rows.js';
import type { AllocationStore } from '../store.js';

const ofFacility = ({ facilityId }: { facilityId: string }) => ({ id: facilityId });

/** The facilities that were not chosen reveal what is left of their intakes. */
const rejected = (
  row: AllocationRow | LeftOverRow,
  _: unknown,
  { allocations, caller }: { allocations: AllocationStore; caller: Caller },
) => (seesEveryIntake(caller) ? allocations.rejectedOf(row) : null);

/** Resolvers of the entries of a plan: assignments, patients left over, and the load of facilities. */
export const assignmentResolvers: Resolvers = {
  AssignmentConnection: connectionResolvers,
  UnallocatedConnection: connectionResolvers,
  LoadConnection: connectionResolvers,
  Assignment: {
    patient: ({ patientId }, _, { patients }) => patients.ref(patientId),
    facility: ofFacility,
    method: () => 'ESTIMATED',
    rejected,
    overrideReason: async ({ planId, patientId, overrideReason }, _, { allocations, patients }) => {
      const isVisible =
        (await allocations.leads(planId)) || (await patients.ref(patientId)) !== null;
      return isVisible ? overrideReason : null;
    },
    transfer: async ({ transferId }, _, { transfers }) =>
      transferId === null ? null : ((await transfers.find(transferId)) ?? null),
  },
  UnallocatedPatient: {
    patient: ({ patientId }, _, { patients }) => patients.ref(patientId),
    rejected,
  },
  FacilityLoad: {
    facility: ofFacility,
    allowed: ({ facilityId, allowed }, _, { caller }) =>
      seesIntake(caller, facilityId) ? allowed : null,
    limit: ({ facilityId, limit }, _, { caller }) =>
      seesIntake(caller, facilityId) ? limit : null,
  },
  RejectedFacility: {
    facility: ({ facility }) => ({ id: facility }),
    reason: ({ message }) => message,
  },
};
