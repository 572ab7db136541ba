import { join } from 'node:path';
import { listenAddress, SettingsError } from '../../shared/env.js';
import { secretIn, tokenVerifier } from '../../shared/identity/index.js';
import { runService } from '../../shared/service-process.js';
import { startCapacity } from './capacity.js';

await runService('capacity', async (settings, log, tracing) => {
  const databaseUrl = settings.databaseUrl.capacity;
  if (databaseUrl === undefined) {
    throw new SettingsError(
      'capacity needs CAPACITY_DATABASE_URL, or `npm start`, which brings a database along.',
    );
  }
  const secret = await secretIn(join(settings.dataFolder, 'capacity-call-secret'));
  return startCapacity({
    databaseUrl,
    migrationDatabaseUrl: settings.migrationDatabaseUrl.capacity,
    wordsRetentionDays: settings.retentionDays.capacityWords,
    callSecrets: [Buffer.from(secret, 'base64')],
    responseMs: settings.subgraphTimeoutMs.capacity,
    ...listenAddress(settings, 'capacity'),
    verify: tokenVerifier(settings.dataFolder, 'capacity', ['gateway', 'patients']),
    log,
    now: () => new Date(),
    tracing,
    timeouts: settings.timeouts,
  });
});
