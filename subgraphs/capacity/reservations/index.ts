/** Reservations of beds and of slots of an intake. */
export type { ClaimTopic } from './reserving/index.js';
export { reservationResolvers } from './resolvers.js';
export { finalizeReported, publishLapsed } from './store-timers.js';
export { ReservationStore } from './store.js';
