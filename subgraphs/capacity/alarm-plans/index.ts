/** Alarm plans of facilities. */
export type { AlarmPlanTopic } from './events.js';
export { alarmPlanResolvers } from './resolvers.js';
export { AlarmPlanStore } from './store.js';
