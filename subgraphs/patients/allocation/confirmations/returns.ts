import type { Job, JobKind, Recorded } from '../../../../shared/jobs/index.js';
import type { CapacityClient } from '../../capacity-client/index.js';
import { releaseSlots } from './capacity-calls.js';

/** The kind under which it is stored that places of a plan are to be returned. */
export const RETURN_JOB = 'allocation.return';

/** Places of one reservation that were reserved for nobody. */
export interface ReturnInput {
  reservation: string;
  items: string[];
}

interface ReturnOutcome {
  is: 'RETURNED';
}

/** Returns places that a plan does not need; nothing else follows. */
export class ReturnJobKind implements JobKind<ReturnInput, undefined, ReturnOutcome, undefined> {
  readonly name = RETURN_JOB;
  readonly #capacity: CapacityClient;

  constructor(capacity: CapacityClient) {
    this.#capacity = capacity;
  }

  async call({ input, actor }: Job<ReturnInput>): Promise<undefined> {
    await releaseSlots(this.#capacity, input, actor);
  }

  lock(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  record(): Promise<Recorded<ReturnOutcome>> {
    return Promise.resolve({ outcome: { is: 'RETURNED' } });
  }
}
