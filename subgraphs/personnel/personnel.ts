import { FacilityDirectory } from '../../shared/facility-directory/index.js';
import type { RunningService } from '../../shared/service-process.js';
import { type SubgraphAddress, SubgraphClient } from '../../shared/subgraph-client/index.js';
import { bringUp, type DatabaseServer } from '../../shared/subgraph/index.js';
import { DAY_MS, MINUTE_MS } from '../../shared/time/rules.js';
import { forgetEntries } from './audit/index.js';
import { FacilityDirectoryDocument } from './capacity-client/index.js';
import { contextOn } from './context.js';
import { openDatabase } from './database/database.js';
import { IdentitySeal } from './professionals/index.js';
import { resolvers } from './resolvers.js';

/** How often the directory of facilities is compared with capacity's, if it is due. */
const DIRECTORY_CHECK_MS = 2_000;
/** How often retention looks for expired data; it costs little if there is none. */
const RETENTION_MS = MINUTE_MS;

export interface PersonnelServer extends Omit<DatabaseServer, 'callSecrets'> {
  capacity: SubgraphAddress;
  supply: SubgraphAddress;
  /** Keys of identities, from which that of stored calls is derived; the first seals and digests. */
  identityKeys: readonly Buffer[];
  /** Days for which entries of the audit are kept. */
  auditRetentionDays: number;
}

/** Starts the personnel subgraph: a migrated database, the timers, and the endpoint. */
export async function startPersonnel({
  capacity: address,
  supply: supplyAddress,
  identityKeys,
  auditRetentionDays,
  ...server
}: PersonnelServer): Promise<RunningService & { url: string }> {
  const { now, log } = server;
  const capacity = new SubgraphClient('capacity', address);
  const supply = new SubgraphClient('supply', supplyAddress);
  const identitySeal = new IdentitySeal(identityKeys);
  const running = await bringUp(
    {
      name: 'personnel',
      cursorField: 'personnelCursor',
      resolvers,
      openDatabase,
      context: (database, stream, caller, instant) =>
        contextOn({ database, supply, identitySeal, ...stream }, caller, instant),
      timed: (database) => {
        const directory = new FacilityDirectory({
          pool: database.pool,
          capacity,
          document: FacilityDirectoryDocument,
          log,
        });
        return [
          { milliseconds: DIRECTORY_CHECK_MS, act: () => directory.renewIfDue(now()) },
          {
            milliseconds: RETENTION_MS,
            act: () =>
              forgetEntries(database.pool, new Date(now().getTime() - auditRetentionDays * DAY_MS)),
          },
        ];
      },
    },
    { ...server, callSecrets: identityKeys },
  );
  return {
    url: running.url,
    async close() {
      await running.close();
      await Promise.all([capacity.close(), supply.close()]);
    },
  };
}
