import { FacilityDirectory } from '../../shared/facility-directory/index.js';
import type { RunningService } from '../../shared/service-process.js';
import { type SubgraphAddress, SubgraphClient } from '../../shared/subgraph-client/index.js';
import { bringUp, type DatabaseServer } from '../../shared/subgraph/index.js';
import { FacilityDirectoryDocument } from './capacity-client/index.js';
import { contextOn } from './context.js';
import { openDatabase } from './database/database.js';
import { resolvers } from './resolvers.js';

/** How often the directory of facilities is compared with capacity's, if it is due. */
const DIRECTORY_CHECK_MS = 2_000;

export interface PersonnelServer extends DatabaseServer {
  capacity: SubgraphAddress;
}

/** Starts the personnel subgraph: a migrated database, the timers, and the endpoint. */
export async function startPersonnel({
  capacity: address,
  ...server
}: PersonnelServer): Promise<RunningService & { url: string }> {
  const { now, log } = server;
  const capacity = new SubgraphClient('capacity', address);
  const running = await bringUp(
    {
      name: 'personnel',
      cursorField: 'personnelCursor',
      resolvers,
      openDatabase,
      context: (database, stream, caller, instant) =>
        contextOn({ database, ...stream }, caller, instant),
      timed: (database) => {
        const directory = new FacilityDirectory({
          pool: database.pool,
          capacity,
          document: FacilityDirectoryDocument,
          log,
        });
        return [{ milliseconds: DIRECTORY_CHECK_MS, act: () => directory.renewIfDue(now()) }];
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
