/** Faults of medical devices, the cases of service partners, and the beds that they take. */
export { AssessmentJobKind } from './assessment-job.js';
export { deviceResolvers } from './resolvers.js';
export { visibleFaults } from './rules/access.js';
export { DeviceFaultStore } from './store.js';
export { DeviceFaultChanges } from './store-changes.js';
export { DeviceClock } from './store-clock.js';
