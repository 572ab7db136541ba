/** Errors: those that clients see, and the log of the others. */
export { CALLERS_FAULTS, callersFault, throwIfFault } from './callers-fault.js';
export { databaseFaultOf } from './database-faults.js';
export { recordFault } from './fault-log.js';
export { loggedError } from './logged-error.js';
export { isStatedOutage, statedOutage } from './stated-outage.js';
export { maskError, maskThrown } from './masking.js';
