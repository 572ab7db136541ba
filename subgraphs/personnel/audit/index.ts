/** Recording of who registers, reads, decides about and erases professionals, and the audit of them. */
export { auditResolvers } from './resolvers.js';
export { forgetEntries } from './store-retention.js';
export { AuditStore } from './store.js';
export { AUDIT_TEXT_COLUMNS } from './text-columns.js';
export { storeAuditEntry } from './store-writing.js';
