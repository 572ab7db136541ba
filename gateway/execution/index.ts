/** Execution of plans. */
export { ExecutablePlan } from './executable-plan.js';
export type { OperationSlots } from './restricted-executor.js';
export { restrictedGateway } from './restricted-gateway.js';
export { RestrictedOperations } from './restricted-operations.js';
