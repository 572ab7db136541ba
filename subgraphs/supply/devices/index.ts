/** Faults of medical devices, the cases of service partners, and the beds that they take. */
export { AssessmentJobKind } from './assessment-job.js';
export { deviceResolvers } from './resolvers.js';
export { faultVisibilityOf } from './visibility.js';
export { DeviceFaultStore } from './store.js';
export { DeviceFaultChanges } from './store-changes.js';
export { DeviceClock } from './store-clock.js';
