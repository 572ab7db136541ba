import type { Logger } from 'pino';
import { listenAddress, SettingsError, type Settings, type SubgraphName } from '../env.js';
import { tokenVerifier } from '../identity/index.js';
import type { Tracing } from '../telemetry/index.js';
import type { DatabaseServer } from './bring-up.js';

interface Process {
  settings: Settings;
  log: Logger;
  tracing?: Tracing | undefined;
  /** Services whose calls are accepted beside the gateway's. */
  callers?: readonly string[];
}

/** Returns how the process of a subgraph runs by the settings, on the clock of the machine. Throws SettingsError without a database. */
export function serverOf(
  name: SubgraphName,
  { settings, log, tracing, callers = [] }: Process,
): Omit<DatabaseServer, 'callSecrets'> {
  const databaseUrl = settings.databaseUrl[name];
  if (databaseUrl === undefined) {
    throw new SettingsError(
      `${name} needs ${name.toUpperCase()}_DATABASE_URL, or \`npm start\`, which starts a database.`,
    );
  }
  return {
    databaseUrl,
    migrationDatabaseUrl: settings.migrationDatabaseUrl[name],
    responseMs: settings.subgraphTimeoutMs[name],
    ...listenAddress(settings, name),
    verify: tokenVerifier(settings.dataFolder, name, ['gateway', ...callers]),
    log,
    now: () => new Date(),
    tracing,
    timeouts: settings.timeouts,
  };
}
