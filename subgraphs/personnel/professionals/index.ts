/** Professionals: who registers them, who reads them, and which records count as one person. */
export { duplicateResolvers } from './resolvers-duplicates.js';
export { professionalResolvers } from './resolvers.js';
export { BOUND_ELSEWHERE, STAFFING_CHANGED } from './events.js';
export { Duplicates } from './store-duplicates.js';
export { IdentitySeal, personnelKeys } from './seal.js';
export { PROFESSIONAL_TEXT_COLUMNS } from './text-columns.js';
export { ProfessionalStore } from './store.js';
export { type LockedRecord, lockForBinding, publishBinding } from './store-binding.js';
export { visibilityOf } from './access.js';
export { unknownProfessional } from './rules.js';
export { lockWithdrawable, withdraw } from './store-withdrawal.js';
export { lockOverseen, storeStatuses } from './store-verification.js';
export { Registrations } from './store-registration.js';
