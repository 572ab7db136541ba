/** Whether an operation may run now. */
export { Admission } from './admission.js';
export { admitBodies, bodyFees } from './bodies.js';
export { type AuthenticateFrom, chargedAuthentication } from './charged-authentication.js';
export { ConcurrentOperations, type OperationLimits } from './concurrent-operations.js';
export { Connections } from './connections.js';
export { type Limits, MAX_TOKENS, feeFor, limitsWith } from './limits.js';
export { operationAdmission } from './operation-admission.js';
export { isSubscription } from './operation-kind.js';
export { type SentOperation, readOperationList } from './operation-list.js';
export { shownWithoutSuggestions, withoutSuggestions } from './suggestions.js';
export { undecidableSubscription } from './undecidable-subscription.js';
