/** The quantities and steps of requests, which every concept of this module changes in the same way. */
export { eventsFor, tagsOf, topicOf } from './events.js';
export { CLOCK, type Ledger, lockLedger, recordStep, applyStep } from './store.js';
export type { CommitmentRow, LineRow, RequestRow, StepRow } from './rows.js';
