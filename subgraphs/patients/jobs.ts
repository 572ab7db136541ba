import { AllocationJobs } from './allocation/index.js';
import { type JobDependencies, TransferJobs } from './transfers/index.js';

/** What this process runs of the work to be done in capacity. */
export interface Jobs {
  transfers: TransferJobs;
  allocations: AllocationJobs;
  /** Names of the kinds of jobs of both. */
  kinds: readonly string[];
  /** Takes up no further due job, and waits for those that run. */
  stop(): Promise<void>;
}

export function jobsOn(dependencies: JobDependencies): Jobs {
  const transfers = new TransferJobs(dependencies);
  const allocations = new AllocationJobs(dependencies);
  return {
    transfers,
    allocations,
    kinds: [...transfers.kindNames, ...allocations.kindNames],
    async stop() {
      await Promise.all([transfers.stop(), allocations.stop()]);
    },
  };
}
