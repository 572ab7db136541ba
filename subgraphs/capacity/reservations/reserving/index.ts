/** Reserving of slots: what is given, and what is missing. */
export {
  type ChangedItem,
  type ClaimTopic,
  concerns,
  eventsOf,
  freedOf,
  isOfReservation,
} from './events.js';
export { type Actor, reserveWithin } from './store.js';
