/** The client of the capacity subgraph with its operations, and the Kreise of capacity's facilities. */
export { type CapacityAddress, CapacityClient, CapacityUnavailable } from './client.js';
export { type FacilityRef, FacilityStore, keepFacilityAreas } from './facility-store.js';
export {
  AllocationFacilitiesDocument,
  type AllocationFacilitiesQuery,
  AllocationLimitsDocument,
  CasualtyFacilitiesDocument,
  type CasualtyFacilitiesQuery,
  type CasualtyHouseFilter,
  ConfirmForTransferDocument,
  type ConfirmForTransferMutation,
  OriginFacilityDocument,
  RedeemForTransferDocument,
  ReleaseForAllocationDocument,
  ReleaseForTransferDocument,
  type ReleaseForTransferMutation,
  ReservedSlotDocument,
  type ReservedSlotQuery,
  ReserveForAllocationDocument,
  type ReserveForAllocationMutation,
  ReserveForTransferDocument,
  type ReserveForTransferMutation,
  type ReserveBedsInput,
  StatusOfSlotsDocument,
} from './generated/operations.js';
export { orUnavailable } from './unavailable.js';
