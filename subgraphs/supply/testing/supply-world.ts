import { pino } from 'pino';
import { SubgraphClient } from '../../../shared/subgraph-client/client.js';
import { tokenMint } from '../../../shared/identity/internal-tokens.js';
import type { TestIdentity } from '../../../shared/testing/identity.js';
import { sharedWorld, subgraphWorld } from '../../../shared/testing/subgraph-world.js';
import { capacityWorld } from '../../capacity/testing/capacity-world.js';
import { openDatabase } from '../database/database.js';
import { FacilityDirectoryDocument } from '../capacity-client/index.js';
import { FacilityDirectory } from '../facilities/index.js';
import { importItems } from '../items/index.js';
import { startSupply } from '../supply.js';

export type { TestIdentity } from '../../../shared/testing/identity.js';

/** Crisis staff of all of Germany, who may see and do everything that an authority may. */
export const CRISIS_STAFF: TestIdentity = {
  role: 'crisis-staff',
  areas: [''],
  subject: 'crisis staff',
};

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
  /** A person acts in every request, unless the test says under which pseudonym: the role itself. */
  const withSubject = (who: TestIdentity): TestIdentity => ({ subject: who.role, ...who });

  return {
    ...supply,
    capacity,
    fillDirectory,
    request: (query: string, variables: object = {}, who: TestIdentity = CRISIS_STAFF) =>
      supply.request(query, variables, withSubject(who)),
    watch: (
      query: string,
      variables: Record<string, unknown> = {},
      who: TestIdentity = CRISIS_STAFF,
    ) => supply.watch(query, variables, withSubject(who)),
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
