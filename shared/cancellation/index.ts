/** Ends what a request reads when nobody waits for its response any more. */
export { Cancellation, CancellationError } from './cancellation.js';
