/** Masking of errors before they leave. */
export { maskFault, maskFormatted } from './mask.js';
export { loggedOutage, outage, unrecorded } from './outage.js';
export { hasFault, isCallersFault, showSubgraphErrors } from './subgraph-errors.js';
