import type { PoolClient } from 'pg';
import { type Job, type JobKind, type JobOutcome, addJob } from '../../../../shared/jobs/index.js';
import type { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import { releaseSlots, type ReservedSlot } from './capacity-calls.js';

/** The kind of jobs that release slots that a plan does not use. */
export const RETURN_JOB = 'allocation.return';

/** Slots of one reservation that no transfer uses; stored with the job, as JSON. */
export interface ReturnInput {
  reservation: string;
  items: string[];
}

interface ReturnOutcome {
  is: 'RETURNED';
}

/** Releases slots that a plan does not use; nothing else follows. */
export class ReturnJobKind implements JobKind<ReturnInput, undefined, ReturnOutcome, undefined> {
  readonly name = RETURN_JOB;
  readonly #capacity: SubgraphClient;

  constructor(capacity: SubgraphClient) {
    this.#capacity = capacity;
  }

  async call({ input, actor }: Job<ReturnInput>): Promise<undefined> {
    await releaseSlots(this.#capacity, input, actor);
  }

  lock(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  record(): Promise<JobOutcome<ReturnOutcome>> {
    return Promise.resolve({ outcome: { is: 'RETURNED' } });
  }
}

/** Adds a job for each reservation whose slots no transfer of the plan uses. */
export async function addReturnJobs(
  db: PoolClient,
  { id: subject, confirmedBy: actor }: { id: string; confirmedBy: string },
  slots: readonly ReservedSlot[],
  at: Date,
): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const reservation of new Set(slots.map((slot) => slot.reservation))) {
    const items = slots.flatMap((slot) => (slot.reservation === reservation ? [slot.item] : []));
    const input: ReturnInput = { reservation, items };
    jobs.push(await addJob(db, { kind: RETURN_JOB, subject, input, actor, at }));
  }
  return jobs;
}
