/** The intake of casualties that facilities declare. */
export type { IntakeTopic } from './events.js';
export { intakeResolvers } from './resolvers.js';
export { intakesOf, IntakeStore } from './store.js';
