/** Who read what of whom: what is recorded, and how. */
export type { Disclosures } from './disclosures.js';
export { NO_DETAIL, type Reading } from './entries.js';
export { AUDIT_TEXT_COLUMNS, eraseAuditOf, forgetEntries, redactAudit } from './erasure.js';
export { noteReads, recordReads } from './recording.js';
export { concerning, type Refused } from './refused.js';
export { auditResolvers } from './resolvers.js';
export { audit, storeEntries } from './store-writing.js';
export { AuditStore } from './store.js';
