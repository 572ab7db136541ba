/** Durable jobs: work in another service that is stored with the change that demands it. */
export type { Job, JobKind, JobOutcome } from './job.js';
export { observeJobs } from './metrics.js';
export { JobRunner } from './runner.js';
export { addJob } from './store.js';
