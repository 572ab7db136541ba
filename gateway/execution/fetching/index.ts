/** The steps of a plan, and how they are fetched from the subgraphs. */
export { UnsupportedPlan, checkName } from './coverage.js';
export { planStep } from './plan-steps.js';
export type { FetchStep, JsonObject, Run } from './run.js';
