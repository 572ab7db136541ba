/** Recording of reads of patient detail, and the audit of them. */
export type { Disclosures } from './disclosures.js';
export { NO_DETAIL, type Reading } from './entries.js';
export { eraseAuditOf, forgetEntries, redactAudit } from './store-erasure.js';
export { AUDIT_TEXT_COLUMNS } from './text-columns.js';
export { noteReads, recordReads } from './recording.js';
export { withConcerns, type RecordedRefusal } from './recorded-refusal.js';
export { auditResolvers } from './resolvers.js';
export { storeAuditEntry, storeEntries } from './store-writing.js';
export { AuditStore } from './store.js';
