/** Registrations of patients. */
export { registrationResolvers } from './resolvers.js';
export { Registrations } from './store.js';
