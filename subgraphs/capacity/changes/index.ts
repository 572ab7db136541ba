/** The subscription to the changes of facilities. */
export { changeResolvers } from './resolvers.js';
