/** Query plans, and the requirements of fields. */
export { fetchesOf } from './plan-fetches.js';
export { Planner } from './planner.js';
export { Requirements } from './requirements.js';
