/** Repeats of a call get the outcome of the first one. */
export { digestCallsOf, digestsOf } from './digests.js';
export {
  type Call,
  doneBefore,
  forgetCall,
  forgetCalls,
  type IdempotencyKeyReused,
  runOnce,
  type StoredForm,
} from './idempotency.js';
export { withoutWords, withWords, wordsOf } from './words.js';
