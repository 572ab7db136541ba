import { TransferJobs, type JobDependencies } from './transfers/jobs/store.js';

/** What this process runs of the work to be done in capacity. */
export interface Jobs {
  transfers: TransferJobs;
  /** Takes up no further due job, and waits for those that run. */
  stop(): Promise<void>;
}

export function jobsOn(dependencies: JobDependencies): Jobs {
  const transfers = new TransferJobs(dependencies);
  return {
    transfers,
    async stop() {
      await transfers.stop();
    },
  };
}
