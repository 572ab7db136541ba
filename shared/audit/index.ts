/** The audit of reads of data about persons: who reads, and the page that a supervisor reads. */
export { ofReader, type Reader } from './entries.js';
export { readAudit } from './page.js';
