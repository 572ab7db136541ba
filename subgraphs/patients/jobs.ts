import { AllocationJobs } from './allocation/index.js';
import { type JobDependencies, TransferJobs } from './transfers/index.js';

/** The jobs of this process that call capacity. */
export interface Jobs {
  transfers: TransferJobs;
  allocations: AllocationJobs;
  /** Names of the kinds of jobs of both. */
  kinds: readonly string[];
  /** Starts no further job, and waits for the running ones. */
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
