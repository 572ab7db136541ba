/** Lifelines of facilities: how much of each is there, and until when. */
export { LifelineClock } from './store-clock.js';
export { Occupancies } from './store-occupancies.js';
export { lifelineResolvers } from './resolvers.js';
export { modelLifelines } from './store-modelled.js';
export { LifelineMovements } from './store-movements.js';
export { LifelineReports } from './store-reports.js';
export { LifelineStore } from './store.js';
