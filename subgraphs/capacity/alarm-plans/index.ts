/** Alarm plans of facilities. */
export { alarmPlanResolvers } from './resolvers.js';
export { AlarmPlanStore } from './store.js';
