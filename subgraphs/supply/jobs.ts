import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { SubgraphClient } from '../../shared/subgraph-client/index.js';
import { CapacityJobs, LimitJobKind } from './bed-limits/index.js';
import { AssessmentJobKind } from './devices/index.js';

interface JobDependencies {
  database: { pool: Pool };
  capacity: SubgraphClient;
  now: () => Date;
  log: Logger;
}

/** Returns the runner of all jobs of supply. */
export function jobsOn({ database, capacity, now, log }: JobDependencies): CapacityJobs {
  const kinds = [new LimitJobKind(capacity, log), new AssessmentJobKind(capacity, now)];
  return new CapacityJobs({ database, kinds, now, log });
}
