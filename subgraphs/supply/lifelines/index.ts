/** What facilities live on, how much of it is there, and until when. */
export { lifelineResolvers } from './resolvers.js';
export { LifelineReports } from './store-reports.js';
export { LifelineStore } from './store.js';
