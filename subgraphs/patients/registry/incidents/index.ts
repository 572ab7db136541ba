/** Incidents and their sections. */
export { CASUALTIES_CHANGED, type IncidentTopic } from './events.js';
export { incidentResolvers } from './resolvers.js';
export { FORGET_TIMELINES } from './statements.js';
export { IncidentChanges } from './store-changes.js';
export { addEntry, keepIncidentOpen, redactTimeline } from './store-entries.js';
export { publishCasualties } from './store-events.js';
export { IncidentStore } from './store.js';
export { requireIncident } from './watched-incident.js';
