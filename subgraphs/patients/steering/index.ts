/** The best plan for given patients and facilities. */
export { endPlanner, propose, UnusableInput } from './propose.js';
export { steeringResolvers } from './resolvers.js';
