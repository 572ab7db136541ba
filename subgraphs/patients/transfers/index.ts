/** Transfers: `createMany` creates them, acts move them by `transition`, and stores read them with the rights of the caller. */
export { approvalResolvers, ApprovalStore } from './approvals/index.js';
export { arrivalResolvers, ArrivalStore } from './arrivals/index.js';
export { TransferEndings, deathResolvers, DeathStore } from './deaths/index.js';
export { destinationResolvers, DestinationStore } from './destinations/index.js';
export { eraseTransfersOf, TRANSFER_TEXT_COLUMNS } from './erasure.js';
export { type JobDependencies, TransferJobs } from './jobs/index.js';
export {
  TransferClock,
  createMany,
  levelsOf,
  transferResolvers,
  TransferStore,
  CLOCK,
} from './lifecycle/index.js';
export { requestResolvers, RequestStore } from './requests/index.js';
export {
  transportResolvers,
  DispatchStore,
  LendingStore,
  RadioStore,
  VehicleStore,
} from './transport/index.js';
