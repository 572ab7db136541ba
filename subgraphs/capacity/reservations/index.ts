/** Reservations of beds and of slots of an intake. */
export { reservationResolvers } from './resolvers.js';
export { finalizeReported, publishLapsed } from './store-timers.js';
export { ReservationStore } from './store.js';
