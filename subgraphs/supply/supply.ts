import type { RunningService } from '../../shared/service-process.js';
import { type SubgraphAddress, SubgraphClient } from '../../shared/subgraph-client/index.js';
import { bringUp, type DatabaseServer } from '../../shared/subgraph/index.js';
import { FacilityDirectory } from './facilities/index.js';
import { importItems } from './items/index.js';
import { contextOn } from './context.js';
import { openDatabase } from './database/database.js';
import { LifelineStore } from './lifelines/index.js';
import { escalateRequests } from './requests/index.js';
import { resolvers } from './resolvers.js';

/** How often the directory of facilities is compared with capacity's, if it is due. */
const DIRECTORY_CHECK_MS = 2_000;
/** How often is published what the clock alone has brought about. Reading is exact at any time; this is how late a subscriber is notified. */
const CLOCK_CHECK_MS = 1_000;

export interface SupplyServer extends DatabaseServer {
  capacity: SubgraphAddress;
}

/** Starts the supply subgraph: a migrated database, the timers, and the endpoint. */
export async function startSupply({
  capacity: address,
  ...server
}: SupplyServer): Promise<RunningService & { url: string }> {
  const { now, log } = server;
  const capacity = new SubgraphClient('capacity', address);
  const running = await bringUp(
    {
      name: 'supply',
      cursorField: 'supplyCursor',
      resolvers,
      openDatabase,
      prepare: importItems,
      context: (database, stream, caller, instant) =>
        contextOn({ database, capacity, ...stream }, caller, instant),
      timed: (database) => {
        const directory = new FacilityDirectory(database, capacity, log);
        return [
          { milliseconds: DIRECTORY_CHECK_MS, act: () => directory.renewIfDue(now()) },
          {
            milliseconds: CLOCK_CHECK_MS,
            act: () => new LifelineStore(database, now()).publishDue(),
          },
          { milliseconds: CLOCK_CHECK_MS, act: () => escalateRequests(database, now()) },
        ];
      },
    },
    server,
  );
  return {
    url: running.url,
    async close() {
      await running.close();
      await capacity.close();
    },
  };
}
