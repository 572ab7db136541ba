import type { RunningService } from '../../shared/service-process.js';
import { observeJobs } from '../../shared/jobs/index.js';
import { bringUp, type DatabaseServer } from '../../shared/subgraph/index.js';
import { noteReads, recordReads } from './audit/index.js';
import { type SubgraphAddress, SubgraphClient } from '../../shared/subgraph-client/index.js';
import { Retention, type RetentionDays } from './erasure/index.js';
import { IdentitySeal, publishDueForTriage } from './registry/index.js';
import type { RmiList } from './registry/rules.js';
import { endPlanner } from './steering/index.js';
import { TransferClock } from './transfers/index.js';
import { contextOn, type Context } from './context.js';
import { openDatabase, type Database } from './database/database.js';
import { jobsOn, type Jobs } from './jobs.js';
import { resolvers } from './resolvers.js';

/** How often events of the clock are published and jobs that are due are run. */
const CLOCK_CHECK_MS = 1_000;
/** How often some of the slots that transfers rely on are compared with capacity. */
const SLOT_CHECK_MS = 5_000;
/** How often retention looks for expired data; it costs little if there is none. */
const RETENTION_MS = 10_000;

export interface PatientsServer extends Omit<DatabaseServer, 'callSecrets'> {
  capacity: SubgraphAddress;
  /** Keys of identities, from which that of digests is derived; the first seals and digests. */
  identityKeys: readonly Buffer[];
  /** The active list of Rückmeldeindizes. */
  rmiList?: RmiList | undefined;
  retentionDays: RetentionDays;
}

/** Starts the patients subgraph: a migrated database, the timers, and the endpoint. */
export async function startPatients({
  capacity,
  identityKeys,
  rmiList,
  retentionDays,
  ...server
}: PatientsServer): Promise<RunningService & { url: string }> {
  const { now, log } = server;
  const own = {
    capacity: new SubgraphClient('capacity', capacity),
    seal: new IdentitySeal(identityKeys),
    rmiList,
  };
  let jobs: Jobs | undefined;
  const running = await bringUp(
    {
      name: 'patients',
      cursorField: 'patientsCursor',
      resolvers,
      finishSchema: noteReads,
      plugins: [recordReads<Context>(log)],
      openDatabase: (...address) => {
        const database = openDatabase(...address);
        jobs = jobsOn({ database, capacity: own.capacity, now, log });
        return { ...database, jobs };
      },
      context: (database, stream, caller, instant) =>
        contextOn({ database, jobs: database.jobs, ...stream, ...own }, caller, instant),
      observe: (registry, { pool, jobs: { kinds } }) => observeJobs(registry, { pool, kinds, now }),
      timed: (database) => [
        {
          milliseconds: CLOCK_CHECK_MS,
          act: () => runClock(database, now()),
        },
        {
          // Runs on its own, so that no deadline waits for it: thousands of jobs take seconds, and longer if capacity is slow.
          milliseconds: CLOCK_CHECK_MS,
          act: async () => {
            await database.jobs.allocations.purgeDiscarded();
            await database.jobs.allocations.runDue();
          },
        },
        {
          milliseconds: SLOT_CHECK_MS,
          act: () => database.jobs.transfers.checkSlots(now()),
        },
        {
          milliseconds: RETENTION_MS,
          act: () => new Retention(database, retentionDays, now()).run(),
        },
      ],
    },
    { ...server, callSecrets: identityKeys },
  );
  return {
    url: running.url,
    async close() {
      const stopped = jobs?.stop();
      await running.close();
      await stopped;
      await own.capacity.close();
      await endPlanner();
    },
  };
}

/**
 * Publishes events that are due by the clock, and runs due jobs of transfers. Each part runs whatever the outcome of those before
 * it: a part that always fails must not keep reserved beds in capacity.
 */
async function runClock(database: Database & { jobs: Jobs }, now: Date): Promise<void> {
  const { transfers } = database.jobs;
  const clock = new TransferClock(database, transfers, now);
  const faults: unknown[] = [];
  for (const part of [
    () => publishDueForTriage(database, now),
    () => clock.escalate(),
    () => clock.lapse(),
    () => transfers.runDue(),
  ]) {
    try {
      await part();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
}
