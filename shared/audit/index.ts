/** The audit of reads of data about persons: who reads, the page that a supervisor reads, and how long entries are kept. */
export { ofReader, type Reader } from './entries.js';
export { forgetEntries } from './forgetting.js';
export { type AuditQuery, readAudit } from './page.js';
export { periodFault } from './rules.js';
