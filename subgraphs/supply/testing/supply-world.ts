import { pino } from 'pino';
import { SubgraphClient } from '../../../shared/subgraph-client/client.js';
import { tokenMint } from '../../../shared/identity/internal-tokens.js';
import { CRISIS_STAFF } from '../../../shared/testing/identity.js';
import { sharedWorld, subgraphWorld } from '../../../shared/testing/subgraph-world.js';
import { SECOND_MS } from '../../../shared/time/rules.js';
import { capacityWorld } from '../../capacity/testing/capacity-world.js';
import { openDatabase } from '../database/database.js';
import { FacilityDirectoryDocument } from '../capacity-client/index.js';
import { FacilityDirectory } from '../facilities/index.js';
import { importItems } from '../items/index.js';
import { startSupply } from '../supply.js';

export { CRISIS_STAFF, staffOf, type TestIdentity } from '../../../shared/testing/identity.js';

/** How often the subgraph does what is due by the clock, for `elapse` of the world. */
export const CLOCK_MS = SECOND_MS;

interface SupplyWorldOptions {
  /** Whether the directory of facilities has been filled, as it is some seconds after a start. */
  hasFacilities?: boolean;
  /** Whether levels are modelled where nobody has reported any, as on an embedded hub. */
  modelled?: boolean;
}

/** A supply subgraph and the capacity subgraph that it calls, each on a database of its own, under one movable clock. */
export async function supplyWorld({
  hasFacilities = true,
  modelled = false,
}: SupplyWorldOptions = {}) {
  const shared = await sharedWorld();
  const capacity = await capacityWorld({ shared, callers: ['supply'] });
  const mint = await tokenMint(shared.dataFolder, 'supply');
  const address = { url: capacity.url, mint };
  const supply = await subgraphWorld({
    shared,
    name: 'supply',
    identity: CRISIS_STAFF,
    hasPeople: true,
    start: (server) =>
      startSupply({ ...server, capacity: address, modelled, wordsRetentionDays: 365 }),
    prepare: importShippedItems,
  });
  const fillDirectory = async () => {
    const client = new SubgraphClient('capacity', address);
    const database = openDatabase(supply.databaseUrl);
    await new FacilityDirectory({
      pool: database.pool,
      capacity: client,
      document: FacilityDirectoryDocument,
      log: pino({ level: 'silent' }),
    }).renew(shared.clock.now);
    await Promise.all([database.close(), client.close()]);
  };
  if (hasFacilities) await fillDirectory();

  return {
    ...supply,
    capacity,
    fillDirectory,
    async close() {
      await supply.close();
      await capacity.close();
      await shared.remove();
    },
  };
}

async function importShippedItems(databaseUrl: string): Promise<void> {
  const database = openDatabase(databaseUrl);
  try {
    await importItems(database);
  } finally {
    await database.close();
  }
}

export type SupplyWorld = Awaited<ReturnType<typeof supplyWorld>>;
