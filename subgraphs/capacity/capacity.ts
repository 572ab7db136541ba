import { deleteExpiredText } from '../../shared/personal-data/index.js';
import type { RunningService } from '../../shared/service-process.js';
import { bringUp, type DatabaseServer } from '../../shared/subgraph/index.js';
import { DAY_MS, HOUR_MS } from '../../shared/time/rules.js';
import { AlarmPlanStore } from './alarm-plans/index.js';
import { BedStore } from './beds/index.js';
import { ClosureStore } from './closures/index.js';
import { contextOn } from './context.js';
import { openDatabase, type Database } from './database/database.js';
import { importReferenceData } from './reference/index.js';
import { finalizeReported, publishLapsed } from './reservations/index.js';
import { resolvers } from './resolvers.js';
import { SustainabilityReviewStore } from './sustainability/index.js';
import { TEXT_COLUMNS } from './retention/index.js';

/** How often stale numbers are published. */
const STALENESS_CHECK_MS = 10_000;
/** How often is published what else the clock has ended. Reading is exact at any time; this is how late a subscriber is notified. */
const CLOCK_CHECK_MS = 1_000;
/** How often patients who arrived are looked for in the reports. Changes no number, only how much is read for one. */
const FINALIZE_MS = 10_000;
/** How often texts that were kept long enough are removed. */
const RETENTION_MS = HOUR_MS;

export interface CapacityServer extends DatabaseServer {
  /** How long the text of a reason is kept after what it is about is over. */
  wordsRetentionDays: number;
}

/** Starts the capacity subgraph: a migrated database with the reference data, the timers, and the endpoint. */
export function startCapacity({
  wordsRetentionDays,
  ...server
}: CapacityServer): Promise<RunningService & { url: string }> {
  const { now } = server;
  return bringUp(
    {
      name: 'capacity',
      cursorField: 'capacityCursor',
      resolvers,
      openDatabase,
      prepare: (database) => importReferenceData(database, now()),
      context: (database, stream, caller, instant) =>
        contextOn({ database, ...stream }, caller, instant),
      timed: (database) => [
        {
          milliseconds: STALENESS_CHECK_MS,
          act: () => new BedStore(database, now()).publishStaleness(),
        },
        { milliseconds: CLOCK_CHECK_MS, act: () => publishEnds(database, now()) },
        { milliseconds: FINALIZE_MS, act: () => finalizeReported(database, now()) },
        {
          milliseconds: RETENTION_MS,
          act: () =>
            deleteExpiredText(
              database.pool,
              TEXT_COLUMNS,
              new Date(now().getTime() - wordsRetentionDays * DAY_MS),
            ),
        },
      ],
    },
    server,
  );
}

/** Publishes an event for everything whose time has run out since the last call. */
async function publishEnds(database: Database, now: Date): Promise<void> {
  await new AlarmPlanStore(database, now).publishEnded();
  await new ClosureStore(database, now).publishLapsed();
  await publishLapsed(database, now);
  await new SustainabilityReviewStore(database, now).publishByClock();
}
