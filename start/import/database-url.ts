import { join } from 'node:path';
import type { Settings } from '../../shared/env.js';
import { openDataFolder } from '../host/data-folder.js';
import { StartRefusal } from '../host/refusal.js';
import { clusterUrl } from '../postgres/connection.js';
import { postgresPassword, rolePassword } from '../postgres/credentials.js';
import { runningPostmaster } from '../postgres/postmaster.js';

/** Returns the database of the supply subgraph: the one that the settings name, or that of the running hub's embedded server. */
export async function supplyDatabaseUrl({ databaseUrl, dataFolder }: Settings): Promise<string> {
  if (databaseUrl.supply !== undefined) return databaseUrl.supply;
  const folder = openDataFolder(dataFolder);
  const directory = join(folder, 'postgres');
  const server = await runningPostmaster(directory);
  if (!server) {
    throw new StartRefusal(
      `No hub runs on the data folder ${folder}. Start it with npm start and import then, or set SUPPLY_DATABASE_URL.`,
    );
  }
  const password = rolePassword(postgresPassword(folder, directory), 'supply');
  return clusterUrl(server.port, password, 'supply', 'supply');
}
