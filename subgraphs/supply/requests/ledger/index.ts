/** The quantities and steps of requests, which every concept of this module changes in the same way. */
export { eventsFor, type RequestTopic, tagsOf } from './events.js';
export { CLOCK, type Ledger, lockLedger, recordStep, applyStep } from './store.js';
export type { CommitmentRow, LineRow, RequestRow, StepRow } from './rows.js';
export {
  COMMITMENTS_OF_REQUESTS,
  LINES_OF_REQUESTS,
  REQUESTS_BY_ID,
  STEPS_OF_REQUESTS,
} from './statements.js';
