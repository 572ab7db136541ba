/** Beds that facilities can sustain. */
export type { SustainabilityTopic } from './events.js';
export { sustainabilityResolvers } from './resolvers.js';
export { failingFacilities } from './store-failing.js';
export { OperableBedsStore } from './store-operable.js';
export { SustainabilityReviewStore } from './store-review.js';
export { ShownLimitStore } from './store-shown.js';
export { SustainabilityStore } from './store.js';
