/** The intake of casualties that facilities declare. */
export { intakeResolvers } from './resolvers.js';
export { intakesOf, IntakeStore } from './store.js';
