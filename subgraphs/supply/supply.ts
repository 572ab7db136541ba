import { observeJobs } from '../../shared/jobs/index.js';
import { deleteExpiredText } from '../../shared/personal-data/index.js';
import type { RunningService } from '../../shared/service-process.js';
import { type SubgraphAddress, SubgraphClient } from '../../shared/subgraph-client/index.js';
import { bringUp, type DatabaseServer } from '../../shared/subgraph/index.js';
import { DAY_MS } from '../../shared/time/rules.js';
import { FacilityDirectoryDocument } from './capacity-client/index.js';
import { AssumedKinds, FacilityDirectory } from './facilities/index.js';
import { importItems } from './items/index.js';
import type { CapacityJobs } from './bed-limits/index.js';
import { contextOn } from './context.js';
import { openDatabase } from './database/database.js';
import { DeviceClock } from './devices/index.js';
import { escalateRequests, releaseOverdue } from './requests/index.js';
import { LifelineClock, modelLifelines, Occupancies } from './lifelines/index.js';
import { modelReserves } from './reserves/index.js';
import { jobsOn } from './jobs.js';
import { resolvers } from './resolvers.js';
import { TEXT_COLUMNS } from './retention/index.js';
import { judgeExpiring, modelStocks } from './stocks/index.js';

/** How often the directory of facilities is compared with capacity's, if it is due. */
const DIRECTORY_CHECK_MS = 2_000;
/** How often is published what the clock alone has brought about. Reading is exact at any time; this is how late a subscriber is notified. */
const CLOCK_CHECK_MS = 1_000;
/** How often the occupied beds are followed in capacity. */
const OCCUPANCY_MS = 3_000;
/** How often texts that were kept long enough are removed: bookings are many, and one run is bounded. */
const RETENTION_MS = 600_000;

export interface SupplyServer extends DatabaseServer {
  capacity: SubgraphAddress;
  /** Whether levels are modelled where nobody has reported any. */
  modelled?: boolean;
  /** How long the text of a reason is kept after what it is about is over. */
  wordsRetentionDays: number;
}

/** Starts the supply subgraph: a migrated database, the timers, and the endpoint. */
export async function startSupply({
  capacity: address,
  modelled = false,
  wordsRetentionDays,
  ...server
}: SupplyServer): Promise<RunningService & { url: string }> {
  const { now, log } = server;
  const capacity = new SubgraphClient('capacity', address);
  let jobs: CapacityJobs | undefined;
  const running = await bringUp(
    {
      name: 'supply',
      cursorField: 'supplyCursor',
      resolvers,
      openDatabase: (...parameters) => {
        const database = openDatabase(...parameters);
        jobs = jobsOn({ database, capacity, now, log });
        return { ...database, jobs };
      },
      prepare: async (database) => {
        await importItems(database);
        if (modelled) await modelReserves(database, now());
      },
      context: (database, stream, caller, instant) =>
        contextOn({ database, capacity, jobs: database.jobs, ...stream }, caller, instant),
      observe: (registry, { pool, jobs: { kindNames } }) =>
        observeJobs(registry, { pool, kinds: kindNames, now }),
      timed: (database) => {
        const { jobs } = database;
        const occupancies = new Occupancies({ database, capacity, address, jobs, log });
        const assumed = new AssumedKinds(database);
        const directory = new FacilityDirectory({
          pool: database.pool,
          capacity,
          document: FacilityDirectoryDocument,
          log,
        });
        return [
          { milliseconds: DIRECTORY_CHECK_MS, act: () => directory.renewIfDue(now()) },
          {
            milliseconds: CLOCK_CHECK_MS,
            act: () => new LifelineClock(database, jobs, now()).run(),
          },
          {
            milliseconds: CLOCK_CHECK_MS,
            act: () => new DeviceClock(database, jobs, now()).run(),
          },
          { milliseconds: CLOCK_CHECK_MS, act: () => jobs.runDue() },
          {
            milliseconds: OCCUPANCY_MS,
            act: async () => {
              await occupancies.follow(now());
              if (!modelled) return;
              const kinds = await assumed.known();
              await modelLifelines(database, kinds, now());
              await modelStocks(database, kinds, now());
            },
          },
          { milliseconds: CLOCK_CHECK_MS, act: () => escalateRequests(database, now()) },
          { milliseconds: CLOCK_CHECK_MS, act: () => judgeExpiring(database, now()) },
          {
            milliseconds: RETENTION_MS,
            act: () =>
              deleteExpiredText(
                database.pool,
                TEXT_COLUMNS,
                new Date(now().getTime() - wordsRetentionDays * DAY_MS),
              ),
          },
          { milliseconds: CLOCK_CHECK_MS, act: () => releaseOverdue(database, now()) },
        ];
      },
    },
    server,
  );
  return {
    url: running.url,
    async close() {
      const stopped = jobs?.stop();
      await running.close();
      await stopped;
      await capacity.close();
    },
  };
}
