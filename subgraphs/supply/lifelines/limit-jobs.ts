import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { recordFault } from '../../../shared/errors/index.js';
import { type Job, type JobKind, JobRunner } from '../../../shared/jobs/index.js';
import { type SubgraphClient, SubgraphUnavailable } from '../../../shared/subgraph-client/index.js';
import { DeclareSustainableBedsDocument } from '../capacity-client/index.js';
import type { Method } from '../generated/graphql.js';
import { CAUSES, type LifelineCause } from './rules/limits.js';

/** The kind of jobs that declare to capacity from when on a cause takes beds. */
export const LIMIT_JOB = 'declare-sustainable-beds';
/** How many due jobs one process runs at once. */
const CONCURRENCY = 16;

/** A declaration as it is stored with its job; instants in ISO 8601. */
export interface LimitInput {
  facility: string;
  cause: LifelineCause;
  /** Null withdraws what was declared. */
  from: string | null;
  observedAt: string;
  until: string;
  source: string;
  method: Method;
  /** Whether a lifeline of the cause fell suddenly since the declaration before. */
  suddenFall: boolean;
}

/** The name of capacity's outcome. */
interface LimitOutcome {
  is: string;
}

/** Declares to capacity how many beds a facility can keep in use; capacity counts the declaration that was observed last. */
class LimitJobKind implements JobKind<LimitInput, LimitOutcome, LimitOutcome, void> {
  readonly name = LIMIT_JOB;
  readonly #capacity: SubgraphClient;
  readonly #log: Logger;

  constructor(capacity: SubgraphClient, log: Logger) {
    this.#capacity = capacity;
    this.#log = log;
  }

  async call({ id, input, actor }: Job<LimitInput>): Promise<LimitOutcome> {
    const { from, until, cause, ...rest } = input;
    const beds = from === null ? null : 0;
    const items = CAUSES[cause].categories.map((category) => ({
      ...{ category, beds, until },
      from: from ?? input.observedAt,
    }));
    const variables = { input: { ...rest, cause, items, idempotencyKey: id } };
    const { outcome } = await this.#capacity.request(DeclareSustainableBedsDocument, variables, {
      actor,
    });
    if (outcome === null) throw new SubgraphUnavailable('capacity sent no outcome');
    if ('message' in outcome) {
      const { message } = outcome;
      recordFault(this.#log, 'capacity refused a declaration', { job: id, message }, 'warn');
    }
    return { is: outcome.__typename };
  }

  lock(): Promise<void> {
    return Promise.resolve();
  }

  record(_db: unknown, _job: unknown, outcome: LimitOutcome) {
    return Promise.resolve({ outcome });
  }
}

interface LimitJobDependencies {
  database: { pool: Pool };
  capacity: SubgraphClient;
  now: () => Date;
  log: Logger;
}

/** Runs the declarations to capacity: at once after the change that they follow from, and again until capacity has responded. */
export class LimitJobs extends JobRunner {
  readonly #log: Logger;

  constructor({ database: { pool }, capacity, now, log }: LimitJobDependencies) {
    super({
      ...{ pool, now, log, concurrency: CONCURRENCY },
      kinds: [new LimitJobKind(capacity, log)],
      isUnavailable: (error) => error instanceof SubgraphUnavailable,
    });
    this.#log = log;
  }

  /** Starts jobs that were just added. Nobody waits: a report is stored whether capacity is available or not. */
  start(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.run(job).catch((err: unknown) => {
        recordFault(this.#log, 'a declaration to capacity failed', { err, job: job.id }, 'warn');
      });
    }
  }
}
