import { pino } from 'pino';
import { FacilityDirectory } from '../../../shared/facility-directory/index.js';
import { tokenMint } from '../../../shared/identity/internal-tokens.js';
import { SubgraphClient } from '../../../shared/subgraph-client/client.js';
import { CRISIS_STAFF } from '../../../shared/testing/identity.js';
import { sharedWorld, subgraphWorld } from '../../../shared/testing/subgraph-world.js';
import { startSupply } from '../../supply/supply.js';
import { capacityWorld } from '../../capacity/testing/capacity-world.js';
import { FacilityDirectoryDocument } from '../capacity-client/index.js';
import { openDatabase } from '../database/database.js';
import { startPersonnel } from '../personnel.js';

export type { TestIdentity } from '../../../shared/testing/identity.js';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9/graphql';

interface PersonnelWorldOptions {
  /** Whether the supply subgraph runs, which knows organisations. */
  hasSupply?: boolean;
}

/** A personnel subgraph and the subgraphs that it calls, each on a database of its own, under one movable clock. */
export async function personnelWorld({ hasSupply = false }: PersonnelWorldOptions = {}) {
  const shared = await sharedWorld();
  const capacity = await capacityWorld({ shared, callers: ['personnel'] });
  const mint = await tokenMint(shared.dataFolder, 'personnel');
  const address = { url: capacity.url, mint };
  const supply = hasSupply
    ? await subgraphWorld({
        shared,
        name: 'supply',
        identity: CRISIS_STAFF,
        callers: ['personnel'],
        start: (server) =>
          startSupply({
            ...server,
            capacity: { url: NOWHERE, mint },
            wordsRetentionDays: 365,
          }),
      })
    : undefined;
  const supplyAddress = { url: supply?.url ?? NOWHERE, mint };
  const personnel = await subgraphWorld({
    shared,
    name: 'personnel',
    identity: CRISIS_STAFF,
    hasPeople: true,
    start: ({ callSecrets: identityKeys, ...server }) =>
      startPersonnel({
        ...server,
        capacity: address,
        supply: supplyAddress,
        identityKeys,
        auditRetentionDays: 730,
      }),
  });
  const fillDirectory = async () => {
    const client = new SubgraphClient('capacity', address);
    const database = openDatabase(personnel.databaseUrl);
    await new FacilityDirectory({
      pool: database.pool,
      capacity: client,
      document: FacilityDirectoryDocument,
      log: pino({ level: 'silent' }),
    }).renew(shared.clock.now);
    await Promise.all([database.close(), client.close()]);
  };
  await fillDirectory();

  return {
    ...personnel,
    capacity,
    supply,
    async close() {
      await personnel.close();
      await supply?.close();
      await capacity.close();
      await shared.remove();
    },
  };
}

export type PersonnelWorld = Awaited<ReturnType<typeof personnelWorld>>;
